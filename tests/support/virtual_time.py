"""Virtual time: one thread runs at a time, and the clock advances when all of them wait.

So a run of the function that takes an hour takes none, and takes the same steps every time.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from itertools import count
from pkgutil import walk_packages
from threading import Event, Thread
from typing import Any

import pytest

import snapshotter
from snapshotter.lightsail.pacing import Pacer
from tests.support.context import Context

_REAL_S = 60
"""After so much real time, a thread that still waits fails the test."""


@dataclass(order=True)
class Sleeper:
    wake_at: float
    number: int
    awake: Event = field(default_factory=Event, compare=False)


class VirtualTime:
    """A virtual clock in seconds, and the threads that use it."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[Sleeper] = []
        self._numbers = count()

    def monotonic(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass while no thread does anything."""
        self.now += max(0.0, seconds)

    def sleep(self, seconds: float) -> None:
        """Let the calling thread sleep while the others run."""
        self.wait_for(self.schedule(seconds))

    def run(self, functions: Iterable[Callable[[], None]]) -> None:
        """Run functions in threads until all have returned."""
        with VirtualExecutor(self, 1000) as threads:
            for each in [threads.submit(function) for function in functions]:
                each.result()

    def schedule(self, seconds: float) -> Sleeper:
        sleeper = Sleeper(self.now + max(seconds, 0.0), next(self._numbers))
        heapq.heappush(self._sleepers, sleeper)
        return sleeper

    def wait_for(self, sleeper: Sleeper) -> None:
        self.wake_next()
        assert sleeper.awake.wait(_REAL_S), "another thread runs for too long"

    def wake(self, sleeper: Sleeper) -> None:
        """Wake a sleeper at the present time, after those that were scheduled before it."""
        if not sleeper.awake.is_set():
            sleeper.wake_at = self.now
            heapq.heapify(self._sleepers)

    def wake_next(self) -> None:
        """Let another thread run; the calling one waits or ends after that."""
        sleeper = heapq.heappop(self._sleepers)
        assert sleeper.wake_at < float("inf"), "all threads wait for each other"
        self.now = max(self.now, sleeper.wake_at)
        sleeper.awake.set()


class VirtualCondition:
    """Replaces `threading.Condition`. Only one thread runs at a time, so it does not lock."""

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self._waiting: list[Sleeper] = []

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass

    def wait(self, timeout: float = float("inf")) -> None:
        sleeper = self._time.schedule(timeout)
        self._waiting.append(sleeper)
        self._time.wait_for(sleeper)

    def notify_all(self) -> None:
        for sleeper in self._waiting:
            self._time.wake(sleeper)
        self._waiting.clear()


class _VirtualFuture(Future[Any]):
    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self._ended = VirtualCondition(time)
        self.add_done_callback(lambda _: self._ended.notify_all())

    def join(self) -> None:
        if not self.done():
            self._ended.wait()

    def result(self, timeout: float | None = None) -> Any:
        self.join()
        return super().result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self.join()
        return super().exception(timeout)


class VirtualExecutor(Executor):
    """Replaces `ThreadPoolExecutor`."""

    def __init__(self, time: VirtualTime, max_workers: int) -> None:
        self._time, self._idle = time, max_workers
        self._tasks: deque[tuple[_VirtualFuture, Callable[[], Any]]] = deque()
        self._futures: list[_VirtualFuture] = []

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        future = _VirtualFuture(self._time)
        self._futures.append(future)
        self._tasks.append((future, partial(work, *given, **named)))
        if self._idle:
            self._idle -= 1
            Thread(target=self._work, args=[self._time.schedule(0)], daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        for each in self._futures:
            each.join()

    def _work(self, start: Sleeper) -> None:
        start.awake.wait()
        while self._tasks:
            future, work = self._tasks.popleft()
            try:
                future.set_result(work())
            except BaseException as error:
                future.set_exception(error)
        self._idle += 1
        self._time.wake_next()


class VirtualContext(Context):
    """Lambda's context of one invocation, in virtual time."""

    def __init__(self, time: VirtualTime, seconds: float) -> None:
        super().__init__()
        self._time, self._ends_at = time, time.now + seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self.left_s() * 1000)

    def left_s(self) -> float:
        return self._ends_at - self._time.now


@contextmanager
def executors(executor: Callable[[int], Executor]) -> Iterator[pytest.MonkeyPatch]:
    """Let the function do with these executors what it does at the same time."""
    with pytest.MonkeyPatch.context() as patch:
        for each in walk_packages(snapshotter.__path__, "snapshotter."):
            module = import_module(each.name)
            if hasattr(module, "ThreadPoolExecutor"):
                patch.setattr(module, "ThreadPoolExecutor", executor)
        yield patch


@contextmanager
def virtual_time() -> Iterator[VirtualTime]:
    """Make all waits of the function virtual, and the rate limits of the backend."""
    time = VirtualTime()
    with executors(partial(VirtualExecutor, time)) as patch:
        patch.setattr("time.sleep", time.sleep)
        patch.setattr("time.monotonic", time.monotonic)
        patch.setattr("snapshotter.lightsail.pacing.Condition", lambda: VirtualCondition(time))
        patch.setattr(
            "snapshotter.lightsail.clients.Pacer", partial(Pacer, monotonic=time.monotonic)
        )
        yield time
