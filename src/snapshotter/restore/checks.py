"""What an order asks for, held against what the region offers and the snapshot needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from snapshotter.model import Outcome
from snapshotter.names import is_legal
from snapshotter.request import RestoreOrder
from snapshotter.restore.choose import refused
from snapshotter.series import OwnSnapshot


@dataclass(frozen=True, slots=True)
class Bundle:
    """A plan of Lightsail's: what it is called, and the size of its disk."""

    id: str
    disk_gb: int
    active: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """What a region has to offer, as far as the order needs to know."""

    zones: tuple[str, ...] = ()
    bundles: Mapping[str, Bundle] = field(default_factory=dict)


def check(point: OwnSnapshot, order: RestoreOrder, name: str, offers: Offers) -> Outcome | None:
    """Say what is wrong with an order, and what to ask for instead; None where nothing is.

    name: of what is to be made.
    """
    return (
        _wrong_name(point, order, name)
        or _wrong_zone(point, order, offers)
        or _wrong_bundle(point, order, offers)
    )


def _wrong_name(point: OwnSnapshot, order: RestoreOrder, name: str) -> Outcome | None:
    if is_legal(point.kind, name):
        return None
    message = (
        f"{name!r} cannot be the name of a {point.kind.name}, which takes letters, digits and "
        'hyphens only: give another one by "as"'
    )
    return refused(order, "InvalidName", message, point)


def _wrong_zone(point: OwnSnapshot, order: RestoreOrder, offers: Offers) -> Outcome | None:
    if order.zone is None or order.zone in offers.zones:
        return None
    message = (
        f"{order.zone!r} is not a zone of {point.region}, where {point.name} lies: give one of "
        f"{', '.join(offers.zones)}, or leave availabilityZone out. To restore in another region, "
        "restore a copy that lies there"
    )
    return refused(order, "InvalidZone", message, point)


def _wrong_bundle(point: OwnSnapshot, order: RestoreOrder, offers: Offers) -> Outcome | None:
    own = point.snapshot.from_bundle
    if point.kind.restoring.bundle_argument is None:
        message = f"a {point.kind.name} has no bundle, but a size: leave bundleId out"
        return refused(order, "InvalidBundle", message, point) if order.bundle_id else None
    if order.bundle_id is None:
        message = f"Lightsail does not say which bundle {point.name} had: give one by bundleId"
        return None if own else refused(order, "InvalidBundle", message, point)
    return _small_bundle(point, order, order.bundle_id, offers)


def _small_bundle(
    point: OwnSnapshot, order: RestoreOrder, wanted: str, offers: Offers
) -> Outcome | None:
    """Compare sizes of disks: the service takes a bundle as large as the snapshot's, or larger."""
    known = offers.bundles.get(wanted)
    before = offers.bundles.get(point.snapshot.from_bundle or "")
    least_gb = before.disk_gb if before else point.snapshot.size_gb
    if known is not None and known.disk_gb >= least_gb:
        return None
    enough = [b.id for b in offers.bundles.values() if b.active and b.disk_gb >= least_gb]
    what = f"has a disk of {known.disk_gb} GB" if known else f"is no bundle of {point.region}"
    message = (
        f"{wanted!r} {what}, and {point.name} needs {least_gb} GB: give one of "
        f"{', '.join(enough)}, or leave bundleId out"
    )
    return refused(order, "InvalidBundle", message, point)
