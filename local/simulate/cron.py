"""EventBridge's cron expressions: six fields, minutes to year.

Numbers, names, lists, ranges, steps, `*` and `?` are supported. `L`, `W` and `#` are not: name the
days instead.
Source: "Cron-based schedules" in the user guide of EventBridge Scheduler.
"""

import re
from dataclasses import dataclass
from datetime import date, time

from simulate.errors import InvalidInput

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_ITEM = re.compile(r"(?P<low>\*|\w+)(?:-(?P<high>\w+))?(?:/(?P<step>[0-9]{1,4}))?", re.ASCII)
_UNSUPPORTED = re.compile(r"L|LW|[0-9]{1,2}W|\w+L|L-[0-9]+|\w+#[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """One of the six fields: its name, its bounds, and the names that stand for numbers."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    may_be_any: bool = False
    may_step: bool = True


FIELDS = (
    Field("minutes", 0, 59),
    Field("hours", 0, 23),
    Field("day-of-month", 1, 31, may_be_any=True),
    Field("month", 1, 12, tuple(_MONTHS)),
    Field("day-of-week", 1, 7, tuple(_DAYS), may_be_any=True, may_step=False),
    Field("year", 1970, 2199),
)


@dataclass(frozen=True, slots=True)
class Cron:
    """An expression, as the numbers that each field allows."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    years: frozenset[int]

    def runs_on(self, day: date) -> bool:
        """Return whether there are runs on this day. The week begins with Sunday, as 1."""
        return (
            day.year in self.years
            and day.month in self.months
            and day.day in self.days
            and day.isoweekday() % 7 + 1 in self.weekdays
        )

    def times(self) -> tuple[time, ...]:
        """Return the times of such a day, in order."""
        return tuple(
            time(hour, minute) for hour in sorted(self.hours) for minute in sorted(self.minutes)
        )


def parse_cron(text: str) -> Cron:
    """Read the six fields.

    Raises:
        InvalidInput: with every fault.
    """
    words = text.upper().split()
    if len(words) != len(FIELDS):
        names = ", ".join(field.name for field in FIELDS)
        raise InvalidInput(f"cron has six fields ({names}), not {len(words)}")
    faults: list[str] = []
    allowed = [_allowed(field, word, faults) for field, word in zip(FIELDS, words, strict=True)]
    if [words[2], words[4]].count("?") != 1:
        faults.append("one of day-of-month and day-of-week must be `?`, and only one")
    if faults:
        raise InvalidInput(*faults)
    return Cron(*allowed)


def _allowed(field: Field, word: str, faults: list[str]) -> frozenset[int]:
    """Return the numbers that a field allows; add what is wrong with it to the faults."""
    everything = frozenset(range(field.low, field.high + 1))
    if word == "?" and field.may_be_any:
        return everything
    found: set[int] = set()
    for item in word.split(","):
        try:
            found |= _numbers(field, item)
        except ValueError as error:
            faults.append(f"{field.name}: {item!r} {error}")
    return frozenset(found)


def _numbers(field: Field, item: str) -> set[int]:
    if item not in field.names and _UNSUPPORTED.fullmatch(item):
        raise ValueError("is not supported: L, W and # cannot be simulated")
    match = _ITEM.fullmatch(item)
    if match is None or (match["low"] == "*" and match["high"]):
        raise ValueError("is not a number, a name, a range, a step or `*`")
    if match["step"] and not field.may_step:
        raise ValueError("has a step, which this field does not take")
    low = field.low if match["low"] == "*" else _number(field, match["low"])
    open_ended = match["low"] == "*" or match["step"]
    high = _number(field, match["high"]) if match["high"] else (field.high if open_ended else low)
    step = int(match["step"] or 1)
    if step < 1 or low > high:
        raise ValueError("has a step of 0" if step < 1 else "runs backwards")
    return set(range(low, high + 1, step))


def _number(field: Field, text: str) -> int:
    if text in field.names:
        return field.names.index(text) + field.low
    if not re.fullmatch(r"[0-9]{1,4}", text) or not field.low <= int(text) <= field.high:
        names = f" or {field.names[0]}-{field.names[-1]}" if field.names else ""
        raise ValueError(f"is not within {field.low}-{field.high}{names}")
    return int(text)
