"""Recovery points, and the decisions that a policy makes about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import evaluate

LATER = "2100-01-01 00:00"
"""The time of a run that is later than every point of a test."""


@dataclass(frozen=True, slots=True)
class Point:
    time: datetime
    name: str
    held: bool = False
    verified: bool = False


Decisions = dict[str, tuple[bool, tuple[str, ...]]]
"""By the name of a point, whether it is kept and why."""


def moment(text: str) -> datetime:
    """Read `2026-11-23 04:50` as a moment in UTC, or with the offset that the text has."""
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def a_point(text: str, *, held: bool = False) -> Point:
    """Make a point at a time; its name is the text."""
    return Point(moment(text), text, held)


def decisions_of(
    points: Iterable[Point], policy: str, *, now: datetime, zone: ZoneInfo
) -> Decisions:
    """Apply a policy; returns every decision by the name of its point."""
    decisions = evaluate(points, parse_retention(policy), now=now, timezone=zone)
    return {decision.point.name: (decision.keep, decision.reasons) for decision in decisions}


def reasons(
    policy: str, *texts: str, zone: str = "UTC", now: str = LATER, held: Iterable[str] = ()
) -> dict[str, str]:
    """Apply a policy to points at these times; returns the reason of each, newest first."""
    points = [a_point(text, held=text in held) for text in texts]
    decisions = evaluate(points, parse_retention(policy), now=moment(now), timezone=ZoneInfo(zone))
    return {decision.point.name: decision.reason for decision in decisions}


def kept(policy: str, *texts: str, zone: str = "UTC", now: str = LATER) -> list[str]:
    """Apply a policy to points at these times; returns the texts of those kept, newest first."""
    points = [a_point(text) for text in texts]
    decisions = evaluate(points, parse_retention(policy), now=moment(now), timezone=ZoneInfo(zone))
    return [decision.point.name for decision in decisions if decision.keep]
