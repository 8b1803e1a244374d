"""Faults on request: errors, lost and unanswered requests, failed operations, altered answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from lightsail_moto.controls.calls import Call, Phase
from lightsail_moto.exceptions import BareStatus, ConnectionDropped, LightsailError, TimedOut
from lightsail_moto.models.resource import Failure, Record, Resource

Match: TypeAlias = str | Callable[[Resource], bool]
MakeError: TypeAlias = Callable[[Call], Exception]
MESSAGES = {"ThrottlingException": "Rate exceeded"}


@dataclass(kw_only=True, eq=False)
class Fault:
    """Applies to the calls that it matches: `times` times, or always with None; before `until`.

    `struck` counts them. Exactly one of `make_error`, `failure` and `alter` is set; with `alter`,
    `resource` is the name of the records in the answer that are altered.
    """

    operations: Collection[str] | None = None
    region: str | None = None
    resource: str | None = None
    when: Phase = "before"
    times: int | None = None
    until: datetime | None = None
    make_error: MakeError | None = None
    failure: Failure | None = None
    alter: Callable[[Record], None] | None = None
    struck: int = field(default=0, init=False)

    def matches(self, call: Call) -> bool:
        return (
            self.times != 0
            and (self.until is None or call.at < self.until)
            and (self.operations is None or call.operation in self.operations)
            and self.region in (None, call.region)
            and (self.alter is not None or self.resource is None or self.resource in call.names)
        )

    def count(self) -> None:
        """Note that it was applied once more."""
        self.struck += 1
        if self.times is not None:
            self.times -= 1

    def cancel(self) -> None:
        """Apply to no more calls."""
        self.times = 0


def error_maker(
    *,
    error: str | None,
    message: str,
    fine_code: str,
    tip: str,
    drop_connection: bool,
    timeout_s: float | None,
    http_status: int | None,
    body: str,
) -> list[MakeError]:
    """What makes the error of each of these ways that is given."""
    ways: list[MakeError] = []
    if error is not None:
        text = message or MESSAGES.get(error, f"{error} on request")
        ways.append(lambda _: LightsailError(text, error=error, fine_code=fine_code, tip=tip))
    if drop_connection:
        ways.append(lambda _: ConnectionDropped("on request"))
    if timeout_s is not None:
        ways.append(lambda _: TimedOut(timeout_s))
    if http_status is not None:
        ways.append(lambda _: BareStatus(http_status, body))
    return ways


def alteration(
    without: Collection[str], members: Mapping[str, Any]
) -> Callable[[Record], None] | None:
    """A function that removes and replaces members of a record; None for none."""
    if not without and not members:
        return None

    def alter(record: Record) -> None:
        record.update(members)
        for member in without:
            record.pop(member, None)

    return alter


@dataclass(kw_only=True, eq=False)
class PlannedFailure:
    """Resources that are accepted and then fail."""

    match: Match
    region: str | None
    failure: Failure
    times: int | None

    def matches_new(self, resource: Resource, sources: tuple[str | None, ...]) -> bool:
        if self.times == 0 or self.region not in (None, resource.region):
            return False
        if callable(self.match):
            return self.match(resource)
        return self.match in (resource.name, *sources)


class Faults:
    """The faults and planned failures of an account, oldest first. The caller holds the lock."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._planned: list[PlannedFailure] = []

    def add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    def plan(self, planned: PlannedFailure) -> None:
        self._planned.append(planned)

    def clear(self) -> None:
        self._faults.clear()
        self._planned.clear()

    def error(self, call: Call, when: Phase) -> Exception | None:
        """The error that this call gets now, if any."""
        for fault in self._faults:
            if fault.make_error and fault.when == when and fault.matches(call):
                fault.count()
                return fault.make_error(call)
        return None

    def failed_operation(self, call: Call) -> Fault | None:
        """The fault that answers this call with Failed operations, if any."""
        for fault in self._faults:
            if fault.failure and fault.matches(call):
                fault.count()
                return fault
        return None

    def alter(self, call: Call, answer: Record) -> None:
        """Alter the records in the answer of this call, in place."""
        for fault in self._faults:
            if fault.alter and fault.matches(call):
                wanted = [
                    record
                    for record in _records(answer)
                    if fault.resource in (None, record.get("name"))
                ]
                for record in wanted:
                    fault.alter(record)
                if wanted:
                    fault.count()

    def failure_of(self, resource: Resource, sources: tuple[str | None, ...]) -> Failure | None:
        """How this new resource is going to fail; None if it will not."""
        for planned in self._planned:
            if planned.matches_new(resource, sources):
                planned.times = None if planned.times is None else planned.times - 1
                return planned.failure
        return None


def _records(answer: Record) -> Iterator[Record]:
    for value in answer.values():
        yield from (each for each in (value if isinstance(value, list) else [value]) if each)
