"""Checks a request against what the region offers and the snapshot needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from snapshotter.inputs.request import RestoreRequest
from snapshotter.model.inventory import Bundle, StaticAddress
from snapshotter.model.names import is_legal
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.restore.choose import refused


@dataclass(frozen=True, slots=True)
class Offers:
    """What a region offers, as far as it was read for the request."""

    zones: tuple[str, ...] = ()
    bundles: Mapping[str, Bundle] = field(default_factory=dict)
    key_pairs: frozenset[str] = frozenset()
    addresses: tuple[StaticAddress, ...] = ()


def check(point: OwnSnapshot, request: RestoreRequest, name: str, offers: Offers) -> Outcome | None:
    """Return the first fault of a request, with what to request instead; None if it has none.

    name: of the resource to create.
    """
    return (
        _wrong_name(point, request, name)
        or _wrong_zone(point, request, offers)
        or _wrong_bundle(point, request, offers)
    )


def _wrong_name(point: OwnSnapshot, request: RestoreRequest, name: str) -> Outcome | None:
    if is_legal(point.kind, name):
        return None
    message = (
        f"{name}: the name of a {point.kind.noun} may contain only letters, digits and hyphens: "
        'give another name with "as"'
    )
    return refused(request, "InvalidName", message, point)


def _wrong_zone(point: OwnSnapshot, request: RestoreRequest, offers: Offers) -> Outcome | None:
    if request.zone is None or request.zone in offers.zones:
        return None
    message = (
        f"{request.zone}: it is not a zone of {point.region}, the region of {point.name}: give one "
        f"of {', '.join(offers.zones)}, or leave availabilityZone out. To restore in another "
        "region, restore a copy that is in that region"
    )
    return refused(request, "InvalidZone", message, point)


def _wrong_bundle(point: OwnSnapshot, request: RestoreRequest, offers: Offers) -> Outcome | None:
    own = point.snapshot.from_bundle
    if point.kind.restoring.bundle_argument is None:
        message = f"{point.name}: a {point.kind.noun} has no bundle: leave bundleId out"
        return refused(request, "InvalidBundle", message, point) if request.bundle_id else None
    if request.bundle_id is None:
        message = f"{point.name}: the bundle of its source is unknown: give one with bundleId"
        return None if own else refused(request, "InvalidBundle", message, point)
    return _unsuitable_bundle(point, request, request.bundle_id, offers)


def _unsuitable_bundle(
    point: OwnSnapshot, request: RestoreRequest, wanted: str, offers: Offers
) -> Outcome | None:
    """Refuse an unknown bundle, and one with a smaller disk than the snapshot needs."""
    known = offers.bundles.get(wanted)
    before = offers.bundles.get(point.snapshot.from_bundle or "")
    needed_gb = before.disk_gb if before else point.snapshot.size_gb
    if known is not None and known.disk_gb >= needed_gb:
        return None
    fitting = [b.id for b in offers.bundles.values() if b.active and b.disk_gb >= needed_gb]
    what = f"its disk has {known.disk_gb} GB" if known else f"{point.region} has no such bundle"
    message = (
        f"{wanted}: {what}, and {point.name} needs {needed_gb} GB: give one of "
        f"{', '.join(fitting)}, or leave bundleId out"
    )
    return refused(request, "InvalidBundle", message, point)
