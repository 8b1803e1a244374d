"""Which recovery point an event means, or why it means none."""

from collections.abc import Iterable, Iterator, Sequence

from snapshotter.kinds import Status
from snapshotter.model import ErrorInfo, Inventory, Outcome, Snapshot
from snapshotter.request import RestoreOrder
from snapshotter.series import OwnSnapshot, read
from snapshotter.tags import POLICY
from snapshotter.times import to_iso


def choose(inventory: Inventory, order: RestoreOrder, policy: str) -> OwnSnapshot | Outcome:
    """Find what is to be restored, ready and unmistakable; else a failed outcome that says why.

    inventory: of the region that the order names, or of all that may hold snapshots of ours.
    """
    if order.snapshot is not None:
        return _by_name(inventory, order, order.snapshot, policy)
    return _newest(inventory, order, order.resource or "", policy)


def refused(
    order: RestoreOrder, code: str, message: str, point: OwnSnapshot | None = None
) -> Outcome:
    """Say that nothing is restored, and what to do about it."""
    return Outcome(
        action="restore",
        status="failed",
        region=point.region if point else order.region,
        resource_type=point.kind.name if point else None,
        resource=order.name or order.resource or (point.source_name if point else None),
        snapshot=point.name if point else order.snapshot,
        error=ErrorInfo(code, message),
    )


def _by_name(
    inventory: Inventory, order: RestoreOrder, name: str, policy: str
) -> OwnSnapshot | Outcome:
    found = [read(each) for each in _snapshots(inventory) if each.name == name]
    if not found:
        message = f"there is no snapshot named {name!r} in {_where(inventory)}"
        return refused(order, "NoSuchSnapshot", message)
    if len(found) > 1:
        return _ambiguous(order, f"a snapshot named {name!r} lies", found)
    (point,) = found
    if not (order.foreign or _is_ours(point, policy)):
        message = (
            f"{name} is not ours: it does not carry the tag {POLICY}={policy}. To restore it all "
            'the same, add "foreign": true'
        )
        return refused(order, "NotOurs", message, point)
    if point.status is not Status.READY:
        state, ready = point.snapshot.state, point.kind.ready_state
        message = f"{name} is {state}, not {ready}: wait until it is, or restore another one"
        return refused(order, "NotReady", message, point)
    return point


def _newest(
    inventory: Inventory, order: RestoreOrder, resource: str, policy: str
) -> OwnSnapshot | Outcome:
    if inventory.unreadable and order.region is None:
        unread = ", ".join(sorted(inventory.unreadable))
        message = (
            f"{unread} cannot be read, and may hold the recovery points of {resource!r}: say by "
            '"region" in which one to look, such as one that holds copies'
        )
        return refused(order, "RegionUnreadable", message)
    points = [
        point
        for point in map(read, _snapshots(inventory))
        if point.source_name == resource
        and point.status is Status.READY
        and (order.foreign or _is_ours(point, policy))
    ]
    points = [point for point in points if not point.is_copy] or points
    in_time = [point for point in points if order.as_of is None or point.time <= order.as_of]
    if not in_time:
        return refused(order, "NoRecoveryPoint", _none(inventory, order, resource, points))
    newest = max(in_time, key=lambda point: (point.time, point.region))
    if not newest.is_copy and len({point.region for point in in_time}) > 1:
        return _ambiguous(order, f"a {resource!r} has recovery points", in_time)
    return newest


def _none(
    inventory: Inventory, order: RestoreOrder, resource: str, points: Sequence[OwnSnapshot]
) -> str:
    when = f" at or before {to_iso(order.as_of)}" if order.as_of else ""
    text = f"there is no recovery point of {resource!r}{when} in {_where(inventory)}"
    if points:
        oldest = min(points, key=lambda point: point.time)
        return f"{text}; the oldest is {oldest.name} of {to_iso(oldest.time)}"
    return f"{text}; name a resource as its recovery points do, or a snapshot by its own name"


def _ambiguous(order: RestoreOrder, what: str, points: Sequence[OwnSnapshot]) -> Outcome:
    regions = " and in ".join(sorted({point.region for point in points}))
    return refused(order, "Ambiguous", f'{what} in {regions}: say which is meant by "region"')


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
