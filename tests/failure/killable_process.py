"""The function in a process of its own, which is killed at a chosen request."""

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
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lightsail_moto import Call, Control
from lightsail_moto.exceptions import ConnectionDropped

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL
_TIMEOUT_S = 30


class ForkServer:
    """Starts a process of the function for each event."""

    def __enter__(self) -> ForkServer:
        path = os.pathsep.join(
            str(ROOT / part) for part in ("src", "local", "lightsail-moto/src", ".")
        )
        machine = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.failure.fork_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**machine, "PYTHONPATH": path},
            cwd=ROOT,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait(_TIMEOUT_S)

    def invoke(
        self, event: Mapping[str, Any], environment: Mapping[str, str], killer: Killer
    ) -> int:
        """Run the function until it returns or is killed; returns its exit code."""
        assert self._server.stdin is not None
        request = {"event": dict(event), "environment": dict(environment)}
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        killer.process_id = self._read()
        killer.started.set()
        code = self._read()
        killer.ended.set()
        return code

    def _read(self) -> int:
        assert self._server.stdout is not None
        return int(self._server.stdout.readline())


class Killer:
    """Kills the function when the account receives a request, counted from 1.

    phase: "before", the request has no effect; "after", the function does not get its answer.
    Other requests that are in flight arrive as usual. `call` is the request, once it has come.
    """

    def __init__(self, lightsail: Control, number: int, phase: str) -> None:
        self._request = (len(lightsail.calls) + number, phase)
        self.process_id = 0
        self.started, self.ended = threading.Event(), threading.Event()
        self.call: Call | None = None
        self.stop = lightsail.on_request(self._on_request)

    def _on_request(self, call: Call, phase: str) -> None:
        if (call.number, phase) != self._request:
            return
        assert self.started.wait(_TIMEOUT_S)
        self.call = call
        os.kill(self.process_id, signal.SIGKILL)
        assert self.ended.wait(_TIMEOUT_S)
        if phase == "before":
            raise ConnectionDropped("the client was killed")


def wait_until_idle(url: str) -> None:
    """Wait until the server has answered all requests of a process that was killed.

    Connections are accepted in order: once ours is, a thread serves each of those before it.
    """
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(b"GET /moto-api/ HTTP/1.0\r\n\r\n")
        while connection.recv(65536):
            pass
    deadline = time.monotonic() + _TIMEOUT_S
    while any("process_request_thread" in each.name for each in threading.enumerate()):
        assert time.monotonic() < deadline, "the server is still busy"
        time.sleep(0.002)
