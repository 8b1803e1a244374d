"""Plans the restore of a whole region: everything whose source's name is free there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from snapshotter.inputs.request import RestoreRequest
from snapshotter.inputs.settings import Settings
from snapshotter.model.inventory import Inventory, RegionInventory, Snapshot
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.series import OwnSnapshot, Series, group
from snapshotter.plan.restores import RestoreResource
from snapshotter.restore.checks import Offers, check
from snapshotter.restore.choose import refused
from snapshotter.restore.plan import action_for, source_of

_ORDER = (INSTANCE, DISK, DATABASE)
"""Instances first: they bring their disks with them."""


def plan_region(
    there: RegionInventory,
    request: RestoreRequest,
    offers: Mapping[str, Offers],
    settings: Settings,
) -> Iterator[RestoreResource | Outcome]:
    """Plan a restore of the newest point of each series, under the name of its source.

    What has the name already is left alone, whatever its state.
    offers: by the name of the kind.
    """
    taken = {each.name: "something has its name" for each in there.snapshots}
    taken |= {each.name: f"its state is {each.state or 'unknown'}" for each in there.resources}
    for series in _in_order(there.snapshots, settings.policy_name):
        name = series.source_name
        if request.resources is not None and name not in request.resources:
            continue
        in_time = (each for each in series.of(Status.READY) if request.is_in_time(each.time))
        point = next(in_time, None)
        if name in taken:
            yield _exists(point or series.snapshots[0], name, taken[name])
        elif point is None:
            message = f"{name}: there is no ready recovery point{request.when} in {series.region}"
            yield refused(request, "NoRecoveryPoint", message, series.snapshots[0], name)
        else:
            planned = _plan(point, name, request, there, offers, settings, taken)
            if isinstance(planned, RestoreResource):
                taken[name] = f"it is restored from {planned.name}"
                taken |= dict.fromkeys(planned.disks, f"it is restored with {name}")
            yield planned
    yield from _unknown(there, request, settings)


def not_copied(
    inventory: Inventory, lost: Iterable[str], request: RestoreRequest, policy: str
) -> Iterator[Outcome]:
    """Databases of the regions that copies come from: there are no copies of databases.

    inventory: of those regions.
    """
    for region in lost:
        if (error := inventory.unreadable.get(region)) is not None:
            message = (
                f"{region}: it cannot be read ({error.message.rstrip('.')}), so its databases "
                "are not known. Lightsail cannot copy database snapshots to another region. "
                "Restore them there when the region is back, or import a dump of your own"
            )
            yield _refusal(region, None, None, message)
            continue
        for series in group(inventory.regions[region].snapshots, policy).values():
            name, newest = series.source_name, series.newest(Status.READY)
            wanted = request.resources is None or name in request.resources
            if series.kind is DATABASE and wanted and newest is not None:
                message = (
                    f"{name}: Lightsail cannot copy database snapshots to another region, so it "
                    f"is not restored in {request.region}. Restore {newest.name} in {region}, or "
                    "import a dump of your own into a new database"
                )
                yield _refusal(region, name, newest.name, message)


def _plan(
    point: OwnSnapshot,
    name: str,
    request: RestoreRequest,
    there: RegionInventory,
    offers: Mapping[str, Offers],
    settings: Settings,
    taken: Mapping[str, str],
) -> RestoreResource | Outcome:
    known = offers[point.kind.name]
    refusal = check(point, replace(request, name=name), name, known)
    if refusal is not None:
        return refusal
    source = source_of(point, there)
    action = action_for(point, request, name, source, known, settings)
    disks = [disk.name for disk in point.snapshot.attached]
    free = len({name, *disks}) == 1 + len(disks) and taken.keys().isdisjoint(disks)
    bundle = known.bundles.get(action.bundle_id or "")
    price = bundle.price_usd if bundle else None
    if action.kind is DISK:
        costs = f"{point.snapshot.size_gb} GB of disk"
    else:
        costs = f"bundle {action.bundle_id}, {'?' if price is None else f'{price:g}'} USD a month"
    return replace(
        action,
        new_disks=tuple(disks) if free else (),
        price_usd=price,
        reason=f"{action.reason}; {costs}",
    )


def _in_order(snapshots: Iterable[Snapshot], policy: str) -> list[Series]:
    """All series, those of newer points first within a kind: of two namesakes one is restored."""
    found = group(snapshots, policy).values()
    newest_last = sorted(found, key=lambda each: (each.snapshots[0].time, not each.is_copies))
    return [each for kind in _ORDER for each in reversed(newest_last) if each.kind is kind]


def _exists(point: OwnSnapshot, name: str, why: str) -> Outcome:
    return Outcome(
        action="restore",
        status="exists",
        region=point.region,
        resource_type=point.kind.name,
        resource=name,
        snapshot=point.name,
        reason=f"left alone: {why}",
    )


def _refusal(region: str, resource: str | None, snapshot: str | None, message: str) -> Outcome:
    return Outcome(
        action="restore",
        status="refused",
        region=region,
        resource_type=DATABASE.name,
        resource=resource,
        snapshot=snapshot,
        error=ErrorInfo("NotCopied", message),
    )


def _unknown(
    there: RegionInventory, request: RestoreRequest, settings: Settings
) -> Iterator[Outcome]:
    known = {each.source_name for each in group(there.snapshots, settings.policy_name).values()}
    for name in request.resources or ():
        if name not in known:
            message = f"{name}: there is no recovery point of this name in {request.region}"
            yield refused(request, "NoRecoveryPoint", message, name=name)
