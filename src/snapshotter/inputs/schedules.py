"""What the expressions of the stack's schedules mean, as far as the function has to know."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

_RATE = re.compile(r"rate\(([0-9]+) (minute|hour|day)s?\)")
_MONTHS, _DAYS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC", "SUNMONTUEWEDTHUFRISAT"
_FIELDS = ((0, 59, ""), (0, 23, ""), (1, 31, ""), (1, 12, _MONTHS), (1, 7, _DAYS), (1970, 2199, ""))
"""The lowest and the highest number of each field of a cron expression, and its names."""

_ITEM = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/([1-9][0-9]*))?")


def rate_of(expression: str) -> tuple[int, str] | None:
    """The number and the unit of a schedule like `rate(6 hours)`; None for any other."""
    match = _RATE.fullmatch(expression.strip())
    return (int(match[1]), match[2]) if match else None


def is_first_of_week(now: datetime, expression: str, zone: tzinfo) -> bool:
    """Return whether a schedule has no other time earlier in this week, which begins on Monday.

    Where the expression is not known or cannot be read, and at a time that is none of its own: on
    Monday.
    """
    local = now.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    monday = local.replace(hour=0, minute=0) - timedelta(days=local.weekday())
    if rate := rate_of(expression):
        return local - timedelta(**{f"{rate[1]}s": rate[0]}) < monday
    days = [monday + timedelta(days=each) for each in range(local.weekday() + 1)]
    try:
        times = [time for day in days for time in _times(day, expression)]
    except ValueError:
        times = []
    return local == times[0] if local in times else local.weekday() == 0


def _times(day: datetime, expression: str) -> Iterator[datetime]:
    """The times of a day, in order.

    Source: AWS, EventBridge Scheduler, "Cron-based schedules". Sunday is 1.

    Raises:
        ValueError: it is no cron expression, or has `L`, `W` or `#`.
    """
    inside = re.fullmatch(r"cron\((.*)\)", expression.strip())
    words = inside[1].upper().split() if inside else []
    minutes, hours, *others = (
        {number for item in word.split(",") for number in _numbers(item, *field)}
        for field, word in zip(_FIELDS, words, strict=True)
    )
    date = (day.day, day.month, day.isoweekday() % 7 + 1, day.year)
    if all(number in allowed for number, allowed in zip(date, others, strict=True)):
        for hour in sorted(hours):
            yield from (day.replace(hour=hour, minute=minute) for minute in sorted(minutes))


def _numbers(item: str, lowest: int, highest: int, names: str) -> range:
    match = _ITEM.fullmatch("*" if item == "?" else item)
    if match is None:
        raise ValueError(item)
    low, high, step = match.groups()

    def number(text: str) -> int:
        place = names.find(text) if len(text) == 3 and text.isalpha() else -1
        return lowest + place // 3 if place >= 0 else int(text)

    first = lowest if low == "*" else number(low)
    last = number(high) if high else highest if low == "*" or step else first
    return range(first, last + 1, int(step or 1))
