"""The outcome of an action."""

from snapshotter.model.outcome import ErrorInfo, Operations, Outcome, OutcomeStatus
from snapshotter.plan.actions import Intent


def outcome(
    action: Intent,
    status: OutcomeStatus,
    *,
    operations: Operations = (),
    error: ErrorInfo | None = None,
    reason: str | None = None,
    out_of_time: bool = False,
) -> Outcome:
    """The outcome of an action; its reason is the action's own unless another is given."""
    return Outcome(
        action=action.action,
        status=status,
        region=action.region,
        resource_type=action.kind.name,
        resource=action.source_name,
        snapshot=action.name,
        reason=reason or action.reason or None,
        operations=operations,
        error=error,
        out_of_time=out_of_time,
    )


def result_of(action: Intent, status: OutcomeStatus, operations: Operations) -> Outcome:
    """The outcome of a call that returned. A failed operation is a failure, despite HTTP 200."""
    failed = next((each for each in operations if each.get("status") == "Failed"), None)
    if failed is None:
        return outcome(action, status, operations=operations)
    error = ErrorInfo(
        failed.get("errorCode") or "OperationFailed",
        failed.get("errorDetails") or "Lightsail reports the operation as failed",
    )
    return outcome(action, "failed", operations=operations, error=error)
