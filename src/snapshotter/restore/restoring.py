"""One run that restores: read, choose, check, create, and the steps after that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, count

from snapshotter.inputs.restore_event import RestoreEvent
from snapshotter.inputs.settings import Settings
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.inventory import take_inventory
from snapshotter.lightsail.pacing import POLL_S
from snapshotter.lightsail.reads import read_resource
from snapshotter.lightsail.refusals import explain, is_late
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, KINDS, Status
from snapshotter.model.names import restored_name
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import DONE, Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import Snapshot, group
from snapshotter.model.tags import DRILL, RESTORED, TO_DO
from snapshotter.plan.action import Action
from snapshotter.restore.by_hand import read_surroundings
from snapshotter.restore.choosing import choose, refused
from snapshotter.restore.made import (
    FIREWALL_STEP,
    GOOD,
    REMOVE_STEP,
    Made,
    Run,
    find_made,
    made_of,
    words_of,
)
from snapshotter.restore.making import Restore, Wanted, World, create, plan_restore
from snapshotter.restore.offers import read_offers
from snapshotter.restore.steps import at_once, proceed
from snapshotter.restore.whole_region import choose_all, databases_left_behind, plan_all

_OUT_OF_TIME = "the function ran out of time; the next sweep does the steps that are left"
_NO_MORE = object()
FIREWALL_S = 300
"""For so long a run keeps trying to set a firewall: no sweep may follow."""


def restore(settings: Settings, request: RestoreEvent, clients: Clients) -> tuple[Outcome, ...]:
    """Restore what the request asks for, and do the steps after that as far as there is time."""
    inventory = take_inventory(
        clients,
        # All kinds: snapshots remain after a type is removed from ResourceTypes.
        tuple(KINDS.values()),
        home=(request.region,) if request.region else settings.all_regions,
        policy=settings.policy_name,
    )
    plan = _plan(request, inventory, settings, clients)
    actions = [each for each in plan if isinstance(each, Restore)]
    outcomes = [each for each in plan if isinstance(each, Outcome)]
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


def plan_world(
    points: list[Snapshot], inventory: Inventory, settings: Settings, clients: Clients
) -> World:
    """Read what the restores of these points need to know of their regions."""
    offers = {
        region: read_offers(
            clients,
            region,
            [each for each in points if each.region == region],
            # The lost region last.
            sorted(
                {*settings.all_regions} - {region, *inventory.unreadable},
                key=lambda other: other in {each.source_region for each in points},
            ),
        )
        for region in {each.region for each in points}
    }
    return World(settings, inventory, offers)


def carry_out(
    actions: Sequence[Restore],
    left: Sequence[Made],
    inventory: Inventory,
    run: Run,
    wait_s: float,
) -> Iterator[Outcome]:
    """Create; then follow what was made, and what earlier runs left to do.

    The firewall is tried for minutes in any case: Lightsail opens its own ports on every instance.
    """
    now, began = replace(run, elapsed_s=0), run.clients.deadline.seconds_left()

    def start(action: Restore) -> tuple[list[Outcome], _Followed | None]:
        created = create(run.clients, action)
        if created.status not in GOOD or not (wait_s or action.kind is INSTANCE):
            return [created], None
        each = _followed(action, inventory.regions[action.region])
        return [created, *_look(now, wait_s > 0, each)], each

    started = at_once(actions, start)
    yield from chain.from_iterable(outcomes for outcomes, _ in started)
    earlier = [
        _Followed(each.about(""), each.resource.name, each.there, words=words_of(each.resource))
        for each in left
    ]
    yield from chain.from_iterable(at_once(earlier, partial(_look, now, wait_s > 0)))
    followed = [each for _, each in started if each is not None]
    yield from _follow([*followed, *earlier], run, wait_s, began)


@dataclass(slots=True, eq=False)
class _Followed:
    """Something that was made, while the run follows it.

    action: about it, for outcomes. restore: what made it in this run; None for what is followed for
    its steps alone. words: the steps that are left. ended: a drill is removed, or a restore failed.
    waiting: what cannot be done yet, as of the last time.
    """

    action: Action
    name: str
    there: RegionInventory
    restore: Restore | None = None
    confirmed: bool = False
    ended: bool = False
    words: tuple[str, ...] = ()
    waiting: tuple[Outcome, ...] = ()

    @property
    def awaits_result(self) -> bool:
        """Whether it is not known yet what becomes of a restore; a drill reports that itself."""
        return bool(self.restore and self.restore.mark == RESTORED and not self.confirmed)

    def is_finished(self, waited_s: float, wait_s: float) -> bool:
        if self.ended:
            return True
        if waited_s < FIREWALL_S and FIREWALL_STEP in self.words:
            return False
        return waited_s >= wait_s or not (self.awaits_result or self.words)

    def disks(self) -> Iterator["_Followed"]:
        """The disks of a drill's instance, which are removed after it."""
        is_drill = self.restore is not None and self.restore.mark == DRILL
        for name in self.restore.disks if self.restore and is_drill and self.ended else ():
            action = replace(self.action, kind=DISK, resource=name, snapshot="", tags={})
            yield _Followed(action, name, self.there, words=(REMOVE_STEP,))


def _followed(restore: Restore, there: RegionInventory) -> _Followed:
    words = (restore.action.tags.get(TO_DO) or DONE).split()
    left = tuple(word for word in words if word != DONE)
    return _Followed(restore.action, restore.target, there, restore, words=left)


def _follow(followed: list[_Followed], run: Run, wait_s: float, began: float) -> Iterator[Outcome]:
    """Look again and again, until all is done that is possible in the time.

    began: the seconds that were left before anything was made.
    """
    deadline, waited_s = run.clients.deadline, 0.0
    pauses = deadline.pauses(max(wait_s, FIREWALL_S))
    for number in count(1):
        followed = [*followed, *chain.from_iterable(each.disks() for each in followed)]
        finished = [each for each in followed if each.is_finished(waited_s, wait_s)]
        yield from chain.from_iterable(each.waiting for each in finished)
        followed = [each for each in followed if each not in finished]
        if not followed or next(pauses, _NO_MORE) is _NO_MORE:
            break
        waited_s = max(number * POLL_S, began - deadline.seconds_left())
        now = replace(run, elapsed_s=round(waited_s))
        yield from chain.from_iterable(at_once(followed, partial(_look, now, wait_s > 0)))
    yield from chain.from_iterable(each.waiting for each in followed)


def _look(run: Run, confirms: bool, each: _Followed) -> list[Outcome]:
    """Read it once, confirm it, and do the steps that are possible now."""
    kind, region = each.action.kind, each.action.region
    try:
        found = read_resource(run.clients[region], kind, region, each.name)
    except Exception as error:
        # What is left to do is written on it.
        if is_late(error) and each.words:
            late = each.action.outcome("deferred", reason=_OUT_OF_TIME, out_of_time=True)
            each.waiting = (late,)
        return []
    if found is None:
        return []
    made = made_of(found, each.there)
    confirmed = [*_confirm(each, found)] if confirms and each.awaits_result else []
    progress = proceed(run, made)
    each.words, each.ended = progress.left, each.ended or progress.removed
    # Drills in progress are for the sweeps to report.
    reported = [e for e in progress.outcomes if not (made.is_drill and e.status == "exists")]
    each.waiting = tuple(outcome for outcome in reported if outcome.status not in GOOD)
    return [*confirmed, *(outcome for outcome in reported if outcome.status in GOOD)]


def _confirm(each: _Followed, found: Resource) -> Iterator[Outcome]:
    """The result of a restore, once there is one."""
    status = found.kind.resource_status(found.state)
    if each.restore is None or status not in (Status.READY, Status.FAILED):
        return
    each.confirmed = True
    action = replace(each.restore.action, action="confirm")
    if status is Status.READY:
        endpoint = f"; its endpoint is {found.endpoint}" if found.endpoint else ""
        yield action.outcome("exists", reason=f"ready: {found.state}{endpoint}")
        return
    each.ended = True
    message = f"{found.name}: the restore failed; its state is {found.state}"
    error = ErrorInfo("RestoreFailed", message, "Delete it and restore again")
    yield action.outcome("failed", error=error)


def _plan(
    request: RestoreEvent, inventory: Inventory, settings: Settings, clients: Clients
) -> Sequence[Restore | Outcome]:
    if request.everything:
        return _plan_region(request, inventory, settings, clients)
    point = choose(inventory, request, settings.policy_name)
    if isinstance(point, Outcome):
        return (point,)
    try:
        world = plan_world([point], inventory, settings, clients)
        world = replace(world, surroundings=read_surroundings(clients, [point]))
    except Exception as error:
        why = explain(error)
        message = f"{point.region}: what it offers cannot be read: {why.message}"
        return (refused(request, why.code, message, point=point),)
    name = restored_name(point.kind, point.source_name, point.source_arn, point.time)
    wanted = Wanted(
        request.name or name,
        request.name or name,
        zone=request.zone,
        bundle_id=request.bundle_id,
        take_over=request.take_over,
        protect=request.protect,
    )
    return (plan_restore(point, wanted, world),)


def _plan_region(
    request: RestoreEvent, inventory: Inventory, settings: Settings, clients: Clients
) -> Sequence[Restore | Outcome]:
    region = request.region or ""
    if (unread := inventory.unreadable.get(region)) is not None:
        return (Outcome("read", "failed", region, error=unread),)
    points, found = choose_all(inventory.regions[region], request, settings.policy_name)
    try:
        world = plan_world(points, inventory, settings, clients)
        world = replace(world, surroundings=read_surroundings(clients, points))
    except Exception as error:
        return (*found, Outcome("read", "failed", region, error=explain(error)))
    return (*found, *plan_all(points, request, world))


def _left_behind(
    request: RestoreEvent, inventory: Inventory, settings: Settings, clients: Clients
) -> Iterator[Outcome]:
    """After a region is restored: the databases of the regions that its copies come from."""
    region = request.region or ""
    if region not in inventory.regions:
        return
    series = group(inventory.regions[region].snapshots, settings.policy_name).values()
    sources = {each.source_region for each in series if each.is_copies}
    if region not in settings.regions:
        # A region that has nothing but copies: of any of these.
        sources |= set(settings.regions)
    if sources:
        elsewhere = take_inventory(
            clients, (DATABASE,), home=(), elsewhere=sorted(sources), policy=settings.policy_name
        )
        yield from databases_left_behind(elsewhere, request, settings.policy_name)


def _total(actions: Sequence[Restore], region: str | None) -> Outcome:
    """What the resources of a dry run would cost a month."""
    bundles = [each.bundle for each in actions if each.bundle]
    usd = sum(each.price_usd or 0 for each in bundles)
    disks_gb = sum(each.point.size_gb for each in actions if each.kind is DISK)
    attached = sum(len(each.disks) for each in actions)
    unknown = {each.id for each in bundles if each.price_usd is None}
    parts = [
        f"{len(actions)} resources would be created: {usd:g} USD a month for their bundles, and "
        f"{disks_gb} GB of disks"
    ]
    if attached:
        parts.append(f"disks that come with instances, and are not counted: {attached}")
    if unknown:
        parts.append(f"bundles whose price is not known: {', '.join(sorted(unknown))}")
    return Outcome("restore", "planned", region, reason="; ".join(parts))
