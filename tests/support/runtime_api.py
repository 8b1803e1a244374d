"""A function run as Lambda runs it: by AWS's own runtime interface client, in its own process.

The client (awslambdaric) asks for events and posts answers over HTTP. What a direct call of the
handler hides shows here: an answer that is no JSON, an error at import, a process that ends.
"""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from tests.support.runtime_server import Event, Post, RuntimeServer

AVAILABLE = importlib.util.find_spec("awslambdaric") is not None
"""The runtime interface client is made for Linux and Python 3.12 or later."""

SOURCE = Path(__file__).parents[2] / "src"
HANDLER = "snapshotter.handler.lambda_handler"

_SET_BY_LAMBDA = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
    "AWS_LAMBDA_FUNCTION_NAME": "snapshotter",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "AWS_LAMBDA_LOG_FORMAT": "JSON",
    "AWS_LAMBDA_LOG_LEVEL": "INFO",
    "AWS_LAMBDA_LOG_GROUP_NAME": "snapshotter-RunLogs",
    "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/23/snapshotter[$LATEST]52fdfc07",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
}


@dataclass(frozen=True)
class FunctionError:
    """What Lambda would report: the error's type, its message, and whether loading failed."""

    type: str
    message: str
    at_init: bool = False


@dataclass(frozen=True)
class Result:
    """What became of one event.

    payload: the answer, read as strict JSON; None if there was an error.
    body: what the function posted, as it came.
    log: the lines that it wrote, from its start if the event was its first.
    """

    payload: Any
    error: FunctionError | None
    body: bytes
    log: tuple[str, ...]

    def records(self) -> list[dict[str, Any]]:
        """Return the lines of the log that are JSON objects."""
        return [json.loads(line) for line in self.log if line.startswith("{")]


class RuntimeApi:
    """The Lambda service for one function: `with RuntimeApi() as api: api.invoke({...})`.

    The process stays warm while it lives and the environment is the same.
    handler, code: what to load, and the folder to load it from, as /var/task.
    patience_s: how long an invocation may take here, whatever the function is told.
    """

    def __init__(
        self, handler: str = HANDLER, *, code: Path = SOURCE, patience_s: float = 60
    ) -> None:
        self._handler, self._code, self._patience_s = handler, code, patience_s
        self._sandbox: _Sandbox | None = None

    def __enter__(self) -> RuntimeApi:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def invoke(
        self, event: object, *, env: Mapping[str, str] | None = None, deadline_s: float = 900
    ) -> Result:
        """Hand an event to the function and return what it posts.

        env: the function's variables, beside those that Lambda sets itself.
        deadline_s: how much time the function is told to have.

        Raises:
            TimeoutError: nothing was posted in time, and the process still runs.
        """
        environment = dict(env or {})
        if self._sandbox is None or not self._sandbox.serves(environment):
            self._stop()
            self._sandbox = _Sandbox(self._handler, self._code, environment)
        sent = Event(str(uuid.uuid4()), json.dumps(event).encode(), deadline_s)
        result = self._sandbox.exchange(sent, self._patience_s)
        if result.error and result.error.at_init:
            self._stop()
        return result

    def _stop(self) -> None:
        if self._sandbox:
            self._sandbox.stop()
        self._sandbox = None


class _Sandbox:
    """One process of the function, with the server that it talks to."""

    def __init__(self, handler: str, code: Path, environment: dict[str, str]) -> None:
        self._environment = environment
        self._server = RuntimeServer()
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "awslambdaric", handler],
            cwd=code,
            env={
                **_SET_BY_LAMBDA,
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_port}",
                "LAMBDA_TASK_ROOT": str(code),
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(code),
                "_HANDLER": handler,
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._read = 0

    def serves(self, environment: dict[str, str]) -> bool:
        """Tell whether the process lives and was started with this environment."""
        return self._process.poll() is None and self._environment == environment

    def exchange(self, event: Event, patience_s: float) -> Result:
        """Hand out an event and wait for what is posted, or for the process's end."""
        self._server.events.put(event)
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            try:
                return _result(self._server.posts.get(timeout=0.05), self._log_lines())
            except queue.Empty:
                if self._process.poll() is not None and self._server.posts.empty():
                    return self._exited()
        raise TimeoutError(f"nothing was posted within {patience_s} s")

    def stop(self) -> None:
        """End the process and its server."""
        self._process.kill()
        self._process.wait()
        self._server.stop()
        self._log.close()

    def _exited(self) -> Result:
        message = f"Runtime exited with status {self._process.returncode}"
        return Result(None, FunctionError("Runtime.ExitError", message), b"", self._log_lines())

    def _log_lines(self) -> tuple[str, ...]:
        """Return the lines that were not returned yet; the process writes unbuffered."""
        new = os.pread(self._log.fileno(), os.fstat(self._log.fileno()).st_size, self._read)
        self._read += len(new)
        return tuple(new.decode().splitlines())


def _result(post: Post, log: tuple[str, ...]) -> Result:
    if post.kind == "response":
        payload = json.loads(post.body, parse_constant=_refuse_constant)
        return Result(payload, None, post.body, log)
    told = json.loads(post.body)
    error = FunctionError(told["errorType"], told["errorMessage"], at_init=post.kind == "init")
    return Result(None, error, post.body, log)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
