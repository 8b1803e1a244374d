"""The time that is left to begin things."""

import time
from collections.abc import Callable

from snapshotter.errors import OutOfTime

WRITE_RESERVE_S = 30.0
"""No write begins this close to the function's end: what is left is for the report."""

READ_RESERVE_S = 8.0
"""Nor does a read this close to it. A read loses nothing, and to know what is left undone is
worth the small chance that one hangs until the end: the event is then delivered again."""


class Deadline:
    """When to stop beginning things.

    remaining_ms: milliseconds until Lambda ends the function, as its context tells.
    """

    def __init__(self, remaining_ms: Callable[[], float]) -> None:
        self._remaining_ms = remaining_ms

    def seconds_left(self) -> float:
        """Seconds in which a write may still begin; zero or less when there are none."""
        return self._remaining_ms() / 1000 - WRITE_RESERVE_S

    def passed(self) -> bool:
        return self.seconds_left() <= 0

    def check(self, *, reading: bool) -> None:
        """Raise OutOfTime if a call of this sort may not begin any more."""
        reserve = READ_RESERVE_S if reading else WRITE_RESERVE_S
        if self._remaining_ms() / 1000 <= reserve:
            raise OutOfTime("there was no time left to begin another call")

    def sleep(self, seconds: float) -> None:
        """Sleep, but never into the reserve."""
        time.sleep(max(0.0, min(seconds, self.seconds_left())))
