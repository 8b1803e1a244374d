"""What every kind of seed needs, and the resources that others can refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from threading import RLock
from typing import TypeAlias, TypeVar

from lightsail_moto.models import LightsailBackend, lightsail_backends
from lightsail_moto.models.instances import Instance
from lightsail_moto.models.key_pairs import KeyPair
from lightsail_moto.models.regions import HOME_REGION
from lightsail_moto.models.resource import Record, Resource
from lightsail_moto.models.routing import Distribution, Domain, LoadBalancer
from lightsail_moto.models.static_ips import StaticIp

R = TypeVar("R", bound=Resource)
GivenTags: TypeAlias = Mapping[str, str | None] | None


class SeedBase:
    def __init__(self, account_id: str, lock: RLock) -> None:
        self._account_id = account_id
        self._lock = lock

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
