"""Runs of the handler as functions of the answers they receive; they read nothing else.

So their states form a tree, in which each answer leads on to the next request. A state is reached
by executing the handler with the answers so far; what it asks for beyond them ends the execution.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.handlers import BUILTIN_HANDLERS

from snapshotter import handler
from snapshotter.lightsail.clients import new_session
from snapshotter.lightsail.deadline import Deadline
from tests.interleaving.requests import Answer, Request
from tests.support.context import Context

Event = Mapping[str, Any]


class Stopped(BaseException):
    """A request has no answer yet."""


@dataclass(eq=False)
class Node:
    """A state of a run: these requests are answered.

    requests: what the run waits for; none once it is over, and several only where it has several
    threads. failure: what it raised at its end.
    """

    event: Event
    answered: tuple[tuple[Request, Answer], ...] = ()
    requests: tuple[Request, ...] = ()
    failure: BaseException | None = None
    after: dict[tuple[Request, Answer], Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        answers: dict[Request, deque[Answer]] = {}
        for request, answer in self.answered:
            answers.setdefault(request, deque()).append(answer)
        _execution.answers, _execution.waiting = answers, []
        try:
            handler.lambda_handler(dict(self.event), Context())  # type: ignore[arg-type]
        except Stopped:
            self.requests = tuple(sorted(_execution.waiting, key=str))
        except Exception as error:
            self.failure = error

    @property
    def last(self) -> Request | None:
        return self.answered[-1][0] if self.answered else None

    def then(self, answer: Answer, which: int = 0) -> Node:
        """The state after one of the requests was answered."""
        answered = (self.requests[which], answer)
        if answered not in self.after:
            self.after[answered] = Node(self.event, (*self.answered, answered))
        return self.after[answered]


class _Execution:
    """The present execution of the handler."""

    answers: dict[Request, deque[Answer]]
    waiting: list[Request]

    def answer(self, event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """Stand in for the network."""
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        region, operation = str(request.url).split(".")[1], event_name.rpartition(".")[2]
        asked = Request(region, operation, body)
        if not self.answers.get(asked):
            self.waiting.append(asked)
            raise Stopped
        answer = self.answers[asked].popleft()
        return AWSResponse(request.url, answer.status, HTTPHeaders(), _Raw(answer.body))


_execution = _Execution()


class _Raw(BytesIO):
    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()


class Serial(Executor):
    """A ThreadPoolExecutor without threads: each task is done when it is submitted."""

    def __init__(self, _: int) -> None:
        pass

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*given, **named))
        except Exception as error:
            future.set_exception(error)
        return future


class Threaded(ThreadPoolExecutor):
    """Threads whose requests are all waited for at the same time."""

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        future = super().submit(work, *given, **named)
        read = future.exception

        def exception(timeout: float | None = None) -> BaseException | None:
            error = read(timeout)
            if isinstance(error, Stopped):
                raise error
            return error

        future.exception = exception  # type: ignore[method-assign]
        return future


def _session() -> boto3.Session:
    """One session for all runs, whose requests are answered by the present execution."""
    session = new_session()
    for event, other, *_ in BUILTIN_HANDLERS:
        if event == "before-send":  # moto would answer too
            session.events.unregister(event, other)
    session.events.register("before-send.lightsail", _execution.answer)
    return session


@contextmanager
def steppable(environment: Mapping[str, str], now: datetime, executor: Any) -> Iterator[None]:
    """Let runs be executed, with this environment and this time."""
    session, level = _session(), handler.logger.log_level
    handler.logger.setLevel("CRITICAL")
    with ExitStack() as stack:
        stack.callback(handler.logger.setLevel, level)
        stack.enter_context(patch.dict(os.environ, environment))
        stack.enter_context(redirect_stdout(StringIO()))
        time = SimpleNamespace(now=lambda _: now)
        stack.enter_context(patch.object(handler, "datetime", time))
        stack.enter_context(patch.object(handler, "new_session", lambda: session))
        stack.enter_context(patch.object(Deadline, "sleep", lambda *_: None))
        for name, module in list(sys.modules.items()):
            if name.startswith("snapshotter.") and hasattr(module, "ThreadPoolExecutor"):
                stack.enter_context(patch.object(module, "ThreadPoolExecutor", executor))
        yield
