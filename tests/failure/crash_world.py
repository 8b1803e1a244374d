"""A world in which one run has all kinds of work to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from moto.moto_api._internal import mock_random

from lightsail_moto import Control
from snapshotter.model.times import to_iso

EAST, EUROPE, WEST = "us-east-1", "eu-west-1", "us-west-2"
POLICY = "nightly"
PARAMETERS = {
    "PolicyName": POLICY,
    "Regions": f"{EAST},{EUROPE}",
    "CopyToRegions": WEST,
    "Retention": "daily=2",
    "RecoveryPointObjectiveHours": "20",
}
SELECTED: Mapping[str, str | None] = {"snapshot": None, "team": "shop"}


class CrashWorld:
    """Sources and their past, the same at every making, ARNs included.

    night: the scheduled time of the run; what is here was taken in the nights before.
    """

    def __init__(self, lightsail: Control, night: datetime) -> None:
        self.lightsail = lightsail
        self.seed = lightsail.seed
        self.night = night
        lightsail.page_size = 100
        lightsail.clock.set(night)
        mock_random.seed(1)
        self._fleet()
        self._troubles()
        self._people()

    def _fleet(self) -> None:
        """Points to take, to expire and to copy, of all kinds and in two regions."""
        web = self.seed.add_instance("web", tags=SELECTED)
        shop = self.seed.add_instance("shop", EUROPE, tags=SELECTED)
        for source in (web, shop):
            points = [self.point(source, days) for days in (3, 2, 1)]
            for point in points[:2]:
                self.copy(point)
        self.seed.add_instance("new", tags=SELECTED)
        database = self.seed.add_database("db", tags=SELECTED)
        for days in (3, 2, 1):
            self.point(database, days)

    def _troubles(self) -> None:
        """What earlier runs left: a copy untagged, a copy and points in error, a source gone."""
        api = self.seed.add_instance("api", tags=SELECTED)
        self.copy(self.point(api, 1), tagged=False)
        data = self.seed.add_disk("data", tags=SELECTED)
        self.copy(self.point(data, 1), state="error")
        logs = self.seed.add_disk("logs", EUROPE, tags={**SELECTED, "snapshot:copy-to": "none"})
        self.point(logs, 3, state="error")
        self.point(logs, 2)
        self.point(logs, 1, state="error")
        gone = self.seed.add_disk("gone", EUROPE)
        for days in (3, 2, 1):
            self.point(gone, days)
        self.seed.remove(gone)

    def _people(self) -> None:
        """What is theirs, and what they hold."""
        kept = self.seed.add_instance("kept", tags={**SELECTED, "snapshot:copy-to": "none"})
        for days in (9, 2, 1):
            self.point(kept, days, more={"snapshotter:hold": "audit"} if days == 9 else {})
        self.seed.add_snapshot("mine", kept, tags={"team": "shop"})
        self.seed.add_snapshot("mine", kept, WEST)
        self.seed.add_instance("off", tags={"snapshot": "off"})

    def point(self, source: Any, days: int, *, state: str | None = None, **more: Any) -> Any:
        """A snapshot of ours, taken so many nights ago."""
        time = self.night - timedelta(days=days)
        tags = {
            **source.tags,
            "snapshotter:policy": POLICY,
            "snapshotter:source": source.arn,
            "snapshotter:time": to_iso(time),
            **more.get("more", {}),
        }
        name = f"{source.name}-{time:%Y%m%dT%H%M%SZ}"
        return self.seed.add_snapshot(name, source, tags=tags, created_at=time, state=state)

    def copy(self, point: Any, *, tagged: bool = True, state: str | None = None) -> Any:
        """Its copy in the other region."""
        tags = point.tags if tagged else {}
        name = f"{point.name}-{point.region}"
        return self.seed.add_snapshot(name, point, WEST, tags=tags, state=state)


def snapshots(world: Mapping[str, Any]) -> Iterable[tuple[str, str, Mapping[str, Any]]]:
    """Region, name and record of all snapshots in a world."""
    for region, types in world.items():
        for kind, found in types.items():
            if kind.endswith("Snapshot"):
                yield from ((region, name, record) for name, record in found.items())
