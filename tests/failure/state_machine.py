"""An account over some days: time passes, events arrive, and invariants hold after each step."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from moto import mock_aws

from lightsail_moto import control
from snapshotter.errors import SnapshotRunFailed
from snapshotter.handler import lambda_handler
from snapshotter.model.times import from_iso, to_iso
from tests.failure.convergence import OBJECTIVE, lift_all_faults, unfinished
from tests.failure.invariants import Invariants, RecordingDeployment
from tests.failure.managed import COPY_TO, HOME, POLICY
from tests.failure.shared_account import SharedAccount
from tests.integration.conftest import NIGHT
from tests.support.context import Context
from tests.support.role import Role
from tests.support.virtual_time import virtual_time
from translate.stack import Stack

PARAMETERS = {
    "PolicyName": POLICY,
    "Regions": ",".join(HOME),
    "CopyToRegions": ",".join(COPY_TO),
    "Retention": "last=2 daily=3",
    "CopyRetention": "last=2",
    "RecoveryPointObjectiveHours": f"{OBJECTIVE / timedelta(hours=1):g}",
}
ROLE = Role.from_template(PARAMETERS)
SWEEPS_TO_CONVERGE = 5
Event: TypeAlias = dict[str, Any]
actions = st.sampled_from(["snapshot", "sweep"])
indices = st.integers(0, 10_000)


class Statuses(logging.Handler):
    """Collects the statuses of all outcomes that are logged."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.found.add(getattr(record, "status", ""))


class AccountMachine(RuleBasedStateMachine):
    """One account, one stack, and the events that the function receives.

    latest: the latest time that an event or the clock had.
    pause: how long after it the sweeps start that must converge.
    """

    def __init__(self) -> None:
        super().__init__()
        self.exits = contextlib.ExitStack()
        self.exits.enter_context(mock_aws())
        self.exits.enter_context(virtual_time(wait_s=0.002))
        patch = self.exits.enter_context(pytest.MonkeyPatch.context())
        self.lightsail = control()
        self.lightsail.clock.set(NIGHT)
        self.account = SharedAccount(self.lightsail)
        self.deployment = RecordingDeployment(Stack(PARAMETERS), ROLE, self.lightsail, patch)
        self.checks = Invariants(self.account, self.deployment)
        self.statuses = Statuses()
        logging.getLogger("snapshotter").addHandler(self.statuses)
        self.exits.callback(logging.getLogger("snapshotter").removeHandler, self.statuses)
        self.events: list[Event] = []
        self.latest = NIGHT
        self.pause = timedelta(0)

    @rule(minutes=st.sampled_from([-90, -5, 1, 4000]))
    def clock_jumps(self, minutes: int) -> None:
        self.advance(minutes)

    @rule(hours=st.integers(1, 4))
    def hourly_sweeps_run(self, hours: int) -> None:
        for _ in range(hours):
            self.advance(60)
            self.run(self.event("sweep"))

    @rule(
        action=actions,
        minutes=st.sampled_from([0, 0, 6, 60]),
        early=st.sampled_from([0, 0, 4, -1500]),
    )
    def event_arrives(self, action: str, minutes: int, early: int) -> None:
        self.advance(minutes)
        self.run(self.event(action, early))

    @precondition(lambda self: self.events)
    @rule(index=indices)
    def event_arrives_again(self, index: int) -> None:
        self.run(self.events[index % len(self.events)])

    @rule(one=actions, other=actions, early=st.sampled_from([0, 0, 1, -60]))
    def two_events_arrive_at_once(self, one: str, other: str, early: int) -> None:
        self.advance(60)
        self.run(self.event(one), self.event(other, early))

    def teardown(self) -> None:
        try:
            self.check_convergence()
        finally:
            self.exits.close()

    def check_convergence(self) -> None:
        """Lift all faults and run sweeps; then nothing may be left to do."""
        self.lightsail.clock.set(self.latest + self.pause)
        lift_all_faults(self.account)
        for _ in range(SWEEPS_TO_CONVERGE):
            self.advance(60)
            event = self.event("sweep")
            self.run(event)
        planned = self.deployment({**event, "dryRun": True})["outcomes"]

        expect_none(unfinished(self.account, self.now(), planned))

    def advance(self, minutes: int) -> None:
        self.lightsail.clock.advance(minutes=minutes)
        self.latest = max(self.latest, self.now())

    def event(self, action: str, early_minutes: int = 0) -> Event:
        at = self.now() + timedelta(minutes=early_minutes)
        self.latest = max(self.latest, at)
        self.events.append({"action": action, "scheduledTime": to_iso(at)})
        return self.events[-1]

    def run(self, *events: Event) -> None:
        """Deliver events, all at the same time, and check what they did."""
        self.checks.start_run(events)
        self.statuses.found.clear()
        latest = max(from_iso(event["scheduledTime"]) for event in events)
        with self.deployment.invoked_at(latest), ThreadPoolExecutor(len(events)) as pool:
            ended_well = all(list(pool.map(self.deliver, events)))
        expect_none(self.checks.violations())
        assert ended_well or "failed" in self.statuses.found, "a run failed in which nothing failed"

    def deliver(self, event: Event) -> bool:
        """Invoke the function; under faults it may fail. Returns whether it did not."""
        try:
            lambda_handler(dict(event), Context())  # type: ignore[arg-type]
        except SnapshotRunFailed:
            return False
        return True

    def now(self) -> datetime:
        return self.lightsail.clock.now()


def expect_none(faults: Iterable[str]) -> None:
    """Fail, and print each fault: pytest shows the values of an assert in test modules alone."""
    found = list(faults)
    assert not found, "\n".join(found)
