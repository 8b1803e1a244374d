"""Turns a response of the service into an outcome."""

from snapshotter.model.outcome import ErrorInfo, Operations, Outcome, OutcomeStatus
from snapshotter.plan.actions import Intent
from snapshotter.plan.outcomes import outcome


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
