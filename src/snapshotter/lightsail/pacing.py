"""How fast one region admits requests, found out by being refused.

Lightsail publishes no rate: it answers ThrottlingException, and a refused request is wasted.
So requests begin a few at a time and more with every success; once one is refused they go out
at a pace. Services that limit rates save up about a second's worth for a burst, which gives a
first guess. Between two refusals that saving was spent at both ends, so what was admitted in
between is the very rate, and from then on the pace stays just below it.
"""

import time
from collections.abc import Callable
from threading import Condition

MOST_IN_FLIGHT = 24
"""Requests under way at once in one region. A round trip takes some 100 ms."""

_FIRST_IN_FLIGHT = 4
_WINDOW_GROWTH = 0.25
"""With every success. What is under way at the first refusal is refused too: the faster the
growth, the more is wasted; the slower, the later the whole window is in use."""

_BURST_S = 1.0
_BELOW = 0.96
_SHARPEST_CUT = 0.4
_SLOWEST_PER_S = 0.5
_GROWTH_GUESSED = 0.15
_GROWTH_MEASURED = 0.004
"""How the pace grows each second since a refusal: more may be admitted by then."""

_SAME_REFUSAL_S = 0.5
"""Refusals this close to each other were on their way together, and say one thing."""


class Pacer:
    """Admits requests to one region. Threads share it; each calls `begin`, then `end`.

    seconds_left: how long a request may still wait; `begin` returns when there are none.
    monotonic: a clock, in seconds.
    """

    def __init__(
        self,
        seconds_left: Callable[[], float],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds_left = seconds_left
        self._monotonic = monotonic
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
        """Wait until another request may go out."""
        with self._changed:
            while (pause := self._pause()) > 0:
                left = self._seconds_left()
                if left <= 0:
                    break
                self._changed.wait(min(pause, left))
            self._in_flight += 1
            self._last_sent = self._monotonic()

    def end(self, *, throttled: bool) -> None:
        """Take note of an answer: refused for its rate, or anything else."""
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
        """Seconds until the next request may go out, as far as is known now."""
        if self._in_flight >= int(self._window):
            return 1.0
        if self._pace is None:
            return 0.0
        return self._last_sent + 1 / self._pace - self._monotonic()

    def _slow_down(self) -> None:
        now = self._monotonic()
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
        now = self._monotonic()
        growth = _GROWTH_GUESSED
        if self._measured:
            growth = _GROWTH_MEASURED * (now - self._since)
        self._pace *= 1 + growth * (now - self._grown_at)
        self._grown_at = now
