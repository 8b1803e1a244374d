"""The time that is left for calls."""

import time
from collections.abc import Callable, Iterator

from snapshotter.errors import OutOfTime

WRITE_RESERVE_S = 30.0
"""No write starts this close to the function's timeout: the rest is for the report."""

READ_RESERVE_S = 25.0
"""No read starts this close to it: one that hangs takes 20 s, and the report needs time too. The
timeouts of a request are shares of this."""

POLL_S = 5.0
"""Pause between two checks of something that is not ready yet."""

_READ_SHARE = 0.7
"""The reserve for reads is at most this share of the time at the start, so that a function with a
short timeout can still read."""


class Deadline:
    """When to stop starting calls.

    remaining_ms: milliseconds until Lambda stops the function, from its context.
    """

    def __init__(self, remaining_ms: Callable[[], float]) -> None:
        self._remaining_ms = remaining_ms
        self.read_reserve_s = min(READ_RESERVE_S, _READ_SHARE * remaining_ms() / 1000)

    def seconds_left(self) -> float:
        """Seconds in which a write may still start; zero or less when time is up."""
        return self._remaining_ms() / 1000 - WRITE_RESERVE_S

    def passed(self) -> bool:
        return self.seconds_left() <= 0

    def check(self, *, reading: bool, after: float = 0.0) -> None:
        """Raise OutOfTime if a read, or a write, may not start `after` seconds from now."""
        reserve = self.read_reserve_s if reading else WRITE_RESERVE_S
        if self._remaining_ms() / 1000 - after <= reserve:
            raise OutOfTime("the function had no time left to start another call")

    def pauses(self, wait_s: float) -> Iterator[None]:
        """Pause repeatedly, for wait_s seconds in total and never past the deadline.

        The caller's work between two pauses counts as well.
        """
        began, slept = self.seconds_left(), 0.0
        while slept < wait_s and began - self.seconds_left() < wait_s and not self.passed():
            self.sleep(min(POLL_S, wait_s - slept))
            slept += POLL_S
            yield

    def sleep(self, seconds: float) -> None:
        """Sleep, but not past the time in which a write may start."""
        time.sleep(max(0.0, min(seconds, self.seconds_left())))
