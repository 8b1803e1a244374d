"""Creates, copies, tags and deletes snapshots. Each write is safe to repeat."""

from snapshotter.lightsail import writes
from snapshotter.lightsail.clients import Client
from snapshotter.lightsail.errors import ServiceError, is_busy, is_denied, name_is_taken, not_found
from snapshotter.lightsail.reads import list_operations, read_snapshot
from snapshotter.model.inventory import Snapshot
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo, Outcome, OutcomeStatus
from snapshotter.model.series import OwnSnapshot, own
from snapshotter.model.tags import HOLD, POLICY, TIME
from snapshotter.plan import CopySnapshot, CreateSnapshot, DeleteSnapshot, Intent, TagSnapshot
from snapshotter.plan.outcomes import outcome, result_of


def create(client: Client, action: CreateSnapshot) -> Outcome:
    """Create the snapshot with its tags. A name that is taken by this same snapshot is success.

    After a lost response the source can be busy with creating this snapshot, so it counts as busy
    only if the snapshot does not exist.
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


def copy(client: Client, action: CopySnapshot) -> tuple[Outcome, bool]:
    """Copy the snapshot. A copy of ours that exists already is success.

    Returns the outcome and whether the copy still needs its tags.
    """
    try:
        operations = writes.copy_snapshot(client, action.original, name=action.name)
    except ServiceError as error:
        if not name_is_taken(error):
            raise
        return _resolve_existing_copy(action, client)
    result = result_of(action, "started", operations)
    return result, result.status == "started"


def tag(client: Client, action: TagSnapshot) -> Outcome:
    """Write all tags in one call, so that a copy has all of ours or none."""
    if action.needs_proof and not _was_copied(client, action.name, action.original):
        return _name_taken(action)
    return result_of(action, "tagged", writes.tag_resource(client, action.name, action.tags))


def delete(client: Client, action: DeleteSnapshot) -> Outcome:
    """Delete the snapshot. One that does not exist counts as deleted; one on hold is kept.

    The role denies deleting a snapshot that is on hold or does not exist, so after a denial the
    snapshot is read to find out which. One that ended in error is read before it is deleted:
    another run may have replaced it by one of the same name.
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
            return outcome(action, "deleted", reason=f"{action.reason}; it no longer exists")
        if found is not None and HOLD in found.tags:
            reason = f"kept: the tag {HOLD} was added after this run read the snapshot"
            return outcome(action, "exists", reason=reason)
        raise
    return result_of(action, "deleted", operations)


def _resolve_existing_copy(action: CopySnapshot, client: Client) -> tuple[Outcome, bool]:
    """Decide whether the snapshot with the copy's name is our copy, and whether it has its tags."""
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
    """Decide whether the snapshot that has the name is the one that the action would create."""
    mine = own(found, action.tags[POLICY] or "") if found else None
    if mine is None or mine.source_arn != source:
        return _name_taken(action)
    if mine.snapshot.tags.get(TIME) != action.tags.get(TIME):
        return _name_taken(action)
    if mine.status is Status.FAILED:
        error = ErrorInfo("SnapshotFailed", f"{action.name} exists, but it ended in error")
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
    """Return whether Lightsail created a snapshot as a copy of an original.

    Source: AWS's published responses of CopySnapshot. The operation's details are
    `<source region>:<source snapshot>`.
    """
    wanted = f"{original.region}:{original.name}"
    return any(each.get("operationDetails") == wanted for each in list_operations(client, copy))


def _read(action: Intent, client: Client) -> Snapshot | None:
    return read_snapshot(client, action.kind, action.region, action.name or "")
