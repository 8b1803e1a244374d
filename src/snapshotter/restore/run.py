"""The journey of a run that restores: look, choose, plan, make."""

from snapshotter.apply import attempt, planned
from snapshotter.clients import Clients
from snapshotter.deadline import Deadline
from snapshotter.failures import explain
from snapshotter.inventory import take_inventory
from snapshotter.kinds import KINDS
from snapshotter.model import Inventory, Outcome
from snapshotter.request import Request, RestoreOrder
from snapshotter.restore.action import RestoreResource
from snapshotter.restore.apply import restore, wait_for
from snapshotter.restore.choose import choose, refused
from snapshotter.restore.offers import look_up
from snapshotter.restore.plan import needs_zones, plan_restore
from snapshotter.series import OwnSnapshot
from snapshotter.settings import Settings


def run_restore(
    settings: Settings, request: Request, clients: Clients, deadline: Deadline
) -> tuple[Outcome, ...]:
    """Restore what the request orders, and say what became of it."""
    order = request.restore or RestoreOrder()
    inventory = take_inventory(
        clients,
        # Whatever the stack protects: snapshots stay when a type is taken off its list.
        tuple(KINDS.values()),
        home=(order.region,) if order.region else settings.all_regions,
        policy=settings.policy_name,
    )
    point = choose(inventory, order, settings.policy_name)
    if isinstance(point, Outcome):
        return (point,)
    plan = _plan(point, order, inventory, settings, clients)
    if isinstance(plan, Outcome):
        return (plan,)
    if request.dry_run:
        return (planned(plan),)
    begun = attempt(plan, deadline, lambda: restore(plan, clients[plan.region]))
    if begun.status != "started":
        return (begun,)
    return (begun, *wait_for(plan, clients, deadline, wait_s=request.wait_s))


def _plan(
    point: OwnSnapshot,
    order: RestoreOrder,
    inventory: Inventory,
    settings: Settings,
    clients: Clients,
) -> RestoreResource | Outcome:
    there = inventory.regions[point.region]
    try:
        offers = look_up(
            clients[point.region],
            point.kind,
            point.region,
            zones=needs_zones(point, order, there),
            bundles=order.bundle_id is not None,
        )
    except Exception as error:
        why = explain(error)
        return refused(
            order, why.code, f"{point.region} does not say what it offers: {why.message}", point
        )
    return plan_restore(point, order, there, offers, settings)
