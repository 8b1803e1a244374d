"""Lightsail's records as values of `model`, and as JSON."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from snapshotter.model.firewall import from_ports
from snapshotter.model.inventory import (
    AttachedDisk,
    Bundle,
    Network,
    Resource,
    Snapshot,
    StaticAddress,
)
from snapshotter.model.kinds import DISK, INSTANCE, Kind
from snapshotter.model.tags import from_records
from snapshotter.model.times import to_iso


def to_resource(kind: Kind, region: str, record: Mapping[str, Any]) -> Resource:
    state = record.get("state", "")
    return Resource(
        kind=kind,
        region=region,
        name=record["name"],
        arn=record["arn"],
        tags=from_records(record.get("tags", ())),
        state=state.get("name", "") if kind is INSTANCE else state,
        attached_to=record.get("attachedTo") if kind is DISK else None,
        zone=record.get("location", {}).get("availabilityZone"),
        address=record.get("publicIpAddress") if kind is INSTANCE else None,
        network=_network(record) if kind is INSTANCE else None,
        created_at=record["createdAt"].astimezone(UTC) if "createdAt" in record else None,
    )


def to_snapshot(kind: Kind, region: str, record: Mapping[str, Any]) -> Snapshot:
    state = record.get("state", "")
    return Snapshot(
        kind=kind,
        region=region,
        name=record["name"],
        arn=record["arn"],
        status=kind.status(state),
        state=state,
        created_at=record["createdAt"].astimezone(UTC),
        size_gb=record.get("sizeInGb", 0),
        tags=from_records(record.get("tags", ())),
        from_name=record.get(kind.from_name),
        from_arn=record.get(kind.from_arn),
        from_bundle=record.get(kind.restoring.from_bundle or ""),
        attached=tuple(_attached(record)),
    )


def to_bundle(record: Mapping[str, Any]) -> Bundle:
    return Bundle(
        id=record["bundleId"],
        disk_gb=record.get("diskSizeInGb", 0),
        active=record.get("isActive", True),
        price_usd=record.get("price"),
    )


def _network(record: Mapping[str, Any]) -> Network:
    return Network(
        firewall=from_ports(record.get("networking", {}).get("ports", ())),
        key_pair=record.get("sshKeyName") or None,
        address_type=record.get("ipAddressType"),
        # A list of its own has the name.
        static_ip_known=not record.get("isStaticIp", False),
    )


def to_address(record: Mapping[str, Any]) -> StaticAddress:
    return StaticAddress(record["name"], record["ipAddress"], record.get("attachedTo") or None)


def _attached(record: Mapping[str, Any]) -> Iterator[AttachedDisk]:
    """The block storage disks in an instance's snapshot, without its system disk."""
    for disk in record.get("fromAttachedDisks", ()):
        if not disk.get("isSystemDisk") and (path := disk.get("path")):
            yield AttachedDisk(path, disk.get("name") or path.rpartition("/")[2])


def to_json(value: Any) -> Any:
    """Make a response of boto3 JSON-safe; times become ISO 8601 in UTC."""
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, Mapping):
        return {key: to_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(each) for each in value]
    return value
