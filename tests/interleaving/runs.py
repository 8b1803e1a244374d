"""Runs of the handler that stop at every request and wait for its answer.

A run is a function of the answers it receives: it reads nothing else. So its states form a tree,
in which each answer leads on to the next request, and each path is executed once, however many
schedules pass through it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from io import BytesIO, StringIO
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.handlers import BUILTIN_HANDLERS

from snapshotter import handler
from tests.interleaving.requests import Request
from tests.support.context import Context

Event = Mapping[str, Any]
Handler = Callable[[dict[str, Any], Any], Any]


@dataclass(frozen=True)
class Answer:
    """What came back for a request."""

    status: int
    body: bytes


class Stopped(BaseException):
    """The run is not continued."""


@dataclass(eq=False)
class Node:
    """A state of a run: all answers so far are known.

    request: what it asks for next; None once it is over. failure: what it raised at its end.
    last: the request that was answered last.
    """

    event: Event
    answers: tuple[Answer, ...] = ()
    last: Request | None = None
    request: Request | None = None
    failure: BaseException | None = None
    after: dict[Answer, Node] = field(default_factory=dict)
    _process: _Process | None = None

    @classmethod
    def first(cls, event: Event) -> Node:
        process = _Process(event)
        return cls(event)._at(process, *process.proceed())

    def then(self, answer: Answer) -> Node:
        """The state after one more answer."""
        if answer not in self.after:
            process, self._process = self._process or self._again(), None
            reached = Node(self.event, (*self.answers, answer), self.request)
            self.after[answer] = reached._at(process, *process.proceed(answer))
        return self.after[answer]

    def _again(self) -> _Process:
        """Execute the run anew up to here; it must ask for the same."""
        process = _Process(self.event)
        request, _ = process.proceed()
        for answer in self.answers:
            request, _ = process.proceed(answer)
        assert request == self.request, "the run is not a function of its answers"
        return process

    def _at(
        self, process: _Process, request: Request | None, failure: BaseException | None
    ) -> Node:
        self.request, self.failure = request, failure
        self._process = process if request else None
        return self

    def close(self) -> None:
        """End the threads of this state and of all after it."""
        if self._process:
            self._process.stop()
        for node in self.after.values():
            node.close()


class _Process:
    """One execution of the handler, in a thread that runs only while `proceed` waits for it."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._out: SimpleQueue[tuple[Request | None, BaseException | None]] = SimpleQueue()
        self._answers: SimpleQueue[Answer | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def proceed(self, answer: Answer | None = None) -> tuple[Request | None, BaseException | None]:
        """Let it run to its next request, or to its end and what it raised there."""
        if answer is None:
            self._thread.start()
        else:
            self._answers.put(answer)
        return self._out.get()

    def stop(self) -> None:
        self._answers.put(None)
        self._thread.join()

    def _live(self) -> None:
        _here.process = self
        failure: BaseException | None = None
        try:
            handler.lambda_handler(dict(self._event), Context())  # type: ignore[arg-type]
        except Stopped:
            return
        except BaseException as error:
            failure = error
        self._out.put((None, failure))

    def answer(self, event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """Stand in for the network: hand a request out, and wait for its answer."""
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        region = str(request.url).split(".")[1]
        operation = event_name.rpartition(".")[2]
        self._out.put((Request(region, operation, body), None))
        answer = self._answers.get()
        if answer is None:
            raise Stopped
        headers = {"Content-Type": "application/x-amz-json-1.1"}
        return AWSResponse(request.url, answer.status, headers, _Raw(answer.body))


_here = threading.local()


class _Raw(BytesIO):
    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()


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


def _session() -> boto3.Session:
    """One session for all runs, whose requests go to the process that sends them."""
    session = handler.new_session()

    def answer(**sent: Any) -> AWSResponse:
        process: _Process = _here.process
        return process.answer(**sent)

    for event, other, *_ in BUILTIN_HANDLERS:
        if event == "before-send":  # moto would answer too, and out of turn
            session.events.unregister(event, other)
    session.events.register("before-send.lightsail", answer)
    return session


@contextmanager
def steppable(
    environment: Mapping[str, str], now: datetime, executor: Any = SerialExecutor
) -> Iterator[None]:
    """Let runs be executed step by step, with this environment and this time."""

    def the_time(_: tzinfo) -> datetime:
        return now

    session = _session()
    level = handler.logger.log_level
    handler.logger.setLevel("CRITICAL")
    with ExitStack() as stack:
        stack.callback(handler.logger.setLevel, level)
        stack.enter_context(patch.dict(os.environ, environment))
        stack.enter_context(redirect_stdout(StringIO()))
        stack.enter_context(patch.object(handler, "datetime", SimpleNamespace(now=the_time)))
        stack.enter_context(patch.object(handler, "new_session", lambda: session))
        for name, module in list(sys.modules.items()):
            if name.startswith("snapshotter.") and hasattr(module, "ThreadPoolExecutor"):
                stack.enter_context(patch.object(module, "ThreadPoolExecutor", executor))
        yield
