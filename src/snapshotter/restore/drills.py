"""One run that starts drills: a recovery point is restored for a short time, and tested.

The sweeps after it finish them. A drill's resource has the tag `snapshotter:drill`, our policy and
a name that begins with `drill-`; nothing else is ever deleted.
"""

from collections.abc import Iterator
from dataclasses import replace

from snapshotter.inputs.event import DrillEvent
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.refusals import explain
from snapshotter.model.names import drill_name, to_iso
from snapshotter.model.outcome import Outcome
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import SOURCE
from snapshotter.plan.action import about_resource
from snapshotter.plan.planning import find
from snapshotter.plan.situation import Situation
from snapshotter.policy.selection import Drilling, Protection
from snapshotter.restore.made import Run, find_made
from snapshotter.restore.making import Restore, Wanted, plan_restore
from snapshotter.restore.restoring import carry_out, plan_world
from snapshotter.restore.steps import continue_all


def start_drills(situation: Situation, clients: Clients) -> tuple[Outcome, ...]:
    """Start the drills that are due, and continue those that exist already.

    Of the findings of a run, those that are about drills are reported.
    """
    findings = [each for each in find(situation) if each.action in ("read", "restore")]
    plan = list(_plan(situation, clients))
    outcomes = [*findings, *(each for each in plan if isinstance(each, Outcome))]
    outcomes += continue_all(situation, clients)
    actions = [each for each in plan if isinstance(each, Restore)]
    request, settings = situation.request, situation.settings
    if request.dry_run:
        return (*outcomes, *(each.action.outcome("planned") for each in actions))
    wait_s = request.wait_s if isinstance(request, DrillEvent) else 0
    run = Run(clients, settings, situation.now)
    return (*outcomes, *carry_out(actions, (), situation.inventory, run, wait_s))


def _plan(situation: Situation, clients: Clients) -> Iterator[Restore | Outcome]:
    """Plan a drill for each resource that has the drill tag or is named in the event."""
    settings, inventory = situation.settings, situation.inventory
    due: list[tuple[Snapshot, Protection]] = []
    for protection in situation.protections:
        point = _point_to_test(protection, situation)
        if isinstance(point, Outcome):
            yield point
        elif point is not None:
            due.append((point, protection))
    for region in {point.region for point, _ in due}:
        here = [each for each in due if each[0].region == region]
        try:
            world = plan_world([point for point, _ in here], inventory, settings, clients)
        except Exception as error:
            yield Outcome("read", "failed", region, error=explain(error))
            continue
        for point, protection in here:
            resource = protection.resource
            name = drill_name(resource.kind, resource.name, resource.arn, situation.now)
            drill, started = protection.drill or Drilling(), to_iso(situation.now)
            yield plan_restore(
                point, Wanted(name, resource.name, drill=drill, started=started), world
            )


def _point_to_test(protection: Protection, situation: Situation) -> Snapshot | Outcome | None:
    """The newest point of a resource; an outcome or None where none is tested now."""
    named = situation.request.resources is not None
    refused = any(fault.stops == "drills" for fault in protection.faults)
    if refused or (protection.drill is None and not named):
        return None
    resource, policy = protection.resource, situation.settings.policy_name
    action = about_resource("restore", resource)
    existing = next(
        (
            each.resource.name
            for each in find_made(situation.inventory, policy, situation.now)
            if each.is_drill and each.resource.tags.get(SOURCE) == resource.arn
        ),
        None,
    )
    if existing is not None:
        return action.outcome("exists", reason=f"its drill {existing} is in progress")
    point = situation.originals_of(resource).newest_ready
    if point is None:
        reason = "it has no recovery point yet; the next drill tests its first"
        return action.outcome("deferred", reason=reason)
    if point.drilled_at >= situation.now:
        reason = f"a drill of {point.name} ended at {to_iso(point.drilled_at)} already"
        return replace(action, snapshot=point.name).outcome("exists", reason=reason)
    return point
