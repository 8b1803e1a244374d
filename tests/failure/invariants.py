"""What must hold after every run, whatever the service and the people did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from invoke.clock import handler_clock
from lightsail_moto import Call
from lightsail_moto.exceptions import AccessDenied
from tests.failure.managed import HOLD, OWNER, POLICY, SOURCE, TIME
from tests.failure.pruning import Event, PruningChecks
from tests.failure.shared_account import Series, SharedAccount, is_available, series_of
from tests.integration.deployment import Deployment


@dataclass
class RecordingDeployment(Deployment):
    """A deployment that several events reach at once, and that records what its role denied."""

    denied: list[Call] = field(default_factory=list)

    @contextmanager
    def invoked_at(self, now: datetime) -> Iterator[None]:
        """Let the function run, with one clock for all its invocations."""
        for name, value in self.stack.environment().items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.setenv("AWS_REGION", self.stack.region)
        with self._as_the_role(), handler_clock(now):
            yield

    def _authorise(self, call: Call, phase: str) -> None:
        if not call.resources:
            return  # a resource that does not exist has no tags; the answer is NotFound
        try:
            super()._authorise(call, phase)
        except AccessDenied:
            self.denied.append(call)
            raise


class Invariants:
    """Compares an account before a run with the account after it."""

    def __init__(self, account: SharedAccount, deployment: RecordingDeployment) -> None:
        self._account = account
        self._deployment = deployment
        self._pruning = PruningChecks(account)

    def start_run(self, events: Sequence[Event]) -> None:
        account = self._account
        self._pruning.start_run(events, self._deployment.stack)
        account.deleted_by_people.clear()
        self._deployment.denied.clear()
        self._held = {each.arn for each in account.managed() if HOLD in each.tags}
        self._protected = self._series_with_a_recovery_point()
        self._first_call = len(account.lightsail.calls)

    def violations(self) -> list[str]:
        """Describe what does not hold since the run started."""
        return [
            *self._changed_manual_snapshots(),
            *self._wrong_deletes(),
            *self._lost_series(),
            *self._duplicates(),
            *self._denied_calls(),
            *self._pruning.violations(),
        ]

    def _changed_manual_snapshots(self) -> list[str]:
        return [
            f"{snapshot.name}, a manual snapshot, was changed or deleted"
            for snapshot, tags in self._account.manual
            if self._account.find(snapshot.region, snapshot.name) is not snapshot
            or snapshot.tags != tags
        ]

    def _wrong_deletes(self) -> list[str]:
        wrong = []
        for call in self._account.lightsail.calls[self._first_call :]:
            if call.operation.startswith("Delete"):
                for arn, tags in call.resource_tags.items():
                    if tags.get(OWNER) != POLICY:
                        wrong.append(f"{call.parameters}: deleted without the ownership tag")
                    if arn in self._held or (HOLD in tags and call.outcome == "ok"):
                        wrong.append(f"{call.parameters}: deleted although it is on hold")
        return wrong

    def _lost_series(self) -> list[str]:
        by_people = {series_of(each) for each in self._account.deleted_by_people}
        lost = self._protected - self._series_with_a_recovery_point() - by_people
        return [f"{source} in {region} lost its last recovery point" for source, region in lost]

    def _duplicates(self) -> list[str]:
        count = Counter(
            (each.tags.get(SOURCE), each.tags.get(TIME), each.region)
            for each in self._account.managed()
        )
        return [f"{number} snapshots of {key}" for key, number in count.items() if number > 1]

    def _denied_calls(self) -> list[str]:
        """The role may deny nothing but a delete of a snapshot that was put on hold meanwhile."""
        return [
            f"the role denies {call.operation} {call.parameters} in {call.region}"
            for call in self._deployment.denied
            if not any(HOLD in tags for tags in call.resource_tags.values())
        ]

    def _series_with_a_recovery_point(self) -> set[Series]:
        return {series_of(each) for each in self._account.managed() if is_available(each)}
