"""Finds the recovery points that an event asks for, or the reasons why there are none.

Sources are told apart by their ARN: a name can have belonged to several.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from snapshotter.inputs.restore_event import RestoreEvent
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, Status
from snapshotter.model.names import to_iso
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Inventory, RegionInventory
from snapshotter.model.snapshot import UNKNOWN_TIME, Snapshot, group
from snapshotter.model.tags import POLICY
from snapshotter.plan.action import about_snapshot

_ORDER = (INSTANCE, DISK, DATABASE)
"""Instances first: they bring their disks with them."""

_LEFT_OUT_AFTER = timedelta(days=7)
"""A source without a point for so long was probably deleted on purpose."""


def choose(inventory: Inventory, request: RestoreEvent, policy: str) -> Snapshot | Outcome:
    """Find the ready snapshot to restore; otherwise a failed outcome with the reason.

    inventory: of the region in the request, or of all regions that may hold snapshots of ours.
    """
    snapshots = [each for region in inventory.regions.values() for each in region.snapshots]
    if request.snapshot is not None:
        found = [each for each in snapshots if each.name == request.snapshot]
        fault = _wrong_snapshot(inventory, request, found, policy)
    else:
        points = [
            each
            for each in snapshots
            if each.source_name == request.resource
            and each.status is Status.READY
            and (request.foreign or each.is_owned_by(policy))
        ]
        found = _newest_of_each(each for each in points if request.is_in_time(each.time))
        fault = _wrong_resource(inventory, request, points, found)
    if fault is None:
        return found[0]
    if request.snapshot is not None and len(found) == 1:
        return about_snapshot("restore", found[0]).outcome("failed", error=fault)
    return Outcome(
        action="restore",
        status="failed",
        region=request.region,
        resource=request.name or request.resource,
        snapshot=request.snapshot,
        error=fault,
    )


def _wrong_snapshot(
    inventory: Inventory, request: RestoreEvent, found: list[Snapshot], policy: str
) -> ErrorInfo | None:
    name = request.snapshot
    if not found:
        message = f"{name}: there is no such snapshot in {_where(inventory)}"
        return ErrorInfo("NoSuchSnapshot", message)
    if len(found) > 1:
        regions = ", ".join(sorted(each.region for each in found))
        message = f"{name}: snapshots of this name exist in several regions: {regions}"
        return ErrorInfo("Ambiguous", message, 'Choose one with "region"')
    (point,) = found
    if not (request.foreign or point.is_owned_by(policy)):
        message = (
            f"{name}: it does not belong to this stack, since it does not have the tag "
            f"{POLICY}={policy}"
        )
        return ErrorInfo("NotOurs", message, 'To restore it, add "foreign": true')
    if point.status is not Status.READY:
        message = f"{name}: its state is {point.state}, not {point.kind.ready_state}"
        return ErrorInfo("NotReady", message, "Wait, or restore another snapshot")
    return None


def _wrong_resource(
    inventory: Inventory, request: RestoreEvent, points: list[Snapshot], newest: list[Snapshot]
) -> ErrorInfo | None:
    name = request.resource or ""
    if inventory.unreadable and request.region is None:
        unread = ", ".join(sorted(inventory.unreadable))
        message = f"{name}: {unread} cannot be read, and may have its newest recovery point"
        remedy = 'Give the region to restore in with "region", for example one with copies'
        return ErrorInfo("RegionUnreadable", message, remedy)
    if newest:
        return _one_of_several(name, newest) if len(newest) > 1 else None
    message = f"{name}: there is no recovery point{request.when} in {_where(inventory)}"
    if not points:
        remedy = 'Check the name, or give the name of a snapshot with "snapshot"'
        return ErrorInfo("NoRecoveryPoint", message, remedy)
    oldest = min(points, key=lambda each: (each.time, each.is_copy))
    message = f"{message}; the oldest is {oldest.name} of {to_iso(oldest.time)}"
    return ErrorInfo("NoRecoveryPoint", message)


def _newest_of_each(points: Iterable[Snapshot]) -> list[Snapshot]:
    """The newest point of each source, newest first; an original rather than its copies."""
    newest: dict[str, Snapshot] = {}
    for each in sorted(
        points, key=lambda each: (each.time, not each.is_copy, each.region, each.name), reverse=True
    ):
        newest.setdefault(each.source_arn, each)
    return [*newest.values()]


def _one_of_several(name: str, newest: list[Snapshot]) -> ErrorInfo:
    """Why nothing is chosen where a name belonged to several sources."""
    listed = "; ".join(
        f"{each.name} in {each.region} of {to_iso(each.time)}, of {each.source_arn}"
        for each in newest
    )
    return ErrorInfo(
        "Ambiguous",
        f"{name}: more than one resource of this name has recovery points, so none was restored. "
        f"The newest of each: {listed}",
        'Choose one with "snapshot", and "region" where it is not the only one of its name',
    )


def _where(inventory: Inventory) -> str:
    text = ", ".join(sorted(inventory.regions)) or "any region"
    why = "; ".join(
        f"{region} cannot be read: {error.message.rstrip('.')}"
        for region, error in sorted(inventory.unreadable.items())
    )
    return f"{text} ({why})" if why else text


def choose_all(
    there: RegionInventory, request: RestoreEvent, policy: str
) -> tuple[list[Snapshot], list[Outcome]]:
    """Find the points to restore in a region, and why the others are not restored."""
    all_series = group(there.snapshots, policy).values()
    taken = {each.name: "something has its name" for each in there.snapshots}
    taken |= {each.name: f"its state is {each.state or 'unknown'}" for each in there.resources}
    newest = [
        next((each for each in series.ready if request.is_in_time(each.time)), None)
        for series in all_series
    ]
    last = max((each.time for each in newest if each), default=UNKNOWN_TIME)
    by_name: defaultdict[str, list[Snapshot]] = defaultdict(list)
    found: list[Outcome] = []
    for series, point in zip(all_series, newest, strict=True):
        name = series.source_name
        if request.resources is not None and name not in request.resources:
            continue
        action = about_snapshot("restore", point or series.snapshots[0])
        if name in taken:
            found.append(action.outcome("exists", reason=f"left alone: {taken[name]}"))
        elif point is None:
            message = f"{name}: there is no ready recovery point{request.when} in {series.region}"
            error = ErrorInfo("NoRecoveryPoint", message)
            found.append(action.outcome("failed", error=error))
        elif request.resources is None and last - point.time > _LEFT_OUT_AFTER:
            found.append(action.outcome("refused", error=_left_out(point)))
        else:
            by_name[name].append(point)
    for name, several in by_name.items():
        if len(several) > 1:
            points = _newest_of_each(several)
            action, error = about_snapshot("restore", points[0]), _one_of_several(name, points)
            found.append(action.outcome("refused", error=error))
    for name in sorted({*(request.resources or ())} - {each.source_name for each in all_series}):
        message = f"{name}: there is no recovery point of this name in {request.region}"
        error = ErrorInfo("NoRecoveryPoint", message)
        found.append(Outcome("restore", "failed", request.region, resource=name, error=error))
    chosen = _newest_of_each(each[0] for each in by_name.values() if len(each) == 1)
    return sorted(chosen, key=lambda each: _ORDER.index(each.kind)), found


def _left_out(point: Snapshot) -> ErrorInfo:
    name = point.source_name
    message = (
        f"{name}: its newest recovery point, {point.name}, is more than {_LEFT_OUT_AFTER.days} "
        f"days older than the newest one in {point.region}, so it was probably deleted on purpose, "
        "and is not restored"
    )
    event = (
        f'{{"action": "restore", "all": true, "region": "{point.region}", "resources": ["{name}"]}}'
    )
    return ErrorInfo("LeftOut", message, f"To restore it: {event}")


def databases_left_behind(
    elsewhere: Inventory, request: RestoreEvent, policy: str
) -> Iterator[Outcome]:
    """Databases of the regions that copies come from: there are no copies of databases."""
    why = "Lightsail cannot copy database snapshots to another region"
    dump = "or import a dump of your own"
    for region, unread in sorted(elsewhere.unreadable.items()):
        message = (
            f"{region}: it cannot be read ({unread.message.rstrip('.')}), so its databases are not "
            f"known, and {why}"
        )
        remedy = f"Restore them there when the region is back, {dump}"
        error = ErrorInfo("NotCopied", message, remedy)
        yield Outcome("restore", "refused", region, DATABASE.name, error=error)
    for region, there in sorted(elsewhere.regions.items()):
        for series in group(there.snapshots, policy).values():
            name, newest = series.source_name, series.newest_ready
            wanted = request.resources is None or name in request.resources
            if series.kind is DATABASE and wanted and newest is not None:
                message = f"{name}: {why}, so it is not restored in {request.region}"
                remedy = f"Restore {newest.name} in {region}, {dump} into a new database"
                error = ErrorInfo("NotCopied", message, remedy)
                yield about_snapshot("restore", newest).outcome("refused", error=error)
