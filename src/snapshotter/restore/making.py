"""One restore: what is made of a recovery point, checked before anything is made; and its create.

A restore, each one of a region, and a drill are planned here. They differ in what is wanted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from snapshotter.apply.writing import attempt
from snapshotter.lightsail import writes
from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.reads import read_resource
from snapshotter.lightsail.refusals import ServiceError, is_busy, name_is_taken
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, Kind, Status
from snapshotter.model.names import disk_names, to_iso
from snapshotter.model.outcome import ErrorInfo, Outcome, OutcomeStatus
from snapshotter.model.resource import Bundle, Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import DRILL, RESTORED, STATIC_IP, TAG_LIMIT, inherit, to_records
from snapshotter.plan.action import Action, about_snapshot
from snapshotter.policy.selection import Drilling
from snapshotter.restore import made, offers, source
from snapshotter.restore.offers import Offers
from snapshotter.restore.source import Identity, World


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. target: the new resource; about: the one that the outcome names.

    disks: names for the disks that come with an instance; None for names after the instance.
    drill: what is tested; None for a restore. started: of a drill, its time.
    """

    target: str
    about: str = ""
    zone: str | None = None
    bundle_id: str | None = None
    take_over: bool = False
    protect: bool = False
    disks: tuple[str, ...] | None = None
    drill: Drilling | None = None
    started: str = ""


@dataclass(frozen=True, slots=True)
class Restore:
    """Create a resource from a recovery point, with all its tags in the same call.

    mark: the tag whose value is the point's name, by which a repeated event finds what was made.
    disks: the new names of those that come with an instance.
    """

    action: Action
    point: Snapshot
    target: str
    mark: str
    identity: Identity
    zone: str | None = None
    bundle: Bundle | None = None
    address_type: str | None = None
    key_pair: str | None = None
    disks: tuple[str, ...] = ()

    @property
    def region(self) -> str:
        return self.action.region

    @property
    def kind(self) -> Kind:
        return self.action.kind

    def is_this(self, found: Resource) -> bool:
        """Return whether this restore made a resource."""
        return found.kind is self.kind and found.tags.get(self.mark) == self.point.name

    def arguments(self) -> dict[str, Any]:
        """The arguments of the API call."""
        kind = self.kind
        spelled: dict[str, Any] = {
            kind.snapshot_argument: self.point.name,
            kind.new_name_argument: [self.target] if kind.many_names else self.target,
            "tags": to_records(self.action.tags),
            "availabilityZone": self.zone,
            "keyPairName": self.key_pair,
            "ipAddressType": self.address_type,
        }
        if self.bundle is not None:
            spelled[kind.bundle_argument] = self.bundle.id
        if kind is DISK:
            spelled["sizeInGb"] = self.point.size_gb
        if kind is DATABASE:
            spelled["publiclyAccessible"] = self.identity.publicly_accessible
        if self.disks:
            attached = zip(self.point.attached, self.disks, strict=True)
            spelled["attachedDiskMapping"] = {
                self.target: [
                    {"originalDiskPath": disk.path, "newDiskName": name} for disk, name in attached
                ]
            }
        return {name: value for name, value in spelled.items() if value is not None}


def plan_restore(point: Snapshot, wanted: Wanted, world: World) -> Restore | Outcome:
    """Plan a restore; an outcome if it is done already, or not possible."""
    there, offered = world.inventory.regions[point.region], world.offers[point.region]
    identity = source.identity_of(point, world.inventory, offered, world.settings.policy_name)
    restore = Restore(
        action=replace(about_snapshot("restore", point), resource=wanted.about or wanted.target),
        point=point,
        target=wanted.target,
        mark=DRILL if wanted.drill else RESTORED,
        identity=identity,
        disks=wanted.disks or disk_names(wanted.target, len(point.attached)),
    )
    # First what exists: a repeated event finds the source without its address, for example.
    if found := _existing(restore, wanted, there):
        return found
    bundle = offers.choose_bundle(point, wanted.bundle_id, offered)
    zone = offers.choose_zone(point, wanted.zone, identity.zones, offered)
    fault = offers.wrong_name(point.kind, wanted.target)
    if isinstance(zone, ErrorInfo):
        fault, zone = fault or zone, None
    if isinstance(bundle, ErrorInfo):
        fault, bundle = fault or bundle, None
    restore = replace(restore, zone=zone, bundle=bundle)
    fault = fault or _wrong_use(restore, wanted, offered) or _taken(restore, there, offered)
    if fault:
        # A drill that cannot be done waits for its owner, and fails no run.
        status: OutcomeStatus = "refused" if fault.code == "InvalidTag" else "failed"
        return restore.action.outcome(status, error=fault)
    return _with_details(restore, wanted, world)


def _with_details(restore: Restore, wanted: Wanted, world: World) -> Restore:
    """Add the network of an instance, the tags, and the reasons."""
    point, identity, settings = restore.point, restore.identity, world.settings
    policy = settings.policy_name
    left_out: tuple[str, ...] = ()
    if point.kind is INSTANCE:
        usable = world.offers[point.region].key_pairs - {offers.DEFAULT_KEY_PAIR}
        key_pair = identity.key_pair if identity.key_pair in usable and not wanted.drill else None
        fitting = offers.address_type(restore.bundle, identity.address_types)
        restore = replace(restore, address_type=fitting, key_pair=key_pair)
    if wanted.drill:
        tags = made.tags_of_drill(point, wanted.drill, wanted.started, policy)
    else:
        # Where a disk comes back from a point of its own, this one is not protected as well.
        own = [each.name for each in point.attached]
        numbered = enumerate(zip(own, wanted.disks or own, strict=True), 1)
        numbers = [n for n, (was, name) in numbered if wanted.protect and name == was]
        word = made.disks_word(point, numbers, world.inventory.regions[point.region], settings)
        ours = made.tags_of_restored(
            point, identity, policy, take_over=wanted.take_over, disks=word
        )
        theirs = made.inherited(point.tags, settings, protect=wanted.protect)
        tags, left_out = inherit(theirs, ours)
    reasons = [*_reasons(restore, wanted, world)]
    if left_out:
        limit = f"because a resource can have {TAG_LIMIT}"
        reasons.append(f"tags left out, {limit}: {', '.join(left_out)}")
    return replace(restore, action=replace(restore.action, tags=tags, reason="; ".join(reasons)))


def create(clients: Clients, restore: Restore) -> Outcome:
    """Create the resource. What Lightsail refuses for now has failed: no sweep repeats it."""
    done = attempt(clients, restore.action, _create, restore)
    if done.status != "deferred":
        return done
    error = done.error or ErrorInfo("OutOfTime", "the function ran out of time")
    remedy = (
        "Send the same event again; Lambda does that itself, twice, where it was invoked "
        "asynchronously"
    )
    message = f"{restore.target}: it was not restored: {error.message.rstrip('.')}"
    return replace(done, status="failed", reason=None, error=ErrorInfo(error.code, message, remedy))


def _create(client: Client, action: Action, restore: Restore) -> Outcome:
    try:
        operations = writes.create_from_snapshot(client, restore.kind, restore.arguments())
    except ServiceError as error:
        taken, found = name_is_taken(error), None
        if taken or is_busy(error):
            found = read_resource(client, restore.kind, restore.region, restore.target)
        if taken or found:
            return _resolve(restore, found)
        raise
    return action.result("started", operations)


def _existing(restore: Restore, wanted: Wanted, there: RegionInventory) -> Outcome | None:
    """The outcome where an earlier event made this already."""
    found = next((each for each in there.resources if each.name == restore.target), None)
    if found is None or not restore.is_this(found):
        return None
    if wanted.take_over and STATIC_IP not in found.tags:
        error = ErrorInfo(
            "InvalidTakeOver",
            f"{found.name}: it was restored without takeOver, which cannot be added",
            'Move the static address by hand, or restore under another name with "as"',
        )
        return restore.action.outcome("failed", error=error)
    return _resolve(restore, found)


def _taken(restore: Restore, there: RegionInventory, offered: Offers) -> ErrorInfo | None:
    """Whether the name of the resource, or of one of its disks, is taken already.

    All types of resources share one namespace.
    """
    names = made.names_in(there) | offered.key_pairs | {each.name for each in offered.addresses}
    taken = (each for each in (restore.target, *restore.disks) if each in names)
    return next((_name_taken(restore, each) for each in taken), None)


def _name_taken(restore: Restore, name: str) -> ErrorInfo:
    message = f"{name}: the name is taken in {restore.region} by something else"
    if name != restore.target:
        message += f", and a disk of {restore.target} would get it"
    again = "Nothing: the next drill uses another name"
    return ErrorInfo(
        "NameTaken", message, again if restore.mark == DRILL else 'Give another name with "as"'
    )


def _resolve(restore: Restore, found: Resource | None) -> Outcome:
    """Decide whether the resource that has the name is what this restore made earlier."""
    if found is None or not restore.is_this(found):
        return restore.action.outcome("failed", error=_name_taken(restore, restore.target))
    if restore.kind.resource_status(found.state) is Status.FAILED:
        error = ErrorInfo(
            "RestoreFailed",
            f"{found.name}: it was restored before, and its state is {found.state}",
            'Delete it and restore again, or give another name with "as"',
        )
        return restore.action.outcome("failed", error=error)
    earlier = (
        f"an earlier run restored {found.name} from {restore.point.name}; its state is "
        f"{found.state or 'unknown'}"
    )
    reason = "; ".join(each for each in (restore.action.reason, earlier) if each)
    return restore.action.outcome("exists", reason=reason)


def _wrong_use(restore: Restore, wanted: Wanted, offered: Offers) -> ErrorInfo | None:
    """What cannot be done with the new instance: a takeover, or the check of a drill."""
    bundle = restore.bundle
    if wanted.take_over:
        return source.wrong_address(restore.point, restore.identity, offered, bundle)
    if not wanted.drill or wanted.drill.port is None or bundle is None or offers.has_ipv4(bundle):
        return None
    message = (
        f"{restore.action.resource}: its recovery point becomes an instance with IPv6 only (bundle "
        f"{bundle.id}), and the function reaches IPv4 alone, so {wanted.drill} cannot be tested"
    )
    return ErrorInfo("InvalidTag", message, "Leave the port out of the drill's tag")


def _reasons(restore: Restore, wanted: Wanted, world: World) -> Iterator[str]:
    point, identity = restore.point, restore.identity
    if wanted.drill:
        yield f"restore test, as {restore.target}"
        yield from _materials(restore, wanted)
        return
    what = "the copy of the recovery point" if point.is_copy else "the recovery point"
    yield f"{what} of {point.source_name} of {to_iso(point.time)}"
    if failed := _failed_drill(point, world.inventory):
        yield f"warning: its last restore test failed at {failed}, so check it before you use it"
    if point.kind is INSTANCE:
        yield from source.known_from(point, identity, world.offers[point.region])
    if identity.static_ip and point.is_copy:
        yield f"its static address {identity.static_ip} cannot move between regions"
    elif identity.static_ip and not wanted.take_over:
        yield f"its static address {identity.static_ip} is not moved without takeOver"
    there = world.inventory.regions[point.region]
    yield source.left_for_a_person(
        point, identity, world.surroundings, there, takes_address=wanted.take_over
    )
    if point.region not in world.settings.regions:
        yield f"{point.region} is not among Regions, so nothing in it is backed up: add it"
    yield from _materials(restore, wanted)


def _materials(restore: Restore, wanted: Wanted) -> Iterator[str]:
    """Bundle and price; and the address type where it is not as it was."""
    point, bundle = restore.point, restore.bundle
    if bundle is None:
        yield f"{point.size_gb} GB of disk"
        return
    instead = ""
    if point.from_bundle and bundle.id != point.from_bundle:
        instead = f" instead of {point.from_bundle}"
        instead += "" if wanted.bundle_id else f", which {point.region} does not offer"
    price = "price unknown" if bundle.price_usd is None else f"{bundle.price_usd:g} USD a month"
    yield f"bundle {bundle.id}{instead}, {price}"
    was = next((each for each in restore.identity.address_types if each), None)
    if was and restore.address_type and was != restore.address_type:
        yield f"its IP address type is {restore.address_type}, not {was}, as the bundle needs it"


def _failed_drill(point: Snapshot, inventory: Inventory) -> str | None:
    """When the last drill of this point, or of the original of this copy, failed."""
    same = (
        each
        for region in inventory.regions.values()
        for each in region.snapshots
        if (each.source_arn, each.time) == (point.source_arn, point.time)
    )
    last = max(same, key=lambda each: each.drilled_at, default=point)
    failed = last.drill_failed_at
    return to_iso(failed) if failed and failed >= last.drilled_at else None
