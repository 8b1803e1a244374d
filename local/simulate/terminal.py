"""The last day, for a terminal: calendar, recovery points, cost."""

import calendar
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from simulate.arguments import Options
from simulate.change import deletions_after, explain
from simulate.cost import SOURCE, WHY, bound, dollars
from simulate.marks import MARKS, Mark, mark_of, strongest
from simulate.timeline import RecoveryPoint, Timeline

WIDTH = 80
DELETED, NO_RUN = "·", "-"
_BESIDE = 3
_GAP = "    "
_WEEK = "Mo Tu We Th Fr Sa Su"

Paint = Callable[[str, str], str]
"""Colours a text by the letter of its mark, or returns it unchanged."""

_COLOURS = {
    "Y": "1;35",
    "M": "1;34",
    "W": "1;36",
    "D": "1;32",
    "H": "32",
    "+": "1;33",
    "L": "33",
    "O": "1;31",
    "N": "1",
    "C": "1;36",
    DELETED: "2",
    NO_RUN: "2",
    "heading": "1",
    "aside": "2",
}


def plain(text: str, _: str) -> str:
    return text


def colourful(text: str, letter: str) -> str:
    return f"\x1b[{_COLOURS[letter]}m{text}\x1b[0m"


def draw(options: Options, timeline: Timeline, paint: Paint) -> str:
    """Draw the recovery points there are on the last day, in lines of at most 80 columns."""
    parts = (
        _heading(options, timeline, paint),
        _months(timeline, paint),
        _legend(timeline, paint),
        _change(options, timeline, paint),
        _points(timeline, paint),
        _cost(options, timeline),
    )
    return "\n\n".join(text for part in parts if (text := "\n".join(part))) + "\n"


def _heading(options: Options, timeline: Timeline, paint: Paint) -> Iterator[str]:
    taken, kept = len(timeline.points), len(timeline.kept)
    days = len(timeline.days())
    for line in textwrap.wrap(str(options.retention), WIDTH):
        yield paint(line, "heading")
    yield f"{options.schedule_text} in {options.zone.key}"
    yield (
        f"{_number(days, 'day')}, {_day(timeline.first)} to {_day(timeline.last)}: "
        f"{taken} taken, {taken - kept} deleted"
    )


def _months(timeline: Timeline, paint: Paint) -> Iterator[str]:
    letters = _letters(timeline)
    firsts = sorted({day.replace(day=1) for day in timeline.days()})
    for row in range(0, len(firsts), _BESIDE):
        blocks = [_month(first, letters, paint) for first in firsts[row : row + _BESIDE]]
        height = max(map(len, blocks))
        if row:
            yield ""
        for line in range(height):
            cells = [block[line] if line < len(block) else _Line() for block in blocks]
            yield _joined(cells)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a month, and its width without colour codes."""

    text: str = ""
    width: int = 0


def _joined(lines: Sequence[_Line]) -> str:
    padded = [line.text + " " * (len(_WEEK) - line.width) for line in lines]
    return f"  {_GAP.join(padded)}".rstrip()


def _month(first: date, letters: dict[date, str], paint: Paint) -> list[_Line]:
    title = f"{first:%B %Y}".center(len(_WEEK)).rstrip()
    found = [_Line(paint(title, "heading"), len(title)), _Line(paint(_WEEK, "aside"), len(_WEEK))]
    for week in calendar.Calendar().monthdatescalendar(first.year, first.month):
        shown = [letters.get(day, "") if day.month == first.month else "" for day in week]
        cells = [paint(f"{letter:>2}", letter) if letter else "  " for letter in shown]
        found.append(_Line(" ".join(cells), len(_WEEK)) if any(shown) else _Line())
    while not found[-1].width:
        found.pop()
    return found


def _letters(timeline: Timeline) -> dict[date, str]:
    """Return the letter of every day: the strongest mark of its points."""
    letters = dict.fromkeys(timeline.days(), NO_RUN)
    letters |= {point.taken.date(): DELETED for point in timeline.points}
    for point in timeline.kept:
        day = point.taken.date()
        others = [mark for mark in MARKS if mark.letter == letters[day]]
        letters[day] = strongest([_mark(point), *others]).letter
    return letters


def _legend(timeline: Timeline, paint: Paint) -> Iterator[str]:
    shown = set(_letters(timeline).values())
    words = {mark.letter: mark.word for mark in MARKS}
    words |= {DELETED: "taken, since deleted", NO_RUN: "no run"}
    line, width = " ", 1
    for letter in (letter for letter in words if letter in shown):
        taken = len(f" {letter} {words[letter]} ")
        if width + taken > WIDTH:
            yield line.rstrip()
            line, width = " ", 1
        line += f" {paint(letter, letter)} {words[letter]} "
        width += taken
    yield line.rstrip()


def _change(options: Options, timeline: Timeline, paint: Paint) -> Iterator[str]:
    if options.change is None:
        return
    yield paint(f"Then {options.change.retention}", "heading")
    yield from textwrap.wrap(explain(options, timeline), WIDTH)
    for each in deletions_after(options, timeline):
        span = f"{_day(each.first)} to {_day(each.last)}"
        when = _day(each.first) if each.first == each.last else span
        every = "" if each.first == each.last else " a day"
        yield f"  {when:<34}  {_number(each.count, 'point')} deleted{every}"


def _points(timeline: Timeline, paint: Paint) -> Iterator[str]:
    kept = timeline.kept
    title = f"{_number(len(kept), 'recovery point')} at the end of {_day(timeline.last)}"
    yield paint(title, "heading")
    for point in kept:
        letter = _mark(point).letter
        age = (timeline.last - point.taken.date()).days
        when = f"{_day(point.taken.date())} {point.taken:%H:%M}"
        start = f"  {letter}  {when}  {_number(age, 'day') if age else 'today':>10}  "
        first, *more = textwrap.wrap(
            ", ".join(point.periods[-1].reasons),
            WIDTH,
            initial_indent=start,
            subsequent_indent=" " * len(start),
        )
        yield first.replace(letter, paint(letter, letter), 1)
        yield from more


def _cost(options: Options, timeline: Timeline) -> Iterator[str]:
    kept = len(timeline.kept)
    text = (
        f"At most {dollars(bound(kept, options.price))} a month for each GB of disk: "
        f"{_number(kept, 'point')} at {dollars(options.price)} per GB-month ({SOURCE}). {WHY}"
    )
    yield from textwrap.wrap(text, WIDTH)


def _mark(point: RecoveryPoint) -> Mark:
    return mark_of(point.periods[-1].reasons)


def _day(day: date) -> str:
    return f"{day:%a} {day.day:>2} {day:%b} {day.year}"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
