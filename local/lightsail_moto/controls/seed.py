"""Worlds without requests: the same records as requests make, in bulk and with a past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from lightsail_moto import births, catalogue
from lightsail_moto.catalogue import HOME_REGION
from lightsail_moto.naming import check_names
from lightsail_moto.resources import Disk, Instance, RelationalDatabase, Resource
from lightsail_moto.snapshots import Snapshot

if TYPE_CHECKING:
    from lightsail_moto.controls.control import Control

R = TypeVar("R", bound=Resource)


class Seed:
    """Each adds one resource and returns its record, which has name, arn, tags and state.

    No operation is noted and no call recorded. Names are checked as requests check them; tags
    are not, so that worlds can be made that the service would not make today.
    region: where it is. zone: a letter. tags: key to value, None for a key-only tag.
    created_at: aware, by default the clock's now. state: any word, by default the ready one.
    """

    def __init__(self, control: Control) -> None:
        self._control = control

    def add_instance(
        self,
        name: str,
        region: str = HOME_REGION,
        *,
        tags: Mapping[str, str | None] | None = None,
        created_at: datetime | None = None,
        state: str = "running",
        zone: str = "a",
        blueprint_id: str = "amazon_linux_2023",
        bundle_id: str = "nano_3_0",
    ) -> Instance:
        birth = self._birth(name, region, f"{region}{zone}", tags, created_at, state)
        bundle = catalogue.bundle(bundle_id)
        return self._add(births.instance(birth, blueprint_id=blueprint_id, bundle=bundle))

    def add_disk(
        self,
        name: str,
        region: str = HOME_REGION,
        *,
        tags: Mapping[str, str | None] | None = None,
        created_at: datetime | None = None,
        state: str = "available",
        zone: str = "a",
        size_gb: int = 8,
        attached_to: str | None = None,
        path: str = "/dev/xvdf",
    ) -> Disk:
        """attached_to: the name of an instance of the Region."""
        birth = self._birth(name, region, f"{region}{zone}", tags, created_at, state)
        disk = self._add(births.disk(birth, size_gb=size_gb))
        if attached_to is not None:
            instance = self._control.rooms[region].store.get(Instance, attached_to)
            disk.attached_to, disk.path = instance.name, path
            instance.disks.append(disk)
        return disk

    def add_database(
        self,
        name: str,
        region: str = HOME_REGION,
        *,
        tags: Mapping[str, str | None] | None = None,
        created_at: datetime | None = None,
        state: str = "available",
        zone: str = "a",
        blueprint_id: str = "mysql_8_0",
        bundle_id: str = "micro_2_0",
    ) -> RelationalDatabase:
        birth = self._birth(name, region, f"{region}{zone}", tags, created_at, state)
        bundle = catalogue.database_bundle(bundle_id)
        return self._add(births.database(birth, blueprint_id=blueprint_id, bundle=bundle))

    def add_snapshot(
        self,
        name: str,
        source: Resource,
        region: str | None = None,
        *,
        tags: Mapping[str, str | None] | None = None,
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
        birth = self._birth(name, region or source.region, "all", tags, created_at, state or "")
        if isinstance(source, Snapshot):
            made = births.copy(birth, source, carry_source=True)
        elif of_system_disk and isinstance(source, Instance):
            made = births.disk_snapshot(birth, source)
        else:
            made = births.snapshot(birth, source)
        made.state = state or made.ready
        made.size_gb = made.size_gb if size_gb is None else size_gb
        return self._add(made)

    def remove(self, resource: Resource) -> None:
        """Take a resource out, as if it had been deleted."""
        with self._control.lock:
            self._control.rooms[resource.region].store.remove(resource)

    def put_back(self, resource: Resource) -> None:
        """Undo remove: the same record, at the end of its list."""
        self._add(resource)

    def _birth(
        self,
        name: str,
        region: str,
        zone: str,
        tags: Mapping[str, str | None] | None,
        created_at: datetime | None,
        state: str,
    ) -> births.Birth:
        return births.Birth(
            name=name,
            account=self._control.account_id,
            region=region,
            zone=zone,
            at=created_at or self._control.clock.now(),
            tags=dict(tags or {}),
            state=state,
        )

    def _add(self, resource: R) -> R:
        with self._control.lock:
            store = self._control.rooms[resource.region].store
            check_names([resource.name], store.names, resource.type)
            store.add(resource)
            return resource
