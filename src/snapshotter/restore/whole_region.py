"""Restores everything in a region: for each source whose name is free there, its newest point."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from snapshotter.inputs.restore_event import RestoreEvent
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE
from snapshotter.model.names import disk_names
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Inventory, RegionInventory
from snapshotter.model.snapshot import UNKNOWN_TIME, Series, Snapshot, group
from snapshotter.plan.action import about_snapshot
from snapshotter.restore.choosing import newest_of_each, one_of_several, refused
from snapshotter.restore.made import names_in
from snapshotter.restore.making import Restore, Wanted, World, plan_restore

_ORDER = (INSTANCE, DISK, DATABASE)
"""Instances first: they bring their disks with them."""

_LEFT_OUT_AFTER = timedelta(days=7)
"""A source without a point for so long was probably deleted on purpose."""


def choose_all(
    there: RegionInventory, request: RestoreEvent, policy: str
) -> tuple[list[Snapshot], list[Outcome]]:
    """Find the points to restore in a region, and why the others are not restored."""
    all_series = group(there.snapshots, policy).values()
    taken = {each.name: "something has its name" for each in there.snapshots}
    taken |= {each.name: f"its state is {each.state or 'unknown'}" for each in there.resources}
    points = [point for each in all_series if (point := _newest(each, request))]
    newest = max((each.time for each in points), default=UNKNOWN_TIME)
    by_name: defaultdict[str, list[Snapshot]] = defaultdict(list)
    found: list[Outcome] = []
    for series in all_series:
        name, in_time = series.source_name, _newest(series, request)
        if request.resources is not None and name not in request.resources:
            continue
        if name in taken:
            action = about_snapshot("restore", in_time or series.snapshots[0])
            found.append(action.outcome("exists", reason=f"left alone: {taken[name]}"))
        elif in_time is None:
            message = f"{name}: there is no ready recovery point{request.when} in {series.region}"
            found.append(refused(request, "NoRecoveryPoint", message, point=series.snapshots[0]))
        elif request.resources is None and newest - in_time.time > _LEFT_OUT_AFTER:
            found.append(_left_out(in_time, newest))
        else:
            by_name[name].append(in_time)
    for name, several in by_name.items():
        if len(several) > 1:
            action = about_snapshot("restore", newest_of_each(several)[0])
            error = one_of_several(name, newest_of_each(several))
            found.append(action.outcome("refused", error=error))
    found += _unknown(all_series, request)
    chosen = newest_of_each(each[0] for each in by_name.values() if len(each) == 1)
    return [point for kind in _ORDER for point in chosen if point.kind is kind], found


def plan_all(
    points: list[Snapshot], request: RestoreEvent, world: World
) -> Iterator[Restore | Outcome]:
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
        wanted = Wanted(name, name, zone=request.zone, protect=request.protect, disks=disks)
        planned = plan_restore(point, wanted, world)
        if isinstance(planned, Restore):
            made |= dict.fromkeys(planned.disks, name)
        yield planned


def databases_left_behind(
    elsewhere: Inventory, request: RestoreEvent, policy: str
) -> Iterator[Outcome]:
    """Databases of the regions that copies come from: there are no copies of databases."""
    why = "Lightsail cannot copy database snapshots to another region"
    for region, unread in sorted(elsewhere.unreadable.items()):
        message = (
            f"{region}: it cannot be read ({unread.message.rstrip('.')}), so its databases are not "
            f"known, and {why}"
        )
        remedy = "Restore them there when the region is back, or import a dump of your own"
        error = ErrorInfo("NotCopied", message, remedy)
        yield Outcome("restore", "refused", region, DATABASE.name, error=error)
    for region, there in sorted(elsewhere.regions.items()):
        for series in group(there.snapshots, policy).values():
            name, newest = series.source_name, series.newest_ready
            wanted = request.resources is None or name in request.resources
            if series.kind is DATABASE and wanted and newest is not None:
                message = f"{name}: {why}, so it is not restored in {request.region}"
                remedy = (
                    f"Restore {newest.name} in {region}, or import a dump of your own into a new "
                    "database"
                )
                error = ErrorInfo("NotCopied", message, remedy)
                yield about_snapshot("restore", newest).outcome("refused", error=error)


def _newest(series: Series, request: RestoreEvent) -> Snapshot | None:
    return next((each for each in series.ready if request.is_in_time(each.time)), None)


def _left_out(point: Snapshot, newest: object) -> Outcome:
    name = point.source_name
    message = (
        f"{name}: its newest recovery point, {point.name}, is more than {_LEFT_OUT_AFTER.days} "
        f"days older than the newest one in {point.region}, so it was probably deleted on purpose, "
        "and is not restored"
    )
    event = (
        f'{{"action": "restore", "all": true, "region": "{point.region}", "resources": ["{name}"]}}'
    )
    error = ErrorInfo("LeftOut", message, f"To restore it: {event}")
    return about_snapshot("restore", point).outcome("refused", error=error)


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
        free = disk.name not in occupied | used and not newer
        used.add(disk.name if free else other)
        yield disk.name if free else other


def _unknown(all_series: Iterable[Series], request: RestoreEvent) -> Iterator[Outcome]:
    known = {each.source_name for each in all_series}
    for name in request.resources or ():
        if name not in known:
            message = f"{name}: there is no recovery point of this name in {request.region}"
            error = ErrorInfo("NoRecoveryPoint", message)
            yield Outcome("restore", "failed", request.region, resource=name, error=error)
