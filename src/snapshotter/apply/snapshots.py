"""The four writes of snapshots, each of them safe to repeat."""

from snapshotter.apply.results import result_of
from snapshotter.lightsail import writes
from snapshotter.lightsail.clients import Client
from snapshotter.lightsail.errors import ServiceError, is_busy, is_denied, name_is_taken, not_found
from snapshotter.lightsail.operations import operations_of
from snapshotter.lightsail.reads import read_snapshot
from snapshotter.model.inventory import Snapshot
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo, Outcome, OutcomeStatus
from snapshotter.model.series import OwnSnapshot, own
from snapshotter.model.tags import HOLD, POLICY, TIME
from snapshotter.plan import CopySnapshot, CreateSnapshot, DeleteSnapshot, Intent, TagSnapshot
from snapshotter.plan.outcomes import outcome


def create(action: CreateSnapshot, client: Client) -> Outcome:
    """Create the snapshot with its tags. A taken name is success if the snapshot is this one.

    After a lost answer the source can be busy with this snapshot, so a refusal as busy is
    believed only where the snapshot is not there.
    """
    source = action.resource
    try:
        operations = writes.create_snapshot(
            client, action.kind, source=source.name, name=action.name, tags=action.tags
        )
    except ServiceError as error:
        if name_is_taken(error):
            return _resolve_existing(action, _read(action, client), source.arn)
        if is_busy(error) and (found := _read(action, client)):
            return _resolve_existing(action, found, source.arn)
        raise
    return result_of(action, "started", operations)


def copy(action: CopySnapshot, client: Client) -> tuple[Outcome, bool]:
    """Copy the snapshot. A copy of ours that exists already is success.

    Returns the outcome, and whether the copy must still be tagged.
    """
    try:
        operations = writes.copy_snapshot(client, action.original, name=action.name)
    except ServiceError as error:
        if not name_is_taken(error):
            raise
        return _resolve_existing_copy(action, client)
    result = result_of(action, "started", operations)
    return result, result.status == "started"


def tag(action: TagSnapshot, client: Client) -> Outcome:
    """Write all tags in one call, so that a copy carries all of ours or none."""
    if action.needs_proof and not _was_copied(client, action.name, action.original):
        return _name_taken(action)
    return result_of(action, "tagged", writes.tag_resource(client, action.name, action.tags))


def delete(action: DeleteSnapshot, client: Client) -> Outcome:
    """Delete the snapshot. One that is not there counts as deleted; one that is held stays.

    The role denies the deletion of a held snapshot, and of one that is not there: after a
    refusal the snapshot is read before the outcome is called a failure.

    One that ended in error is read again before it is deleted: another run may have replaced it
    by one of the same name, which a name alone does not tell apart.
    """
    if action.own.status is Status.FAILED:
        found = _read(action, client)
        if found is not None and found.status is not Status.FAILED:
            reason = "kept: another run replaced it after this run read the snapshot"
            return outcome(action, "exists", reason=reason)
    try:
        operations = writes.delete_snapshot(client, action.kind, action.name)
    except ServiceError as error:
        found = _read(action, client) if is_denied(error) else None
        if not_found(error) or (is_denied(error) and found is None):
            return outcome(action, "deleted", reason=f"{action.reason}; it did not exist any more")
        if found is not None and HOLD in found.tags:
            reason = f"kept: the tag {HOLD} was added after this run read the snapshot"
            return outcome(action, "exists", reason=reason)
        raise
    return result_of(action, "deleted", operations)


def _resolve_existing_copy(action: CopySnapshot, client: Client) -> tuple[Outcome, bool]:
    """Decide whether the snapshot that has the copy's name is our copy, and is tagged already."""
    found = _read(action, client)
    original = action.original
    if found is None or POLICY in found.tags:
        return _resolve_existing(action, found, original.source_arn), False
    if found.from_arn not in (None, original.source_arn):
        return _name_taken(action), False
    if found.from_arn is None and not _was_copied(client, action.name, original):
        return _name_taken(action), False
    reason = f"{action.reason}; an earlier run started this copy"
    return outcome(action, "exists", reason=reason), True


def _resolve_existing(
    action: CreateSnapshot | CopySnapshot, found: Snapshot | None, source: str
) -> Outcome:
    """Decide whether the snapshot that has the name already is the one that was asked for."""
    mine = own(found, action.tags[POLICY] or "") if found else None
    if mine is None or mine.source_arn != source:
        return _name_taken(action)
    if mine.snapshot.tags.get(TIME) != action.tags.get(TIME):
        return _name_taken(action)
    if mine.status is Status.FAILED:
        error = ErrorInfo("SnapshotFailed", f"{action.name} exists, but ended in error")
        return outcome(action, "failed", error=error)
    return outcome(action, "exists", reason=f"{action.reason}; an earlier run took it")


def _name_taken(action: Intent) -> Outcome:
    """A resource whose create fails has no backup; one whose copy is refused has one."""
    status: OutcomeStatus = "failed" if action.action == "create" else "refused"
    message = (
        f"{action.name}: the name is taken in {action.region} by something that is not ours, so "
        f"there is no {'snapshot' if action.action == 'create' else 'copy'} of this name. Delete "
        "what has the name to free it"
    )
    return outcome(action, status, error=ErrorInfo("NameTaken", message))


def _was_copied(client: Client, copy: str, original: OwnSnapshot) -> bool:
    """Tell whether Lightsail made a snapshot as a copy of an original.

    Source: the answers of CopySnapshot that AWS publishes; the details of the operation read
    `<source region>:<source snapshot>`.
    """
    wanted = f"{original.region}:{original.name}"
    return any(each.get("operationDetails") == wanted for each in operations_of(client, copy))


def _read(action: Intent, client: Client) -> Snapshot | None:
    return read_snapshot(client, action.kind, action.region, action.name or "")
