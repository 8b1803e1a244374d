"""What stands in for ThreadPoolExecutor in a run, so that nothing happens out of turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

from tests.interleaving.runs import Process, here


class SerialExecutor:
    """A ThreadPoolExecutor without threads: each task is done when it is submitted."""

    def __init__(self, _: int) -> None:
        pass

    def __enter__(self) -> SerialExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def map(self, work: Callable[[Any], Any], things: Any) -> Iterator[Any]:
        return map(work, list(things))


class ThreadedExecutor:
    """A ThreadPoolExecutor whose threads are steps of their own for the explorer."""

    def __init__(self, _: int) -> None:
        self._futures: list[_Awaited] = []

    def __enter__(self) -> ThreadedExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        for future in self._futures:
            future.wait()

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future = _Awaited(here.process)
        self._futures.append(future)
        here.process.spawn(lambda: future.carry_out(work, *arguments))
        return future

    def map(self, work: Callable[[Any], Any], things: Any) -> Iterator[Any]:
        futures = [self.submit(work, thing) for thing in things]
        return (future.result() for future in futures)


class _Awaited(Future[Any]):
    """A future that lets the run know when one of its threads waits for another."""

    def __init__(self, process: Process) -> None:
        super().__init__()
        self._process, self._blocked = process, 0

    def carry_out(self, work: Callable[..., Any], *arguments: Any) -> None:
        result, failure = None, None
        try:
            result = work(*arguments)
        except BaseException as error:
            failure = error
        with self._process.lock:
            self.set_exception(failure) if failure else self.set_result(result)
            self._process.pause(resumed=self._blocked)

    def wait(self) -> None:
        with self._process.lock:
            if self.done():
                return
            self._blocked += 1
            self._process.pause()
        super().exception()

    def result(self, timeout: float | None = None) -> Any:
        self.wait()
        return super().result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self.wait()
        return super().exception(timeout)
