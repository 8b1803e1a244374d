"""Days of an account, one after the other, with promises to be kept on each of them."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant
from moto import mock_aws

from lightsail_moto import control
from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.times import to_iso
from tests.failure.hostile_account import COPY_TO, HOME, POLICY, Account
from tests.failure.hostile_peace import OBJECTIVE, make_peace, shortcomings
from tests.failure.hostile_watch import Watch, WatchedDeployment
from tests.failure.virtual_time import virtual_time
from tests.integration.conftest import NIGHT
from tests.support.role import Role
from translate.stack import Stack

HOUR = timedelta(hours=1)
STACK = Stack(
    {
        "PolicyName": POLICY,
        "Regions": ",".join(HOME),
        "CopyToRegions": ",".join(COPY_TO),
        "Retention": "last=2 daily=3",
        "CopyRetention": "last=2",
        "RecoveryPointObjectiveHours": f"{OBJECTIVE / HOUR:g}",
    }
)
ROLE = Role.from_template(STACK.parameters)
QUIET_SWEEPS = 5
Event: TypeAlias = dict[str, Any]


class Days(RuleBasedStateMachine):
    """One account, one stack in it, and the events that the function is given.

    latest: the latest moment that any clock has shown. rest: how long after it peace begins.
    """

    def __init__(self) -> None:
        super().__init__()
        self.exits = contextlib.ExitStack()
        self.exits.enter_context(mock_aws())
        self.exits.enter_context(virtual_time(patience_s=0.002))
        patch = self.exits.enter_context(pytest.MonkeyPatch.context())
        self.lightsail = control()
        self.lightsail.clock.set(NIGHT)
        self.account = Account(self.lightsail)
        self.nightly = WatchedDeployment(STACK, ROLE, self.lightsail, patch)
        self.watch = Watch(self.account, self.nightly)
        self.events: list[Event] = []
        self.latest = NIGHT
        self.rest = timedelta(0)

    def pass_minutes(self, minutes: int) -> None:
        self.lightsail.clock.advance(minutes=minutes)
        self.latest = max(self.latest, self.now())

    def event(self, action: str, early_minutes: int = 0) -> Event:
        at = self.now() + timedelta(minutes=early_minutes)
        self.latest = max(self.latest, at)
        self.events.append({"action": action, "scheduledTime": to_iso(at)})
        return self.events[-1]

    def run(self, *events: Event) -> None:
        """Deliver events, all at once."""
        self.watch.begin()
        with ThreadPoolExecutor(len(events)) as pool:
            list(pool.map(self.deliver, events))

    def deliver(self, event: Event) -> Any:
        """Invoke the function; None where it failed, which is its right in such times."""
        with contextlib.suppress(SnapshotRunFailed):
            return self.nightly(event)
        return None

    def now(self) -> datetime:
        return self.lightsail.clock.now()

    @invariant()
    def every_promise_holds(self) -> None:
        assert self.watch.faults() == []

    def teardown(self) -> None:
        try:
            self.peace_mends_everything()
        finally:
            self.exits.close()

    def peace_mends_everything(self) -> None:
        self.lightsail.clock.set(self.latest + self.rest)
        make_peace(self.account)
        for _ in range(QUIET_SWEEPS):
            self.lightsail.clock.advance(hours=1)
            event = self.event("sweep")
            self.run(event)
            self.every_promise_holds()
        left = self.nightly({**event, "dryRun": True})["outcomes"]

        assert list(shortcomings(self.account, self.now(), left)) == []
