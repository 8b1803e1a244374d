"""Where the points of a resource stand on its time line, and what is shown for each."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from snapshotter.model.names import from_iso
from snapshotter.policy.retention import COOLING_OFF
from snapshotter.report.item import time_of

Record = dict[str, Any]

WIDTH, LANE = 1000, 22
"""Units of the drawing: its width, which is stretched, and the height of a region's line."""

_TICKS = (
    (1, "1 day", False),
    (3, "3 days", True),
    (7, "1 week", False),
    (14, "2 weeks", True),
    (30.4, "1 month", False),
    (91.3, "3 months", True),
    (182.6, "6 months", True),
    (365.2, "1 year", False),
    (1096, "3 years", True),
    (3652, "10 years", False),
)
"""Days, label, and whether there is room for it only on a wide screen."""

_SHORTEST_DAYS = 10.0
_DAY = timedelta(days=1)
_SEVERAL_A_DAY = 2.0
"""Below half a day the scale is about linear, above it is about logarithmic."""

DOTS = {
    "kept": "kept",
    "verified": "kept, and a restore test has passed",
    "hold": "on hold: never deleted",
    "cooling": "cooling off: kept by an earlier policy",
    "leaving": "deleted by the next sweep",
    "pending": "not ready yet",
    "failed": "failed",
    "unknown": "in an unknown state",
}
"""Each kind of dot, with its meaning in the legend."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of ages that shows hours and years at once, the same for all resources."""

    longest_days: float

    @classmethod
    def over(cls, ages: Iterable[timedelta]) -> "Scale":
        return cls(max((age / _DAY for age in ages), default=0.0))

    def x(self, age: timedelta) -> float:
        """The position of an age, from 0 for the oldest to WIDTH for now and the future."""
        return self._x(max(0.0, age / _DAY))

    def ticks(self) -> list[tuple[float, str, bool]]:
        """Positions and labels of round ages, and whether only a wide screen has room."""
        return [(self._x(days), text, minor) for days, text, minor in _TICKS if days < self._days]

    @property
    def _days(self) -> float:
        return max(_SHORTEST_DAYS, self.longest_days)

    def _x(self, days: float) -> float:
        share = math.log1p(days * _SEVERAL_A_DAY) / math.log1p(self._days * _SEVERAL_A_DAY)
        return round(WIDTH * (1 - share), 1)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing of one resource.

    regions: one line for each, the resource's own first. paths: by kind of dot, the path of its
    dots. entries: for each point, oldest first: x, y, time, region, what becomes of it, name.
    """

    regions: tuple[str, ...]
    paths: dict[str, str]
    entries: list[list[Any]]

    @property
    def height(self) -> int:
        return LANE * len(self.regions)


def draw(resource: Record, now: datetime, scale: Scale) -> Timeline:
    """Draw the points of one resource of a report."""
    points = sorted(resource["points"], key=lambda point: point["time"])
    regions = _regions(resource["region"], points)
    dots: dict[str, list[str]] = {}
    entries = []
    for point in points:
        time = from_iso(point["time"])
        x, y = scale.x(now - time), regions.index(point["region"]) * LANE + LANE // 2
        kind = dot_of(point)
        dots.setdefault(kind, []).append(mark(kind, x, y))
        when, what = time_of(time, UTC), fate_of(point)
        entries.append([x, y, when, point["region"], what, point["snapshot"]])
    paths = {kind: "".join(dots[kind]) for kind in DOTS if kind in dots}
    return Timeline(regions, paths, entries)


def dot_of(point: Record) -> str:
    """The kind of dot that stands for a point."""
    if not point["keep"]:
        return "leaving"
    if point["status"] != "ready":
        return str(point["status"])
    if point["reason"] == COOLING_OFF:
        return "cooling"
    if point["held"]:
        return "hold"
    return "verified" if "verified" in point else "kept"


def mark(kind: str, x: float, y: float) -> str:
    """The path of one dot: a line without length, which the style makes round or square."""
    return f"M{x:g} {y - 4:g}v8" if kind == "failed" else f"M{x:g} {y:g}h0"


def fate_of(point: Record) -> str:
    """Whether a point is kept or deleted, and why."""
    if not point["keep"]:
        return f"Deleted by the next sweep: {point['reason']}"
    if point["status"] == "ready":
        return f"Kept: {point['reason']}"
    return f"{DOTS[point['status']]}".capitalize()


def _regions(own: str, points: Sequence[Record]) -> tuple[str, ...]:
    others = sorted({point["region"] for point in points} - {own})
    return (own, *others)
