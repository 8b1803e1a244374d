"""The timeline as JSON: for other programs, and for the page."""

from datetime import datetime
from typing import Any

from simulate.arguments import Options
from simulate.change import deletions_after, explain
from simulate.cost import SOURCE, WHY, bound
from simulate.marks import MARKS, mark_of
from simulate.timeline import RecoveryPoint, Timeline


def document(options: Options, timeline: Timeline) -> dict[str, Any]:
    """Return options and timeline as a JSON-safe value. Days and times are local, ISO 8601."""
    kept = len(timeline.kept)
    return {
        "policy": str(options.retention),
        "change": _change(options, timeline),
        "schedule": options.schedule_text,
        "timezone": options.zone.key,
        "first": timeline.first.isoformat(),
        "last": timeline.last.isoformat(),
        "summary": {
            "taken": len(timeline.points),
            "deleted": len(timeline.points) - kept,
            "kept": kept,
        },
        "cost": {
            "currency": "USD",
            "pricePerGbMonth": str(options.price),
            "atMostPerGbOfDiskAndMonth": str(bound(kept, options.price)),
            "source": SOURCE,
            "why": WHY,
        },
        "marks": {mark.letter: mark.word for mark in MARKS},
        "points": [_point(point) for point in timeline.points],
    }


def _change(options: Options, timeline: Timeline) -> dict[str, Any] | None:
    if (change := options.change) is None:
        return None
    return {
        "policy": str(change.retention),
        "day": change.day.isoformat(),
        "coolingOffDays": change.cooling_off.days,
        "explanation": explain(options, timeline),
        "deletions": [
            {"first": each.first.isoformat(), "last": each.last.isoformat(), "aDay": each.count}
            for each in deletions_after(options, timeline)
        ],
    }


def _point(point: RecoveryPoint) -> dict[str, Any]:
    return {
        "taken": _iso(point.taken),
        "kept": [
            {
                "since": period.since.isoformat(),
                "reason": ", ".join(period.reasons),
                "mark": mark_of(period.reasons).letter,
            }
            for period in point.periods
        ],
        "deleted": _iso(point.deleted) if point.deleted else None,
        "deletedBecause": point.deleted_because or None,
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
