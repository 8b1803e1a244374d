"""The calls that read, one function for each list or record.

In a list of resources or snapshots, None stands for a record without a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from snapshotter.errors import UnreadableAnswer
from snapshotter.lightsail.clients import Client
from snapshotter.lightsail.records import (
    DnsEntry,
    name_of,
    to_address,
    to_bundle,
    to_dns_entries,
    to_instance_names,
    to_origin_name,
    to_resource,
    to_snapshot,
    to_zones,
)
from snapshotter.lightsail.refusals import ServiceError, not_found
from snapshotter.model.kinds import DATABASE, INSTANCE, Kind
from snapshotter.model.resource import Bundle, Resource, StaticAddress
from snapshotter.model.snapshot import Snapshot

GLOBAL_REGION = "us-east-1"
"""DNS zones and distributions are listed in this region only."""


def list_resources(
    client: Client, kind: Kind, region: str, *, include_health: bool = False
) -> list[Resource | None]:
    health = _health(kind, include_health)
    records = _list(client, kind.list_resources, kind.resources_member, **health)
    return [to_resource(kind, region, each) for each in records]


def list_snapshots(client: Client, kind: Kind, region: str) -> list[Snapshot | None]:
    records = _list(client, kind.list_snapshots, kind.snapshots_member)
    return [to_snapshot(kind, region, each) for each in records]


def list_bundles(client: Client, kind: Kind) -> dict[str, Bundle]:
    """List the bundles by id, inactive ones included: a snapshot may have one of them."""
    if not kind.list_bundles:
        return {}
    records = _list(client, kind.list_bundles, "bundles", includeInactive=True)
    return {bundle.id: bundle for each in records if (bundle := to_bundle(each))}


def list_zones(client: Client, kind: Kind, region: str) -> tuple[str, ...]:
    """List the availability zones of a region in which a resource of a kind can be created."""
    for_databases = kind is DATABASE
    answer = client.get_regions(
        includeAvailabilityZones=not for_databases,
        includeRelationalDatabaseAvailabilityZones=for_databases,
    )
    member = "relationalDatabaseAvailabilityZones" if for_databases else "availabilityZones"
    regions = [each for each in _member(answer, "regions", list) if name_of(each) == region]
    return tuple(zone for each in regions for zone in to_zones(each, member))


def list_addresses(client: Client) -> list[StaticAddress]:
    """List the static addresses of the client's region."""
    records = _list(client, "get_static_ips", "staticIps")
    return [address for each in records if (address := to_address(each))]


def read_address(client: Client, name: str) -> StaticAddress | None:
    """Read one static address; None if there is none of this name."""
    return to_address(_read(client, "get_static_ip", "staticIp", name, staticIpName=name))


def list_key_pairs(client: Client) -> frozenset[str]:
    """List the names of the key pairs of the client's region, the default one included."""
    records = _list(client, "get_key_pairs", "keyPairs", includeDefaultKeyPair=True)
    return frozenset(name for each in records if (name := name_of(each)))


def list_domains(client: Client) -> list[DnsEntry]:
    """List the entries of all DNS zones. client: of GLOBAL_REGION."""
    domains = _list(client, "get_domains", "domains")
    return [entry for each in domains for entry in to_dns_entries(each)]


def list_load_balancers(client: Client) -> dict[str, tuple[str, ...]]:
    """List the load balancers of the client's region, with the names of their instances."""
    records = _list(client, "get_load_balancers", "loadBalancers")
    return {name: to_instance_names(each) for each in records if (name := name_of(each))}


def list_distributions(client: Client) -> dict[str, str | None]:
    """List the distributions, with the name of their origin. client: of GLOBAL_REGION."""
    records = _list(client, "get_distributions", "distributions")
    return {name: to_origin_name(each) for each in records if (name := name_of(each))}


def read_snapshot(client: Client, kind: Kind, region: str, name: str) -> Snapshot | None:
    """Read one snapshot; None if it does not exist, or another type of resource has the name."""
    named = {kind.snapshot_argument: name}
    record = _read(client, kind.get_snapshot, kind.snapshot_member, name, **named)
    return to_snapshot(kind, region, record)


def read_resource(
    client: Client, kind: Kind, region: str, name: str, *, include_health: bool = False
) -> Resource | None:
    """Read one resource; None if it does not exist, or another type of resource has the name."""
    arguments = {kind.resource_argument: name, **_health(kind, include_health)}
    record = _read(client, kind.get_resource, kind.resource_member, name, **arguments)
    return to_resource(kind, region, record)


def list_operations(client: Client, resource: str) -> Iterator[Mapping[str, Any]]:
    """List the operations on a resource."""
    records = _list(client, "get_operations_for_resource", "operations", resourceName=resource)
    return (each for each in records if isinstance(each, Mapping))


def _health(kind: Kind, include_health: bool) -> dict[str, bool]:
    return {"includeHealthStatus": True} if include_health and kind is INSTANCE else {}


def _list(client: Client, method: str, member: str, **arguments: Any) -> Iterator[object]:
    """Read all pages of a list."""
    while True:
        answer: Any = getattr(client, method)(**arguments)
        yield from _member(answer, member, list)
        token = answer.get("nextPageToken")
        if not token:
            return
        if token == arguments.get("pageToken"):
            raise UnreadableAnswer(f"{method} answered with the same page twice")
        arguments["pageToken"] = token


def _read(
    client: Client, method: str, member: str, name: str, **arguments: Any
) -> Mapping[str, Any] | None:
    """Read one record. Its name is the one that was asked for, whether it says so or not."""
    try:
        answer: Any = getattr(client, method)(**arguments)
    except ServiceError as error:
        if not_found(error):
            return None
        raise
    return {**_member(answer, member, dict), "name": name}


def _member(answer: Mapping[str, Any], member: str, wanted: type) -> Any:
    """The contents of an answer. An answer without them is not an empty list."""
    value = answer.get(member)
    if not isinstance(value, wanted):
        raise UnreadableAnswer(f"Lightsail's answer could not be read: it has no {member}")
    return value
