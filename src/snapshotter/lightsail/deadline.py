"""The time that is left to begin things."""

import time
from collections.abc import Callable, Iterator

from snapshotter.errors import OutOfTime

WRITE_RESERVE_S = 30.0
"""No write begins this close to the function's end: what is left is for the report."""

READ_RESERVE_S = 25.0
"""Nor does a read this close to it: one that hangs takes 20 s, and the report its own."""

POLL_S = 5.0
"""Between two looks at what is not ready yet."""

_READ_SHARE = 0.7
"""Of a function that had little time from its start, which would else read nothing at all."""


class Deadline:
    """When to stop beginning things.

    remaining_ms: milliseconds until Lambda ends the function, as its context tells.
    """

    def __init__(self, remaining_ms: Callable[[], float]) -> None:
        self._remaining_ms = remaining_ms
        self._read_reserve_s = min(READ_RESERVE_S, _READ_SHARE * remaining_ms() / 1000)

    def seconds_left(self) -> float:
        """Seconds in which a write may still begin; zero or less when there are none."""
        return self._remaining_ms() / 1000 - WRITE_RESERVE_S

    def passed(self) -> bool:
        return self.seconds_left() <= 0

    def check(self, *, reading: bool) -> None:
        """Raise OutOfTime if a call of this sort may not begin any more."""
        reserve = self._read_reserve_s if reading else WRITE_RESERVE_S
        if self._remaining_ms() / 1000 <= reserve:
            raise OutOfTime("there was no time left to begin another call")

    def pauses(self, wait_s: float) -> Iterator[None]:
        """Pause again and again, for so many seconds in all, and no longer than there is time.

        What is done between two pauses counts too, where it takes time.
        """
        began, slept = self.seconds_left(), 0.0
        while slept < wait_s and began - self.seconds_left() < wait_s and not self.passed():
            self.sleep(min(POLL_S, wait_s - slept))
            slept += POLL_S
            yield

    def sleep(self, seconds: float) -> None:
        """Sleep, but never into the reserve."""
        time.sleep(max(0.0, min(seconds, self.seconds_left())))
