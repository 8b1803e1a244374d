"""Whether a drill has passed, has failed, or is still under way; with the reason in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from snapshotter.drill.found import LIMIT, Drill
from snapshotter.kinds import Status


class Result(StrEnum):
    """What is known of a drill."""

    PASSED = "passed"
    FAILED = "failed"
    UNDER_WAY = "under way"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a drill, and why."""

    result: Result
    reason: str


def judge(drill: Drill, *, now: datetime, answers: Callable[[str, int], bool]) -> Verdict:
    """Judge a drill by its state, and by its port where it has one to answer on.

    now: the run's scheduled time. answers: tells whether a port of an address does; asked only
    where all else is well.
    """
    state = drill.resource.state
    status = drill.kind.restoring.status(state)
    if status is Status.FAILED:
        return Verdict(Result.FAILED, f"it ended in {state}")
    if status is not Status.READY:
        return not_yet(drill, now, f"it is {state or 'in no known state'}")
    if drill.lacks_disks:
        return not_yet(drill, now, "not all of its disks are there")
    if drill.port is None:
        return Verdict(Result.PASSED, f"it is {state}")
    address = drill.resource.address
    if address is None:
        return not_yet(drill, now, f"it has no public IPv4 address to try port {drill.port} on")
    if not answers(address, drill.port):
        return not_yet(drill, now, f"it is {state}, but port {drill.port} does not answer")
    return Verdict(Result.PASSED, f"it is {state}, and port {drill.port} answers")


def not_yet(drill: Drill, now: datetime, reason: str) -> Verdict:
    """Wait for a drill for as long as its time is not up."""
    if not drill.is_over(now):
        return Verdict(Result.UNDER_WAY, reason)
    hours = LIMIT.total_seconds() / 3600
    return Verdict(Result.FAILED, f"{reason}, {hours:g} hours after the drill began")
