"""Limits the request rate to one region, which is estimated from throttled requests.

Lightsail publishes no rate limit: it answers ThrottlingException, and a throttled request is
wasted. So a few requests start at once, and more after each success. After the first throttled
request they are sent at a pace. Rate limiters usually allow a burst of about one second, which
gives a first estimate of the rate. Between two throttled requests the burst was used up at both
ends, so the number that was admitted in between measures the rate. From then on the pace stays just
below it.
"""

import time
from collections.abc import Callable, Iterator
from threading import Condition

from snapshotter.errors import OutOfTime

MOST_IN_FLIGHT = 24
"""Concurrent requests in one region. A round trip takes about 100 ms."""

_FIRST_IN_FLIGHT = 4
_WINDOW_GROWTH = 0.25
"""Growth of the window after each success. Requests in flight at the first throttling are throttled
too: faster growth wastes more of them, slower growth takes longer to use the whole window."""

_BURST_S = 1.0
_BELOW = 0.96
_SHARPEST_CUT = 0.4
_SLOWEST_PER_S = 0.5
_GROWTH_GUESSED = 0.15
_GROWTH_MEASURED = 0.004
"""Growth of the pace per second since a throttled request: the limit may have risen."""

_SAME_REFUSAL_S = 0.5
"""Requests throttled within this time were in flight together and count as one."""


class Pacer:
    """Delays requests to one region. Threads share it; each calls `begin`, then `end`.

    seconds_left: how long a request may still wait; `begin` returns when it is zero.
    monotonic: a clock, in seconds.
    """

    def __init__(
        self,
        seconds_left: Callable[[], float],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds_left = seconds_left
        self.monotonic = monotonic
        self._changed = Condition()
        self._in_flight = 0
        self._window = float(_FIRST_IN_FLIGHT)
        self._pace: float | None = None
        self._measured = False
        self._last_sent = 0.0
        self._since = monotonic()
        self._grown_at = 0.0
        self._admitted = 0

    def begin(self) -> None:
        """Wait until another request may be sent."""
        with self._changed:
            while (pause := self._pause()) > 0:
                left = self._seconds_left()
                if left <= 0:
                    break
                self._changed.wait(min(pause, left))
            self._in_flight += 1
            self._last_sent = self.monotonic()

    def end(self, *, throttled: bool) -> None:
        """Record a response: throttled, or any other."""
        with self._changed:
            self._in_flight -= 1
            if throttled:
                self._slow_down()
            else:
                self._admitted += 1
                self._window = min(self._window + _WINDOW_GROWTH, MOST_IN_FLIGHT)
                self._speed_up()
            self._changed.notify_all()

    def _pause(self) -> float:
        """Seconds until the next request may be sent, as estimated now."""
        if self._in_flight >= int(self._window):
            return 1.0
        if self._pace is None:
            return 0.0
        return self._last_sent + 1 / self._pace - self.monotonic()

    def _slow_down(self) -> None:
        now = self.monotonic()
        elapsed = now - self._since
        if self._pace is None:
            self._pace = max(self._admitted / (elapsed + _BURST_S), _SLOWEST_PER_S)
        elif elapsed < _SAME_REFUSAL_S:
            return
        else:
            seen = self._admitted / elapsed
            self._pace *= max(min(seen / self._pace, 1.0) * _BELOW, _SHARPEST_CUT)
            self._pace = max(self._pace, _SLOWEST_PER_S)
            self._measured = True
        self._since = self._grown_at = now
        self._admitted = 0

    def _speed_up(self) -> None:
        if self._pace is None:
            return
        now = self.monotonic()
        growth = _GROWTH_GUESSED
        if self._measured:
            growth = _GROWTH_MEASURED * (now - self._since)
        self._pace *= 1 + growth * (now - self._grown_at)
        self._grown_at = now


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
