"""The one write of a restore, safe to be done again, and a look at what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from snapshotter import writes
from snapshotter.clients import Clients
from snapshotter.deadline import Deadline
from snapshotter.failures import is_busy, name_is_taken, not_found
from snapshotter.kinds import Status
from snapshotter.model import ErrorInfo, Outcome, Resource
from snapshotter.records import to_resource
from snapshotter.restore.action import RestoreResource, arguments, met

if TYPE_CHECKING:
    from mypy_boto3_lightsail import LightsailClient


def restore(action: RestoreResource, client: LightsailClient) -> Outcome:
    """Make the resource. A taken name is success if this very restore has taken it before."""
    try:
        answer = writes.call(client, action.kind.restoring.method, **arguments(action))
    except ClientError as error:
        if name_is_taken(error):
            return met(action, read_made(action, client))
        if is_busy(error) and (found := read_made(action, client)):
            return met(action, found)
        raise
    return writes.judged(action, "started", answer)


def wait_for(
    action: RestoreResource, clients: Clients, deadline: Deadline, *, wait_s: float
) -> tuple[Outcome, ...]:
    """Wait a little for what was begun, for the person who looks at the console."""
    for _ in deadline.pauses(wait_s):
        try:
            found = read_made(action, clients[action.region])
        except Exception:  # noqa: S112  - it was made, and will be there to be looked at
            continue
        status = action.kind.restoring.status(found.state) if found else Status.PENDING
        if found is not None and status in (Status.READY, Status.FAILED):
            return (_confirmed(action, found, status),)
    return ()


def _confirmed(action: RestoreResource, found: Resource, status: Status) -> Outcome:
    failed = status is Status.FAILED
    message = f"{found.name} ended in {found.state}: delete it and restore again"
    return Outcome(
        action="confirm",
        status="failed" if failed else "exists",
        region=action.region,
        resource_type=action.kind.name,
        resource=action.target,
        snapshot=action.name,
        reason=None if failed else f"ready: {found.state}",
        error=ErrorInfo("RestoreFailed", message) if failed else None,
    )


def read_made(action: RestoreResource, client: LightsailClient) -> Resource | None:
    """Read the resource that has the new name; None if another type of resource has it."""
    kind, how = action.kind, action.kind.restoring
    try:
        answer = writes.call(client, how.get_method, **{kind.source_argument: action.target})
    except ClientError as error:
        if not_found(error):
            return None
        raise
    return to_resource(kind, action.region, answer[how.get_member])
