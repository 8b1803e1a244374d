"""One run that restores: read, choose, plan, create, and the steps after that."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from snapshotter.apply.actions import attempt, in_regions, planned
from snapshotter.apply.restores import read_restored, restore, wait_for
from snapshotter.inputs.request import Request, RestoreRequest
from snapshotter.inputs.settings import Settings
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.deadline import Deadline
from snapshotter.lightsail.errors import explain
from snapshotter.lightsail.inventory import take_inventory
from snapshotter.model.inventory import Inventory
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, KINDS
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import group
from snapshotter.plan.restores import RestoreResource
from snapshotter.restore.choose import choose, refused
from snapshotter.restore.offers import offers_for, offers_of_region
from snapshotter.restore.plan import plan_restore
from snapshotter.restore.region import not_copied, plan_region
from snapshotter.restore.steps import Restored, find_restored, proceed


def run_restore(
    settings: Settings, request: Request, clients: Clients, deadline: Deadline
) -> tuple[Outcome, ...]:
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
        run = _Run(settings.policy_name, request.scheduled_time, clients, deadline)
        outcomes = (*findings, *_carry_out(actions, inventory, request.wait_s, run))
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


@dataclass(frozen=True, slots=True)
class _Run:
    """What every step of a restore needs."""

    policy: str
    now: datetime
    clients: Clients
    deadline: Deadline

    def create(self, action: RestoreResource) -> tuple[Outcome, ...]:
        """Create, and set the firewall at once: Lightsail opens its own ports on every instance."""
        client = self.clients[action.region]
        started = attempt(action, self.deadline, lambda: restore(action, client))
        if started.status != "started" or self.deadline.passed():
            return (started,)
        return (started, *self.proceed(action))

    def proceed(self, action: RestoreResource) -> tuple[Outcome, ...]:
        """Continue after a create; a read that fails leaves the steps to a later run."""
        if action.kind is not INSTANCE:
            return ()
        try:
            found = read_restored(action, self.clients[action.region])
        except Exception:
            return ()
        return tuple(self.continue_one(Restored(found, action.source))) if found else ()

    def continue_one(self, restored: Restored) -> Iterator[Outcome]:
        return proceed(restored, self.policy, self.now, self.clients, self.deadline)

    def wait(self, actions: Iterable[RestoreResource], wait_s: float) -> Iterator[Outcome]:
        """Wait until they are ready, and do the steps that had to wait for that."""
        for action, result in wait_for(actions, self.clients, self.deadline, wait_s=wait_s):
            yield result
            if result.status == "exists":
                yield from self.proceed(action)


def _carry_out(
    actions: Sequence[RestoreResource], inventory: Inventory, wait_s: float, run: _Run
) -> tuple[Outcome, ...]:
    created = in_regions(actions, run.clients, run.create)
    # What an earlier delivery of the same event left to do.
    left = find_restored(inventory, run.policy, run.now)
    continued = in_regions(left, run.clients, lambda each: tuple(run.continue_one(each)))
    started = {each.snapshot for each in created if each.status == "started"}
    waited = run.wait((each for each in actions if each.name in started), wait_s)
    return (*created, *continued, *waited)


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
