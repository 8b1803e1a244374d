"""Checks a request against what the region offers and the snapshot needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from snapshotter.inputs.request import RestoreRequest
from snapshotter.model.inventory import Bundle
from snapshotter.model.names import is_legal
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.restore.choose import refused


@dataclass(frozen=True, slots=True)
class Offers:
    """What a region offers, as far as the request needs to know."""

    zones: tuple[str, ...] = ()
    bundles: Mapping[str, Bundle] = field(default_factory=dict)


def check(point: OwnSnapshot, request: RestoreRequest, name: str, offers: Offers) -> Outcome | None:
    """The first fault of a request and what to ask for instead; None where there is none.

    name: of what is to be made.
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
        f"{name}: the name of a {point.kind.noun} takes letters, digits and hyphens only: give "
        'another name with "as"'
    )
    return refused(request, "InvalidName", message, point)


def _wrong_zone(point: OwnSnapshot, request: RestoreRequest, offers: Offers) -> Outcome | None:
    if request.zone is None or request.zone in offers.zones:
        return None
    message = (
        f"{request.zone}: it is not a zone of {point.region}, where {point.name} is: give one of "
        f"{', '.join(offers.zones)}, or leave availabilityZone out. To restore in another region, "
        "restore a copy that is there"
    )
    return refused(request, "InvalidZone", message, point)


def _wrong_bundle(point: OwnSnapshot, request: RestoreRequest, offers: Offers) -> Outcome | None:
    own = point.snapshot.from_bundle
    if point.kind.restoring.bundle_argument is None:
        message = f"a {point.kind.noun} has no bundle: leave bundleId out"
        return refused(request, "InvalidBundle", message, point) if request.bundle_id else None
    if request.bundle_id is None:
        message = f"{point.name}: the bundle of its source is unknown: give one with bundleId"
        return None if own else refused(request, "InvalidBundle", message, point)
    return _small_bundle(point, request, request.bundle_id, offers)


def _small_bundle(
    point: OwnSnapshot, request: RestoreRequest, wanted: str, offers: Offers
) -> Outcome | None:
    """Compare sizes of disks: the service takes a bundle as large as the snapshot's, or larger."""
    known = offers.bundles.get(wanted)
    before = offers.bundles.get(point.snapshot.from_bundle or "")
    least_gb = before.disk_gb if before else point.snapshot.size_gb
    if known is not None and known.disk_gb >= least_gb:
        return None
    enough = [b.id for b in offers.bundles.values() if b.active and b.disk_gb >= least_gb]
    what = f"it has a disk of {known.disk_gb} GB" if known else f"{point.region} has no such bundle"
    message = (
        f"{wanted}: {what}, and {point.name} needs {least_gb} GB: give one of "
        f"{', '.join(enough)}, or leave bundleId out"
    )
    return refused(request, "InvalidBundle", message, point)
