"""The timeline as JSON: for other programs, and for the page."""

from datetime import datetime
from typing import Any

from simulate.arguments import Question
from simulate.cost import SOURCE, WHY, bound
from simulate.marks import MARKS, mark_of
from simulate.timeline import Life, Timeline


def document(question: Question, timeline: Timeline) -> dict[str, Any]:
    """Put question and answer into a JSON-safe value. Days and times are local, ISO 8601."""
    kept = len(timeline.kept)
    return {
        "policy": str(question.retention),
        "schedule": question.schedule_text,
        "timezone": question.zone.key,
        "first": timeline.first.isoformat(),
        "last": timeline.last.isoformat(),
        "summary": {
            "taken": len(timeline.lives),
            "deleted": len(timeline.lives) - kept,
            "kept": kept,
        },
        "cost": {
            "currency": "USD",
            "pricePerGbMonth": str(question.price),
            "atMostPerGbOfDiskAndMonth": str(bound(kept, question.price)),
            "source": SOURCE,
            "why": WHY,
        },
        "marks": {mark.letter: mark.word for mark in MARKS},
        "points": [_point(life) for life in timeline.lives],
    }


def _point(life: Life) -> dict[str, Any]:
    return {
        "taken": _iso(life.taken),
        "stays": [
            {
                "since": stay.since.isoformat(),
                "reason": ", ".join(stay.reasons),
                "mark": mark_of(stay.reasons).letter,
            }
            for stay in life.stays
        ],
        "deleted": _iso(life.deleted) if life.deleted else None,
        "refusal": life.refusal or None,
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
