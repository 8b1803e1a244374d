"""Reads what a region offers, as far as a restore needs it."""

from collections.abc import Mapping

from snapshotter.inputs.request import RestoreRequest
from snapshotter.lightsail.clients import Client
from snapshotter.lightsail.reads import list_addresses, list_bundles, list_key_pairs, list_zones
from snapshotter.model.inventory import RegionInventory
from snapshotter.model.kinds import DATABASE, INSTANCE, KINDS
from snapshotter.model.series import OwnSnapshot
from snapshotter.restore.checks import Offers
from snapshotter.restore.identity import wanted_key_pair
from snapshotter.restore.plan import needs_zones, source_of


def offers_for(
    point: OwnSnapshot, request: RestoreRequest, there: RegionInventory, client: Client
) -> Offers:
    """What one restore needs to know."""
    instance = point.kind is INSTANCE
    key_pair = wanted_key_pair(point, source_of(point, there))
    zones = needs_zones(point, request, there)
    return Offers(
        zones=list_zones(client, point.kind, point.region) if zones else (),
        bundles=list_bundles(client, point.kind) if request.bundle_id is not None else {},
        key_pairs=list_key_pairs(client) if instance and key_pair else frozenset(),
        addresses=tuple(list_addresses(client)) if instance and request.take_over else (),
    )


def offers_of_region(
    there: RegionInventory, request: RestoreRequest, region: str, client: Client
) -> Mapping[str, Offers]:
    """By the name of the kind, what the restores of a whole region need to know."""
    kinds = {each.kind.name for each in there.snapshots}
    key_pairs = list_key_pairs(client) if INSTANCE.name in kinds else frozenset()
    return {
        name: Offers(
            zones=()
            if kind is DATABASE and request.zone is None
            else list_zones(client, kind, region),
            bundles=list_bundles(client, kind),
            key_pairs=key_pairs,
        )
        for name, kind in KINDS.items()
        if name in kinds
    }
