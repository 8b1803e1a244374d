"""Virtual time: every night takes a recovery point, then the retention policy is evaluated.

A point carries the policy that was in force when it was taken, as in the function.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar

from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import RETENTION
from snapshotter.policy import retention
from snapshotter.policy.grammar import Retention

NIGHT = time(4, 50)
"""ScheduleExpression of the template, in UTC."""

COOLING_OFF = timedelta(days=7)
"""CoolingOffDays of the template."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to simulate. then, day: the policy that replaces `retention`, and from which day on."""

    retention: Retention
    first: date
    days: int
    then: Retention | None = None
    day: date | None = None

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)

    def policy_of(self, day: date) -> Retention:
        return self.then if self.then and self.day and day >= self.day else self.retention


def point_of(time: datetime, policy: Retention) -> Snapshot:
    """A recovery point that was taken under a policy."""
    name, tags = time.isoformat(), {RETENTION: str(policy)}
    return Snapshot(INSTANCE, "", name, name, Status.READY, INSTANCE.ready_state, time, tags)


@dataclass(frozen=True, slots=True)
class KeptPeriod:
    """The reasons for which a point is kept from a day on, until the next period."""

    since: date
    reasons: tuple[str, ...]


@dataclass(slots=True)
class RecoveryPoint:
    """A point from the run that took it to the run that deleted it, if one did."""

    taken: datetime
    periods: list[KeptPeriod] = field(default_factory=list)
    deleted: datetime | None = None
    deleted_because: str = ""


@dataclass(slots=True)
class Timeline:
    """What happened; points in the order of their creation.

    held: how many points stayed for their cooling-off alone in the first run after the policy
    changed. held_until: when that ends. ended: the run that then deletes them, if it is simulated.
    """

    points: list[RecoveryPoint] = field(default_factory=list)
    held: int = 0
    held_until: datetime | None = None
    held_reasons: ClassVar = (retention.COOLING_OFF,)

    @property
    def kept(self) -> list[RecoveryPoint]:
        """The points there are at the end of the last day, newest first."""
        return [point for point in reversed(self.points) if point.deleted is None]

    @property
    def ended(self) -> datetime | None:
        until = self.held_until
        later = [p.deleted for p in self.points if until and p.deleted and p.deleted >= until]
        return min(later, default=None)


def simulate(options: Options) -> Timeline:
    """Let every night take a point and delete what neither policy nor cooling-off keeps."""
    timeline = Timeline()
    histories: dict[str, RecoveryPoint] = {}
    kept: list[Snapshot] = []
    for number in range(options.days):
        day = options.first + timedelta(days=number)
        run = datetime.combine(day, NIGHT, UTC)
        policy = options.policy_of(day)
        point = point_of(run, policy)
        histories[point.name] = RecoveryPoint(run)
        evaluation = retention.evaluate_with_cooling_off(
            [*kept, point], policy, now=run, timezone=UTC, period=COOLING_OFF
        )
        if day == options.day:
            timeline.held, timeline.held_until = len(evaluation.held), evaluation.until
        for decision in evaluation.decisions:
            history = histories[decision.point.name]
            if not decision.keep:
                history.deleted, history.deleted_because = run, decision.reason
            elif not history.periods or history.periods[-1].reasons != decision.reasons:
                history.periods.append(KeptPeriod(day, decision.reasons))
        kept = [decision.point for decision in evaluation.decisions if decision.keep]
    timeline.points = list(histories.values())
    return timeline
