"""What a region has to offer: its zones, and the bundles of one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from snapshotter.kinds import DATABASE, Kind
from snapshotter.restore.checks import Bundle, Offers

if TYPE_CHECKING:
    from mypy_boto3_lightsail import LightsailClient


def look_up(
    client: LightsailClient, kind: Kind, region: str, *, zones: bool, bundles: bool
) -> Offers:
    """Read what is asked for, and nothing else."""
    return Offers(
        zones=_zones(client, kind, region) if zones else (),
        bundles=_bundles(client, kind) if bundles else {},
    )


def _zones(client: LightsailClient, kind: Kind, region: str) -> tuple[str, ...]:
    for_databases = kind is DATABASE
    answer: Any = client.get_regions(
        includeAvailabilityZones=not for_databases,
        includeRelationalDatabaseAvailabilityZones=for_databases,
    )
    member = "relationalDatabaseAvailabilityZones" if for_databases else "availabilityZones"
    return tuple(
        zone["zoneName"]
        for each in answer["regions"]
        if each["name"] == region
        for zone in each.get(member, ())
        if zone.get("state", "available") == "available"
    )


def _bundles(client: LightsailClient, kind: Kind) -> dict[str, Bundle]:
    """Read also those that are no longer sold: a snapshot may come from one of them."""
    listing = kind.restoring.bundles
    if listing is None:
        return {}
    paginator: Any = client.get_paginator(listing.method)  # type: ignore[call-overload]
    return {
        each["bundleId"]: Bundle(
            each["bundleId"], each.get("diskSizeInGb", 0), each.get("isActive", True)
        )
        for page in paginator.paginate(includeInactive=True)
        for each in page[listing.member]
    }
