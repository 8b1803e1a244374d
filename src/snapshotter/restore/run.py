"""One run that restores: read, choose, plan, create."""

from snapshotter.apply.actions import attempt, planned
from snapshotter.apply.restores import restore, wait_for
from snapshotter.inputs.request import Request, RestoreRequest
from snapshotter.inputs.settings import Settings
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.deadline import Deadline
from snapshotter.lightsail.errors import explain
from snapshotter.lightsail.inventory import take_inventory
from snapshotter.lightsail.reads import list_bundles, list_zones
from snapshotter.model.inventory import Inventory
from snapshotter.model.kinds import KINDS
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.plan.restores import RestoreResource
from snapshotter.restore.checks import Offers
from snapshotter.restore.choose import choose, refused
from snapshotter.restore.plan import needs_zones, plan_restore


def run_restore(
    settings: Settings, request: Request, clients: Clients, deadline: Deadline
) -> tuple[Outcome, ...]:
    """Restore what the request asks for."""
    wanted = request.restore or RestoreRequest()
    inventory = take_inventory(
        clients,
        # All kinds: snapshots remain after a type is removed from ResourceTypes.
        tuple(KINDS.values()),
        home=(wanted.region,) if wanted.region else settings.all_regions,
        policy=settings.policy_name,
    )
    point = choose(inventory, wanted, settings.policy_name)
    if isinstance(point, Outcome):
        return (point,)
    plan = _plan(point, wanted, inventory, settings, clients)
    if isinstance(plan, Outcome):
        return (plan,)
    if request.dry_run:
        return (planned(plan),)
    started = attempt(plan, deadline, lambda: restore(plan, clients[plan.region]))
    if started.status != "started":
        return (started,)
    return (started, *wait_for(plan, clients, deadline, wait_s=request.wait_s))


def _plan(
    point: OwnSnapshot,
    wanted: RestoreRequest,
    inventory: Inventory,
    settings: Settings,
    clients: Clients,
) -> RestoreResource | Outcome:
    there = inventory.regions[point.region]
    try:
        offers = _read_offers(point, wanted, needs_zones(point, wanted, there), clients)
    except Exception as error:
        why = explain(error)
        message = f"{point.region}: its zones and bundles cannot be read: {why.message}"
        return refused(wanted, why.code, message, point)
    return plan_restore(point, wanted, there, offers, settings)


def _read_offers(
    point: OwnSnapshot, wanted: RestoreRequest, zones: bool, clients: Clients
) -> Offers:
    """Read only what the request needs."""
    client = clients[point.region]
    return Offers(
        zones=list_zones(client, point.kind, point.region) if zones else (),
        bundles=list_bundles(client, point.kind) if wanted.bundle_id is not None else {},
    )
