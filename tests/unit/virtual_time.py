"""Threads in virtual time: one runs at a time, and the clock advances when all of them wait."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Thread


@dataclass(order=True)
class _Sleeper:
    wake_at: float
    number: int
    awake: Event = field(default_factory=Event, compare=False)


class VirtualTime:
    """A virtual clock and the threads that use it. Every run of it is the same."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[_Sleeper] = []
        self._numbers = count()
        self._running = 0
        self._finished = Event()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let the calling thread sleep while the others run."""
        self.wait_for(self.schedule(seconds))

    def run(self, functions: Iterable[Callable[[], None]], *, timeout_s: float = 30) -> None:
        """Run functions in threads until all have returned.

        timeout_s: real seconds, after which threads that still wait fail the test.
        """
        starts = [(function, self.schedule(0)) for function in functions]
        self._running = len(starts)
        for start in starts:
            Thread(target=self._run, args=start, daemon=True).start()
        self._wake_next()
        assert self._finished.wait(timeout_s), f"{self._running} threads still wait"

    def schedule(self, seconds: float) -> _Sleeper:
        sleeper = _Sleeper(self.now + max(seconds, 0.0), next(self._numbers))
        heapq.heappush(self._sleepers, sleeper)
        return sleeper

    def wait_for(self, sleeper: _Sleeper) -> None:
        self._wake_next()
        sleeper.awake.wait()

    def wake(self, sleeper: _Sleeper) -> None:
        """Wake a sleeper at the present time, after those that were scheduled before it."""
        if not sleeper.awake.is_set():
            sleeper.wake_at = self.now
            heapq.heapify(self._sleepers)

    def _run(self, function: Callable[[], None], start: _Sleeper) -> None:
        start.awake.wait()
        try:
            function()
        finally:
            self._running -= 1
            if self._running:
                self._wake_next()
            else:
                self._finished.set()

    def _wake_next(self) -> None:
        sleeper = heapq.heappop(self._sleepers)
        self.now = max(self.now, sleeper.wake_at)
        sleeper.awake.set()


class VirtualCondition:
    """Replaces `threading.Condition`. Only one thread runs at a time, so it does not lock."""

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self._waiting: list[_Sleeper] = []

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass

    def wait(self, timeout: float) -> None:
        sleeper = self._time.schedule(timeout)
        self._waiting.append(sleeper)
        self._time.wait_for(sleeper)

    def notify_all(self) -> None:
        for sleeper in self._waiting:
            self._time.wake(sleeper)
        self._waiting.clear()
