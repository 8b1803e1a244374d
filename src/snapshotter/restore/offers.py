"""What a region offers, read once for an event, and the choice of what is made of a recovery point.

Bundle, zone, name and IP address type are checked before anything is made.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.reads import list_addresses, list_bundles, list_key_pairs, list_zones
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, Kind
from snapshotter.model.names import is_legal
from snapshotter.model.outcome import ErrorInfo
from snapshotter.model.resource import Bundle, StaticAddress
from snapshotter.model.snapshot import Snapshot

Bundles = Mapping[str, Bundle]
DEFAULT_KEY_PAIR = "LightsailDefaultKeyPair"
_GENERATION = re.compile(r"_[0-9]+_[0-9]+$")
"""The end of a bundle's id, which differs by generation and region: `nano_3_0`, `nano_3_1`."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What a region offers. bundles, zones: by the name of a kind.

    elsewhere: bundles of other regions, for the sizes of those that this one does not list.
    """

    zones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bundles: Mapping[str, Bundles] = field(default_factory=dict)
    elsewhere: Bundles = field(default_factory=dict)
    key_pairs: frozenset[str] = frozenset()
    addresses: tuple[StaticAddress, ...] = ()


def read_offers(
    clients: Clients, region: str, points: Collection[Snapshot], elsewhere: Iterable[str]
) -> Offers:
    """Read what the restores of these points in a region need to know.

    elsewhere: other regions, which are asked only for bundles that this one does not list; one
    that cannot be read is passed over.
    """
    client = clients[region]
    kinds = {point.kind for point in points}
    zones = list_zones(client, INSTANCE, region) if kinds & {INSTANCE, DISK} else ()
    of_databases = list_zones(client, DATABASE, region) if DATABASE in kinds else ()
    bundles = {kind.name: list_bundles(client, kind) for kind in kinds if kind.list_bundles}
    return Offers(
        zones={INSTANCE.name: zones, DISK.name: zones, DATABASE.name: of_databases},
        bundles=bundles,
        elsewhere=_bundles_elsewhere(clients, points, bundles, elsewhere),
        key_pairs=list_key_pairs(client) if INSTANCE in kinds else frozenset(),
        addresses=tuple(list_addresses(client)) if INSTANCE in kinds else (),
    )


def _bundles_elsewhere(
    clients: Clients,
    points: Collection[Snapshot],
    bundles: Mapping[str, Bundles],
    regions: Iterable[str],
) -> Bundles:
    """Find the bundles of points that the region does not list. One region is usually enough."""
    missing = {
        point.from_bundle: point.kind
        for point in points
        if point.from_bundle and point.from_bundle not in bundles.get(point.kind.name, {})
    }
    found: dict[str, Bundle] = {}
    for region in regions:
        if missing.keys() <= found.keys():
            break
        clients.prepare((region,))
        for kind in {kind for bundle, kind in missing.items() if bundle not in found}:
            try:
                found |= list_bundles(clients[region], kind)
            except Exception:
                break
    return found


def wrong_name(kind: Kind, name: str) -> ErrorInfo | None:
    if is_legal(kind, name):
        return None
    return ErrorInfo(
        "InvalidName",
        f"{name}: the name of a {kind.noun} may contain only letters, digits and hyphens",
        'Give another name with "as"',
    )


def choose_zone(
    point: Snapshot, wanted: str | None, known: Iterable[str | None], offers: Offers
) -> str | ErrorInfo | None:
    """Choose the first zone that the region offers, of those known; else the region's first.

    wanted: by the event; it must be offered. None for a database: Lightsail chooses.
    """
    offered = offers.zones.get(point.kind.name, ())
    if wanted is not None and wanted not in offered:
        return ErrorInfo(
            "InvalidZone",
            f"{wanted}: it is not a zone of {point.region}, the region of {point.name}",
            f"Give one of {', '.join(offered)}, or leave availabilityZone out. To restore in "
            "another region, restore a copy that is in that region",
        )
    first = None if point.kind is DATABASE else next(iter(offered), None)
    return wanted or next((zone for zone in known if zone in offered), first)


def choose_bundle(point: Snapshot, wanted: str | None, offers: Offers) -> Bundle | ErrorInfo | None:
    """Choose the bundle that is asked for, else the point's, else the cheapest that can replace it.

    None for a disk, which has none.
    """
    kind, own = point.kind, point.from_bundle
    bundle = wanted or own
    if not kind.bundle_argument:
        message = f"{point.name}: a {kind.noun} has no bundle"
        return ErrorInfo("InvalidBundle", message, "Leave bundleId out") if wanted else None
    if bundle is None:
        message = f"{point.name}: Lightsail does not say which bundle its source had"
        return ErrorInfo("InvalidBundle", message, "Restore it with bundleId")
    offered = offers.bundles.get(kind.name, {})
    size = offered.get(own or "") or offers.elsewhere.get(own or "")
    fitting = _fitting(offered, point, size)
    found = offered.get(bundle)
    if found is not None and found.active and (wanted is None or found in fitting):
        return found
    if wanted is None:
        for each in fitting:
            if _can_replace(each, bundle, size):
                return each
    why = f"the bundle {bundle} is too small for it, or of another platform"
    if found is None or not found.active:
        why = f"{point.region} does not offer the bundle {bundle}"
    remedy = f"Restore it in another region, since {point.region} offers no bundle for it"
    if fitting:
        remedy = f"Give one of {', '.join(each.id for each in fitting)} with bundleId"
    return ErrorInfo("InvalidBundle", f"{point.name}: {why}", remedy)


def address_type(bundle: Bundle | None, known: Iterable[str | None]) -> str:
    """The IP address type that fits a bundle: the first of those known that does."""
    if bundle is not None and not has_ipv4(bundle):
        return "ipv6"
    return next((each for each in known if each in ("dualstack", "ipv4")), "dualstack")


def has_ipv4(bundle: Bundle) -> bool:
    """Return whether an instance of a bundle has a public IPv4 address."""
    if bundle.ipv4_addresses is None:
        return "_ipv6_" not in bundle.id
    return bundle.ipv4_addresses > 0


def _fitting(offered: Bundles, point: Snapshot, size: Bundle | None) -> list[Bundle]:
    """The active bundles that a point can become an instance or a database with, cheapest first.

    size: the point's own bundle; None where nobody knows it.
    """
    needed_gb = max(point.size_gb, size.disk_gb if size else 0)
    fitting = (
        each
        for each in offered.values()
        if each.active and each.disk_gb >= needed_gb
        if size is None or each.platforms >= size.platforms
    )
    return sorted(fitting, key=lambda each: (each.price_usd is None, each.price_usd or 0, each.id))


def _can_replace(bundle: Bundle, own: str, size: Bundle | None) -> bool:
    """Return whether a bundle is in no respect less than the point's own.

    Where nobody knows that, it must be of the same name in another generation.
    """
    if size is None:
        return _GENERATION.sub("", bundle.id) == _GENERATION.sub("", own)
    return (
        bundle.ram_gb >= size.ram_gb
        and bundle.cpus >= size.cpus
        and bundle.ipv4_addresses == size.ipv4_addresses
        # Of databases: with a standby in another zone.
        and ("_ha_" in bundle.id) >= ("_ha_" in own)
    )
