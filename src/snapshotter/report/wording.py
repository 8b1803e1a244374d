"""Times and ages as people read them."""

from datetime import datetime, timedelta, tzinfo


def date_of(time: datetime, zone: tzinfo) -> str:
    """`21 November`, in a time zone."""
    local = time.astimezone(zone)
    return f"{local.day} {local:%B}"


def time_of(time: datetime, zone: tzinfo) -> str:
    """`Saturday, 21 November 2026, 04:50 UTC`, in a time zone."""
    local = time.astimezone(zone)
    return f"{local:%A}, {local.day} {local:%B %Y, %H:%M} {local.tzname()}"


def age(span: timedelta) -> str:
    """`5 hours`, or from 48 hours on `3 days`, rounded down."""
    hours = int(span.total_seconds() // 3600)
    count, unit = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def count_of(count: int, noun: str) -> str:
    """`1 resource`, `2 resources`; copies are the one noun that is no plain plural."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"
