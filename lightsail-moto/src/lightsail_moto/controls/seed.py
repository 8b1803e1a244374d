"""Resources added without requests: the same records as requests make, in bulk and with a past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from lightsail_moto.controls.seed_base import GivenTags, SeedBase
from lightsail_moto.models.bundles import bundle, bundles_of, database_bundle
from lightsail_moto.models.copies import SNAPSHOT_TYPES, copy_of
from lightsail_moto.models.databases import RelationalDatabase
from lightsail_moto.models.disk_snapshots import DiskSnapshot
from lightsail_moto.models.disks import Disk
from lightsail_moto.models.instances import Instance
from lightsail_moto.models.key_pairs import DEFAULT_KEY_PAIR
from lightsail_moto.models.ports import read_port
from lightsail_moto.models.regions import HOME_REGION
from lightsail_moto.models.resource import Resource
from lightsail_moto.models.snapshots import Snapshot


class Seed(SeedBase):
    """Each adds one resource and returns its record, which has name, arn, tags and state.

    No operation and no call is recorded. Names are checked as requests check them; tags are
    not, so that a test can have resources that the service would refuse today.
    region: where it is. zone: a letter. tags: key to value, None for a key-only tag.
    created_at: aware, by default the clock's now. state: any word, by default the ready one.
    """

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
        bundle_id: str | None = None,
        ip_address_type: str | None = None,
        key_pair: str | None = None,
        static_ip: str | None = None,
        firewall: Iterable[Mapping[str, Any]] | None = None,
    ) -> Instance:
        """firewall: ports as PutInstancePublicPorts takes them; by default 22 and 80.

        bundle_id: of any Region, active or not; by default the smallest of this one.
        ip_address_type: by default the first that the bundle is for.
        key_pair, static_ip: names; what the Region does not have is added.
        """
        backend = self._backend(region)
        plan = bundle(bundle_id or next(iter(bundles_of(region))))
        with self._lock:
            if key_pair not in (None, DEFAULT_KEY_PAIR) and key_pair not in backend.store.names:
                self.add_key_pair(key_pair, region)
            members = self._members(Instance, name, region, zone, tags, created_at, state)
            instance = backend.new_instance(
                members,
                blueprint_id=blueprint_id,
                bundle=plan,
                key_pair=key_pair,
                ip_address_type=ip_address_type or plan.ip_address_types[0],
            )
            if firewall is not None:
                instance.ports = [read_port(dict(port)) for port in firewall]
            self._add(instance)
            if static_ip is not None:
                self.add_static_ip(static_ip, region, attached_to=name)
        return instance

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
        publicly_accessible: bool = False,
    ) -> RelationalDatabase:
        members = self._members(RelationalDatabase, name, region, zone, tags, created_at, state)
        plan = database_bundle(bundle_id)
        return self._add(
            RelationalDatabase(
                **members,
                blueprint_id=blueprint_id,
                bundle=plan,
                publicly_accessible=publicly_accessible,
            )
        )

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
