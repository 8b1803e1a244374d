"""The contract's semantics said a second time, by counting instead of walking.

A rule keeps a point when fewer than its count of periods lie newer, and the point is either the
first of its period or the oldest of all. Slow and plain on purpose; it shares no code with the
judge, and reads the policy's words itself.

It holds wherever local time never returns to a period that it has left. The one known kind of
place that does (clocks set back across midnight) has a test of its own.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.unit.policy.points import Point, Told

_LABELS = {
    "hourly": "%Y-%m-%d %H",
    "daily": "%Y-%m-%d",
    "weekly": "%G week %V",
    "monthly": "%Y-%m",
    "yearly": "%Y",
}


def expected(points: Sequence[Point], policy: str, *, now: datetime, zone: ZoneInfo) -> Told:
    """Say of every point, by its name, whether the contract keeps it and why."""
    return {point.name: _told(point, points, policy, zone, now) for point in points}


def _told(
    point: Point, points: Sequence[Point], policy: str, zone: ZoneInfo, now: datetime
) -> tuple[bool, tuple[str, ...]]:
    past = [each for each in points if each.time <= now]
    hold = ["hold"] if point.held else []
    if point not in past:
        return True, ("in the future", *hold)
    if point.verified and not any(_key(other) > _key(point) for other in points if other.verified):
        hold = [*hold, "verified"]
    newer = [other for other in past if _key(other) > _key(point)]
    is_oldest = len(newer) == len(past) - 1
    words = dict(word.split("=") for word in policy.split())
    found = [] if newer else ["newest"]
    if "within" in words and point.time > _limit(past, words["within"], zone):
        found.append(f"within {words['within']}")
    for period in ("last", *_LABELS):
        if period in words:
            found += _by_count(point, newer, period, words[period], zone, is_oldest=is_oldest)
    found += hold
    return bool(found), tuple(found) or (f"not kept by {policy}",)


def _key(point: Point) -> tuple[datetime, str]:
    return (point.time, point.name)


def _by_count(
    point: Point, newer: list[Point], period: str, count: str, zone: ZoneInfo, *, is_oldest: bool
) -> list[str]:
    periods_newer = {_label(other, period, zone) for other in newer}
    if count != "all" and len(periods_newer) >= int(count):
        return []
    if _label(point, period, zone) not in periods_newer:
        return [period]
    return [f"oldest {period}"] if is_oldest else []


def _label(point: Point, period: str, zone: ZoneInfo) -> str:
    if period == "last":
        return point.name
    return point.time.astimezone(zone).strftime(_LABELS[period])


def _limit(past: list[Point], duration: str, zone: ZoneInfo) -> datetime:
    """Count months on the calendar, then days from the month's first, then hours in UTC."""
    by = {unit: int(number) for number, unit in re.findall(r"(\d+)([ymwdh])", duration)}
    newest = max(point.time for point in past).astimezone(zone)
    year, month = newest.year - by.get("y", 0), newest.month - by.get("m", 0)
    while month < 1:
        year, month = year - 1, month + 12
    days = newest.day - 1 - by.get("d", 0) - 7 * by.get("w", 0)
    day = date.fromordinal(date(year, month, 1).toordinal() + days)
    wall = datetime.combine(day, newest.time(), tzinfo=zone)
    return wall.astimezone(UTC) - timedelta(hours=by.get("h", 0))
