"""Runs of the handler as functions of the answers they receive; they read nothing else.

So their states form a graph, in which each answer leads on to the next requests. A state is reached
by executing the handler with the answers so far; what it asks for beyond them ends the execution.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from io import StringIO
from types import SimpleNamespace
from typing import Any

from botocore.model import OperationModel
from botocore.parsers import create_parser

from invoke.clock import handler_clock
from snapshotter import handler
from snapshotter.apply import writing
from snapshotter.lightsail.clients import new_session
from tests.interleaving.account import Answer, Request
from tests.support.context import Context
from tests.support.virtual_time import executors

Event = Mapping[str, Any]
Answered = tuple[tuple[Request, Answer], ...]


class Stopped(BaseException):
    """A request has no answer yet."""


@dataclass(eq=False)
class Node:
    """A state of a run: these requests are answered.

    requests: what the run waits for, one for each of its threads; none once it is over. failure:
    what it raised at its end.
    """

    event: Event
    answered: Answered
    requests: tuple[Request, ...]
    failure: BaseException | None
    after: dict[tuple[Request, Answer], Node] = field(default_factory=dict)


class Runs:
    """Executes the handler."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[str, Answered], Node] = {}
        self._answer: Callable[[Request], Answer]
        self._in_threads = False

    def first(self, event: Event) -> Node:
        return self._node(event, ())

    def then(self, node: Node, answer: Answer, which: int = 0) -> Node:
        """The state after one of the requests was answered."""
        answered = (node.requests[which], answer)
        if answered not in node.after:
            node.after[answered] = self._node(node.event, (*node.answered, answered))
        return node.after[answered]

    def to_end(self, event: Event, answer: Callable[[Request], Answer]) -> BaseException | None:
        """Execute a run, one request after another; returns what it raised."""
        self._answer, self._in_threads = answer, False
        try:
            handler.lambda_handler(dict(event), Context())  # type: ignore[arg-type]
        except Exception as error:
            return error
        return None

    def _node(self, event: Event, answered: Answered) -> Node:
        # The order matters among the answers to one request alone.
        known = (str(event), tuple(sorted(answered, key=lambda each: str(each[0]))))
        if known not in self._nodes:
            self._nodes[known] = self._executed(event, answered)
        return self._nodes[known]

    def _executed(self, event: Event, answered: Answered) -> Node:
        answers: dict[Request, deque[Answer]] = {}
        waiting: list[Request] = []
        for request, answer in answered:
            answers.setdefault(request, deque()).append(answer)

        def known(request: Request) -> Answer:
            if answers.get(request):
                return answers[request].popleft()
            waiting.append(request)
            raise Stopped

        self._answer, self._in_threads = known, True
        failure = None
        try:
            handler.lambda_handler(dict(event), Context())  # type: ignore[arg-type]
        except Stopped:
            pass
        except Exception as error:
            failure = error
        return Node(event, answered, tuple(sorted(waiting, key=str)), failure)

    def on_call(self, model: OperationModel, params: Any, request_signer: Any, **_: Any) -> Any:
        """Stand in for the network."""
        answer = self._answer(
            Request(request_signer.region_name, model.name, params["body"].decode())
        )
        return SimpleNamespace(status_code=answer.status), _parsed(answer, model)

    def executor(self, workers: int) -> Executor:
        """What writes does so in threads, whose requests are all waited for at the same time."""
        return ThreadPoolExecutor(workers) if self._in_threads else Serial(workers)


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


@contextmanager
def executing(environment: Mapping[str, str], now: datetime) -> Iterator[Runs]:
    """Let runs be executed, with this environment and this time."""
    runs, session = Runs(), new_session()
    session.events.register("before-call.lightsail", runs.on_call)
    level = handler.logger.log_level
    handler.logger.setLevel("CRITICAL")
    try:
        with executors(Serial) as patch, redirect_stdout(StringIO()), handler_clock(now):
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(writing, "ThreadPoolExecutor", runs.executor)
            patch.setattr(handler, "new_session", lambda: session)
            # Nothing is throttled or late: the requests do not go as far as the hooks of a client.
            patch.setattr("snapshotter.lightsail.clients.Attempts.hook_into", lambda *_: None)
            patch.setattr("snapshotter.lightsail.pacing.Deadline.sleep", lambda *_: None)
            patch.setattr(session, "client", cache(session.client))
            yield runs
    finally:
        handler.logger.setLevel(level)
