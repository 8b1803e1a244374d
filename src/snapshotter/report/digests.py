"""When a digest is sent: the stack's schedule of digests, as far as it has to be understood."""

import re
from datetime import datetime, timedelta, tzinfo

from snapshotter.inputs.event import ReportEvent, Send
from snapshotter.inputs.settings import Settings
from snapshotter.report.status import StatusReport
from snapshotter.report.wording import rate_of

_ITEM = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/([1-9][0-9]*))?")
_BOUNDS = {
    "minute": (0, 59),
    "hour": (0, 23),
    "day": (1, 31),
    "month": (1, 12),
    "weekday": (1, 7),
    "year": (1970, 2199),
}
_NAMES = {
    "month": ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    "weekday": ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
}


def is_due(report: StatusReport, request: ReportEvent, settings: Settings) -> bool:
    """Whether a letter is sent: a digest once a week, or while something needs attention."""
    if request.dry_run:
        return False
    if request.send is Send.IF_NEEDED:
        first = is_first_of_week(
            request.scheduled_time, settings.digest_expression, settings.timezone
        )
        return first or bool(report.attention)
    return request.send is Send.ALWAYS


def is_first_of_week(now: datetime, expression: str, zone: tzinfo) -> bool:
    """Whether no other digest of the schedule came earlier in this week, which begins on Monday.

    Where the expression is not known or cannot be read, and at a time that is not one of it: whether
    it is Monday.
    """
    local = now.astimezone(zone).replace(tzinfo=None)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=local.weekday())
    if rate := rate_of(expression):
        return local - timedelta(**{f"{rate[1]}s": rate[0]}) < monday
    try:
        cron = _read(expression)
    except ValueError:
        return local.weekday() == 0
    times = {(hour, minute) for hour in cron["hour"] for minute in cron["minute"]}
    if not _runs_on(local, cron) or (local.hour, local.minute) not in times:
        return local.weekday() == 0
    days = (monday + timedelta(days=each) for each in range(local.weekday()))
    return not any(_runs_on(day, cron) for day in days) and min(times) == (
        local.hour,
        local.minute,
    )


def _runs_on(day: datetime, cron: dict[str, set[int]]) -> bool:
    """Whether there are runs on a day. In an expression Sunday is 1."""
    numbers = {
        "day": day.day,
        "month": day.month,
        "weekday": day.isoweekday() % 7 + 1,
        "year": day.year,
    }
    return all(number in cron[field] for field, number in numbers.items())


def _read(expression: str) -> dict[str, set[int]]:
    """The numbers that each field of a cron expression allows.

    Source: AWS, EventBridge Scheduler, "Cron-based schedules".

    Raises:
        ValueError: it is not one, or has `L`, `W` or `#`.
    """
    inside = re.fullmatch(r"cron\((.*)\)", expression.strip())
    words = inside[1].upper().split() if inside else []
    return {
        field: {number for item in word.split(",") for number in _numbers(field, item)}
        for (field, word) in zip(_BOUNDS, words, strict=True)
    }


def _numbers(field: str, item: str) -> range:
    low, high = _BOUNDS[field]
    match = _ITEM.fullmatch("*" if item == "?" else item)
    if match is None:
        raise ValueError(item)
    first, last, step = match.groups()
    begin = low if first == "*" else _number(field, first)
    end = high if first == "*" or step else begin
    return range(begin, (_number(field, last) if last else end) + 1, int(step or 1))


def _number(field: str, text: str) -> int:
    names = _NAMES.get(field, [])
    return names.index(text) + _BOUNDS[field][0] if text in names else int(text)
