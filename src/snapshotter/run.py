"""The journey of one run: inventory, plan, apply, report."""

from snapshotter.apply import apply, planned
from snapshotter.clients import Clients
from snapshotter.confirm import tell_failures, wait_for
from snapshotter.deadline import Deadline
from snapshotter.event import Request
from snapshotter.inventory import merged, take_inventory
from snapshotter.measures import measure
from snapshotter.model import Outcome
from snapshotter.plan import Plan, Situation, assess, make_plan
from snapshotter.report import Report
from snapshotter.settings import Settings
from snapshotter.times import to_iso


def run(
    settings: Settings,
    request: Request,
    clients: Clients,
    deadline: Deadline,
    known_regions: frozenset[str],
) -> Report:
    """Do what the request asks for, as far as time allows, and say what became of it."""
    situation = look(settings, request, clients, known_regions)
    plan = make_plan(situation)
    outcomes = plan.findings + tell_failures(plan.failures, clients)
    if request.dry_run:
        outcomes += tuple(planned(action) for action in plan.actions)
    else:
        outcomes += carry_out(plan, request, clients, deadline)
    return Report(
        policy=settings.policy_name,
        action=request.action.value,
        scheduled_time=to_iso(request.scheduled_time),
        dry_run=request.dry_run,
        outcomes=outcomes,
        measures=measure(situation, outcomes),
    )


def look(
    settings: Settings, request: Request, clients: Clients, known_regions: frozenset[str]
) -> Situation:
    """Read the regions of the request and those that anything is to be copied to.

    Which regions the resources' own tags name is known only once the resources are read, so
    the regions that only a tag names are read in a second step.
    """
    inventory = take_inventory(
        clients,
        settings.resource_types,
        home=request.regions,
        elsewhere=settings.copy_to_regions,
        policy=settings.policy_name,
    )
    situation = assess(inventory, settings, request)
    named = {region for each in situation.protections.values() for region in each.copy_to}
    seen = {*inventory.regions, *inventory.unreadable}
    if not (unseen := sorted((named & known_regions) - seen)):
        return situation
    more = take_inventory(
        clients, settings.resource_types, home=(), elsewhere=unseen, policy=settings.policy_name
    )
    return assess(merged(inventory, more), settings, request)


def carry_out(
    plan: Plan, request: Request, clients: Clients, deadline: Deadline
) -> tuple[Outcome, ...]:
    """Apply a plan step by step: nothing is deleted before all else is done."""
    created = apply(plan.creates, clients, deadline)
    begun = [outcome for outcome in created if outcome.status == "started"]
    confirmed = wait_for(begun, clients, deadline, wait_s=request.wait_s)
    copied = apply(plan.copies, clients, deadline)
    tagged = apply(plan.tags, clients, deadline)
    deleted = apply(plan.deletes, clients, deadline)
    return (*created, *confirmed, *copied, *tagged, *deleted)
