"""Outcomes that need no write: what the plan already knows, told like everything else."""

from collections.abc import Iterator

from snapshotter.model.inventory import Resource
from snapshotter.model.outcome import ActionName, ErrorInfo, Outcome, OutcomeStatus
from snapshotter.plan.situation import Situation


def finding(
    resource: Resource,
    action: ActionName,
    status: OutcomeStatus,
    *,
    snapshot: str | None = None,
    reason: str | None = None,
    error: ErrorInfo | None = None,
) -> Outcome:
    """An outcome about one resource."""
    return Outcome(
        action=action,
        status=status,
        region=resource.region,
        resource_type=resource.kind.name,
        resource=resource.name,
        snapshot=snapshot,
        reason=reason,
        error=error,
    )


def unreadable_regions(situation: Situation) -> Iterator[Outcome]:
    """A region that cannot be read is one failed outcome; the others go on."""
    for region, error in sorted(situation.inventory.unreadable.items()):
        yield Outcome(action="read", status="failed", region=region, error=error)


def misunderstood_tags(situation: Situation) -> Iterator[Outcome]:
    """Tell an owner which tag was not understood, and what was therefore left undone."""
    for protection in situation.protections.values():
        for fault in protection.faults:
            action: ActionName = "copy" if fault.key.endswith(":copy-to") else "delete"
            yield finding(
                protection.resource,
                action,
                "failed",
                reason="nothing of this resource is pruned or copied until the tag is mended",
                error=ErrorInfo("InvalidTag", fault.message),
            )


def misunderstood_drills(situation: Situation) -> Iterator[Outcome]:
    """Tell an owner whose wish for drills was not understood; to a stack that has drills."""
    for protection in situation.protections.values():
        fault = protection.drill_fault
        if fault is not None and situation.settings.enable_restore:
            yield finding(
                protection.resource,
                "restore",
                "failed",
                reason="nothing of this resource is proven until the tag is mended",
                error=ErrorInfo("InvalidTag", fault.message),
            )


def unknown_names(situation: Situation) -> Iterator[Outcome]:
    """A name in the event's `resources` that nobody selected is a failed outcome."""
    known = {protection.resource.name for protection in situation.protections.values()}
    settings = situation.settings
    tag = settings.selection_tag_key
    if settings.selection_tag_value:
        tag = f"{tag}={settings.selection_tag_value}"
    for name in situation.request.resources or ():
        if name not in known:
            message = (
                f"no resource named {name!r} that carries the tag {tag} was found in "
                f"{', '.join(situation.regions) or 'any region'}"
            )
            yield Outcome(
                action="read",
                status="failed",
                resource=name,
                error=ErrorInfo("ResourceNotSelected", message),
            )
