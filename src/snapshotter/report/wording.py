"""Times, ages and counts as people read them."""

from datetime import datetime, timedelta, tzinfo


def date_of(time: datetime, zone: tzinfo, now: datetime) -> str:
    """`21 November`, in a time zone; `21 November 2025` where now is in another year."""
    local = time.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{local.day} {local:%B}{year}"


def time_of(time: datetime, zone: tzinfo) -> str:
    """`Saturday, 21 November 2026, 04:50 UTC`, in a time zone."""
    local = time.astimezone(zone)
    return f"{local:%A}, {local.day} {local:%B %Y, %H:%M} {local.tzname()}"


def age(span: timedelta) -> str:
    """`5 hours`, or from 48 hours on `3 days`, rounded down; never below zero."""
    hours = max(0, int(span.total_seconds() // 3600))
    return count_of(hours // 24, "day") if hours >= 48 else count_of(hours, "hour")


def count_of(count: int, noun: str) -> str:
    """`1 resource`, `2 resources`; copies are the one noun that is no plain plural."""
    plural = "copies" if noun == "copy" else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"
