"""Decides whether a drill passed, failed, or is still in progress, with the reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
    """Evaluate a drill by its state and, if a port is to be tested, by a connection to the port.

    now: the run's scheduled time. accepts_connections: called last, with an address and a port.
    """
    state = drill.resource.state
    what = f"the restored {drill.noun}"
    status = drill.kind.restoring.status(state)
    if status is Status.FAILED:
        return DrillResult(Result.FAILED, f"the state of {what} is {state}")
    if status is not Status.READY:
        return not_yet(drill, now, f"the state of {what} is {state or 'unknown'}")
    if drill.lacks_disks:
        return not_yet(drill, now, f"not all disks of {what} exist")
    if drill.port is None:
        return DrillResult(Result.PASSED, f"{what} is {state}")
    port, address = f"port {drill.port}", drill.resource.address
    if address is None:
        return not_yet(drill, now, f"{what} has no public IPv4 address to test {port}")
    if not accepts_connections(address, drill.port):
        return not_yet(drill, now, f"{what} is {state}, but {port} does not accept a connection")
    return DrillResult(Result.PASSED, f"{what} is {state}, and {port} accepts a connection")


def not_yet(drill: Drill, now: datetime, reason: str) -> DrillResult:
    """In progress until the time limit of the drill; failed after it."""
    if not drill.is_over(now):
        return DrillResult(Result.IN_PROGRESS, reason)
    hours = LIMIT.total_seconds() / 3600
    return DrillResult(Result.FAILED, f"{reason}, and the limit of {hours:g} hours has passed")
