"""One run that restores: read, choose, plan, create, and the steps after that."""

from collections.abc import Iterator, Sequence

from snapshotter.apply.actions import in_regions, planned
from snapshotter.apply.confirm import wait_for
from snapshotter.apply.restores import confirm_restored, read_instance, start
from snapshotter.inputs.request import Request, RestoreRequest
from snapshotter.inputs.settings import Settings
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.errors import explain
from snapshotter.lightsail.inventory import take_inventory
from snapshotter.model.inventory import Inventory
from snapshotter.model.kinds import DATABASE, DISK, KINDS
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import group
from snapshotter.plan.restores import RestoreResource
from snapshotter.restore.choose import choose, refused
from snapshotter.restore.offers import offers_for, offers_of_region
from snapshotter.restore.plan import plan_restore
from snapshotter.restore.region import not_copied, plan_region
from snapshotter.restore.steps import Restored, find_restored, proceed


def run_restore(settings: Settings, request: Request, clients: Clients) -> tuple[Outcome, ...]:
    """Restore what the request asks for, and do the steps after that as far as there is time."""
    wanted = request.restore or RestoreRequest()
    inventory = take_inventory(
        clients,
        # All kinds: snapshots remain after a type is removed from ResourceTypes.
        tuple(KINDS.values()),
        home=(wanted.region,) if wanted.region else settings.all_regions,
        policy=settings.policy_name,
    )
    plan = _plan(wanted, inventory, settings, clients)
    actions = [each for each in plan if isinstance(each, RestoreResource)]
    findings = tuple(each for each in plan if isinstance(each, Outcome))
    if request.dry_run:
        total = (_total(actions, wanted.region),) if wanted.everything else ()
        outcomes = (*findings, *map(planned, actions), *total)
    else:
        # What an earlier delivery of the same event left to do.
        left = find_restored(inventory, settings.policy_name, request.scheduled_time)
        outcomes = (*findings, *_carry_out(actions, left, request, clients))
    return (*outcomes, *_not_copied(wanted, inventory, settings, clients))


def _plan(
    wanted: RestoreRequest, inventory: Inventory, settings: Settings, clients: Clients
) -> Sequence[RestoreResource | Outcome]:
    if wanted.everything:
        return _plan_region(wanted, inventory, settings, clients)
    point = choose(inventory, wanted, settings.policy_name)
    if isinstance(point, Outcome):
        return (point,)
    there = inventory.regions[point.region]
    try:
        offers = offers_for(point, wanted, there, clients[point.region])
    except Exception as error:
        why = explain(error)
        message = f"{point.region}: what it offers cannot be read: {why.message}"
        return (refused(wanted, why.code, message, point),)
    return (plan_restore(point, wanted, there, offers, settings),)


def _plan_region(
    wanted: RestoreRequest, inventory: Inventory, settings: Settings, clients: Clients
) -> Sequence[RestoreResource | Outcome]:
    region = wanted.region or ""
    if (unread := inventory.unreadable.get(region)) is not None:
        return (Outcome(action="read", status="failed", region=region, error=unread),)
    there = inventory.regions[region]
    try:
        offers = offers_of_region(there, wanted, region, clients[region])
    except Exception as error:
        return (Outcome(action="read", status="failed", region=region, error=explain(error)),)
    return tuple(plan_region(there, wanted, offers, settings))


def _carry_out(
    actions: Sequence[RestoreResource],
    left: Sequence[Restored],
    request: Request,
    clients: Clients,
) -> Iterator[Outcome]:
    """Create; do the steps that are possible at once; wait, and do those that had to wait."""
    now = request.scheduled_time

    def create(action: RestoreResource) -> Iterator[Outcome]:
        started, instance = start(clients, action)
        yield started
        # The firewall is set at once: Lightsail opens its own ports on every instance.
        if instance is not None:
            yield from proceed(clients, Restored(instance, action.source), now)

    created = in_regions(actions, clients, create)
    yield from created
    yield from in_regions(left, clients, lambda each: proceed(clients, each, now))
    started = {each.snapshot for each in created if each.status == "started"}
    pending = [each for each in actions if each.name in started]
    for action, result in wait_for(pending, confirm_restored, clients, request.wait_s):
        yield result
        if result.status == "exists" and (instance := read_instance(clients, action)):
            yield from proceed(clients, Restored(instance, action.source), now)


def _not_copied(
    wanted: RestoreRequest, inventory: Inventory, settings: Settings, clients: Clients
) -> tuple[Outcome, ...]:
    """After a region is restored: the databases of the regions that its copies come from."""
    region = wanted.region or ""
    there = inventory.regions.get(region) if wanted.everything else None
    series = group(there.snapshots, settings.policy_name).values() if there else ()
    sources = {each.source_region for each in series if each.is_copies}
    if there and region not in settings.regions:
        # A region that has nothing but copies: of any of these.
        sources |= set(settings.regions)
    if not (lost := sorted(sources)):
        return ()
    elsewhere = take_inventory(
        clients, (DATABASE,), home=(), elsewhere=lost, policy=settings.policy_name
    )
    return tuple(not_copied(elsewhere, lost, wanted, settings.policy_name))


def _total(actions: Sequence[RestoreResource], region: str | None) -> Outcome:
    """What the resources of a dry run would cost a month."""
    usd = sum(each.price_usd or 0 for each in actions)
    disks_gb = sum(each.point.snapshot.size_gb for each in actions if each.kind is DISK)
    attached = sum(len(each.disks) for each in actions)
    unknown = [each.target for each in actions if each.kind is not DISK and each.price_usd is None]
    parts = [
        f"{len(actions)} resources would be created: {usd:g} USD a month for their bundles, and "
        f"{disks_gb} GB of disks"
    ]
    if attached:
        parts.append(f"disks that come with instances, and are not counted: {attached}")
    if unknown:
        parts.append(f"bundles whose price is not known: those of {', '.join(unknown)}")
    return Outcome(action="restore", status="planned", region=region, reason="; ".join(parts))
