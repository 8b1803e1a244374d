"""A change of the policy: what goes because of it, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from simulate.arguments import Options
from simulate.timeline import RecoveryPoint, Timeline


@dataclass(frozen=True, slots=True)
class Deletions:
    """Days in succession on which equally many points are deleted: `count` on each of them."""

    first: date
    last: date
    count: int


def deletions_after(options: Options, timeline: Timeline) -> tuple[Deletions, ...]:
    """What is deleted from the day of the change on, in the order of the days."""
    if options.change is None:
        return ()
    counts: dict[date, int] = {}
    for point in timeline.points:
        if point.deleted and point.deleted.date() >= options.change.day:
            day = point.deleted.date()
            counts[day] = counts.get(day, 0) + 1
    days = enumerate(sorted(counts))
    groups = groupby(days, lambda each: (counts[each[1]], each[1] - timedelta(days=each[0])))
    spans = ((count, [day for _, day in group]) for (count, _), group in groups)
    return tuple(Deletions(found[0], found[-1], count) for count, found in spans)


def explain(options: Options, timeline: Timeline) -> str:
    """Explain in a few sentences when the change takes effect; empty where there is none."""
    change = options.change
    if change is None:
        return ""
    starts = (
        f"On {day_of(change.day)} the policy changes from {options.retention} "
        f"to {change.retention}."
    )
    return " ".join([starts, *_effect(options, timeline)])


def _effect(options: Options, timeline: Timeline) -> Iterator[str]:
    change = options.change
    assert change
    if timeline.held_until is not None:
        count, days = points(timeline.held), change.cooling_off.days
        stay = "stays" if timeline.held == 1 else "stay"
        yield (
            f"{count} that only the earlier policy keeps {stay} until "
            f"{moment_of(timeline.held_until)}, for a cooling-off of {days} "
            f"day{'' if days == 1 else 's'}."
        )
        yield _end(timeline)
    elif change.cooling_off:
        yield "It keeps every point that the earlier policy keeps on this day."
    else:
        deleted = sum(_deleted_on(point, change.day) for point in timeline.points)
        yield f"Without cooling-off it takes effect at once: {points(deleted)} deleted on this day."


def _end(timeline: Timeline) -> str:
    until = timeline.held_until
    later = [p.deleted for p in timeline.points if p.deleted and until and p.deleted > until]
    if not later:
        return "The next run deletes them; it is after the last of these days."
    run = min(later)
    return f"The next run, {moment_of(run)}, deletes {points(later.count(run))}."


def _deleted_on(point: RecoveryPoint, day: date) -> bool:
    return point.deleted is not None and point.deleted.date() == day


def points(count: int) -> str:
    return f"{count:,} point{'' if count == 1 else 's'}"


def day_of(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def moment_of(moment: datetime) -> str:
    return f"{day_of(moment.date())} {moment:%H:%M}"
