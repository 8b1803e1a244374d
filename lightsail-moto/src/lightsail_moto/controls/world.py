"""All resources as plain data, for comparisons of whole values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from lightsail_moto.models import LightsailBackend
from lightsail_moto.models.disks import Disk
from lightsail_moto.models.networking import StaticIp
from lightsail_moto.models.resource import Resource
from lightsail_moto.models.snapshots import Snapshot

World: TypeAlias = dict[str, dict[str, dict[str, dict[str, Any]]]]


def dump(backends: Iterable[LightsailBackend]) -> World:
    """Region → type → name → the members that Control.world lists; empty Regions are left out."""
    world: World = {}
    for backend in sorted(backends, key=lambda each: each.region_name):
        for resource in sorted(backend.store, key=lambda each: (each.type, each.name)):
            region = world.setdefault(backend.region_name, {})
            region.setdefault(resource.type, {})[resource.name] = _dump(backend.settled(resource))
    return world


def _dump(resource: Resource) -> dict[str, Any]:
    dumped: dict[str, Any] = {"state": resource.state, "tags": dict(sorted(resource.tags.items()))}
    if isinstance(resource, Disk | StaticIp):
        dumped["attachedTo"] = resource.attached_to
    if isinstance(resource, Disk):
        dumped["sizeInGb"] = resource.size_gb
    if isinstance(resource, Snapshot):
        dumped |= {"from": resource.source_name, "sizeInGb": resource.size_gb}
    return dumped
