"""The Lambda Runtime API of one process, on a free port of 127.0.0.1.

Source of paths and headers: AWS, "Using the Lambda runtime API".
"""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:snapshotter"

_ROOT = "/2018-06-01/runtime"


@dataclass(frozen=True)
class Event:
    """A request for the function: its id, its JSON, and the seconds until its deadline."""

    request_id: str
    body: bytes
    deadline_s: float


@dataclass(frozen=True)
class Post:
    """A response, an error of the function, or an error while it was loaded."""

    kind: Literal["response", "error", "init"]
    body: bytes


class RuntimeServer(ThreadingHTTPServer):
    """Sends the `events` to the function, one for each request, and collects its `posts`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events: queue.Queue[Event | None] = queue.Queue()
        self.posts: queue.Queue[Post] = queue.Queue()
        # The interval is how long shutdown() may take.
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """End the request that waits for an event, and close the port."""
        self.events.put(None)
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Send status line, headers and body in one packet: separate ones wait for Nagle's algorithm.
    wbufsize = -1
    server: RuntimeServer

    def do_GET(self) -> None:
        """Wait for the next event."""
        event = self.server.events.get() if self.path == f"{_ROOT}/invocation/next" else None
        if event is None:
            self.close_connection = True
            return
        deadline_ms = int((time.time() + event.deadline_s) * 1000)
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": event.request_id,
            "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": FUNCTION_ARN,
        }
        self._send(HTTPStatus.OK, event.body, headers)

    def do_POST(self) -> None:
        """Receive a response or an error."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._send(HTTPStatus.ACCEPTED, b"{}", {"Content-Type": "application/json"})
        kind: Literal["response", "error", "init"] = "error"
        if self.path == f"{_ROOT}/init/error":
            kind = "init"
        elif self.path.endswith("/response"):
            kind = "response"
        self.server.posts.put(Post(kind, body))

    def _send(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Write no access log."""
