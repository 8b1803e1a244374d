"""Threads in virtual time: one runs at a time, and the clock moves when all of them wait."""

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


class World:
    """A clock, and the threads that live by it. What happens in it is the same every time."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[_Sleeper] = []
        self._numbers = count()
        self._living = 0
        self._over = Event()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let a thread of this world sleep; the others have their turn."""
        self.wait_for(self.lie_down(seconds))

    def run(self, threads: Iterable[Callable[[], None]], *, patience_s: float = 30) -> None:
        """Run functions in threads of their own until all have returned.

        patience_s: real seconds, after which whatever still waits would wait for ever.
        """
        births = [(body, self.lie_down(0)) for body in threads]
        self._living = len(births)
        for birth in births:
            Thread(target=self._live, args=birth, daemon=True).start()
        self._wake_the_next()
        assert self._over.wait(patience_s), f"{self._living} threads are left waiting"

    def lie_down(self, seconds: float) -> _Sleeper:
        sleeper = _Sleeper(self.now + max(seconds, 0.0), next(self._numbers))
        heapq.heappush(self._sleepers, sleeper)
        return sleeper

    def wait_for(self, sleeper: _Sleeper) -> None:
        self._wake_the_next()
        sleeper.awake.wait()

    def rouse(self, sleeper: _Sleeper) -> None:
        """Let a sleeper wake now, once those before it had their turn."""
        if not sleeper.awake.is_set():
            sleeper.wake_at = self.now
            heapq.heapify(self._sleepers)

    def _live(self, body: Callable[[], None], birth: _Sleeper) -> None:
        birth.awake.wait()
        try:
            body()
        finally:
            self._living -= 1
            if self._living:
                self._wake_the_next()
            else:
                self._over.set()

    def _wake_the_next(self) -> None:
        sleeper = heapq.heappop(self._sleepers)
        self.now = max(self.now, sleeper.wake_at)
        sleeper.awake.set()


class VirtualCondition:
    """Stands in for `threading.Condition`. One thread runs at a time, so it need not lock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: list[_Sleeper] = []

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass

    def wait(self, timeout: float) -> None:
        sleeper = self._world.lie_down(timeout)
        self._waiting.append(sleeper)
        self._world.wait_for(sleeper)

    def notify_all(self) -> None:
        for sleeper in self._waiting:
            self._world.rouse(sleeper)
        self._waiting.clear()
