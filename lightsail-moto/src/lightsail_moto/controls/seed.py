"""Resources added without requests: the same records as requests make, in bulk and with a past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from threading import RLock
from typing import Any, TypeAlias, TypeVar

from lightsail_moto.models import LightsailBackend, lightsail_backends
from lightsail_moto.models.bundles import bundle, bundles_of, database_bundle
from lightsail_moto.models.databases import RelationalDatabase
from lightsail_moto.models.disks import Disk
from lightsail_moto.models.instances import Instance
from lightsail_moto.models.key_pairs import DEFAULT_KEY_PAIR, KeyPair
from lightsail_moto.models.networking import StaticIp
from lightsail_moto.models.ports import read_port
from lightsail_moto.models.regions import HOME_REGION
from lightsail_moto.models.resource import Record, Resource
from lightsail_moto.models.restores import SNAPSHOT_TYPES, copy_of
from lightsail_moto.models.routing import Distribution, Domain, LoadBalancer
from lightsail_moto.models.snapshots import DiskSnapshot, Snapshot

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

    def add_static_ip(
        self,
        name: str,
        region: str = HOME_REGION,
        *,
        created_at: datetime | None = None,
        attached_to: str | None = None,
    ) -> StaticIp:
        """An address of this name that exists is used.

        attached_to: the name of an instance of the Region, in any state.
        """
        backend = self._backend(region)
        members = self._members(StaticIp, name, region, "", None, created_at, "available")
        static_ip = backend.store.find(StaticIp, name) or self._add(backend.new_static_ip(members))
        if attached_to is not None:
            instance = backend.store.get(Instance, attached_to)
            instance.static_ip, static_ip.attached_to = static_ip, attached_to
        return static_ip

    def add_key_pair(
        self,
        name: str,
        region: str = HOME_REGION,
        *,
        tags: GivenTags = None,
        created_at: datetime | None = None,
    ) -> KeyPair:
        members = self._members(KeyPair, name, region, "", tags, created_at, "available")
        return self._add(KeyPair(**members))

    def add_domain(
        self, name: str, entries: Iterable[tuple[str, str, str]] = (), *, tags: GivenTags = None
    ) -> Domain:
        """A DNS zone; entries: name, type and target of each, as ("x.com", "A", "192.0.2.1")."""
        members = self._members(Domain, name, HOME_REGION, "", tags, None, Domain.ready)
        return self._add(Domain(**members, entries=tuple(entries)))

    def add_load_balancer(
        self,
        name: str,
        instances: Mapping[str, str] | Iterable[str],
        region: str = HOME_REGION,
        *,
        tags: GivenTags = None,
        state: str = "active",
    ) -> LoadBalancer:
        """instances: their names, healthy, or the health of each; they need not exist."""
        members = self._members(LoadBalancer, name, region, "", tags, None, state)
        health = (
            instances if isinstance(instances, Mapping) else dict.fromkeys(instances, "healthy")
        )
        return self._add(LoadBalancer(**members, instances=health))

    def add_distribution(
        self,
        name: str,
        origin: str,
        *,
        origin_type: str = "Instance",
        origin_region: str = HOME_REGION,
        tags: GivenTags = None,
    ) -> Distribution:
        """origin: the name of an instance or a load balancer, which need not exist."""
        members = self._members(Distribution, name, HOME_REGION, "", tags, None, Distribution.ready)
        return self._add(Distribution(**members, origin=(origin, origin_type, origin_region)))

    def remove(self, resource: Resource) -> None:
        """Remove a resource, as if it had been deleted; a static address is detached."""
        with self._lock:
            self._backend(resource.region).store.remove(resource)
            if isinstance(resource, Instance) and resource.static_ip:
                resource.static_ip.attached_to = None
                resource.static_ip = None

    def put_back(self, resource: Resource) -> None:
        """Undo remove: the same record, at the end of its list; nothing is attached again."""
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
