"""Runs a function as Lambda does: in a process of AWS's runtime interface client (awslambdaric).

It covers what a direct call of the handler cannot: a response that is not JSON, an error at
import, a process that exits.
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
"""awslambdaric runs on Linux, with Python 3.12 or later."""

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
    """The error that Lambda reports.

    at_init: the function could not be loaded.
    """

    type: str
    message: str
    at_init: bool = False


@dataclass(frozen=True)
class Result:
    """The result of one invocation.

    payload: the response, parsed as strict JSON; None if there was an error.
    body: the bytes that the function posted.
    log: the lines that it wrote; with its first event, from its start.
    """

    payload: Any
    error: FunctionError | None
    body: bytes
    log: tuple[str, ...]

    def records(self) -> list[dict[str, Any]]:
        """The lines of the log that are JSON objects."""
        return [json.loads(line) for line in self.log if line.startswith("{")]


class RuntimeApi:
    """The Lambda service for one function: `with RuntimeApi() as api: api.invoke({...})`.

    The process is kept for the next event while it runs and the environment is the same.
    handler, code: what to load, and the folder to load it from, as /var/task.
    timeout_s: how long an invocation may take here, whatever its deadline is.
    """

    def __init__(
        self, handler: str = HANDLER, *, code: Path = SOURCE, timeout_s: float = 60
    ) -> None:
        self._handler, self._code, self._timeout_s = handler, code, timeout_s
        self._sandbox: _Sandbox | None = None

    def __enter__(self) -> RuntimeApi:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def invoke(
        self, event: object, *, env: Mapping[str, str] | None = None, deadline_s: float = 900
    ) -> Result:
        """Send an event to the function and return the result.

        env: the function's variables, beside those that Lambda sets.
        deadline_s: the remaining time that the context reports.

        Raises:
            TimeoutError: the function posted nothing, and its process still runs.
        """
        environment = dict(env or {})
        if self._sandbox is None or not self._sandbox.serves(environment):
            self._stop()
            self._sandbox = _Sandbox(self._handler, self._code, environment)
        sent = Event(str(uuid.uuid4()), json.dumps(event).encode(), deadline_s)
        result = self._sandbox.exchange(sent, self._timeout_s)
        if result.error and result.error.at_init:
            self._stop()
        return result

    def kill(self) -> None:
        """Kill the process in the middle of an event, with SIGKILL."""
        if self._sandbox:
            self._sandbox.kill()

    def _stop(self) -> None:
        if self._sandbox:
            self._sandbox.stop()
        self._sandbox = None


class _Sandbox:
    """A process of the function and its Runtime API."""

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
        """Whether the process runs and was started with this environment."""
        return self._process.poll() is None and self._environment == environment

    def exchange(self, event: Event, timeout_s: float) -> Result:
        """Send an event, and wait for a post or for the end of the process."""
        self._server.events.put(event)
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            try:
                return _result(self._server.posts.get(timeout=0.05), self._log_lines())
            except queue.Empty:
                if self._process.poll() is not None and self._server.posts.empty():
                    return self._exited()
        raise TimeoutError(f"no response within {timeout_s} s")

    def kill(self) -> None:
        self._process.kill()

    def stop(self) -> None:
        """Stop the process and its server."""
        self.kill()
        self._process.wait()
        self._server.stop()
        self._log.close()

    def _exited(self) -> Result:
        message = f"Runtime exited with status {self._process.returncode}"
        return Result(None, FunctionError("Runtime.ExitError", message), b"", self._log_lines())

    def _log_lines(self) -> tuple[str, ...]:
        """The lines that were not returned yet; the process writes unbuffered."""
        new = os.pread(self._log.fileno(), os.fstat(self._log.fileno()).st_size, self._read)
        self._read += len(new)
        return tuple(new.decode().splitlines())


def _result(post: Post, log: tuple[str, ...]) -> Result:
    if post.kind == "response":
        payload = json.loads(post.body, parse_constant=_refuse_constant)
        return Result(payload, None, post.body, log)
    record = json.loads(post.body)
    error = FunctionError(record["errorType"], record["errorMessage"], at_init=post.kind == "init")
    return Result(None, error, post.body, log)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
