"""What restores are planned with: the sources of recovery points, and what points at them.

Also what of that a person must bring back.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from snapshotter.inputs.settings import Settings
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.reads import (
    GLOBAL_REGION,
    list_distributions,
    list_domains,
    list_load_balancers,
)
from snapshotter.lightsail.records import DnsEntry
from snapshotter.lightsail.refusals import explain
from snapshotter.model import tags as keys
from snapshotter.model.firewall import Firewall, from_tags
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Bundle, Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.restore.offers import DEFAULT_KEY_PAIR, Offers, has_ipv4, read_offers

T = TypeVar("T")

_DEFAULTS = "so Lightsail's defaults apply"
_UNREAD = "which could not be read"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of the source: as it is now, else as the recovery point's tags have it.

    None for what is not known. source: in the point's region, if it exists. siblings: instances
    that were restored from it before. address: the old public IPv4 address. zones, address_types:
    the source's and the point's. A zone, address type or key pair may not fit the region.
    """

    source: Resource | None
    siblings: tuple[Resource, ...]
    zones: tuple[str | None, ...]
    publicly_accessible: bool
    firewall: Firewall | None
    key_pair: str | None
    address_types: tuple[str | None, ...]
    static_ip: str | None
    address: str | None


def source_of(source_arn: str, there: RegionInventory) -> Resource | None:
    """Find a source by its ARN. It may be deleted, or in another region than its copy."""
    return next((each for each in there.resources if each.arn == source_arn), None)


def siblings_of(source_arn: str, there: RegionInventory, policy: str) -> tuple[Resource, ...]:
    """The instances that were restored from a source."""
    ours = {keys.POLICY: policy, keys.SOURCE: source_arn}.items()
    return tuple(
        each
        for each in there.resources
        if each.kind is INSTANCE and keys.RESTORED in each.tags and ours <= each.tags.items()
    )


def identity_of(point: Snapshot, inventory: Inventory, offers: Offers, policy: str) -> Identity:
    """What is known of a point's source."""
    there, tags = inventory.regions[point.region], point.tags
    source, siblings = (
        source_of(point.source_arn, there),
        siblings_of(point.source_arn, there, policy),
    )
    anywhere = (source_of(point.source_arn, each) for each in inventory.regions.values())
    attached = {each.attached_to: each.name for each in offers.addresses}
    # The source's, or one that went from it to a restore of it.
    static_ips = (
        source.static_ip or attached.get(source.name) if source else None,
        *(each.tags.get(keys.STATIC_IP) for each in siblings),
        tags.get(keys.STATIC_IP),
    )
    recorded_public = tags.get(keys.PUBLICLY_ACCESSIBLE) == "true"
    return Identity(
        source=source,
        siblings=siblings,
        zones=(source.zone if source else None, tags.get(keys.ZONE)),
        publicly_accessible=source.publicly_accessible if source else recorded_public,
        firewall=(source.firewall if source else None) or from_tags(tags),
        key_pair=source.key_pair if source else tags.get(keys.KEY_PAIR),
        address_types=(source.address_type if source else None, tags.get(keys.ADDRESS_TYPE)),
        static_ip=next((each for each in static_ips if each), None),
        address=next((each.address for each in anywhere if each), None) or tags.get(keys.ADDRESS),
    )


def known_from(point: Snapshot, identity: Identity, offers: Offers) -> Iterator[str]:
    """Where the network of an instance is known from, and what of it is not as it was."""
    source, firewall, key_pair = identity.source, identity.firewall, identity.key_pair
    if source is None and firewall is None and not key_pair and not any(identity.address_types):
        yield f"its firewall, key pair and address type are not known, {_DEFAULTS}"
        return
    whose = f"of {source.name} now" if source else f"recorded in {point.name}"
    yield f"with the {'firewall, ' if firewall else ''}key pair and address type {whose}"
    if firewall is None:
        yield f"its firewall is not known, {_DEFAULTS}"
    if key_pair in (None, DEFAULT_KEY_PAIR):
        if point.is_copy:
            yield f"its key pair is the default one of {point.region}, not of {point.source_region}"
    elif key_pair not in offers.key_pairs:
        yield f"{point.region} has no key pair {key_pair}, so it has the default one"


def wrong_address(
    point: Snapshot, identity: Identity, offers: Offers, bundle: Bundle | None
) -> ErrorInfo | None:
    """Why the static address cannot move to what is restored; None where it can."""
    name = identity.static_ip
    found = next((each for each in offers.addresses if each.name == name), None)
    owners = {each.name for each in (identity.source, *identity.siblings) if each}
    if not point.kind.many_names:
        why = f"a {point.kind.noun} has no static address"
    elif point.is_copy:
        why = f"static addresses do not move between regions, and {point.name} is a copy"
    elif bundle is not None and not has_ipv4(bundle):
        why = f"an instance with the bundle {bundle.id} has IPv6 only"
    elif name is None:
        why = f"no static address of {point.source_name} is known"
    elif found is None:
        why = f"{point.region} has no static address {name}"
    elif found.attached_to is not None and found.attached_to not in owners:
        why = f"{name} is attached to {found.attached_to}, which is not the source of {point.name}"
    else:
        return None
    message = f"{point.name}: takeOver is not possible: {why}"
    return ErrorInfo("InvalidTakeOver", message, "Leave takeOver out")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What points at instances; None where it could not be read.

    balancers: by the source's region, the load balancers with their instances. distributions: with
    the name of their origin.
    """

    dns: list[DnsEntry] | None = None
    distributions: Mapping[str, str | None] | None = None
    balancers: Mapping[str, Mapping[str, tuple[str, ...]] | None] | None = None


def read_surroundings(clients: Clients, points: list[Snapshot]) -> Surroundings:
    """Read what points at the sources of instances. A list that cannot be read stops no restore."""
    regions = {point.source_region for point in points if point.kind is INSTANCE}
    if not regions:
        return Surroundings()
    clients.prepare({GLOBAL_REGION, *regions})
    return Surroundings(
        dns=_unless_it_fails(list_domains, clients, GLOBAL_REGION),
        distributions=_unless_it_fails(list_distributions, clients, GLOBAL_REGION),
        balancers={
            each: _unless_it_fails(list_load_balancers, clients, each) for each in sorted(regions)
        },
    )


@dataclass(frozen=True, slots=True)
class World:
    """What every restore of one event is planned with. offers: of the regions that were read."""

    settings: Settings
    inventory: Inventory
    offers: Mapping[str, Offers]
    surroundings: Surroundings = field(default_factory=Surroundings)


def read_world(
    points: list[Snapshot],
    inventory: Inventory,
    settings: Settings,
    clients: Clients,
    *,
    surroundings: bool,
) -> tuple[World, list[Outcome]]:
    """Read what the restores of these points need to know; a failed outcome where that fails.

    surroundings: whether what a person must do is named.
    """
    found: dict[str, Offers] = {}
    failed: list[Outcome] = []
    regions = {*settings.all_regions} - inventory.unreadable.keys()
    lost = {each.source_region for each in points}
    for region in sorted({each.region for each in points}):
        here = [each for each in points if each.region == region]
        # The lost region last.
        others = sorted(regions - {region}, key=lambda other: other in lost)
        try:
            found[region] = read_offers(clients, region, here, others)
        except Exception as raised:
            why = explain(raised)
            message = f"{region}: what it offers cannot be read: {why.message}"
            error = ErrorInfo(why.code, message)
            failed.append(Outcome("read", "failed", region, error=error))
    around = read_surroundings(clients, points) if surroundings else Surroundings()
    return World(settings, inventory, found, around), failed


def left_for_a_person(
    point: Snapshot,
    identity: Identity,
    surroundings: Surroundings,
    there: RegionInventory,
    *,
    takes_address: bool,
) -> str:
    """A sentence on what is left for a person, without a full stop."""
    if point.kind is DATABASE:
        what = ["it has a new endpoint: write that where the database is configured"]
    elif point.kind is DISK:
        what = [_attach(point, identity, there)]
    else:
        # DNS entries need no change where the address itself moves.
        what = [] if takes_address else [*_of_dns(identity.address, surroundings.dns)]
        what += [*_of_neighbours(point, surroundings), "alarms"]
    return f"by hand: {', '.join(what)}"


def _of_dns(address: str | None, dns: list[DnsEntry] | None) -> Iterator[str]:
    entries = [f"{e.name} ({e.type})" for e in dns or () if address and e.target == address]
    if entries:
        named = " and ".join(entries)
        yield f"the DNS entries {named} in Lightsail's zones, which hold the old address {address}"
    elif dns is None:
        yield f"entries of Lightsail's DNS zones, {_UNREAD}"
    yield f"DNS entries elsewhere that name the old address {address or ''}".rstrip()


def _of_neighbours(point: Snapshot, surroundings: Surroundings) -> Iterator[str]:
    """Load balancers and distributions that the source belongs to."""
    name = point.source_name
    balancers = (surroundings.balancers or {}).get(point.source_region)
    if balancers is None:
        yield f"load balancers that {name} belonged to, {_UNREAD}"
    if mine := [each for each, instances in (balancers or {}).items() if name in instances]:
        yield f"the load balancer {' and '.join(mine)}, which {name} belongs to"
    if surroundings.distributions is None:
        yield f"distributions whose origin was {name}, {_UNREAD}"
    if mine := [each for each, of in (surroundings.distributions or {}).items() if of == name]:
        yield f"the distribution {' and '.join(mine)}, whose origin is called {name}"


def _attach(point: Snapshot, identity: Identity, there: RegionInventory) -> str:
    """Which instance had the disk: the source says so, or the newest snapshot that holds it."""
    name, now = point.source_name, identity.source.attached_to if identity.source else None
    if now:
        return f"detach {name} from {now} and attach this disk in its place"
    holders = [
        (snapshot.time, snapshot.source_name, disk.path)
        for snapshot in there.snapshots
        for disk in snapshot.attached
        if disk.name == name
    ]
    if not holders:
        return "attach it to an instance in its zone"
    _, instance, path = max(holders)
    return f"attach it to {instance} as {path}"


def _unless_it_fails(read: Callable[..., T], clients: Clients, region: str) -> T | None:
    try:
        return read(clients[region])
    except Exception:
        return None
