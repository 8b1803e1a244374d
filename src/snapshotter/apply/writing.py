"""Creates, copies, tags and deletes snapshots. Each write is safe to repeat."""

from collections.abc import Callable
from typing import Any

from snapshotter.lightsail import writes
from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.reads import list_operations, read_snapshot
from snapshotter.lightsail.refusals import (
    ServiceError,
    explain,
    is_busy,
    is_denied,
    is_late,
    name_is_taken,
    not_found,
)
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo, Outcome, OutcomeStatus
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import HOLD, POLICY, TIME
from snapshotter.plan.action import Action
from snapshotter.plan.copies import copy_name_taken

OUT_OF_TIME = "the function ran out of time; the next run does this"

Write = Callable[..., Outcome]
"""A write that is called with a client, an action and what else it takes."""


def attempt(clients: Clients, action: Action, write: Write, *args: Any) -> Outcome:
    """Call a write with the client of the action's region. Raises nothing.

    What Lightsail refuses for now is `deferred`, since a later run plans it again.
    """
    try:
        if not clients.deadline.passed():
            client: Client = clients[action.region]
            return write(client, action, *args)
    except Exception as error:
        if not is_late(error):
            status: OutcomeStatus = "deferred" if is_busy(error) else "failed"
            return action.outcome(status, error=explain(error))
    return action.outcome("deferred", reason=OUT_OF_TIME, out_of_time=True)


def create(client: Client, action: Action) -> Outcome:
    """Create the snapshot with its tags. A name that is taken by this same snapshot is success.

    After a lost response the source can be busy with creating this snapshot, so it counts as busy
    only if the snapshot does not exist.
    """
    try:
        operations = writes.create_snapshot(
            client, action.kind, source=action.resource, name=action.snapshot, tags=action.tags
        )
    except ServiceError as error:
        if name_is_taken(error):
            return _resolve(action, _read(client, action))
        if is_busy(error) and (found := _read(client, action)):
            return _resolve(action, found)
        raise
    return action.result("started", operations)


def copy(client: Client, action: Action) -> tuple[Outcome, bool]:
    """Copy the snapshot. A copy of ours that exists already is success.

    Returns the outcome, and whether the copy still needs its tags: after the call, and where an
    answer was lost or another run was killed before it tagged it.
    """
    try:
        operations = writes.copy_snapshot(
            client, source=action.copy_of, source_region=action.copied_from, name=action.snapshot
        )
    except ServiceError as error:
        if not name_is_taken(error):
            raise
        found = _read(client, action)
        if found is None or POLICY in found.tags:
            return _resolve(action, found), False
        # It has no tags yet: its record names the source, or else its operation.
        theirs = found.from_arn is not None and found.from_arn != action.source_arn
        if theirs or (found.from_arn is None and not _was_copied(client, action)):
            return _name_taken(action, found), False
        reason = f"{action.reason}; it was started already"
        return action.outcome("exists", reason=reason), True
    result = action.result("started", operations)
    return result, result.status == "started"


def tag(client: Client, action: Action) -> Outcome:
    """Write all tags in one call, so that a copy has all of ours or none."""
    if action.needs_proof and not _was_copied(client, action):
        return _name_taken(action, None)
    return action.result("tagged", writes.tag_resource(client, action.snapshot, action.tags))


def delete(client: Client, action: Action) -> Outcome:
    """Delete the snapshot. One that does not exist counts as deleted; one on hold is kept.

    The role denies deleting a snapshot that is on hold or does not exist, so after a denial the
    snapshot is read to find out which. One that ended in error is read before it is deleted:
    another run may have replaced it by one of the same name.
    """
    if action.ended_in_error:
        found = _read(client, action)
        if found and found.status is not Status.FAILED:
            reason = "kept: another run replaced it after this run read the snapshot"
            return action.outcome("exists", reason=reason)
    try:
        operations = writes.delete_snapshot(client, action.kind, action.snapshot)
    except ServiceError as error:
        found = _read(client, action) if is_denied(error) else None
        if not_found(error) or (is_denied(error) and not found):
            return action.outcome("deleted", reason=f"{action.reason}; it no longer exists")
        if found and HOLD in found.tags:
            reason = f"kept: the tag {HOLD} was added after this run read the snapshot"
            return action.outcome("exists", reason=reason)
        raise
    return action.result("deleted", operations)


def _resolve(action: Action, found: Snapshot | None) -> Outcome:
    """Decide whether the snapshot that has the name is the one that the action would make."""
    if found is None or not found.is_owned_by(action.tags[POLICY] or ""):
        return _name_taken(action, found)
    if found.source_arn != action.source_arn or found.tags.get(TIME) != action.tags.get(TIME):
        return _name_taken(action, None)
    if found.status is Status.FAILED:
        error = ErrorInfo("SnapshotFailed", f"{action.snapshot} exists, but it ended in error")
        return action.outcome("failed", error=error)
    return action.outcome("exists", reason=f"{action.reason}; an earlier run took it")


def _name_taken(action: Action, found: Snapshot | None) -> Outcome:
    """A resource whose create fails has no backup; one whose copy is refused has one."""
    other_stack = found.tags.get(POLICY) if found else None
    if action.action != "create":
        return action.outcome("refused", error=copy_name_taken(action, found))
    if found and other_stack and found.source_arn == action.source_arn:
        error = ErrorInfo(
            "NameTaken",
            f"{action.snapshot}: the stack {other_stack!r} took a snapshot of {action.resource} "
            "with this name, so this stack could not take its own",
            remedy="Change the minute in ScheduleExpression of one of the two stacks, and leave "
            "the other stack's snapshot as it is",
        )
    else:
        error = ErrorInfo(
            "NameTaken",
            f"{action.snapshot}: the name is taken in {action.region} by something that is not "
            "ours, so there is no snapshot of this name",
            remedy="Delete what has the name if it is not needed; a later sweep takes a snapshot "
            "under its own time",
        )
    return action.outcome("failed", error=error)


def _was_copied(client: Client, action: Action) -> bool:
    """Return whether Lightsail made a snapshot as a copy of the action's original.

    Source: AWS's published responses of CopySnapshot. The operation's details are
    `<source region>:<source snapshot>`.
    """
    wanted = f"{action.copied_from}:{action.copy_of}"
    operations = list_operations(client, action.snapshot)
    return any(each.get("operationDetails") == wanted for each in operations)


def _read(client: Client, action: Action) -> Snapshot | None:
    return read_snapshot(client, action.kind, action.region, action.snapshot)
