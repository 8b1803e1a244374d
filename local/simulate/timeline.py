"""Virtual time: every run takes a point, and the real retention judges all there are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from snapshotter.policy.retention import evaluate
from snapshotter.policy.grammar import Retention


@dataclass(frozen=True, slots=True)
class Point:
    """What the retention is given to judge."""

    time: datetime
    name: str
    held: bool = False
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """Why a point is there at the end of a day, and of those after it until the next stay."""

    since: date
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """A point from the run that took it to the run that deleted it, if one did.

    Times are local ones. A point that did not outlive its day has no stays.
    """

    taken: datetime
    stays: tuple[Stay, ...]
    deleted: datetime | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that happened from the first day to the last; lives in the order of their taking."""

    first: date
    last: date
    lives: tuple[Life, ...]

    @property
    def kept(self) -> tuple[Life, ...]:
        """The points there are at the end of the last day, newest first."""
        return tuple(life for life in reversed(self.lives) if life.deleted is None)

    def days(self) -> tuple[date, ...]:
        count = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=day) for day in range(count))


@dataclass(slots=True)
class _Growing:
    taken: datetime
    stays: list[Stay] = field(default_factory=list)
    deleted: datetime | None = None
    refusal: str = ""

    def keep(self, day: date, reasons: tuple[str, ...]) -> None:
        self._leave(day)
        if not self.stays or self.stays[-1].reasons != reasons:
            self.stays.append(Stay(day, reasons))

    def delete(self, run: datetime, refusal: str) -> None:
        self._leave(run.date())
        self.deleted, self.refusal = run, refusal

    def _leave(self, day: date) -> None:
        """Forget what held earlier on the same day: only its end counts."""
        if self.stays and self.stays[-1].since == day:
            self.stays.pop()

    def grown(self) -> Life:
        return Life(self.taken, tuple(self.stays), self.deleted, self.refusal)


def play(
    runs: Iterable[datetime], retention: Retention, *, first: date, last: date, zone: ZoneInfo
) -> Timeline:
    """Let every run take a point and delete what the retention does not keep.

    runs: in order, in UTC, each of them between the first day and the last.
    """
    lives: dict[str, _Growing] = {}
    kept: list[Point] = []
    for run in runs:
        local = run.astimezone(zone)
        point = Point(run, run.isoformat())
        lives[point.name] = _Growing(local)
        decisions = evaluate([*kept, point], retention, now=run, timezone=zone)
        for decision in decisions:
            life = lives[decision.point.name]
            if decision.keep:
                life.keep(local.date(), decision.reasons)
            else:
                life.delete(local, decision.reason)
        kept = [decision.point for decision in decisions if decision.keep]
    return Timeline(first, last, tuple(life.grown() for life in lives.values()))
