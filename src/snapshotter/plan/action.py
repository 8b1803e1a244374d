"""One intended write to Lightsail, with its reason."""

from dataclasses import dataclass, field

from snapshotter.model.kinds import Kind
from snapshotter.model.outcome import ActionName, ErrorInfo, Operations, Outcome, OutcomeStatus
from snapshotter.model.resource import Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import Tags


@dataclass(frozen=True, slots=True)
class Action:
    """One intended write, or something that is reported without one.

    region: where the call is made. resource: the name of the source; source_arn: its ARN.
    snapshot: the name of the snapshot that is made, tagged or deleted. tags: of what is made.

    Of a copy and its tags: copy_of and copied_from are the original's name and region. replaces: a
    copy of this name ended in error and is deleted first. needs_proof: Lightsail's record does not
    name the source, so an operation must confirm that it is this copy before it is tagged.
    ended_in_error: of a delete, whether that is why.
    """

    action: ActionName
    region: str
    kind: Kind
    resource: str
    snapshot: str = ""
    reason: str = ""
    source_arn: str = ""
    tags: Tags = field(default_factory=dict)
    copy_of: str = ""
    copied_from: str = ""
    replaces: bool = False
    needs_proof: bool = False
    ended_in_error: bool = False

    def outcome(
        self,
        status: OutcomeStatus,
        *,
        reason: str = "",
        operations: Operations = (),
        error: ErrorInfo | None = None,
        out_of_time: bool = False,
    ) -> Outcome:
        """The outcome of this action; its reason is the action's own unless another is given."""
        return Outcome(
            action=self.action,
            status=status,
            region=self.region,
            resource_type=self.kind.name,
            resource=self.resource,
            snapshot=self.snapshot or None,
            reason=reason or self.reason or None,
            operations=operations,
            error=error,
            out_of_time=out_of_time,
            source_arn=self.source_arn,
        )

    def result(self, status: OutcomeStatus, operations: Operations) -> Outcome:
        """The outcome of a call that returned. A failed operation is a failure."""
        failed = next((each for each in operations if each.get("status") == "Failed"), None)
        if failed is None:
            return self.outcome(status, operations=operations)
        why = failed.get("errorDetails") or "Lightsail reports the operation as failed"
        error = ErrorInfo(failed.get("errorCode") or "OperationFailed", why)
        return self.outcome("failed", operations=operations, error=error)


def about_resource(action: ActionName, resource: Resource, *, snapshot: str = "") -> Action:
    """An action in the region of a resource."""
    return Action(
        action, resource.region, resource.kind, resource.name, snapshot, source_arn=resource.arn
    )


def about_snapshot(action: ActionName, snapshot: Snapshot, reason: str = "") -> Action:
    """An action in the region of a snapshot."""
    source, arn = snapshot.source_name, snapshot.source_arn
    return Action(action, snapshot.region, snapshot.kind, source, snapshot.name, reason, arn)
