"""The two runs that create: one restores what an event asks for, one starts drills.

A drill's resource has the tag `snapshotter:drill`, our policy and a name that begins with `drill-`;
nothing else is ever deleted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from snapshotter.inputs.event import DrillEvent
from snapshotter.inputs.restore_event import RestoreEvent
from snapshotter.inputs.settings import Settings
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.inventory import take_inventory
from snapshotter.model.kinds import DATABASE, DISK, KINDS
from snapshotter.model.names import disk_names, drill_name, restored_name, to_iso
from snapshotter.model.outcome import Outcome
from snapshotter.model.resource import Inventory
from snapshotter.model.snapshot import Snapshot, group
from snapshotter.plan.action import about_resource, about_snapshot
from snapshotter.plan.planning import find
from snapshotter.plan.situation import Situation
from snapshotter.policy.selection import Drilling, Protection
from snapshotter.restore.choosing import choose, choose_all, databases_left_behind
from snapshotter.restore.following import carry_out
from snapshotter.restore.made import Run, find_made, names_in
from snapshotter.restore.making import Restore, Wanted, plan_restore
from snapshotter.restore.source import World, read_world
from snapshotter.restore.steps import continue_all

Plan = Iterator[Restore | Outcome]


def restore(settings: Settings, request: RestoreEvent, clients: Clients) -> tuple[Outcome, ...]:
    """Restore what the request asks for, and do the steps after that as far as there is time."""
    inventory = take_inventory(
        clients,
        # All kinds: snapshots remain after a type is removed from ResourceTypes.
        tuple(KINDS.values()),
        home=(request.region,) if request.region else settings.all_regions,
        policy=settings.policy_name,
    )
    actions, outcomes = _sorted(_plan(request, inventory, settings, clients))
    if request.dry_run:
        outcomes += [each.action.outcome("planned") for each in actions]
        outcomes += [_total(actions, request.region)] if request.everything else []
    else:
        run = Run(clients, settings, request.scheduled_time)
        # What an earlier delivery of the same event left to do.
        found = find_made(inventory, settings.policy_name, run.now)
        left = [each for each in found if not each.is_drill]
        outcomes += carry_out(actions, left, inventory, run, request.wait_s)
    if request.everything:
        outcomes += _left_behind(request, inventory, settings, clients)
    return tuple(outcomes)


def start_drills(situation: Situation, clients: Clients) -> tuple[Outcome, ...]:
    """Start the drills that are due, and continue those that exist already.

    Of the findings of a run, those that are about drills are reported.
    """
    request, settings = situation.request, situation.settings
    findings = [each for each in find(situation) if each.action in ("read", "restore")]
    actions, refused = _sorted(_plan_drills(situation, clients))
    outcomes = (*findings, *refused, *continue_all(situation, clients))
    if request.dry_run:
        return (*outcomes, *(each.action.outcome("planned") for each in actions))
    wait_s = request.wait_s if isinstance(request, DrillEvent) else 0
    run = Run(clients, settings, situation.now)
    return (*outcomes, *carry_out(actions, (), situation.inventory, run, wait_s))


def _sorted(plan: Plan) -> tuple[list[Restore], list[Outcome]]:
    """What is to be made, and what is reported without that."""
    planned = list(plan)
    actions = [each for each in planned if isinstance(each, Restore)]
    return actions, [each for each in planned if isinstance(each, Outcome)]


def _plan(
    request: RestoreEvent, inventory: Inventory, settings: Settings, clients: Clients
) -> Plan:
    region, policy = request.region or "", settings.policy_name
    if not request.everything:
        chosen = choose(inventory, request, policy)
        points, found = ([], [chosen]) if isinstance(chosen, Outcome) else ([chosen], [])
    elif error := inventory.unreadable.get(region):
        points, found = [], [Outcome("read", "failed", region, error=error)]
    else:
        points, found = choose_all(inventory.regions[region], request, policy)
    yield from found
    world, unread = read_world(points, inventory, settings, clients, surroundings=True)
    yield from unread
    points = [each for each in points if each.region in world.offers]
    if request.everything:
        yield from plan_all(points, request, world)
        return
    for point in points:
        name = restored_name(point.kind, point.source_name, point.source_arn, point.time)
        wanted = Wanted(
            request.name or name,
            zone=request.zone,
            bundle_id=request.bundle_id,
            take_over=request.take_over,
            protect=request.protect,
        )
        yield plan_restore(point, wanted, world)


def plan_all(points: list[Snapshot], request: RestoreEvent, world: World) -> Plan:
    """Plan the restore of each point, under the name of its source."""
    own_points = {each.source_name: each for each in points}
    made: dict[str, str] = {}
    for point in points:
        name = point.source_name
        if name in made:
            reason = f"left alone: it is restored with {made[name]}"
            yield about_snapshot("restore", point).outcome("exists", reason=reason)
            continue
        occupied = names_in(world.inventory.regions[point.region]) | made.keys()
        disks = tuple(_disk_names(point, own_points, occupied))
        wanted = Wanted(name, zone=request.zone, protect=request.protect, disks=disks)
        planned = plan_restore(point, wanted, world)
        if isinstance(planned, Restore):
            made |= dict.fromkeys(planned.disks, name)
        yield planned


def _disk_names(
    instance: Snapshot, own_points: dict[str, Snapshot], occupied: set[str]
) -> Iterator[str]:
    """Names for the disks that come with an instance: their own, where those are free.

    A disk that has a newer point of its own comes back from that.
    """
    numbered = disk_names(instance.source_name, len(instance.attached))
    used = {instance.source_name}
    for disk, other in zip(instance.attached, numbered, strict=True):
        own = own_points.get(disk.name)
        newer = own is not None and own.time > instance.time
        name = other if newer or disk.name in occupied | used else disk.name
        used.add(name)
        yield name


def _left_behind(
    request: RestoreEvent, inventory: Inventory, settings: Settings, clients: Clients
) -> Iterator[Outcome]:
    """After a region is restored: the databases of the regions that its copies come from."""
    region, policy = request.region or "", settings.policy_name
    if region not in inventory.regions:
        return
    series = group(inventory.regions[region].snapshots, policy).values()
    sources = {each.source_region for each in series if each.is_copies}
    if region not in settings.regions:
        # A region that has nothing but copies: of any of these.
        sources |= set(settings.regions)
    if sources:
        elsewhere = take_inventory(
            clients, (DATABASE,), home=(), elsewhere=sorted(sources), policy=policy
        )
        yield from databases_left_behind(elsewhere, request, policy)


def _total(actions: Sequence[Restore], region: str | None) -> Outcome:
    """What the resources of a dry run would cost a month."""
    bundles = [each.bundle for each in actions if each.bundle]
    usd = sum(each.price_usd or 0 for each in bundles)
    disks_gb = sum(each.point.size_gb for each in actions if each.kind is DISK)
    reason = (
        f"{len(actions)} resources would be created: {usd:g} USD a month for their bundles, and "
        f"{disks_gb} GB of disks"
    )
    if attached := sum(len(each.disks) for each in actions):
        reason += f"; disks that come with instances, and are not counted: {attached}"
    if unknown := sorted({each.id for each in bundles if each.price_usd is None}):
        reason += f"; bundles whose price is not known: {', '.join(unknown)}"
    return Outcome("restore", "planned", region, reason=reason)


def _plan_drills(situation: Situation, clients: Clients) -> Plan:
    """Plan a drill for each resource that has the drill tag or is named in the event."""
    due: list[tuple[Snapshot, Protection]] = []
    for protection in situation.protections:
        point = _point_to_test(protection, situation)
        if isinstance(point, Outcome):
            yield point
        elif point is not None:
            due.append((point, protection))
    points, now = [point for point, _ in due], situation.now
    world, unread = read_world(
        points, situation.inventory, situation.settings, clients, surroundings=False
    )
    yield from unread
    for point, protection in due:
        if point.region in world.offers:
            resource, drill = protection.resource, protection.drill or Drilling()
            name = drill_name(resource.kind, resource.name, resource.arn, now)
            wanted = Wanted(name, resource.name, drill=drill, started=to_iso(now))
            yield plan_restore(point, wanted, world)


def _point_to_test(protection: Protection, situation: Situation) -> Snapshot | Outcome | None:
    """The newest point of a resource; an outcome or None where none is tested now."""
    named = situation.request.resources is not None
    refused = any(fault.stops == "drills" for fault in protection.faults)
    if refused or (protection.drill is None and not named):
        return None
    resource, policy = protection.resource, situation.settings.policy_name
    action = about_resource("restore", resource)
    for each in find_made(situation.inventory, policy, situation.now):
        if each.is_drill and each.source_arn == resource.arn:
            reason = f"its drill {each.resource.name} is in progress"
            return action.outcome("exists", reason=reason)
    point = situation.originals_of(resource).newest_ready
    if point is None:
        reason = "it has no recovery point yet; the next drill tests its first"
        return action.outcome("deferred", reason=reason)
    if point.drilled_at >= situation.now:
        reason = f"a drill of {point.name} ended at {to_iso(point.drilled_at)} already"
        return replace(action, snapshot=point.name).outcome("exists", reason=reason)
    return point
