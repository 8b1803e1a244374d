"""Resources added without requests: the same records as requests make, in bulk and with a past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from threading import RLock
from typing import TypeAlias, TypeVar

from lightsail_moto.models import LightsailBackend, lightsail_backends
from lightsail_moto.models.bundles import bundle, database_bundle
from lightsail_moto.models.copies import SNAPSHOT_TYPES, copy_of
from lightsail_moto.models.databases import RelationalDatabase
from lightsail_moto.models.disk_snapshots import DiskSnapshot
from lightsail_moto.models.disks import Disk
from lightsail_moto.models.instances import Instance
from lightsail_moto.models.regions import HOME_REGION
from lightsail_moto.models.resource import Record, Resource
from lightsail_moto.models.snapshots import Snapshot

R = TypeVar("R", bound=Resource)
GivenTags: TypeAlias = Mapping[str, str | None] | None


class Seed:
    """Each adds one resource and returns its record, which has name, arn, tags and state.

    No operation and no call is recorded. Names are checked as requests check them; tags are
    not, so that a test can have resources that the service would refuse today.
    region: where it is. zone: a letter. tags: key to value, None for a key-only tag.
    created_at: aware, by default the clock's now. state: any word, by default the ready one.
    """

    def __init__(self, account_id: str, lock: RLock) -> None:
        self._account_id = account_id
        self._lock = lock

    def add_instance(
        self,
        name: str,
        region: str = HOME_REGION,
        *,
        tags: GivenTags = None,
        created_at: datetime | None = None,
        state: str = "running",
        zone: str = "a",
        blueprint_id: str = "amazon_linux_2023",
        bundle_id: str = "nano_3_0",
    ) -> Instance:
        members = self._members(Instance, name, region, zone, tags, created_at, state)
        plan = bundle(bundle_id)
        return self._add(Instance(**members, blueprint_id=blueprint_id, bundle=plan))

    def add_disk(
        self,
        name: str,
        region: str = HOME_REGION,
        *,
        tags: GivenTags = None,
        created_at: datetime | None = None,
        state: str = "available",
        zone: str = "a",
        size_gb: int = 8,
        attached_to: str | None = None,
        path: str = "/dev/xvdf",
    ) -> Disk:
        """attached_to: the name of an instance of the Region."""
        members = self._members(Disk, name, region, zone, tags, created_at, state)
        disk = self._add(Disk(**members, size_gb=size_gb))
        if attached_to is not None:
            self._backend(region).store.get(Instance, attached_to).attach(disk, path)
        return disk

    def add_database(
        self,
        name: str,
        region: str = HOME_REGION,
        *,
        tags: GivenTags = None,
        created_at: datetime | None = None,
        state: str = "available",
        zone: str = "a",
        blueprint_id: str = "mysql_8_0",
        bundle_id: str = "micro_2_0",
    ) -> RelationalDatabase:
        members = self._members(RelationalDatabase, name, region, zone, tags, created_at, state)
        plan = database_bundle(bundle_id)
        return self._add(RelationalDatabase(**members, blueprint_id=blueprint_id, bundle=plan))

    def add_snapshot(
        self,
        name: str,
        source: Resource,
        region: str | None = None,
        *,
        tags: GivenTags = None,
        created_at: datetime | None = None,
        state: str | None = None,
        size_gb: int | None = None,
        of_system_disk: bool = False,
    ) -> Snapshot:
        """A snapshot of a resource, or a copy of a snapshot, in any Region.

        source: a record that this class returned; it need not exist any more (see remove).
        region: by default the source's. of_system_disk: of an instance, a disk snapshot.
        A copy has the from… members of its source. A database does not become `backing-up`.
        """
        kind: type[Snapshot]
        if isinstance(source, Snapshot):
            kind = type(source)
        else:
            kind = DiskSnapshot if of_system_disk else SNAPSHOT_TYPES[type(source)]
        state = state or kind.ready
        members = self._members(kind, name, region or source.region, "", tags, created_at, state)
        made: Snapshot
        if isinstance(source, Snapshot):
            made = copy_of(source, members)
        else:
            made = kind.of(source, members)
        made.size_gb = made.size_gb if size_gb is None else size_gb
        return self._add(made)

    def remove(self, resource: Resource) -> None:
        """Remove a resource, as if it had been deleted."""
        with self._lock:
            self._backend(resource.region).store.remove(resource)

    def put_back(self, resource: Resource) -> None:
        """Undo remove: the same record, at the end of its list."""
        self._add(resource)

    def _backend(self, region: str) -> LightsailBackend:
        return lightsail_backends[self._account_id][region]

    def _members(
        self,
        kind: type[Resource],
        name: str,
        region: str,
        zone: str,
        tags: GivenTags,
        created_at: datetime | None,
        state: str,
    ) -> Record:
        return self._backend(region).members(
            kind,
            name,
            f"{region}{zone}" if zone else "all",
            tags=dict(tags or {}),
            state=state,
            at=created_at,
        )

    def _add(self, resource: R) -> R:
        with self._lock:
            backend = self._backend(resource.region)
            backend.claim(resource.name, kind=type(resource))
            backend.store.add(resource)
            return resource
