"""The outcome of an action."""

from collections.abc import Mapping
from typing import Any

from snapshotter.model.outcome import ErrorInfo, Outcome, OutcomeStatus
from snapshotter.plan.actions import Intent


def outcome(
    action: Intent,
    status: OutcomeStatus,
    *,
    operations: tuple[Mapping[str, Any], ...] = (),
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
        reason=reason or action.reason,
        operations=operations,
        error=error,
        out_of_time=out_of_time,
    )
