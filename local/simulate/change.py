"""A change of the policy: what goes because of it, and when; in words, for terminal and page."""

from datetime import date, timedelta
from itertools import groupby

from simulate.timeline import COOLING_OFF, Options, Timeline


def deletions_after(options: Options, timeline: Timeline) -> list[tuple[date, date, int]]:
    """What is deleted from the change on: first and last day in succession, and points a day."""
    counts: dict[date, int] = {}
    for point in timeline.points:
        if point.deleted and options.day and point.deleted.date() >= options.day:
            counts[point.deleted.date()] = counts.get(point.deleted.date(), 0) + 1
    days = enumerate(sorted(counts))
    groups = groupby(days, lambda each: (counts[each[1]], each[1] - timedelta(days=each[0])))
    spans = ((count, [day for _, day in group]) for (count, _), group in groups)
    return [(found[0], found[-1], count) for count, found in spans]


def explain(options: Options, timeline: Timeline) -> str:
    """Explain when the change takes effect; empty where there is none."""
    if options.day is None:
        return ""
    starts = (
        f"On {day_of(options.day)} the policy changes from {options.retention} to {options.then}."
    )
    if not timeline.held:
        return f"{starts} It keeps every point that the earlier policy keeps on this day."
    assert timeline.held_until
    held = timeline.held
    return (
        f"{starts} {count_of(held, 'point')} that only the earlier policy keeps "
        f"{'stays' if held == 1 else 'stay'} until {day_of(timeline.held_until.date())} "
        f"{timeline.held_until:%H:%M}, for a cooling-off of {COOLING_OFF.days} days. "
        f"{_end(timeline)}"
    )


def _end(timeline: Timeline) -> str:
    if timeline.ended is None:
        return "That is after the last of these days."
    deleted = [point for point in timeline.points if point.deleted == timeline.ended]
    stayed = sum(point.periods[-1].reasons == timeline.held_reasons for point in deleted)
    due = len(deleted) - stayed
    these = "it" if stayed == 1 else f"these {stayed}"
    which = these if stayed == timeline.held else f"{stayed} that stayed"
    others = f" and the {'one' if due == 1 else due} due that day" if due else ""
    return (
        f"The run of {day_of(timeline.ended.date())} {timeline.ended:%H:%M} deletes "
        f"{len(deleted)}: {which}{others}."
    )


def day_of(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def count_of(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
