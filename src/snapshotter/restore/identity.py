"""What a restored resource gets of its source: firewall, key pair, addresses, zone, access."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from snapshotter.model.firewall import Firewall, from_tags
from snapshotter.model.kinds import DATABASE, INSTANCE
from snapshotter.model.resource import Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import (
    ADDRESS,
    ADDRESS_TYPE,
    KEY_PAIR,
    POLICY,
    PUBLICLY_ACCESSIBLE,
    RESTORED,
    SOURCE,
    STATIC_IP,
    ZONE,
)
from snapshotter.restore.offers import Offers

DEFAULT_KEY_PAIR = "LightsailDefaultKeyPair"
_DEFAULTS = "so Lightsail's defaults apply"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of the source: as it is now, else as the recovery point's tags have it.

    None for what is not known, or for Lightsail's default. source: in the point's region, if it
    exists. siblings: instances that were restored from it before. address: the old public IPv4
    address. zones, address_types: the source's and the point's, which may not fit. reasons: where
    it is known from, and what is not as it was.
    """

    source: Resource | None = None
    siblings: tuple[Resource, ...] = ()
    zones: tuple[str | None, ...] = ()
    publicly_accessible: bool = False
    firewall: Firewall | None = None
    key_pair: str | None = None
    address_types: tuple[str | None, ...] = ()
    static_ip: str | None = None
    address: str | None = None
    reasons: tuple[str, ...] = field(default=())

    @property
    def owners(self) -> frozenset[str]:
        """The names of those that may have the source's static address."""
        source = (self.source,) if self.source else ()
        return frozenset(each.name for each in (*source, *self.siblings))


def source_of(source_arn: str, there: RegionInventory) -> Resource | None:
    """Find a source by its ARN. It may be deleted, or in another region than its copy."""
    return next((each for each in there.resources if each.arn == source_arn), None)


def siblings_of(source_arn: str, there: RegionInventory, policy: str) -> tuple[Resource, ...]:
    """The instances that were restored from a source."""
    return tuple(
        each
        for each in there.resources
        if each.kind is INSTANCE
        and RESTORED in each.tags
        and each.tags.get(POLICY) == policy
        and each.tags.get(SOURCE) == source_arn
    )


def identity_of(point: Snapshot, inventory: Inventory, offers: Offers, policy: str) -> Identity:
    """What is known of a point's source."""
    there, tags = inventory.regions[point.region], point.tags
    source = source_of(point.source_arn, there)
    zones = (source.zone if source else None, tags.get(ZONE))
    if point.kind is DATABASE:
        public = source.publicly_accessible if source else tags.get(PUBLICLY_ACCESSIBLE) == "true"
        return Identity(source, zones=zones[:1], publicly_accessible=public)
    if point.kind is not INSTANCE:
        return Identity(source, zones=zones)
    siblings = siblings_of(point.source_arn, there, policy)
    firewall = (source.firewall if source else None) or from_tags(tags)
    key_pair = source.key_pair if source else tags.get(KEY_PAIR)
    types = (source.address_type if source else None, tags.get(ADDRESS_TYPE))
    read = (source_of(point.source_arn, each) for each in inventory.regions.values())
    anywhere = next((each for each in read if each), None)
    return Identity(
        source=source,
        siblings=siblings,
        zones=zones,
        firewall=firewall,
        key_pair=key_pair if key_pair in offers.key_pairs - {DEFAULT_KEY_PAIR} else None,
        address_types=types,
        static_ip=_static_ip(source, siblings, offers) or tags.get(STATIC_IP),
        address=(anywhere.address if anywhere else None) or tags.get(ADDRESS),
        reasons=tuple(_reasons(point, source, firewall, key_pair, types, offers)),
    )


def _static_ip(
    source: Resource | None, siblings: tuple[Resource, ...], offers: Offers
) -> str | None:
    """The static address that the source has, or that went from it to a restore of it."""
    attached = {each.attached_to: each.name for each in offers.addresses}
    here = source and (source.static_ip or attached.get(source.name))
    return here or next((each.tags[STATIC_IP] for each in siblings if STATIC_IP in each.tags), None)


def _reasons(
    point: Snapshot,
    source: Resource | None,
    firewall: Firewall | None,
    key_pair: str | None,
    address_types: tuple[str | None, ...],
    offers: Offers,
) -> Iterator[str]:
    """Where the network is known from, and what of it is not as it was."""
    if source is None and firewall is None and not key_pair and not any(address_types):
        yield f"its firewall, key pair and address type are not known, {_DEFAULTS}"
        return
    whose = f"of {source.name} now" if source else f"recorded in {point.name}"
    what = "key pair and address type"
    yield f"with the {what if firewall is None else f'firewall, {what}'} {whose}"
    if firewall is None:
        yield f"its firewall is not known, {_DEFAULTS}"
    if key_pair in (None, DEFAULT_KEY_PAIR):
        if point.is_copy:
            yield f"its key pair is the default one of {point.region}, not of {point.source_region}"
    elif key_pair not in offers.key_pairs:
        yield f"{point.region} has no key pair {key_pair}, so it has the default one"
