"""Decides whether a drill passed, failed, or is still in progress, with the reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from snapshotter.drill.connection_check import answers_request
from snapshotter.drill.found import LIMIT, Drill
from snapshotter.model.kinds import Status


class Result(StrEnum):
    """The result of a drill."""

    PASSED = "passed"
    FAILED = "failed"
    IN_PROGRESS = "in progress"


@dataclass(frozen=True, slots=True)
class DrillResult:
    """The result of a drill and the reason for it."""

    result: Result
    reason: str


def evaluate(
    drill: Drill, *, now: datetime, accepts_connections: Callable[[str, int], bool]
) -> DrillResult:
    """Evaluate a drill by its state and, if a port is to be tested, by an answer of the port.

    now: the run's scheduled time. accepts_connections: called last, with an address and a port.
    """
    state = drill.resource.state
    what = f"the restored {drill.kind.noun}"
    status = drill.kind.restoring.status(state)
    if status is Status.FAILED:
        return DrillResult(Result.FAILED, f"the state of {what} is {state}")
    if status is not Status.READY:
        return not_yet(drill, now, f"the state of {what} is {state or 'unknown'}")
    if drill.lacks_disks:
        return not_yet(drill, now, f"not all disks of {what} exist")
    if drill.check.port is None:
        return DrillResult(Result.PASSED, f"{what} is {state}")
    return _answer(drill, f"{what} is {state}", now, accepts_connections)


def _answer(
    drill: Drill, what: str, now: datetime, accepts_connections: Callable[[str, int], bool]
) -> DrillResult:
    check, address = drill.check, drill.resource.address
    if address is None:
        reason = f"{what}, but has no public IPv4 address to test port {check.port}"
        return not_yet(drill, now, reason)
    if not accepts_connections(address, check.port or 0):
        reason = f"{what}, but port {check.port} does not accept a connection"
        return not_yet(drill, now, reason)
    if check.scheme is None:
        return DrillResult(Result.PASSED, f"{what}, and port {check.port} accepts a connection")
    if not answers_request(address, check):
        reason = f"{what}, but {check} does not answer with a status below 400"
        return not_yet(drill, now, reason)
    return DrillResult(Result.PASSED, f"{what}, and {check} answers")


def not_yet(drill: Drill, now: datetime, reason: str) -> DrillResult:
    """In progress until the time limit of the drill; failed after it."""
    if not drill.is_over(now):
        return DrillResult(Result.IN_PROGRESS, reason)
    hours = LIMIT.total_seconds() / 3600
    return DrillResult(Result.FAILED, f"{reason}, and the limit of {hours:g} hours has passed")
