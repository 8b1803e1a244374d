"""A second implementation of the retention rules, which counts periods instead of walking.

A rule keeps a point when fewer than its count of periods lie newer, and the point is either the
first of its period or the oldest of all. Slow and simple on purpose: it shares no code with
`policy.retention`, and reads the words of a policy itself.

It is right wherever local time never returns to an earlier period. Clocks that are set back
across midnight do that, and have a test of their own.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from snapshotter.model.snapshot import Snapshot
from tests.unit.policy.points import Decisions

_LABELS = {
    "hourly": "%Y-%m-%d %H",
    "daily": "%Y-%m-%d",
    "weekly": "%G week %V",
    "monthly": "%Y-%m",
    "yearly": "%Y",
}


def expected(
    points: Sequence[Snapshot], policy: str, *, now: datetime, zone: ZoneInfo
) -> Decisions:
    """Decide for every point, by its name, whether it is kept, and why."""
    return {point.name: _decision(point, points, policy, zone, now) for point in points}


def _decision(
    point: Snapshot, points: Sequence[Snapshot], policy: str, zone: ZoneInfo, now: datetime
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


def _key(point: Snapshot) -> tuple[datetime, str]:
    return (point.time, point.name)


def _by_count(
    point: Snapshot,
    newer: list[Snapshot],
    period: str,
    count: str,
    zone: ZoneInfo,
    *,
    is_oldest: bool,
) -> list[str]:
    periods_newer = {_label(other, period, zone) for other in newer}
    if count != "all" and len(periods_newer) >= int(count):
        return []
    if _label(point, period, zone) not in periods_newer:
        return [period]
    return [f"oldest {period}"] if is_oldest else []


def _label(point: Snapshot, period: str, zone: ZoneInfo) -> str:
    if period == "last":
        return point.name
    return point.time.astimezone(zone).strftime(_LABELS[period])


def _limit(past: list[Snapshot], duration: str, zone: ZoneInfo) -> datetime:
    """Go back by months on the calendar, then by days on the calendar, then by hours in UTC."""
    by = {unit: int(number) for number, unit in re.findall(r"(\d+)([ymwdh])", duration)}
    newest = max(point.time for point in past).astimezone(zone)
    year, month = newest.year - by.get("y", 0), newest.month - by.get("m", 0)
    while month < 1:
        year, month = year - 1, month + 12
    days = newest.day - 1 - by.get("d", 0) - 7 * by.get("w", 0)
    day = date.fromordinal(date(year, month, 1).toordinal() + days)
    wall = datetime.combine(day, newest.time(), tzinfo=zone)
    return wall.astimezone(UTC) - timedelta(hours=by.get("h", 0))
