"""The calls that read, one function for each list or record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from snapshotter.lightsail.clients import Client
from snapshotter.lightsail.errors import ServiceError, not_found
from snapshotter.lightsail.records import to_address, to_bundle, to_resource, to_snapshot
from snapshotter.model.inventory import Bundle, Resource, Snapshot, StaticAddress
from snapshotter.model.kinds import DATABASE, Kind, Listing

_MOST_PAGES = 50


def list_resources(client: Client, kind: Kind, region: str) -> list[Resource]:
    return [to_resource(kind, region, record) for record in _records(client, kind.resources)]


def list_snapshots(client: Client, kind: Kind, region: str) -> list[Snapshot]:
    return [to_snapshot(kind, region, record) for record in _records(client, kind.snapshots)]


def list_bundles(client: Client, kind: Kind) -> dict[str, Bundle]:
    """List the bundles by id, inactive ones included: a snapshot may have one of them."""
    if kind.restoring.bundles is None:
        return {}
    records = _records(client, kind.restoring.bundles, includeInactive=True)
    return {each["bundleId"]: to_bundle(each) for each in records}


def list_zones(client: Client, kind: Kind, region: str) -> tuple[str, ...]:
    """List the availability zones of a region in which a resource of a kind can be created."""
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


def list_addresses(client: Client) -> list[StaticAddress]:
    """List the static addresses of the client's region."""
    return [
        to_address(record) for record in _records(client, Listing("get_static_ips", "staticIps"))
    ]


def read_address(client: Client, name: str) -> StaticAddress | None:
    """Read one static address; None if there is none of this name."""
    record = _record(client, "get_static_ip", "staticIp", {"staticIpName": name})
    return None if record is None else to_address(record)


def list_key_pairs(client: Client) -> frozenset[str]:
    """List the names of the key pairs of the client's region."""
    listing = Listing("get_key_pairs", "keyPairs")
    return frozenset(record["name"] for record in _records(client, listing))


def read_snapshot(client: Client, kind: Kind, region: str, name: str) -> Snapshot | None:
    """Read one snapshot; None if it does not exist, or another type of resource has the name."""
    record = _record(client, kind.get_method, kind.get_member, {kind.snapshot_argument: name})
    return None if record is None else to_snapshot(kind, region, record)


def read_resource(client: Client, kind: Kind, region: str, name: str) -> Resource | None:
    """Read one resource; None if it does not exist, or another type of resource has the name."""
    how = kind.restoring
    record = _record(client, how.get_method, how.get_member, {kind.source_argument: name})
    return None if record is None else to_resource(kind, region, record)


def list_operations(client: Client, resource: str) -> Iterator[Mapping[str, Any]]:
    """List the operations on a resource. boto3 has no paginator for this list."""
    answer: Mapping[str, Any] = client.get_operations_for_resource(resourceName=resource)
    for _ in range(_MOST_PAGES):
        yield from answer["operations"]
        token = answer.get("nextPageToken")
        if not token:
            return
        answer = client.get_operations_for_resource(resourceName=resource, pageToken=token)


def _records(client: Client, listing: Listing, **arguments: Any) -> Iterator[Mapping[str, Any]]:
    """Read all pages of a list."""
    paginator: Any = client.get_paginator(listing.method)  # type: ignore[call-overload]
    for page in paginator.paginate(**arguments):
        yield from page[listing.member]


def _record(
    client: Client, method: str, member: str, named: Mapping[str, str]
) -> Mapping[str, Any] | None:
    try:
        record: Mapping[str, Any] = getattr(client, method)(**named)[member]
    except ServiceError as error:
        if not_found(error):
            return None
        raise
    return record
