"""Plans what to create from a recovery point: name, zone, size and tags."""

from collections.abc import Iterator

from snapshotter.inputs.request import RestoreRequest
from snapshotter.inputs.settings import Settings
from snapshotter.model.inventory import RegionInventory, Resource
from snapshotter.model.kinds import DATABASE, INSTANCE
from snapshotter.model.names import restored_name
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.model.tags import RESTORED, STATIC_IP, TAG_LIMIT, Tags, inherit
from snapshotter.model.times import to_iso
from snapshotter.plan.restores import RestoreResource, resolve_existing
from snapshotter.restore.checks import Offers, check
from snapshotter.restore.choose import refused
from snapshotter.restore.identity import Identity, identity_of, restore_tags, wrong_address

BY_HAND = (
    "by hand: DNS entries that name the old address, load balancers and distributions that the "
    "source belonged to, and alarms"
)
"""What a restore cannot bring back."""


def needs_zones(point: OwnSnapshot, request: RestoreRequest, there: RegionInventory) -> bool:
    """Return whether the zones of the region must be read, to check one or to choose one.

    Lightsail chooses the zone of a database if none is given.
    """
    if request.zone is not None:
        return True
    return point.kind is not DATABASE and source_of(point, there) is None


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
    source = source_of(point, there)
    identity = identity_of(point, source, offers)
    action = action_for(point, request, name, source, offers, settings)
    # First what exists: a repeated event finds the source without its address, for example.
    return (
        _existing(action, request, there)
        or check(point, request, name, offers)
        or wrong_address(point, request, identity, source, offers, name)
        or action
    )


def action_for(
    point: OwnSnapshot,
    request: RestoreRequest,
    name: str,
    source: Resource | None,
    offers: Offers,
    settings: Settings,
) -> RestoreResource:
    """The action that restores a point under a name."""
    identity = identity_of(point, source, offers)
    ours = restore_tags(point, identity, request.take_over, settings.policy_name)
    tags, left_out = inherit(_inherited_tags(point, request, settings), ours)
    return RestoreResource(
        point=point,
        target=name,
        about=name,
        zone=request.zone or (source.zone if source else next(iter(offers.zones), None)),
        bundle_id=request.bundle_id or point.snapshot.from_bundle,
        tags=tags,
        mark=RESTORED,
        reason="; ".join(_reasons(point, request, identity, left_out)),
        key_pair=identity.key_pair,
        address_type=identity.address_type,
        source=source,
    )


def _existing(
    action: RestoreResource, request: RestoreRequest, there: RegionInventory
) -> Outcome | None:
    """The outcome if the name of the resource, or of one of its disks, is taken already."""
    found = next((each for each in there.resources if each.name == action.target), None)
    if found is not None and action.is_this(found):
        if request.take_over and STATIC_IP not in found.tags:
            message = (
                f"{found.name}: it was restored without takeOver, which cannot be added: move the "
                'static address by hand, or restore under another name with "as"'
            )
            return refused(request, "InvalidTakeOver", message, action.point)
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


def source_of(point: OwnSnapshot, there: RegionInventory) -> Resource | None:
    """Find the source. It may be deleted, or in another region than its copy."""
    return next((each for each in there.resources if each.arn == point.source_arn), None)


def _reasons(
    point: OwnSnapshot, request: RestoreRequest, identity: Identity, left_out: tuple[str, ...]
) -> Iterator[str]:
    what = "the copy of the recovery point" if point.is_copy else "the recovery point"
    yield f"{what} of {point.source_name} of {to_iso(point.time)}"
    if point.kind is INSTANCE:
        yield from identity.reasons
        if identity.static_ip and point.is_copy:
            yield f"its static address {identity.static_ip} cannot move between regions"
        elif identity.static_ip and not request.take_over:
            yield f"its static address {identity.static_ip} is not moved without takeOver"
        yield BY_HAND
    if left_out:
        yield f"tags left out, because a resource can have {TAG_LIMIT}: {', '.join(left_out)}"
