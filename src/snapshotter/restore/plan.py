"""What is made of a recovery point: its name, place, size and tags; or why nothing is made."""

from collections.abc import Iterator

from snapshotter.kinds import DATABASE
from snapshotter.model import Outcome, RegionInventory, Resource, Tags
from snapshotter.names import restored_name
from snapshotter.request import RestoreOrder
from snapshotter.restore.action import RestoreResource, met
from snapshotter.restore.checks import Offers, check
from snapshotter.series import OwnSnapshot
from snapshotter.settings import Settings
from snapshotter.tags import RESTORED, TAG_LIMIT, inherit
from snapshotter.times import to_iso


def needs_zones(point: OwnSnapshot, order: RestoreOrder, there: RegionInventory) -> bool:
    """Tell whether the region's zones must be known: one is asked for, or none is at hand.

    Lightsail chooses the zone of a database itself where none is given.
    """
    if order.zone is not None:
        return True
    return point.kind is not DATABASE and _source(point, there) is None


def plan_restore(
    point: OwnSnapshot,
    order: RestoreOrder,
    there: RegionInventory,
    offers: Offers,
    settings: Settings,
) -> RestoreResource | Outcome:
    """Decide all about a restore; an outcome where it is done already or cannot be.

    there: the inventory of the recovery point's region.
    """
    name = order.name or restored_name(point.kind, point.source_name, point.source_arn, point.time)
    refusal = check(point, order, name, offers)
    if refusal is not None:
        return refusal
    tags, left_out = inherit(_handed_down(point, order, settings), {RESTORED: point.name})
    action = RestoreResource(
        point=point,
        target=name,
        about=name,
        zone=order.zone or _zone(point, there, offers),
        bundle_id=order.bundle_id or point.snapshot.from_bundle,
        tags=tags,
        mark=RESTORED,
        reason="; ".join(_remarks(point, left_out)),
    )
    return _taken(action, there) or action


def _taken(action: RestoreResource, there: RegionInventory) -> Outcome | None:
    found = next((each for each in there.resources if each.name == action.target), None)
    if found is not None and action.is_this(found):
        return met(action, found)
    names = {each.name for each in there.resources} | {each.name for each in there.snapshots}
    return None if names.isdisjoint({action.target, *action.disks}) else met(action, None)


def _handed_down(point: OwnSnapshot, order: RestoreOrder, settings: Settings) -> Tags:
    """Take over the source's tags; that which selects it only where it is asked for."""
    key, tags = settings.selection_tag_key, point.snapshot.tags
    if order.protect:
        return {key: settings.selection_tag_value or None, **tags}
    return {name: value for name, value in tags.items() if name != key}


def _source(point: OwnSnapshot, there: RegionInventory) -> Resource | None:
    """Find the source itself, which may be gone, or in another region than its copy."""
    return next((each for each in there.resources if each.arn == point.source_arn), None)


def _zone(point: OwnSnapshot, there: RegionInventory, offers: Offers) -> str | None:
    source = _source(point, there)
    return source.zone if source else next(iter(offers.zones), None)


def _remarks(point: OwnSnapshot, left_out: tuple[str, ...]) -> Iterator[str]:
    what = "the copy of the recovery point" if point.is_copy else "the recovery point"
    yield f"{what} of {point.source_name} of {to_iso(point.time)}"
    if left_out:
        yield f"left out for want of room, {TAG_LIMIT} tags being the most: {', '.join(left_out)}"
