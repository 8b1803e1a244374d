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
from botocore.compat import HTTPHeaders
from botocore.handlers import BUILTIN_HANDLERS

from snapshotter import handler
from snapshotter.lightsail.clients import new_session
from snapshotter.lightsail.deadline import Deadline
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

    answers: each with which of the requests it answered. requests: what the run waits for; none
    once it is over, and several only where it has several threads. failure: what it raised at its
    end. last: the request that was answered last.
    """

    event: Event
    answers: tuple[tuple[int, Answer], ...] = ()
    last: Request | None = None
    requests: tuple[Request, ...] = ()
    failure: BaseException | None = None
    after: dict[tuple[int, Answer], Node] = field(default_factory=dict)
    _process: Process | None = None

    @classmethod
    def first(cls, event: Event) -> Node:
        process = Process(event)
        return cls(event)._at(process, *process.start())

    def then(self, answer: Answer, which: int = 0) -> Node:
        """The state after one of the requests was answered."""
        answered = (which, answer)
        if answered not in self.after:
            process, self._process = self._process or self._again(), None
            reached = Node(self.event, (*self.answers, answered), self.requests[which])
            self.after[answered] = reached._at(process, *process.proceed(*answered))
        return self.after[answered]

    def _again(self) -> Process:
        """Execute the run anew up to here; it must ask for the same."""
        process = Process(self.event)
        requests, _ = process.start()
        for answered in self.answers:
            requests, _ = process.proceed(*answered)
        assert requests == self.requests, "the run is not a function of its answers"
        return process

    def _at(
        self, process: Process, requests: tuple[Request, ...], failure: BaseException | None
    ) -> Node:
        self.requests, self.failure = requests, failure
        self._process = process if requests else None
        return self

    def close(self) -> None:
        """End the threads of this state and of all after it."""
        if self._process:
            self._process.stop()
        for node in self.after.values():
            node.close()


Reached = tuple[tuple[Request, ...], BaseException | None]
"""What a run waits for, and what it raised at its end."""


class Process:
    """One execution of the handler, whose threads run only until all of them wait."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._reached: SimpleQueue[Reached] = SimpleQueue()
        self._waiting: list[tuple[Request, SimpleQueue[Answer | None]]] = []
        self._failure: BaseException | None = None
        self._running = 0
        self.lock = threading.RLock()

    def start(self) -> Reached:
        self.spawn(self._live)
        return self._reached.get()

    def proceed(self, which: int, answer: Answer) -> Reached:
        """Answer one of the requests, and let the run go on until it waits again."""
        with self.lock:
            _, answers = self._waiting.pop(which)
            self._running += 1
        answers.put(answer)
        return self._reached.get()

    def stop(self) -> None:
        for _, answers in self._waiting:
            answers.put(None)

    def spawn(self, work: Callable[[], None]) -> None:
        """Start a thread of the run."""

        def live() -> None:
            here.process = self
            work()

        with self.lock:
            self._running += 1
        threading.Thread(target=live, daemon=True).start()

    def pause(self, resumed: int = 0) -> None:
        """A thread of the run waits or ends, and lets so many others go on."""
        with self.lock:
            self._running += resumed - 1
            if self._running == 0:
                self._waiting.sort(key=lambda each: str(each[0]))
                self._reached.put((tuple(each for each, _ in self._waiting), self._failure))

    def _live(self) -> None:
        try:
            handler.lambda_handler(dict(self._event), Context())  # type: ignore[arg-type]
        except Stopped:
            return
        except BaseException as error:
            self._failure = error
        self.pause()

    def answer(self, event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """Stand in for the network: hand a request out, and wait for its answer."""
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        region = str(request.url).split(".")[1]
        answers: SimpleQueue[Answer | None] = SimpleQueue()
        with self.lock:
            operation = event_name.rpartition(".")[2]
            self._waiting.append((Request(region, operation, body), answers))
            self.pause()
        answer = answers.get()
        if answer is None:
            raise Stopped
        return AWSResponse(request.url, answer.status, HTTPHeaders(), _Raw(answer.body))


here = threading.local()


class _Raw(BytesIO):
    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()


def _session() -> boto3.Session:
    """One session for all runs, whose requests go to the process that sends them."""
    session = new_session()

    def answer(**sent: Any) -> Any:
        return here.process.answer(**sent)

    for event, other, *_ in BUILTIN_HANDLERS:
        if event == "before-send":  # moto would answer too, and out of turn
            session.events.unregister(event, other)
    session.events.register("before-send.lightsail", answer)
    return session


@contextmanager
def steppable(environment: Mapping[str, str], now: datetime, executor: Any) -> Iterator[None]:
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
        stack.enter_context(patch.object(Deadline, "sleep", lambda *_: None))
        for name, module in list(sys.modules.items()):
            if name.startswith("snapshotter.") and hasattr(module, "ThreadPoolExecutor"):
                stack.enter_context(patch.object(module, "ThreadPoolExecutor", executor))
        yield
