"""The last steps of a drill: whether it has passed, by its state and what answers; its removal."""

import re
import socket
import ssl
import time
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from snapshotter.apply.writing import attempt
from snapshotter.lightsail import writes
from snapshotter.lightsail.clients import Client
from snapshotter.lightsail.reads import read_resource
from snapshotter.lightsail.refusals import ServiceError, is_denied, not_found
from snapshotter.model import tags as keys
from snapshotter.model.kinds import DISK, INSTANCE, Status
from snapshotter.model.names import from_tag, is_disk_of, to_iso
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import COMPLETE_WITHIN, Resource
from snapshotter.model.tags import Tags
from snapshotter.plan.action import Action
from snapshotter.policy.selection import Drilling, parse_drilling
from snapshotter.restore.made import GOOD, Made, Outcomes, Run

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


Proof = tuple[Result, str]
"""The result of a drill and the reason for it."""


def check(run: Run, made: Made, waits_for: str, so_far: Outcomes) -> tuple[Outcomes, bool]:
    """Evaluate a drill, and write the result on its recovery point once there is one.

    waits_for: what is not done yet of the steps before it; empty if all are. It is done once the
    result is written, and at the drill's time limit whether it is written or not.
    """
    resource, now = made.resource, run.now
    if resource.kind is INSTANCE and made.runs and resource.health is None:
        resource = _with_health(run, resource)
    spent, began = run.spent_s.get(resource.name, 0.0), time.monotonic()
    result, reason = evaluate(resource, now=now, waits_for=waits_for, seconds=CHECKS_S - spent)
    run.spent_s[resource.name] = spent + time.monotonic() - began
    action = made.about_point(f"restore test {result} as {resource.name}: {reason}")
    if result is Result.IN_PROGRESS:
        return (action.outcome("exists"),), False
    written = action.outcome("exists", reason=f"{action.reason}; its recovery point is deleted")
    if made.point is not None:
        tags = _result_tags(resource, result, run)
        written = attempt(run.clients, action, _write_result, made.point.name, tags, written)
    done = written.status in GOOD or is_over(resource, now)
    if result is Result.PASSED:
        return (written,), done
    error = ErrorInfo(
        "DrillFailed",
        f"{action.resource}: restore test failed: {reason}. The recovery point "
        f"{made.point_name} may not be usable",
        "Restore it by hand and check it",
    )
    return (action.outcome("failed", error=error),), done


def remove(run: Run, made: Made, waits_for: str, so_far: Outcomes) -> tuple[Outcomes, bool]:
    """Delete what a drill made: an instance once its disks are tagged, its disks after it."""
    resource = made.resource
    untagged = any(each.action == "tag" and each.status not in GOOD for each in so_far)
    if waits_for or untagged:
        return (), False
    reason = "the restore test is finished"
    if resource.kind is DISK:
        instances = (each.name for each in made.there.resources if each.kind is INSTANCE)
        if any(is_disk_of(resource.name, instance) for instance in instances):
            return (), False
        if owner := resource.attached_to:
            reason = f"not deleted: it is attached to {owner}. Detach it"
            return (made.about(reason).outcome("deferred"),), False
        reason = "the drill that created it is finished"
    removed = attempt(run.clients, made.about(reason), _remove, resource)
    return (removed,), removed.status in GOOD


def check_of(resource: Resource) -> Drilling:
    """What must answer, as the tag of a drill's instance has it."""
    return parse_drilling(resource.tags.get(keys.CHECK) or "") or Drilling()


def is_over(resource: Resource, now: datetime) -> bool:
    """Return whether the time limit of a drill has passed, or its start cannot be read."""
    started = from_tag(resource.tags.get(keys.TIME))
    return started is None or now - started >= COMPLETE_WITHIN


def evaluate(resource: Resource, *, now: datetime, waits_for: str, seconds: float) -> Proof:
    """Evaluate a drill by the state and health of its resource, and by an answer of its port.

    waits_for: a step of the drill that is not done yet; empty if all are. seconds: for checks.
    """
    what, state = f"the restored {resource.kind.noun}", resource.state
    status, over = resource.kind.resource_status(state), is_over(resource, now)
    if status is Status.FAILED:
        return Result.FAILED, f"the state of {what} is {state}"
    if status is not Status.READY:
        return _not_yet(over, f"the state of {what} is {state or 'unknown'}")
    check, runs = check_of(resource), f"{what} is {state}"
    waits_for_health = resource.health in ("initializing", "insufficient-data") and not over
    if waits_for:
        fault = f", but {waits_for}"
    elif resource.health == "impaired" or waits_for_health:
        fault = f", but its status check is {resource.health}"
    elif check.port is None:
        return Result.PASSED, runs
    elif resource.address is None:
        fault = f", but has no public IPv4 address to test port {check.port}"
    elif seconds <= 0:
        fault = f", and the next run checks {check} again"
    elif wrong := probe(resource.address, check, seconds):
        fault = f", but {wrong}"
    else:
        answers = f"{check} answers" if check.scheme else f"port {check.port} accepts a connection"
        return Result.PASSED, f"{runs}, and {answers}"
    return _not_yet(over, runs + fault)


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


def _status_of(connection: socket.socket, address: str, check: Drilling, ends: float) -> int | None:
    """The status of the answer to a request. Only its first line is read."""
    connection.settimeout(_left(ends))
    if check.scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = context.wrap_socket(connection, server_hostname=None)
    with connection:
        path = quote(check.path, safe=_IN_PATHS)
        request = (
            f"GET {path} HTTP/1.1\r\nHost: {address}:{check.port}\r\nConnection: close\r\n\r\n"
        )
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
        return Result.IN_PROGRESS, reason
    hours = COMPLETE_WITHIN.total_seconds() / 3600
    return Result.FAILED, f"{reason}, and the limit of {hours:g} hours has passed"


def _with_health(run: Run, resource: Resource) -> Resource:
    """Read an instance again, with its health. Where that is not possible, its state decides.

    Another run may have removed it, and somebody may have given its name to another instance.
    """
    client, kind, region = run.clients[resource.region], resource.kind, resource.region
    try:
        found = read_resource(client, kind, region, resource.name, include_health=True)
    except Exception:
        return resource
    return found if found and found.arn == resource.arn else resource


def _result_tags(resource: Resource, result: Result, run: Run) -> Tags:
    """The tags of a finished drill: its time and, if it passed, how long it took."""
    key = keys.DRILL_FAILED if result is Result.FAILED else keys.VERIFIED
    tags = {keys.POLICY: resource.tags[keys.POLICY], key: to_iso(run.now)}
    started = from_tag(resource.tags.get(keys.TIME))
    if result is Result.FAILED or started is None:
        return tags
    # A drill of this run started at its scheduled time, which is its present too.
    exact = run.elapsed_s if started == run.now else None
    seconds = round((run.now - started).total_seconds()) if exact is None else exact
    return {**tags, keys.RECOVERY_SECONDS: str(max(seconds, 0))}


def _write_result(client: Client, action: Action, point: str, tags: Tags, gone: Outcome) -> Outcome:
    """Write the result of a drill on its recovery point. gone: the outcome if that was deleted."""
    try:
        return action.result("tagged", writes.tag_resource(client, point, tags))
    except ServiceError as error:
        if not_found(error):
            return gone
        raise


def _remove(client: Client, action: Action, resource: Resource) -> Outcome:
    """Delete a resource that a drill created. One that does not exist counts as deleted.

    The role denies deleting one that does not exist, or that somebody made under its name.
    """
    kind, name = resource.kind, resource.name
    try:
        return action.result("deleted", writes.delete_resource(client, kind, name))
    except ServiceError as error:
        found = read_resource(client, kind, resource.region, name) if is_denied(error) else None
        if not (is_denied(error) or not_found(error)) or (found and found.arn == resource.arn):
            raise
    return action.outcome("deleted", reason=f"{action.reason}; it no longer exists")
