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
from functools import cache
from io import StringIO
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from botocore.model import OperationModel
from botocore.parsers import create_parser

from snapshotter import handler
from snapshotter.lightsail import clients
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

    def answer(self, model: OperationModel, params: Any, request_signer: Any, **_: Any) -> Any:
        """Stand in for the network."""
        asked = Request(request_signer.region_name, model.name, params["body"].decode())
        if not self.answers.get(asked):
            self.waiting.append(asked)
            raise Stopped
        answer = self.answers[asked].popleft()
        return SimpleNamespace(status_code=answer.status), _parsed(answer, model)


_execution = _Execution()


@cache
def _parsed(answer: Answer, model: OperationModel) -> Any:
    response = {"body": answer.body, "headers": {}, "status_code": answer.status}
    return create_parser("json").parse(response, model.output_shape)  # type: ignore[arg-type]


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


@contextmanager
def steppable(environment: Mapping[str, str], now: datetime, executor: Any) -> Iterator[None]:
    """Let runs be executed, with this environment and this time."""
    session, level = new_session(), handler.logger.log_level
    session.events.register("before-call.lightsail", _execution.answer)
    handler.logger.setLevel("CRITICAL")
    with ExitStack() as stack:
        stack.callback(handler.logger.setLevel, level)
        stack.enter_context(patch.dict(os.environ, environment))
        stack.enter_context(redirect_stdout(StringIO()))
        time = SimpleNamespace(now=lambda _: now)
        stack.enter_context(patch.object(handler, "datetime", time))
        stack.enter_context(patch.object(handler, "new_session", lambda: session))
        # Nothing is throttled or late: the requests do not go as far as the hooks of a client.
        stack.enter_context(patch.object(clients, "_Attempts"))
        stack.enter_context(patch.object(session, "client", cache(session.client)))
        stack.enter_context(patch.object(Deadline, "sleep", lambda *_: None))
        for name, module in list(sys.modules.items()):
            if name.startswith("snapshotter.") and hasattr(module, "ThreadPoolExecutor"):
                stack.enter_context(patch.object(module, "ThreadPoolExecutor", executor))
        yield
