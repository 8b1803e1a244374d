"""The four writes of snapshots, each of them safe to be done again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from snapshotter.failures import is_busy, is_denied, name_is_taken, not_found
from snapshotter.inventory import read_snapshot
from snapshotter.kinds import Status
from snapshotter.model import ErrorInfo, Outcome, OutcomeStatus, Snapshot
from snapshotter.operations import was_copied
from snapshotter.plan import (
    CopySnapshot,
    CreateSnapshot,
    DeleteSnapshot,
    Intent,
    TagSnapshot,
)
from snapshotter.plan.outcomes import outcome
from snapshotter.records import to_json
from snapshotter.series import own
from snapshotter.tags import HOLD, POLICY, TIME, to_records

if TYPE_CHECKING:
    from mypy_boto3_lightsail import LightsailClient

Operations = tuple[Mapping[str, Any], ...]


def create(action: CreateSnapshot, client: LightsailClient) -> Outcome:
    """Take the snapshot, tags included. A taken name is success if it is this very snapshot.

    A source can be busy with the very snapshot whose answer was lost; so that is looked for
    before a refusal is believed.
    """
    kind = action.kind
    try:
        answer = call(
            client,
            kind.create_method,
            **{kind.source_argument: action.resource.name},
            **{kind.snapshot_argument: action.name},
            tags=to_records(action.tags),
        )
    except ClientError as error:
        if name_is_taken(error):
            return _met(action, _read(action, client), action.resource.arn)
        if is_busy(error) and (found := _read(action, client)):
            return _met(action, found, action.resource.arn)
        raise
    return judged(action, "started", answer)


def copy(action: CopySnapshot, client: LightsailClient) -> tuple[Outcome, bool]:
    """Ask the target region for the copy. A copy of ours that is there already is success.

    Returns the outcome, and whether the copy has yet to be tagged.
    """
    try:
        answer = call(
            client,
            "copy_snapshot",
            sourceSnapshotName=action.original.name,
            sourceRegion=action.original.region,
            targetSnapshotName=action.name,
        )
    except ClientError as error:
        if not name_is_taken(error):
            raise
        return _met_a_copy(action, client)
    done = judged(action, "started", answer)
    return done, done.status == "started"


def tag(action: TagSnapshot, client: LightsailClient) -> Outcome:
    """Write all tags in one call, so that a copy is either ours altogether or not at all."""
    if action.needs_proof and not was_copied(client, action.name, action.original):
        return _taken(action)
    answer = call(client, "tag_resource", resourceName=action.name, tags=to_records(action.tags))
    return judged(action, "tagged", answer)


def delete(action: DeleteSnapshot, client: LightsailClient) -> Outcome:
    """Delete; a snapshot that is not there is deleted, and one that is held by now stays.

    The role refuses to delete what is held, and what it cannot see the tags of: so whatever was
    refused is looked at before that is called a failure.
    """
    kind = action.kind
    try:
        answer = call(client, kind.delete_method, **{kind.snapshot_argument: action.name})
    except ClientError as error:
        found = _read(action, client) if is_denied(error) else None
        if not_found(error) or (is_denied(error) and found is None):
            return outcome(action, "deleted", reason=f"{action.reason}; it was gone already")
        if found is not None and HOLD in found.tags:
            return outcome(action, "exists", reason="it is held since this run looked, so it stays")
        raise
    return judged(action, "deleted", answer)


def _met_a_copy(action: CopySnapshot, client: LightsailClient) -> tuple[Outcome, bool]:
    """Meet whatever has the copy's name: a copy of ours, finished or not, or someone else's."""
    found = _read(action, client)
    original = action.original
    if found is None or POLICY in found.tags:
        return _met(action, found, original.source_arn), False
    if found.from_arn not in (None, original.source_arn):
        return _taken(action), False
    if found.from_arn is None and not was_copied(client, action.name, original):
        return _taken(action), False
    reason = f"{action.reason}; the copy had been begun already"
    return outcome(action, "exists", reason=reason), True


def _met(action: CreateSnapshot | CopySnapshot, found: Snapshot | None, source: str) -> Outcome:
    """Judge the snapshot that has the name already."""
    mine = own(found, action.tags[POLICY] or "") if found else None
    if mine is None or mine.source_arn != source:
        return _taken(action)
    if mine.snapshot.tags.get(TIME) != action.tags.get(TIME):
        return _taken(action)
    if mine.status is Status.FAILED:
        error = ErrorInfo("SnapshotFailed", f"{action.name} is there, but ended in error")
        return outcome(action, "failed", error=error)
    return outcome(action, "exists", reason=f"{action.reason}; it had been taken already")


def _taken(action: Intent) -> Outcome:
    message = f"the name {action.name!r} is taken in {action.region} by something that is not ours"
    return outcome(action, "failed", error=ErrorInfo("NameTaken", message))


def _read(action: Intent, client: LightsailClient) -> Snapshot | None:
    return read_snapshot(client, action.kind, action.region, action.name or "")


def judged(action: Intent, status: OutcomeStatus, answer: Mapping[str, Any]) -> Outcome:
    """Read the operations of an answer: one that failed is a failure, in a 200 answer too."""
    operations: Operations = tuple(to_json(each) for each in answer.get("operations", ()))
    failed = next((each for each in operations if each.get("status") == "Failed"), None)
    if failed is None:
        return outcome(action, status, operations=operations)
    error = ErrorInfo(
        failed.get("errorCode") or "OperationFailed",
        failed.get("errorDetails") or "Lightsail reports the operation as failed",
    )
    return outcome(action, "failed", operations=operations, error=error)


def call(client: LightsailClient, method: str, **arguments: Any) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = getattr(client, method)(**arguments)
    return answer
