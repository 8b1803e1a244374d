"""Plans what to create from a recovery point: name, zone, size and tags."""

from collections.abc import Iterator

from snapshotter.inputs.request import RestoreRequest
from snapshotter.inputs.settings import Settings
from snapshotter.model.inventory import RegionInventory, Resource
from snapshotter.model.kinds import DATABASE
from snapshotter.model.names import restored_name
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.model.tags import RESTORED, TAG_LIMIT, Tags, inherit
from snapshotter.model.times import to_iso
from snapshotter.plan.restores import RestoreResource, resolve_existing
from snapshotter.restore.checks import Offers, check


def needs_zones(point: OwnSnapshot, request: RestoreRequest, there: RegionInventory) -> bool:
    """Return whether the zones of the region must be read, to check one or to choose one.

    Lightsail chooses the zone of a database if none is given.
    """
    if request.zone is not None:
        return True
    return point.kind is not DATABASE and _source(point, there) is None


def plan_restore(
    point: OwnSnapshot,
    request: RestoreRequest,
    there: RegionInventory,
    offers: Offers,
    settings: Settings,
) -> RestoreResource | Outcome:
    """Plan a restore; return an outcome if it is done already or not possible.

    there: the inventory of the recovery point's region.
    """
    default = restored_name(point.kind, point.source_name, point.source_arn, point.time)
    name = request.name or default
    refusal = check(point, request, name, offers)
    if refusal is not None:
        return refusal
    zone = request.zone or _zone(point, there, offers)
    action = _action(point, request, name, zone, settings)
    return _existing(action, there) or action


def _action(
    point: OwnSnapshot, request: RestoreRequest, name: str, zone: str | None, settings: Settings
) -> RestoreResource:
    tags, left_out = inherit(_inherited_tags(point, request, settings), {RESTORED: point.name})
    return RestoreResource(
        point=point,
        target=name,
        about=name,
        zone=zone,
        bundle_id=request.bundle_id or point.snapshot.from_bundle,
        tags=tags,
        mark=RESTORED,
        reason="; ".join(_reasons(point, left_out)),
    )


def _existing(action: RestoreResource, there: RegionInventory) -> Outcome | None:
    """The outcome if the name of the resource, or of one of its disks, is taken already."""
    found = next((each for each in there.resources if each.name == action.target), None)
    if found is not None and action.is_this(found):
        return resolve_existing(action, found)
    names = {each.name for each in there.resources} | {each.name for each in there.snapshots}
    if names.isdisjoint({action.target, *action.disks}):
        return None
    return resolve_existing(action, None)


def _inherited_tags(point: OwnSnapshot, request: RestoreRequest, settings: Settings) -> Tags:
    """The source's tags, with the selection tag only if the request asks for protection."""
    key, tags = settings.selection_tag_key, point.snapshot.tags
    if request.protect:
        return {key: settings.selection_tag_value or None, **tags}
    return {name: value for name, value in tags.items() if name != key}


def _source(point: OwnSnapshot, there: RegionInventory) -> Resource | None:
    """Find the source. It may be deleted, or in another region than its copy."""
    return next((each for each in there.resources if each.arn == point.source_arn), None)


def _zone(point: OwnSnapshot, there: RegionInventory, offers: Offers) -> str | None:
    source = _source(point, there)
    return source.zone if source else next(iter(offers.zones), None)


def _reasons(point: OwnSnapshot, left_out: tuple[str, ...]) -> Iterator[str]:
    what = "the copy of the recovery point" if point.is_copy else "the recovery point"
    yield f"{what} of {point.source_name} of {to_iso(point.time)}"
    if left_out:
        yield f"tags left out, because a resource can have {TAG_LIMIT}: {', '.join(left_out)}"
