"""Recovery points, and the decisions that a policy makes about them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import HOLD, RETENTION, TIME, VERIFIED
from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import Decision, Evaluation, evaluate, evaluate_with_cooling_off

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
ZERO = timedelta(0)
IN_UTC = ZoneInfo("UTC")
LATER = "2100-01-01 00:00"
"""The time of a run that is later than every point of a test."""

Decisions = dict[str, tuple[bool, tuple[str, ...]]]
"""By the name of a point, whether it is kept and why."""


def moment(text: str) -> datetime:
    """Read `2026-11-23 04:50` as a moment in UTC, or with the offset that the text has."""
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def a_point(
    time: datetime,
    name: str,
    *,
    held: bool = False,
    verified: bool = False,
    policy: str | None = None,
    created: datetime | None = None,
) -> Snapshot:
    """Make a point that carries a policy. It was created at its time, unless that is given."""
    tags = {TIME: time.isoformat()} if created else {}
    if policy is not None:
        tags[RETENTION] = policy
    tags |= {HOLD: ""} if held else {}
    tags |= {VERIFIED: ""} if verified else {}
    state = INSTANCE.ready_state
    return Snapshot(INSTANCE, "us-east-1", name, name, Status.READY, state, created or time, tags)


def decided(
    points: Iterable[Snapshot], policy: str, *, now: datetime, zone: ZoneInfo = IN_UTC
) -> tuple[Decision, ...]:
    """Apply a policy without cooling-off."""
    return evaluate(points, parse_retention(policy), now=now, timezone=zone)


def by_name(decisions: Iterable[Decision]) -> Decisions:
    return {each.point.name: (each.keep, each.reasons) for each in decisions}


def names_kept(decisions: Iterable[Decision]) -> set[str]:
    return {each.point.name for each in decisions if each.keep}


def reasons(
    policy: str, *texts: str, zone: str = "UTC", now: str = LATER, held: Iterable[str] = ()
) -> dict[str, str]:
    """Apply a policy to points at these times; returns the reason of each, newest first."""
    points = [a_point(moment(text), text, held=text in held) for text in texts]
    decisions = decided(points, policy, now=moment(now), zone=ZoneInfo(zone))
    return {each.point.name: each.reason for each in decisions}


def kept(policy: str, *texts: str, zone: str = "UTC", now: str = LATER) -> list[str]:
    """Apply a policy to points at these times; returns the texts of those kept, newest first."""
    points = [a_point(moment(text), text) for text in texts]
    decisions = decided(points, policy, now=moment(now), zone=ZoneInfo(zone))
    return [each.point.name for each in decisions if each.keep]


def cooled(
    points: Sequence[Snapshot],
    policy: str,
    now: datetime,
    *,
    zone: ZoneInfo = IN_UTC,
    period: timedelta = WEEK,
) -> Evaluation:
    """Apply a policy with its cooling-off, by default of a week."""
    retention = parse_retention(policy)
    return evaluate_with_cooling_off(points, retention, now=now, timezone=zone, period=period)


class Nights:
    """One series under a schedule. A policy of None cannot be read: nothing is pruned under it."""

    def __init__(self, *points: Snapshot) -> None:
        self.points = list(points)
        self.evaluation = Evaluation(())

    def run(self, now: datetime, policy: str | None, lag: timedelta = ZERO) -> None:
        """Prune and take a point, which the sweep an hour later sees.

        lag: for how long after its time the point was created.
        """
        self.prune(now, policy)
        self.take(now, policy, lag)
        self.prune(now + timedelta(hours=1), policy)

    def take(self, now: datetime, policy: str | None, lag: timedelta = ZERO) -> None:
        point = a_point(now, now.isoformat(), policy=policy, created=now + lag)
        self.points.append(point)

    def prune(self, now: datetime, policy: str | None) -> set[str]:
        """Delete what is not kept; returns the names."""
        before = self.names
        if policy is not None:
            self.evaluation = cooled(self.points, policy, now)
            self.points = [each.point for each in self.evaluation.decisions if each.keep]
        return before - self.names

    @property
    def held(self) -> int:
        return len(self.evaluation.held)

    @property
    def names(self) -> set[str]:
        return {point.name for point in self.points}
