"""Faults: errors, lost connections and failed operations, on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from lightsail_moto.controls.calls import Call, Phase
from lightsail_moto.models.resource import Failure, Resource

Match: TypeAlias = str | Callable[[Resource], bool]


@dataclass(kw_only=True, eq=False)
class Fault:
    """Applies to the calls that it matches, `times` times, or always with None.

    `struck` counts them. Exactly one of `make_error` and `failure` is set.
    """

    operation: str | None
    region: str | None
    resource: str | None
    when: Phase
    times: int | None
    make_error: Callable[[], Exception] | None = None
    failure: Failure | None = None
    struck: int = field(default=0, init=False)

    def matches(self, call: Call) -> bool:
        return (
            self.times != 0
            and self.operation in (None, call.operation)
            and self.region in (None, call.region)
            and (self.resource is None or self.resource in call.names)
        )

    def count(self) -> None:
        """Note that it was applied once more."""
        self.struck += 1
        if self.times is not None:
            self.times -= 1

    def cancel(self) -> None:
        """Apply to no more calls."""
        self.times = 0


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
                return fault.make_error()
        return None

    def failed_operation(self, call: Call) -> Fault | None:
        """The fault that answers this call with Failed operations, if any."""
        for fault in self._faults:
            if fault.failure and fault.matches(call):
                fault.count()
                return fault
        return None

    def failure_of(self, resource: Resource, sources: tuple[str | None, ...]) -> Failure | None:
        """How this new resource is going to fail; None if it will not."""
        for planned in self._planned:
            if planned.matches_new(resource, sources):
                planned.times = None if planned.times is None else planned.times - 1
                return planned.failure
        return None
