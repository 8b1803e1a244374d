"""Recovery points, and the decisions that a policy makes about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from snapshotter.policy.cooling_off import Evaluation, evaluate_cooling_off
from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import evaluate

WEEK = timedelta(days=7)
Written = tuple[datetime, str | None]
"""The time of a snapshot, and the policy that is written on it."""

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


def evaluated(
    points: Iterable[Point],
    policy: str,
    written: Iterable[Written],
    now: datetime,
    zone: ZoneInfo = ZoneInfo("UTC"),  # noqa: B008 - it is immutable
    *,
    period: timedelta = WEEK,
) -> Evaluation[Point]:
    """Apply a policy with its cooling-off, by default of a week."""
    return evaluate_cooling_off(
        points, parse_retention(policy), written=written, now=now, timezone=zone, period=period
    )


def kept_of(evaluation: Evaluation[Point]) -> set[str]:
    return {decision.point.name for decision in evaluation.decisions if decision.keep}


def kept_by(points: Iterable[Point], policy: str, now: datetime, zone: ZoneInfo) -> set[str]:
    """The points that a policy keeps without any cooling-off."""
    decisions = evaluate(points, parse_retention(policy), now=now, timezone=zone)
    return {decision.point.name for decision in decisions if decision.keep}
