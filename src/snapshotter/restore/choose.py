"""Finds the recovery point that an event asks for, or the reason why there is none."""

from collections.abc import Iterable, Iterator, Sequence

from snapshotter.inputs.request import RestoreRequest
from snapshotter.model.inventory import Inventory, Snapshot
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.series import OwnSnapshot, read
from snapshotter.model.tags import POLICY
from snapshotter.model.times import to_iso


def choose(inventory: Inventory, request: RestoreRequest, policy: str) -> OwnSnapshot | Outcome:
    """Find the ready snapshot to restore; otherwise a failed outcome with the reason.

    inventory: of the region in the request, or of all regions that may hold snapshots of ours.
    """
    if request.snapshot is not None:
        return _by_name(inventory, request, request.snapshot, policy)
    return _newest(inventory, request, request.resource or "", policy)


def refused(
    request: RestoreRequest,
    code: str,
    message: str,
    point: OwnSnapshot | None = None,
    name: str | None = None,
) -> Outcome:
    """The outcome of a restore that is refused. The message names the fault and what to do.

    name: of the resource, where the request does not name it.
    """
    return Outcome(
        action="restore",
        status="failed",
        region=point.region if point else request.region,
        resource_type=point.kind.name if point else None,
        resource=name or request.name or request.resource or (point.source_name if point else None),
        snapshot=point.name if point else request.snapshot,
        error=ErrorInfo(code, message),
    )


def _by_name(
    inventory: Inventory, request: RestoreRequest, name: str, policy: str
) -> OwnSnapshot | Outcome:
    found = [read(each) for each in _snapshots(inventory) if each.name == name]
    if not found:
        message = f"{name}: there is no such snapshot in {_where(inventory)}"
        return refused(request, "NoSuchSnapshot", message)
    if len(found) > 1:
        return _ambiguous(request, f"{name}: snapshots of this name exist", found)
    (point,) = found
    if not (request.foreign or _is_ours(point, policy)):
        message = (
            f"{name}: it does not belong to this stack, because it does not have the tag "
            f'{POLICY}={policy}. To restore it anyway, add "foreign": true'
        )
        return refused(request, "NotOurs", message, point)
    if point.status is not Status.READY:
        state, ready = point.snapshot.state, point.kind.ready_state
        message = f"{name}: its state is {state}, not {ready}: wait, or restore another snapshot"
        return refused(request, "NotReady", message, point)
    return point


def _newest(
    inventory: Inventory, request: RestoreRequest, resource: str, policy: str
) -> OwnSnapshot | Outcome:
    if inventory.unreadable and request.region is None:
        return _unreadable(inventory, request, resource)
    points = [
        point
        for point in map(read, _snapshots(inventory))
        if point.source_name == resource
        and point.status is Status.READY
        and (request.foreign or _is_ours(point, policy))
    ]
    points = [point for point in points if not point.is_copy] or points
    in_time = [point for point in points if request.is_in_time(point.time)]
    if not in_time:
        return refused(request, "NoRecoveryPoint", _not_found(inventory, request, resource, points))
    newest = max(in_time, key=lambda point: (point.time, point.region))
    if not newest.is_copy and len({point.region for point in in_time}) > 1:
        return _ambiguous(
            request, f"{resource}: resources of this name have recovery points", in_time
        )
    return newest


def _unreadable(inventory: Inventory, request: RestoreRequest, resource: str) -> Outcome:
    message = (
        f"{resource}: {_listed(inventory.unreadable)} cannot be read and may have its recovery "
        'points: give the region to restore from with "region", for example one with copies'
    )
    return refused(request, "RegionUnreadable", message)


def _not_found(
    inventory: Inventory, request: RestoreRequest, resource: str, points: Sequence[OwnSnapshot]
) -> str:
    text = f"{resource}: there is no recovery point{request.when} in {_where(inventory)}"
    if points:
        oldest = min(points, key=lambda point: point.time)
        return f"{text}; the oldest is {oldest.name} of {to_iso(oldest.time)}"
    return f'{text}. Check the name, or give the name of a snapshot with "snapshot"'


def _ambiguous(request: RestoreRequest, what: str, points: Sequence[OwnSnapshot]) -> Outcome:
    regions = " and in ".join(sorted({point.region for point in points}))
    return refused(request, "Ambiguous", f'{what} in {regions}: choose one with "region"')


def _snapshots(inventory: Inventory) -> Iterator[Snapshot]:
    for region in inventory.regions.values():
        yield from region.snapshots


def _is_ours(point: OwnSnapshot, policy: str) -> bool:
    return point.snapshot.tags.get(POLICY) == policy


def _where(inventory: Inventory) -> str:
    text = _listed(inventory.regions) or "any region"
    if inventory.unreadable:
        why = "; ".join(
            f"{region} cannot be read: {error.message}"
            for region, error in sorted(inventory.unreadable.items())
        )
        return f"{text} ({why})"
    return text


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
