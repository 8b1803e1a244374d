"""Plans drills: which recovery points to test, and under which names."""

from collections.abc import Iterator

from snapshotter.drill.found import drills_by_source
from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.names import drill_name
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.model.tags import CHECK, DRILL, ownership
from snapshotter.model.times import to_iso
from snapshotter.plan import Situation
from snapshotter.plan.findings import finding
from snapshotter.plan.restores import RestoreResource
from snapshotter.policy.selection import Protection


def plan_drills(situation: Situation) -> Iterator[RestoreResource | Outcome]:
    """Plan a drill for each resource that has the drill tag or is named in the event."""
    existing = drills_by_source(situation)
    named = situation.request.resources is not None
    for protection in situation.protections.values():
        if protection.drill_fault is None and (protection.drill is not None or named):
            yield _drill(protection, situation, existing.get(protection.resource.arn))


def _drill(
    protection: Protection, situation: Situation, existing: str | None
) -> RestoreResource | Outcome:
    resource = protection.resource
    if existing is not None:
        reason = f"its drill {existing} is in progress"
        return finding(resource, "restore", "exists", reason=reason)
    point = situation.originals_of(resource).newest(Status.READY)
    if point is None:
        return finding(resource, "restore", "deferred", reason="it has no recovery point yet")
    if point.drilled_at >= situation.now:
        reason = f"a drill of it ended at {to_iso(point.drilled_at)} already"
        return finding(resource, "restore", "exists", snapshot=point.name, reason=reason)
    if resource.kind is INSTANCE and point.snapshot.from_bundle is None:
        message = (
            f"{point.name}: Lightsail does not report the bundle of its source, so no drill is "
            "possible: test it by hand, with a restore that gives bundleId"
        )
        error = ErrorInfo("InvalidBundle", message)
        return finding(resource, "restore", "failed", snapshot=point.name, error=error)
    return _restore(protection, point, situation)


def _restore(protection: Protection, point: OwnSnapshot, situation: Situation) -> RestoreResource:
    resource, policy = protection.resource, situation.settings.policy_name
    target = drill_name(resource.kind, resource.name, resource.arn, situation.now)
    check = str(protection.drill) if protection.drill and resource.kind is INSTANCE else ""
    tags = {**ownership(policy, resource.arn, situation.now), DRILL: point.name}
    return RestoreResource(
        point=point,
        target=target,
        about=resource.name,
        zone=resource.zone,
        bundle_id=point.snapshot.from_bundle,
        tags={**tags, CHECK: check} if check else tags,
        mark=DRILL,
        reason=f"restore test, as {target}",
    )
