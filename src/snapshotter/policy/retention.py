"""Applies a policy to the recovery points of one series, with a reason for each.

The semantics are those of `restic forget` (restic's documentation, "Removing snapshots
according to a policy"), with differences that are all towards safety: the newest point is
always kept, a point in the future is kept and uses up no count, and a held point is kept, as
is the newest one that a restore has proven.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Generic, NamedTuple, Protocol, TypeVar

from snapshotter.policy.grammar import Duration, Retention


class Point(Protocol):
    """What a policy is applied to: a ready recovery point of the series."""

    @property
    def time(self) -> datetime: ...
    @property
    def name(self) -> str: ...
    @property
    def held(self) -> bool: ...
    @property
    def verified(self) -> bool: ...


P = TypeVar("P", bound=Point)


class Decision(NamedTuple, Generic[P]):
    """A point, whether to keep it, and the reasons."""

    point: P
    keep: bool
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        return ", ".join(self.reasons)


def evaluate(
    points: Iterable[P], retention: Retention, *, now: datetime, timezone: tzinfo
) -> tuple[Decision[P], ...]:
    """Decide which recovery points of one series to keep.

    points: ready ones, in any order.
    now: the run's scheduled time; a point after it is in the future.
    timezone: where hours, days, ISO weeks, months and years begin and end.
    Returns a decision for every point, newest first; equal times are ordered by name.
    """
    newest_first = sorted(points, key=lambda point: (point.time, point.name), reverse=True)
    future = [point for point in newest_first if point.time > now]
    past = newest_first[len(future) :]
    reasons: list[list[str]] = [["newest"] if rank == 0 else [] for rank in range(len(past))]
    local = [_local(point.time, timezone) for point in past]
    _keep_within(local, retention, reasons)
    for rule in retention.counts:
        _keep_counted(local, rule.period, rule.count, reasons)
    proven = next((point for point in newest_first if point.verified), None)
    for point, found in zip(past, reasons, strict=True):
        found.extend(["hold"] if point.held else [])
        found.extend(["verified"] if point is proven else [])
    refused = (f"not kept by {retention}",)
    return tuple(Decision(point, True, _in_the_future(point)) for point in future) + tuple(
        Decision(point, bool(found), tuple(found) or refused)
        for point, found in zip(past, reasons, strict=True)
    )


def _local(time: datetime, timezone: tzinfo) -> datetime:
    """A tag can have any time, and the first day of the calendar is not one in every zone."""
    try:
        return time.astimezone(timezone)
    except OverflowError:
        return time


def _in_the_future(point: Point) -> tuple[str, ...]:
    return ("in the future", "hold") if point.held else ("in the future",)


def _keep_within(local: list[datetime], retention: Retention, reasons: list[list[str]]) -> None:
    if retention.within is None or not local:
        return
    limit = _before(local[0], retention.within)
    for moment, found in zip(local, reasons, strict=True):
        if limit is None or moment.astimezone(UTC) > limit:
            found.append(f"within {retention.within_text}")


def _keep_counted(
    local: list[datetime], period: str, count: int | None, reasons: list[list[str]]
) -> None:
    """Keep a point whose period differs from the last kept one's, until the count is used up.

    The oldest point is kept too while there is count left: it makes the history as long as
    the policy allows.
    """
    key_of = _PERIOD_KEYS[period]
    last_kept: object = None
    kept = 0
    for rank, moment in enumerate(local):
        if count is not None and kept >= count:
            return
        key = key_of(moment, rank)
        repeats = key == last_kept
        if repeats and rank != len(local) - 1:
            continue
        reasons[rank].append(f"oldest {period}" if repeats else period)
        last_kept = key
        kept += 1


_PERIOD_KEYS: dict[str, Callable[[datetime, int], object]] = {
    "last": lambda _, rank: rank,
    "hourly": lambda moment, _: (moment.year, moment.month, moment.day, moment.hour),
    "daily": lambda moment, _: (moment.year, moment.month, moment.day),
    "weekly": lambda moment, _: moment.isocalendar()[:2],
    "monthly": lambda moment, _: (moment.year, moment.month),
    "yearly": lambda moment, _: moment.year,
}


def _before(newest: datetime, duration: Duration) -> datetime | None:
    """Go back on the calendar: months and days by the wall clock, then hours by elapsed time.

    A day that its month does not have rolls on into the next month (31 March less a month is
    3 March, or 2 March in a leap year), as in Go's AddDate, on which restic builds.
    Returns the moment in UTC, or None when it lies before the calendar's beginning.
    """
    months = newest.year * 12 + newest.month - 1 - duration.months
    year, month = divmod(months, 12)
    try:
        first = newest.replace(year=year, month=month + 1, day=1)
        wall = first + timedelta(days=newest.day - 1 - duration.days)
        # Adding drops the fold: without it, an hour before the second 2:30 would be two.
        wall = wall.replace(fold=newest.fold)
        return wall.astimezone(UTC) - timedelta(hours=duration.hours)
    except (OverflowError, ValueError):
        return None
