"""Whether a drill passed, failed, or is still in progress, with the reason."""

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
    """The result of a drill, and a sentence that gives the reason."""

    result: Result
    reason: str


def evaluate(
    drill: Drill, *, now: datetime, accepts_connections: Callable[[str, int], bool]
) -> DrillResult:
    """Evaluate a drill by its state and, where a port is to be tested, by a connection to it.

    now: the run's scheduled time. accepts_connections: whether a port of an address accepts a
    connection; called only where everything else is as it should be.
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
    address = drill.resource.address
    if address is None:
        return not_yet(drill, now, f"{what} has no public IPv4 address to test port {drill.port}")
    if not accepts_connections(address, drill.port):
        reason = f"{what} is {state}, but port {drill.port} does not accept a connection"
        return not_yet(drill, now, reason)
    return DrillResult(Result.PASSED, f"{what} is {state} and accepts connections on {drill.port}")


def not_yet(drill: Drill, now: datetime, reason: str) -> DrillResult:
    """In progress for as long as the drill's time is not up; after that failed."""
    if not drill.is_over(now):
        return DrillResult(Result.IN_PROGRESS, reason)
    hours = LIMIT.total_seconds() / 3600
    return DrillResult(Result.FAILED, f"{reason}, {hours:g} hours after the drill started")
