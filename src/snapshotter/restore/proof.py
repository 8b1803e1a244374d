"""Whether a drill has passed: the state and health of what it restored, and what answers there."""

import re
import socket
import ssl
import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from snapshotter.model.kinds import Status
from snapshotter.model.resource import COMPLETE_WITHIN, Resource
from snapshotter.model.tags import CHECK, TIME
from snapshotter.model.times import from_tag
from snapshotter.policy.selection import Drilling, parse_drilling

CHECKS_S = 10.0
"""All checks of one drill together take at most so many seconds of a run."""
_CONNECT_S = 5.0
_IN_PATHS = "/%:?#[]@!$&'()*+,;=~"
"""What is not quoted: a tag may have other characters of any language."""
_STATUS = re.compile(rb"HTTP/\d\.\d (\d{3})")
_LONGEST_LINE = 4096


class Result(StrEnum):
    """The result of a drill."""

    PASSED = "passed"
    FAILED = "failed"
    IN_PROGRESS = "in progress"


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of a drill and the reason for it."""

    result: Result
    reason: str


def check_of(resource: Resource) -> Drilling:
    """What must answer, as the tag of a drill's instance has it."""
    return parse_drilling(resource.tags.get(CHECK) or "") or Drilling()


def is_over(resource: Resource, now: datetime) -> bool:
    """Return whether the time limit of a drill has passed, or its start cannot be read."""
    started = from_tag(resource.tags.get(TIME))
    return started is None or now - started >= COMPLETE_WITHIN


def evaluate(resource: Resource, *, now: datetime, waits_for: str, seconds: float) -> Proof:
    """Evaluate a drill by the state and health of its resource, and by an answer of its port.

    waits_for: a step of the drill that is not done yet; empty if all are. seconds: for checks.
    """
    what, state = f"the restored {resource.kind.noun}", resource.state
    status = resource.kind.resource_status(state)
    over = is_over(resource, now)
    if status is Status.FAILED:
        return Proof(Result.FAILED, f"the state of {what} is {state}")
    if status is not Status.READY:
        return _not_yet(over, f"the state of {what} is {state or 'unknown'}")
    if waits_for:
        return _not_yet(over, f"{what} is {state}, but {waits_for}")
    if resource.health == "impaired" or (
        resource.health in ("initializing", "insufficient-data") and not over
    ):
        return _not_yet(over, f"{what} is {state}, but its status check is {resource.health}")
    check = check_of(resource)
    if check.port is None:
        return Proof(Result.PASSED, f"{what} is {state}")
    if resource.address is None:
        reason = f"{what} is {state}, but has no public IPv4 address to test port {check.port}"
        return _not_yet(over, reason)
    if seconds <= 0:
        return _not_yet(over, f"{what} is {state}, and the next run checks {check} again")
    if fault := probe(resource.address, check, seconds):
        return _not_yet(over, f"{what} is {state}, but {fault}")
    answers = f"port {check.port} accepts a connection" if check.scheme is None else f"{check} answers"
    return Proof(Result.PASSED, f"{what} is {state}, and {answers}")


def probe(address: str, check: Drilling, seconds: float) -> str:
    """Connect, and send a request if that is asked for; return what is wrong, empty if nothing.

    It ends after these seconds, whatever the other side does. Certificates are not verified: the
    restored instance has another name.
    """
    ends = time.monotonic() + seconds
    try:
        connection = socket.create_connection((address, check.port or 0), min(_CONNECT_S, seconds))
    except OSError:
        return f"port {check.port} does not accept a connection"
    with connection:
        if check.scheme is None:
            return ""
        try:
            status = _status_of(connection, address, check, ends)
        except (OSError, ValueError):
            status = None
    if status is not None and status < 400:
        return ""
    return f"{check} does not answer with a status below 400"


def _status_of(
    connection: socket.socket, address: str, check: Drilling, ends: float
) -> int | None:
    """The status of the answer to a request. Only its first line is read."""
    connection.settimeout(_left(ends))
    if check.scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = context.wrap_socket(connection, server_hostname=None)
    with connection:
        path = quote(check.path, safe=_IN_PATHS)
        request = f"GET {path} HTTP/1.1\r\nHost: {address}:{check.port}\r\nConnection: close\r\n\r\n"
        connection.settimeout(_left(ends))
        connection.sendall(request.encode("ascii"))
        line = b""
        while b"\n" not in line and len(line) < _LONGEST_LINE:
            connection.settimeout(_left(ends))
            received = connection.recv(_LONGEST_LINE)
            if not received:
                break
            line += received
    match = _STATUS.match(line)
    return int(match[1]) if match else None


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _not_yet(over: bool, reason: str) -> Proof:
    """In progress until the time limit of the drill; failed after it."""
    if not over:
        return Proof(Result.IN_PROGRESS, reason)
    hours = COMPLETE_WITHIN.total_seconds() / 3600
    return Proof(Result.FAILED, f"{reason}, and the limit of {hours:g} hours has passed")
