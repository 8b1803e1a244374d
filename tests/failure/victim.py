"""Functions in processes of their own, killed at a request of the test's choice."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from lightsail_moto import Call, Control
from lightsail_moto.exceptions import ConnectionDropped

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL
_PATIENCE_S = 30


class Victims:
    """The zygote, and what it bears."""

    def __enter__(self) -> Victims:
        path = os.pathsep.join(str(ROOT / part) for part in ("src", "local", "."))
        machine = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.failure.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**machine, "PYTHONPATH": path},
            cwd=ROOT,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._zygote.stdin is not None
        self._zygote.stdin.close()
        self._zygote.wait(_PATIENCE_S)

    def invoke(
        self, event: Mapping[str, Any], environment: Mapping[str, str], killer: Killer | None = None
    ) -> int:
        """Run the function to its end, or to its death; returns its exit code."""
        assert self._zygote.stdin is not None
        given = {"event": dict(event), "environment": dict(environment)}
        self._zygote.stdin.write(json.dumps(given) + "\n")
        self._zygote.stdin.flush()
        born = self._hear()
        if killer is not None:
            killer.victim = born
            killer.born.set()
        code = self._hear()
        if killer is not None:
            killer.died.set()
        return code

    def _hear(self) -> int:
        assert self._zygote.stdout is not None
        return int(json.loads(self._zygote.stdout.readline()))


@dataclass
class Killer:
    """Kills the function when the account receives its request of this number.

    phase: "before" the request has had its effect, which then never comes, or "after", when the
    function never learns of it. Requests that are under way beside it arrive all the same.
    """

    lightsail: Control
    number: int
    phase: str

    def __post_init__(self) -> None:
        self.victim = 0
        self.born, self.died = threading.Event(), threading.Event()
        self.struck: Call | None = None
        self._offset = len(self.lightsail.calls)
        self._stop = self.lightsail.on_request(self._on_request)

    def rest(self) -> None:
        self._stop()

    def _on_request(self, call: Call, phase: str) -> None:
        if (call.number - self._offset, phase) != (self.number, self.phase):
            return
        assert self.born.wait(_PATIENCE_S)
        self.struck = call
        os.kill(self.victim, signal.SIGKILL)
        assert self.died.wait(_PATIENCE_S)
        if phase == "before":
            raise ConnectionDropped("whoever asked is dead")


def settle(url: str) -> None:
    """Wait until the server has answered all that a dead process had sent.

    Connections are accepted in order: once ours is, those before it have their threads.
    """
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as fence:
        fence.sendall(b"GET /moto-api/ HTTP/1.0\r\n\r\n")
        while fence.recv(65536):
            pass
    deadline = time.monotonic() + _PATIENCE_S
    while any("process_request_thread" in each.name for each in threading.enumerate()):
        assert time.monotonic() < deadline, "the server does not come to rest"
        time.sleep(0.002)
