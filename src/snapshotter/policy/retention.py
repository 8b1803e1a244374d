"""Which recovery points of one series are kept, with a reason for each, and cooling-off.

The semantics are those of `restic forget` (restic's documentation, "Removing snapshots according to
a policy"), with differences that are all towards safety: the newest point is always kept, a point
in the future is kept and uses up no count, and a held point is kept, as is the newest one that a
restore has proven.

Cooling-off: a policy that keeps less than the one before it deletes nothing until some days after
the first point that was taken under it. Nothing is remembered: every point carries the policy that
was in force when it was taken, so a change is visible as two neighbouring points.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from snapshotter.model.snapshot import Snapshot, newest_first
from snapshotter.policy.grammar import Duration, Retention, RetentionError, parse_retention

COOLING_OFF = "cooling off"
POLICY_CHANGE = "policy change"
"""The reason of a point that is kept because it shows that a change of policy is not recent."""


class Decision(NamedTuple):
    """A point, whether to keep it, and the reasons."""

    point: Snapshot
    keep: bool
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        return ", ".join(self.reasons)


class Evaluation(NamedTuple):
    """What is kept of one series, and what of it for its cooling-off alone.

    decisions: one for each point, newest first. held: points kept for cooling-off alone.
    earlier: the policies that hold them, the latest first. until: when the last of these expires;
    None where that is only known once there is a point under the policy in force.
    """

    decisions: tuple[Decision, ...]
    held: tuple[Snapshot, ...] = ()
    earlier: tuple[Retention, ...] = ()
    until: datetime | None = None


def evaluate(
    points: Iterable[Snapshot], retention: Retention, *, now: datetime, timezone: tzinfo
) -> tuple[Decision, ...]:
    """Decide which recovery points of one series a policy keeps.

    points: ready ones, in any order.
    now: the run's scheduled time; a point after it is in the future.
    timezone: where hours, days, ISO weeks, months and years begin and end.
    Returns a decision for every point, newest first; equal times are ordered by name.
    """
    ordered = newest_first(points)
    future = [point for point in ordered if point.time > now]
    past = ordered[len(future) :]
    reasons: list[list[str]] = [["newest"] if rank == 0 else [] for rank in range(len(past))]
    local = [_local(point.time, timezone) for point in past]
    _keep_within(local, retention, reasons)
    for rule in retention.counts:
        _keep_counted(local, rule.period, rule.count, reasons)
    proven = next((point for point in ordered if point.verified), None)
    for point, found in zip(past, reasons, strict=True):
        found.extend(["hold"] if point.held else [])
        found.extend(["verified"] if point is proven else [])
    refused = (f"not kept by {retention}",)
    return (
        *(Decision(p, True, ("in the future", *(["hold"] if p.held else []))) for p in future),
        *(Decision(p, bool(f), tuple(f) or refused) for p, f in zip(past, reasons, strict=True)),
    )


def evaluate_with_cooling_off(
    points: Iterable[Snapshot],
    retention: Retention,
    *,
    now: datetime,
    timezone: tzinfo,
    period: timedelta,
) -> Evaluation:
    """Apply the policy in force and, where it deletes something, the earlier ones that still speak.

    points: ready ones of one series. period: of cooling-off; zero for none.
    """
    decisions = evaluate(points, retention, now=now, timezone=timezone)
    unwanted = {each.point.name for each in decisions if not each.keep}
    if not (unwanted and period):
        return Evaluation(decisions)
    candidates = [each.point for each in decisions]
    recorded = [(each, policy) for each in candidates[::-1] if (policy := _policy_of(each))]
    ends, record = _speaking(recorded, retention, now, period)
    kept_by = {
        policy: unwanted.intersection(
            each.point.name
            for each in evaluate(candidates, policy, now=now, timezone=timezone)
            if each.keep
        )
        for policy in ends
        if policy != retention
    }
    held = unwanted & set(record).union(*kept_by.values())
    kept = {each.point.name for each in decisions if each.keep or each.point.name in held}
    # Without the newest point that carries a policy, a change not yet recorded is forgotten.
    carrying = [each for each in recorded if each[0].time <= now][-1:]
    newest = {point.name for point, policy in carrying if policy != retention}
    marks = newest.union(_marks(recorded, kept, now, period)) - kept
    holding = [policy for policy, names in kept_by.items() if names] or list(kept_by or ends)
    until = [*(ends[policy] for policy in holding), *(record[name] for name in held & {*record})]
    return Evaluation(
        decisions=tuple(
            Decision(each.point, True, (COOLING_OFF,))
            if each.point.name in held
            else Decision(each.point, True, (POLICY_CHANGE,))
            if each.point.name in marks
            else each
            for each in decisions
        ),
        held=tuple(each.point for each in decisions if each.point.name in held),
        earlier=tuple(holding) if held else (),
        until=None if not held or None in until else max(each for each in until if each),
    )


def last_written(points: Iterable[Snapshot]) -> Retention | None:
    """The policy on the newest of these points that carries one; None where none does."""
    return next((policy for each in newest_first(points) if (policy := _policy_of(each))), None)


_Recorded = list[tuple[Snapshot, Retention]]
"""Points with the policy that each carries, oldest first."""


def _speaking(
    recorded: _Recorded, retention: Retention, now: datetime, period: timedelta
) -> tuple[dict[Retention, datetime | None], dict[str, datetime]]:
    """The policies that still speak, the latest first, and the points that record the changes.

    A policy speaks until its value; None where it is not known yet: no point carries the policy in
    force. That of a point in the future speaks for as long as if it had just been changed: its time
    may be far away. A point is needed as a record until its value.
    """
    ends: dict[Retention, datetime | None] = {}
    record: dict[str, datetime] = {}
    for point, policy in recorded[-1:]:
        if policy != retention and now < (end := _end(point, period)):
            ends[policy] = end
    past = [policy for point, policy in recorded if point.time <= now]
    if past and past[-1] != retention:
        ends[past[-1]] = None
    for (later, new), (earlier, old) in pairwise(reversed(recorded)):
        if old != new and now < (end := _end(later, period)):
            for point in (earlier, later):
                record[point.name] = max(end, record.get(point.name, end))
            known = ends.get(old, end)
            ends[old] = None if known is None else max(known, end)
    return ends, record


def _marks(recorded: _Recorded, kept: set[str], now: datetime, period: timedelta) -> Iterator[str]:
    """Points without which a change that has cooled off would look like one of these days.

    When a policy like `monthly=12` deletes the first point under it, and keeps an older one that
    carries another policy, the next neighbour of that one is recent every night. So the first point
    under the policy stays for as long as that is so.
    """
    ranks = [rank for rank, (point, _) in enumerate(recorded) if point.name in kept]
    for before, after in pairwise(ranks):
        (_, old), (point, new) = recorded[before], recorded[after]
        if old != new and now < _end(point, period):
            first = after
            while first - 1 > before and recorded[first - 1][1] == new:
                first -= 1
            yield recorded[first][0].name


def _end(point: Snapshot, period: timedelta) -> datetime:
    """A tag can have any time, up to the last one that a calendar has."""
    try:
        return point.created + period
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _policy_of(point: Snapshot) -> Retention | None:
    """The policy that a point carries; None where there is none or it cannot be read."""
    return _parsed(point.retention_text or "")


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Retention | None:
    try:
        return parse_retention(text)
    except RetentionError:
        return None


def _local(time: datetime, timezone: tzinfo) -> datetime:
    """A tag can have any time, and the first day of the calendar is not one in every zone."""
    try:
        return time.astimezone(timezone)
    except OverflowError:
        return time


def _keep_within(local: Sequence[datetime], retention: Retention, reasons: list[list[str]]) -> None:
    if retention.within is None or not local:
        return
    limit = _before(local[0], retention.within)
    for moment, found in zip(local, reasons, strict=True):
        if limit is None or moment.astimezone(UTC) > limit:
            found.append(f"within {retention.within_text}")


def _keep_counted(
    local: Sequence[datetime], period: str, count: int | None, reasons: list[list[str]]
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
