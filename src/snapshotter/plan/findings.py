"""Outcomes that need no write: what the plan can report without a call."""

from collections.abc import Iterator

from snapshotter.inputs.settings import Settings
from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ActionName, ErrorInfo, Outcome, OutcomeStatus
from snapshotter.plan.situation import Situation
from snapshotter.policy.selection import TagFault


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


def lost_resources(situation: Situation) -> Iterator[Outcome]:
    """Resources whose selection tag is gone: nothing of them is pruned until the owner decides."""
    if situation.request.resources is not None:
        return
    for arn, resource in situation.lost.items():
        reason = _lost(resource, lost_points(situation, arn), situation.settings)
        yield finding(resource, "select", "lost", reason=reason)


def lost_points(situation: Situation, arn: str) -> int:
    """How many recovery points a lost resource has, copies included."""
    return sum(
        len(series.of(Status.READY))
        for series in situation.series.values()
        if series.source_arn == arn
    )


def _lost(resource: Resource, count: int, settings: Settings) -> str:
    key = settings.selection_tag_key
    points = "Its recovery point is" if count == 1 else f"Its {count} recovery points are"
    value = (
        f" with the value {settings.selection_tag_value!r}" if settings.selection_tag_value else ""
    )
    if settings.selects_everything:
        why = f"it is attached to {resource.attached_to} and has no tag {key!r} of its own"
        remedy = f"Give it the tag {key!r}"
    else:
        why, remedy = f"its tag {key!r} is gone", f"Put the tag {key!r} back{value}"
    return (
        f"{resource.name} is no longer protected: {why}. {points} kept, and no new ones are made. "
        f"{remedy}, or set it to 'off' to end the protection on purpose"
    )


def misunderstood_tags(situation: Situation) -> Iterator[Outcome]:
    """A tag that cannot be understood stops pruning and copies of its resource, not backups."""
    for protection in situation.protections.values():
        for fault in protection.faults:
            action: ActionName = "copy" if fault.key.endswith(":copy-to") else "delete"
            reason = (
                "nothing of this resource is pruned or copied until the tag is corrected; "
                "snapshots are still taken"
            )
            yield _refused(protection.resource, action, reason, fault)


def misunderstood_drills(situation: Situation) -> Iterator[Outcome]:
    """A tag about drills that cannot be understood, for a stack that has drills."""
    for protection in situation.protections.values():
        fault = protection.drill_fault
        if fault is not None and situation.settings.enable_restore:
            reason = "no drill of this resource is started until the tag is corrected"
            yield _refused(protection.resource, "restore", reason, fault)


def _refused(resource: Resource, action: ActionName, reason: str, fault: TagFault) -> Outcome:
    error = ErrorInfo("InvalidTag", f"{resource.name}: {fault.message}")
    return finding(resource, action, "refused", reason=reason, error=error)


def unknown_names(situation: Situation) -> Iterator[Outcome]:
    """A name in the event's `resources` that is not selected is a failed outcome."""
    known = {protection.resource.name for protection in situation.protections.values()}
    where = ", ".join(situation.regions) or "any region"
    for name in situation.request.resources or ():
        if name not in known:
            what = _selected_by(situation.settings)
            message = f"{name}: no resource of this name {what} was found in {where}"
            yield Outcome(
                action="read",
                status="failed",
                resource=name,
                error=ErrorInfo("ResourceNotSelected", message),
            )


def _selected_by(settings: Settings) -> str:
    key, value = settings.selection_tag_key, settings.selection_tag_value
    if settings.selects_everything:
        return f"that is not excluded by the tag {key}=off"
    return f"that carries the tag {key}={value}" if value else f"that carries the tag {key}"
