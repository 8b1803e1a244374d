"""An account in which one run has every kind of work to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from moto.moto_api._internal import mock_random

from lightsail_moto import Control
from tests.failure.managed import EAST, EUROPE, POLICY, SELECTED, WEST, add_copy, add_managed

PARAMETERS = {
    "PolicyName": POLICY,
    "Regions": f"{EAST},{EUROPE}",
    "CopyToRegions": WEST,
    "Retention": "daily=2",
    "RecoveryPointObjectiveHours": "20",
    "EnableRestore": "true",
}
ADDRESS = "web-ip"
NOT_COPIED = {**SELECTED, "snapshot:copy-to": "none"}


class CrashScenario:
    """Fills an account, with the same ARNs every time.

    night: the scheduled time of the run; the snapshots are from the nights before.
    """

    def __init__(self, lightsail: Control, night: datetime) -> None:
        self.lightsail = lightsail
        self.seed = lightsail.seed
        self.night = night
        lightsail.page_size = 100
        lightsail.clock.set(night)
        mock_random.seed(1)
        self._snapshots_to_take_copy_and_expire()
        self._leftovers_of_failed_runs()
        self._snapshots_to_leave_alone()
        self._snapshots_that_the_policy_in_force_does_not_keep()

    def _snapshots_to_take_copy_and_expire(self) -> None:
        web = self.seed.add_instance("web", tags=SELECTED, static_ip=ADDRESS)
        shop = self.seed.add_instance("shop", EUROPE, tags=SELECTED)
        for source in (web, shop):
            for days in (3, 2, 1):
                snapshot = self._add(source, days)
                if days > 1:
                    add_copy(self.lightsail, snapshot, WEST)
        self.seed.add_instance("new", tags=SELECTED)
        database = self.seed.add_database("db", tags=SELECTED)
        for days in (3, 2, 1):
            self._add(database, days)

    def _leftovers_of_failed_runs(self) -> None:
        """An untagged copy, a copy and snapshots in error, snapshots of a deleted source."""
        api = self.seed.add_instance("api", tags=SELECTED)
        add_copy(self.lightsail, self._add(api, 1), WEST, tagged=False)
        data = self.seed.add_disk("data", tags=SELECTED)
        add_copy(self.lightsail, self._add(data, 1), WEST, state="error")
        logs = self.seed.add_disk("logs", EUROPE, tags=NOT_COPIED)
        for days, state in ((3, "error"), (2, None), (1, "error")):
            self._add(logs, days, state=state)
        gone = self.seed.add_disk("gone", EUROPE)
        for days in (3, 2, 1):
            self._add(gone, days)
        self.seed.remove(gone)

    def _snapshots_to_leave_alone(self) -> None:
        """Manual snapshots, one on hold, and an instance that is switched off."""
        kept = self.seed.add_instance("kept", tags=NOT_COPIED)
        for days in (9, 2, 1):
            self._add(kept, days, held=days == 9)
        self.seed.add_snapshot("mine", kept, tags={"team": "shop"})
        self.seed.add_snapshot("mine", kept, WEST)
        self.seed.add_instance("off", tags={"snapshot": "off"})

    def _snapshots_that_the_policy_in_force_does_not_keep(self) -> None:
        """Those of an instance that lost its tag, and of a disk whose policy was another."""
        lost = self.seed.add_instance("lost", EUROPE)
        shrunk = self.seed.add_disk("shrunk", tags=NOT_COPIED)
        for days in (4, 3, 2, 1):
            self._add(lost, days)
            self._add(shrunk, days, retention="daily=30")

    def _add(self, source: Any, days_ago: int, **how: Any) -> Any:
        at = self.night - timedelta(days=days_ago)
        return add_managed(self.lightsail, source, at, **how)
