"""Finds the recovery point that an event asks for, or the reason why there is none.

Sources are told apart by their ARN: a name can have belonged to several.
"""

from collections.abc import Iterable, Iterator

from snapshotter.inputs.restore_event import RestoreEvent
from snapshotter.model.kinds import Status
from snapshotter.model.names import to_iso
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Inventory
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import POLICY
from snapshotter.plan.action import about_snapshot


def choose(inventory: Inventory, request: RestoreEvent, policy: str) -> Snapshot | Outcome:
    """Find the ready snapshot to restore; otherwise a failed outcome with the reason.

    inventory: of the region in the request, or of all regions that may hold snapshots of ours.
    """
    if request.snapshot is not None:
        return _by_name(inventory, request, request.snapshot, policy)
    return _newest(inventory, request, request.resource or "", policy)


def refused(
    request: RestoreEvent, code: str, message: str, remedy: str = "", point: Snapshot | None = None
) -> Outcome:
    """The outcome of a restore that is not possible. The message begins with a name."""
    error = ErrorInfo(code, message, remedy)
    if point is not None:
        return about_snapshot("restore", point).outcome("failed", error=error)
    return Outcome(
        action="restore",
        status="failed",
        region=request.region,
        resource=request.name or request.resource,
        snapshot=request.snapshot,
        error=error,
    )


def newest_of_each(points: Iterable[Snapshot]) -> list[Snapshot]:
    """The newest point of each source; an original rather than its copies."""
    newest: dict[str, Snapshot] = {}
    for point in sorted(points, key=_rank):
        newest[point.source_arn] = point
    return sorted(newest.values(), key=_rank, reverse=True)


def one_of_several(name: str, points: Iterable[Snapshot]) -> ErrorInfo:
    """Why nothing is chosen where a name belonged to several sources.

    points: the newest of each.
    """
    listed = "; ".join(
        f"{each.name} in {each.region} of {to_iso(each.time)}, of {each.source_arn}"
        for each in points
    )
    return ErrorInfo(
        "Ambiguous",
        f"{name}: more than one resource of this name has recovery points, so none was restored. "
        f"The newest of each: {listed}",
        'Choose one with "snapshot", and "region" where it is not the only one of its name',
    )


def _rank(point: Snapshot) -> tuple[object, ...]:
    """Later points rank higher, and of the same time originals."""
    return point.time, not point.is_copy, point.region, point.name


def _by_name(
    inventory: Inventory, request: RestoreEvent, name: str, policy: str
) -> Snapshot | Outcome:
    found = [each for each in _snapshots(inventory) if each.name == name]
    if not found:
        message = f"{name}: there is no such snapshot in {_where(inventory)}"
        return refused(request, "NoSuchSnapshot", message)
    if len(found) > 1:
        regions = ", ".join(sorted(each.region for each in found))
        message = f"{name}: snapshots of this name exist in several regions: {regions}"
        return refused(request, "Ambiguous", message, 'Choose one with "region"')
    (point,) = found
    if not (request.foreign or point.is_owned_by(policy)):
        message = (
            f"{name}: it does not belong to this stack, since it does not have the tag "
            f"{POLICY}={policy}"
        )
        return refused(request, "NotOurs", message, 'To restore it, add "foreign": true', point)
    if point.status is not Status.READY:
        message = f"{name}: its state is {point.state}, not {point.kind.ready_state}"
        return refused(request, "NotReady", message, "Wait, or restore another snapshot", point)
    return point


def _newest(
    inventory: Inventory, request: RestoreEvent, resource: str, policy: str
) -> Snapshot | Outcome:
    if inventory.unreadable and request.region is None:
        return _unreadable(inventory, request, resource)
    points = [
        each
        for each in _snapshots(inventory)
        if each.source_name == resource
        and each.status is Status.READY
        and (request.foreign or each.is_owned_by(policy))
    ]
    newest = newest_of_each(each for each in points if request.is_in_time(each.time))
    if not newest:
        return _not_found(inventory, request, resource, points)
    if len(newest) > 1:
        error = one_of_several(resource, newest)
        return refused(request, error.code, error.message, error.remedy)
    return newest[0]


def _unreadable(inventory: Inventory, request: RestoreEvent, resource: str) -> Outcome:
    message = (
        f"{resource}: {', '.join(sorted(inventory.unreadable))} cannot be read, and may have its "
        "newest recovery point"
    )
    remedy = 'Give the region to restore in with "region", for example one with copies'
    return refused(request, "RegionUnreadable", message, remedy)


def _not_found(
    inventory: Inventory, request: RestoreEvent, resource: str, points: list[Snapshot]
) -> Outcome:
    message = f"{resource}: there is no recovery point{request.when} in {_where(inventory)}"
    if not points:
        remedy = 'Check the name, or give the name of a snapshot with "snapshot"'
        return refused(request, "NoRecoveryPoint", message, remedy)
    oldest = min(points, key=lambda each: (each.time, each.is_copy))
    message = f"{message}; the oldest is {oldest.name} of {to_iso(oldest.time)}"
    return refused(request, "NoRecoveryPoint", message)


def _snapshots(inventory: Inventory) -> Iterator[Snapshot]:
    for region in inventory.regions.values():
        yield from region.snapshots


def _where(inventory: Inventory) -> str:
    text = ", ".join(sorted(inventory.regions)) or "any region"
    if not inventory.unreadable:
        return text
    why = "; ".join(
        f"{region} cannot be read: {error.message.rstrip('.')}"
        for region, error in sorted(inventory.unreadable.items())
    )
    return f"{text} ({why})"
