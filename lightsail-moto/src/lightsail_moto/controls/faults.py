"""Errors, lost requests, failed operations, altered answers on request; a limit of the rate."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any, TypeAlias, TypedDict

from lightsail_moto.controls.calls import Call, Phase
from lightsail_moto.exceptions import (
    BareStatus,
    ConnectionDropped,
    LightsailError,
    Throttled,
    TimedOut,
)
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


class Way(TypedDict, total=False):
    """How a call fails; exactly one, apart from what describes it.

    error: a code, modelled or not, with its message, finer code and tip.
    drop_connection: the client loses the connection.
    timeout_s: no answer; in-process the client gives up after so many seconds of time.sleep.
    http_status: a bare status, as 503, with this body; 200 and "{" is a malformed answer.
    failed_operation: (errorCode, errorDetails) of the operations in a 200 answer.
    without, members: the records of the answer lose these members, or have these values.
    """

    error: str
    message: str
    fine_code: str
    tip: str
    drop_connection: bool
    timeout_s: float
    http_status: int
    body: str
    failed_operation: tuple[str, str]
    without: Collection[str]
    members: Mapping[str, Any]


WAYS = ({"error"}, {"drop_connection"}, {"timeout_s"}, {"http_status"}, {"failed_operation"})
ALTERS = {"without", "members"}


def make_fault(way: Way, **where: Any) -> Fault:
    """The fault; ValueError unless exactly one way is given."""
    if sum(not given.isdisjoint(way) for given in (*WAYS, ALTERS)) != 1:
        raise ValueError(
            "give one of error, drop_connection, timeout_s, http_status, failed_operation, "
            "and without or members"
        )
    if "failed_operation" in way:
        return Fault(**where, failure=Failure(*way["failed_operation"]))
    if not ALTERS.isdisjoint(way):
        return Fault(**where, alter=partial(_alter, way))
    return Fault(**where, make_error=partial(_error, way))


def _error(way: Way, call: Call) -> Exception:
    if "error" in way:
        code = way["error"]
        text = way.get("message") or MESSAGES.get(code, f"{code} on request")
        detail = {"fine_code": way.get("fine_code", ""), "tip": way.get("tip", "")}
        return LightsailError(text, error=code, **detail)
    if "timeout_s" in way:
        return TimedOut(way["timeout_s"])
    if "http_status" in way:
        return BareStatus(way["http_status"], way.get("body", ""))
    return ConnectionDropped("on request")


def _alter(way: Way, record: Record) -> None:
    record.update(way.get("members", {}))
    for member in way.get("without", ()):
        record.pop(member, None)


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


class TokenBucket:
    """`rate` requests a second of real time, and `burst` at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = time.monotonic()
        self._lock = Lock()

    def take(self) -> bool:
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
            self._at = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True


class Limits:
    """The rate of requests that each Region of an account takes."""

    def __init__(self) -> None:
        self._rate: tuple[float, float] | None = None
        self._buckets: dict[str, TokenBucket] = {}

    def rate(self, requests_per_second: float | None, burst: float | None) -> None:
        self._buckets.clear()
        self._rate = None
        if requests_per_second is not None:
            self._rate = (requests_per_second, burst or max(1.0, requests_per_second))

    def check(self, region: str) -> None:
        """Throttled, if this request is beyond the rate."""
        if self._rate and not self._bucket(region, self._rate).take():
            raise Throttled

    def _bucket(self, region: str, rate: tuple[float, float]) -> TokenBucket:
        return self._buckets.setdefault(region, TokenBucket(*rate))
