"""The timeline as data, and the page that shows it: one file, which loads nothing."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from page import render
from simulate.change import explain
from simulate.timeline import NIGHT, Options, RecoveryPoint, Timeline
from snapshotter.policy.grammar import PERIODS
from snapshotter.policy.retention import COOLING_OFF, POLICY_CHANGE

_ASSETS = Path(__file__).parent / "assets"


def _letters() -> dict[str, str]:
    """A letter for the first word of every reason; what keeps longest comes first.

    The letter is the first of the word that no other one has.
    """
    letters: dict[str, str] = {}
    for word in (*reversed(PERIODS), "within", "oldest", "newest", COOLING_OFF, POLICY_CHANGE):
        free = (letter for letter in word.upper() if letter not in letters.values())
        letters[word] = next(free, "?")
    return letters


LETTERS = _letters()


def page(options: Options, timeline: Timeline) -> str:
    """Return the page for a simulation."""
    policy = str(options.retention)
    values = {
        "title": f"{policy}, then {options.then}" if options.then else policy,
        "document": document(options, timeline),
        "style": "simulate.css",
        "scripts": ["data.js", "view.js", "controls.js"],
    }
    return render(_ASSETS, "simulate.html", values)


def document(options: Options, timeline: Timeline) -> dict[str, Any]:
    """Return options and timeline as a JSON-safe value. Times are ISO 8601."""
    return {
        "policy": str(options.retention),
        "change": _change(options, timeline),
        "schedule": f"every night at {NIGHT:%H:%M} UTC",
        "first": options.first.isoformat(),
        "last": options.last.isoformat(),
        "marks": {letter: word for word, letter in LETTERS.items()},
        "points": [_point(point) for point in timeline.points],
    }


def _change(options: Options, timeline: Timeline) -> dict[str, Any] | None:
    if options.day is None:
        return None
    return {
        "policy": str(options.then),
        "day": options.day.isoformat(),
        "explanation": explain(options, timeline),
    }


def _point(point: RecoveryPoint) -> dict[str, Any]:
    return {
        "taken": point.taken.isoformat(timespec="minutes"),
        "kept": [
            {
                "since": period.since.isoformat(),
                "reason": ", ".join(period.reasons),
                "mark": mark_of(period.reasons),
            }
            for period in point.periods
        ],
        "deleted": point.deleted.isoformat(timespec="minutes") if point.deleted else None,
        "deletedBecause": point.deleted_because or None,
    }


def mark_of(reasons: Iterable[str]) -> str:
    """Return the letter of the reason that will keep a point longest."""
    words = {reason.split()[0] for reason in reasons}
    return next((letter for word, letter in LETTERS.items() if word.split()[0] in words), "?")
