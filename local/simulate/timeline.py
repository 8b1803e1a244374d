"""Virtual time: every run takes a recovery point, then the retention policy is evaluated.

A point carries the policy that was in force when it was taken, as in the function.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from simulate.arguments import Options
from snapshotter.policy.cooling_off import Evaluation, evaluate_cooling_off
from snapshotter.policy.grammar import Retention


@dataclass(frozen=True, slots=True)
class Point:
    """A recovery point, as far as the retention rules look at it."""

    time: datetime
    name: str
    held: bool = False
    verified: bool = False


@dataclass(frozen=True, slots=True)
class KeptPeriod:
    """The reasons for which a point is kept at the end of a day, and until the next period."""

    since: date
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecoveryPoint:
    """A point from the run that took it to the run that deleted it, if one did.

    Times are local. A point that is deleted on the day on which it was taken has no periods.
    """

    taken: datetime
    periods: tuple[KeptPeriod, ...]
    deleted: datetime | None = None
    deleted_because: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened from the first day to the last; points in the order of their creation.

    held: how many points stayed for their cooling-off alone in the first run after the policy
    changed. held_until: when that ends, local; None where none did.
    """

    first: date
    last: date
    points: tuple[RecoveryPoint, ...]
    held: int = 0
    held_until: datetime | None = None

    @property
    def kept(self) -> tuple[RecoveryPoint, ...]:
        """The points there are at the end of the last day, newest first."""
        return tuple(point for point in reversed(self.points) if point.deleted is None)

    def days(self) -> tuple[date, ...]:
        count = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=day) for day in range(count))


@dataclass(slots=True)
class _Draft:
    taken: datetime
    periods: list[KeptPeriod] = field(default_factory=list)
    deleted: datetime | None = None
    deleted_because: str = ""

    def keep(self, day: date, reasons: tuple[str, ...]) -> None:
        self._drop_period_of(day)
        if not self.periods or self.periods[-1].reasons != reasons:
            self.periods.append(KeptPeriod(day, reasons))

    def delete(self, run: datetime, reason: str) -> None:
        self._drop_period_of(run.date())
        self.deleted, self.deleted_because = run, reason

    def _drop_period_of(self, day: date) -> None:
        """Only the end of a day counts: drop what an earlier run of the same day found."""
        if self.periods and self.periods[-1].since == day:
            self.periods.pop()

    def finished(self) -> RecoveryPoint:
        return RecoveryPoint(self.taken, tuple(self.periods), self.deleted, self.deleted_because)


def simulate(options: Options) -> Timeline:
    """Let every run take a point and delete what neither policy nor cooling-off keeps."""
    drafts: dict[str, _Draft] = {}
    kept: list[Point] = []
    written: dict[str, str] = {}
    first_after: Evaluation[Point] | None = None
    for run in options.runs:
        local = run.astimezone(options.zone)
        retention, changed = _in_force(options, local.date())
        point = Point(run, run.isoformat())
        drafts[point.name], written[point.name] = _Draft(local), str(retention)
        evaluation = _evaluate([*kept, point], retention, written, run, options)
        first_after = first_after or (evaluation if changed else None)
        for verdict in evaluation.decisions:
            draft = drafts[verdict.point.name]
            if verdict.keep:
                draft.keep(local.date(), verdict.reasons)
            else:
                draft.delete(local, verdict.reason)
        kept = [verdict.point for verdict in evaluation.decisions if verdict.keep]
    points = tuple(draft.finished() for draft in drafts.values())
    if first_after is None or first_after.until is None:
        return Timeline(options.first, options.last, points)
    until = first_after.until.astimezone(options.zone)
    return Timeline(options.first, options.last, points, len(first_after.held), until)


def _in_force(options: Options, day: date) -> tuple[Retention, bool]:
    """The policy of a day, and whether it is the later one."""
    changed = options.change is not None and day >= options.change.day
    if options.change and changed:
        return options.change.retention, True
    return options.retention, False


def _evaluate(
    points: list[Point],
    retention: Retention,
    written: dict[str, str],
    now: datetime,
    options: Options,
) -> Evaluation[Point]:
    return evaluate_cooling_off(
        points,
        retention,
        written=[(point.time, written[point.name]) for point in points],
        now=now,
        timezone=options.zone,
        period=options.change.cooling_off if options.change else timedelta(0),
    )
