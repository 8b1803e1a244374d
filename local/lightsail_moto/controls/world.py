"""The world as plain data, for comparisons of whole values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from lightsail_moto.resources import Disk, Resource
from lightsail_moto.snapshots import Snapshot

if TYPE_CHECKING:
    from lightsail_moto.rooms.room import Room

World: TypeAlias = dict[str, dict[str, dict[str, dict[str, Any]]]]


def dump(rooms: Iterable[Room]) -> World:
    """Region → type → name → what Control.world promises; empty Regions are left out."""
    world: World = {}
    for room in sorted(rooms, key=lambda each: each.region_name):
        for resource in sorted(room.store, key=lambda each: (each.type, each.name)):
            region = world.setdefault(room.region_name, {})
            region.setdefault(resource.type, {})[resource.name] = _dump(room.settled(resource))
    return world


def _dump(resource: Resource) -> dict[str, Any]:
    dumped: dict[str, Any] = {"state": resource.state, "tags": dict(sorted(resource.tags.items()))}
    if isinstance(resource, Disk):
        dumped |= {"attachedTo": resource.attached_to, "sizeInGb": resource.size_gb}
    if isinstance(resource, Snapshot):
        dumped |= {"from": resource.source_name, "sizeInGb": resource.size_gb}
    return dumped
