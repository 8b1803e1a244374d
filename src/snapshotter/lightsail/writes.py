"""The calls that write, one function for each. Each returns Lightsail's operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from snapshotter.lightsail.clients import Client
from snapshotter.lightsail.records import to_json
from snapshotter.model.firewall import Firewall, Ports, to_port_infos
from snapshotter.model.kinds import Kind
from snapshotter.model.outcome import Operations
from snapshotter.model.tags import Tags, to_records


def create_snapshot(
    client: Client, kind: Kind, *, source: str, name: str, tags: Tags
) -> Operations:
    """Create a snapshot with its tags in the same call."""
    named = {kind.resource_argument: source, kind.snapshot_argument: name}
    return _call(client, kind.create_snapshot, **named, tags=to_records(tags))


def copy_snapshot(client: Client, *, source: str, source_region: str, name: str) -> Operations:
    """Copy a snapshot into the client's region. This call accepts no tags."""
    names = {"sourceSnapshotName": source, "targetSnapshotName": name}
    return _call(client, "copy_snapshot", **names, sourceRegion=source_region)


def delete_snapshot(client: Client, kind: Kind, name: str) -> Operations:
    return _call(client, kind.delete_snapshot, **{kind.snapshot_argument: name})


def tag_resource(client: Client, name: str, tags: Tags) -> Operations:
    """Add tags to a resource or snapshot; tags with the same keys are replaced."""
    return _call(client, "tag_resource", resourceName=name, tags=to_records(tags))


def create_from_snapshot(client: Client, kind: Kind, arguments: Mapping[str, Any]) -> Operations:
    """Create a resource from a snapshot. arguments: those of the API call."""
    return _call(client, kind.create_from_snapshot, **arguments)


def delete_resource(client: Client, kind: Kind, name: str) -> Operations:
    """Delete a resource with its add-ons, and without a final snapshot."""
    arguments = {kind.resource_argument: name, kind.delete_flag: True}
    return _call(client, kind.delete_resource, **arguments)


def put_public_ports(client: Client, instance: str, firewall: Firewall) -> Operations:
    """Replace the whole firewall of an instance. The firewall must let something in."""
    infos = to_port_infos(firewall)
    return _call(client, "put_instance_public_ports", instanceName=instance, portInfos=infos)


def close_public_ports(client: Client, instance: str, ports: Ports) -> Operations:
    protocol, first, last = ports
    info = {"fromPort": first, "toPort": last, "protocol": protocol}
    return _call(client, "close_instance_public_ports", instanceName=instance, portInfo=info)


def detach_address(client: Client, address: str) -> Operations:
    return _call(client, "detach_static_ip", staticIpName=address)


def attach_address(client: Client, address: str, instance: str) -> Operations:
    """Attach a static address that is free to an instance that runs."""
    return _call(client, "attach_static_ip", staticIpName=address, instanceName=instance)


def _call(client: Client, method: str, **arguments: Any) -> Operations:
    """Call, and make the operations JSON-safe. Calls about ports return a single operation."""
    answer: Mapping[str, Any] = getattr(client, method)(**arguments)
    operations = answer.get("operations") or [answer.get("operation")]
    return tuple(to_json(each) for each in operations if isinstance(each, Mapping))
