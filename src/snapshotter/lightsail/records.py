"""Lightsail's records as values of `model`, and as JSON.

The service model requires no member of any record. A member that is absent, null or of another type
is unknown. A record without a name is passed over: None.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from snapshotter.model.firewall import Firewall, from_ports
from snapshotter.model.kinds import INSTANCE, Kind
from snapshotter.model.names import to_iso
from snapshotter.model.resource import Bundle, Resource, StaticAddress
from snapshotter.model.snapshot import AttachedDisk, Snapshot
from snapshotter.model.tags import Tags, from_records

Record = Mapping[str, Any]
T = TypeVar("T")


class DnsEntry(NamedTuple):
    """An entry of one of Lightsail's DNS zones."""

    name: str
    type: str
    target: str


def to_resource(kind: Kind, region: str, record: object) -> Resource | None:
    if not (name := name_of(record)):
        return None
    return Resource(
        kind=kind,
        region=region,
        name=name,
        arn=_text(record, "arn") or "",
        tags=_tags(record),
        state=_text(_get(record, "state", dict), "name") or _text(record, "state") or "",
        attached_to=_text(record, "attachedTo"),
        zone=_text(_get(record, "location", dict), "availabilityZone"),
        created_at=_time(record, "createdAt"),
        publicly_accessible=_get(record, "publiclyAccessible", bool) or False,
        address=_text(record, "publicIpAddress"),
        firewall=_firewall(record) if kind is INSTANCE else None,
        key_pair=_text(record, "sshKeyName"),
        address_type=_text(record, "ipAddressType"),
        # A list of its own has the name.
        static_ip_known=not _get(record, "isStaticIp", bool),
        bundle_id=_text(record, "bundleId") or _text(record, "relationalDatabaseBundleId"),
        health=_text(_get(record, "instanceStatus", dict), "status"),
        endpoint=_text(_get(record, "masterEndpoint", dict), "address"),
    )


def to_snapshot(kind: Kind, region: str, record: object) -> Snapshot | None:
    if not (name := name_of(record)):
        return None
    state = _text(record, "state") or ""
    return Snapshot(
        kind=kind,
        region=region,
        name=name,
        arn=_text(record, "arn") or "",
        status=kind.snapshot_status(state),
        state=state,
        created_at=_time(record, "createdAt"),
        tags=_tags(record),
        size_gb=_get(record, "sizeInGb", int) or 0,
        from_name=_text(record, kind.from_name),
        from_arn=_text(record, kind.from_arn),
        from_bundle=_text(record, kind.from_bundle),
        attached=tuple(_attached(record)),
    )


def to_bundle(record: object) -> Bundle | None:
    if not (bundle_id := _text(record, "bundleId")):
        return None
    return Bundle(
        id=bundle_id,
        active=_get(record, "isActive", bool) is not False,
        disk_gb=_get(record, "diskSizeInGb", int) or 0,
        ram_gb=_number(record, "ramSizeInGb") or 0.0,
        cpus=_get(record, "cpuCount", int) or 0,
        platforms=frozenset(_list(record, "supportedPlatforms", str)),
        ipv4_addresses=_get(record, "publicIpv4AddressCount", int),
        price_usd=_number(record, "price"),
    )


def to_address(record: object) -> StaticAddress | None:
    if not (name := name_of(record)):
        return None
    return StaticAddress(name, _text(record, "ipAddress") or "", _text(record, "attachedTo"))


def to_dns_entries(domain: object) -> Iterator[DnsEntry]:
    for entry in _list(domain, "domainEntries", dict):
        if (name := name_of(entry)) and (target := _text(entry, "target")):
            yield DnsEntry(name, _text(entry, "type") or "", target)


def to_instance_names(load_balancer: object) -> tuple[str, ...]:
    """The names of the instances that are attached to a load balancer."""
    attached = _list(load_balancer, "instanceHealthSummary", dict)
    return tuple(name for each in attached if (name := _text(each, "instanceName")))


def to_origin_name(distribution: object) -> str | None:
    return name_of(_get(distribution, "origin", dict))


def to_zones(region: object, member: str) -> tuple[str, ...]:
    """The names of a region's availability zones that are available."""
    return tuple(
        name
        for zone in _list(region, member, dict)
        if (name := _text(zone, "zoneName")) and _text(zone, "state") in (None, "available")
    )


def name_of(record: object) -> str | None:
    return _text(record, "name")


def to_json(value: Any) -> Any:
    """Make a response of boto3 JSON-safe; times become ISO 8601 in UTC."""
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, Mapping):
        return {key: to_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(each) for each in value]
    return value


def _get(record: object, member: str, wanted: type[T]) -> T | None:
    """A member of a record; None where it is unknown."""
    value = record.get(member) if isinstance(record, Mapping) else None
    return value if isinstance(value, wanted) else None


def _text(record: object, member: str) -> str | None:
    return _get(record, member, str) or None


def _number(record: object, member: str) -> float | None:
    whole = _get(record, member, int)
    return _get(record, member, float) if whole is None else float(whole)


def _time(record: object, member: str) -> datetime | None:
    time = _get(record, member, datetime)
    return time.astimezone(UTC) if time else None


def _list(record: object, member: str, wanted: type[T]) -> list[T]:
    """The elements of a list that are of the type that is wanted."""
    return [each for each in _get(record, member, list) or () if isinstance(each, wanted)]


def _tags(record: object) -> Tags:
    tags = (each for each in _list(record, "tags", dict) if _text(each, "key"))
    return from_records(each for each in tags if isinstance(each.get("value"), str | None))


def _firewall(record: object) -> Firewall | None:
    """The firewall of an instance; None where any part of it is unknown."""
    ports = _get(_get(record, "networking", dict), "ports", list)
    return from_ports(ports) if ports is not None and all(map(_is_port, ports)) else None


def _is_port(entry: object) -> bool:
    """Whether all of an entry can be read; what is absent has a meaning of its own here."""
    if not isinstance(entry, dict) or not isinstance(entry.get("protocol", ""), str):
        return False
    numbers = [entry.get(each, 0) for each in ("fromPort", "toPort")]
    lists = [entry.get(each, []) for each in ("cidrs", "ipv6Cidrs", "cidrListAliases")]
    if not all(isinstance(each, int) for each in numbers):
        return False
    return all(isinstance(each, list) and all(isinstance(e, str) for e in each) for each in lists)


def _attached(record: object) -> Iterator[AttachedDisk]:
    """The block storage disks in an instance's snapshot, without its system disk."""
    for disk in _list(record, "fromAttachedDisks", dict):
        if not disk.get("isSystemDisk") and (path := _text(disk, "path")):
            yield AttachedDisk(path, name_of(disk) or path.rpartition("/")[2])
