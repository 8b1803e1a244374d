"""New resources from snapshots.

Known (API reference): a bundle is not smaller than the source's; a disk is not smaller than
its snapshot; a manual snapshot is given by its name, an automatic one by its resource and a
date or "latest"; the answer is one operation for each new resource.
Unknown, and decided here: a snapshot that is not finished is InvalidInput; the key of
attachedDiskMapping is the new instance's name; attached disks that are not mapped are made as
well, under the instance's name and the last part of their path. Tags are not inherited.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from lightsail_moto import births, catalogue
from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.resources import Disk, Instance, Record, RelationalDatabase
from lightsail_moto.rooms.copies import automatic
from lightsail_moto.rooms.databases import DatabaseRoom
from lightsail_moto.rooms.disks import DiskRoom
from lightsail_moto.snapshots import (
    DiskSnapshot,
    InstanceSnapshot,
    RelationalDatabaseSnapshot,
    Snapshot,
)
from lightsail_moto.tagging import WireTags

S = TypeVar("S", bound=Snapshot)


class RestoreRoom(DiskRoom, DatabaseRoom):
    """CreateInstancesFromSnapshot, CreateDiskFromSnapshot, CreateRelationalDatabaseFromSnapshot."""

    def create_instances_from_snapshot(
        self,
        instance_names: list[str],
        availability_zone: str,
        bundle_id: str,
        attached_disk_mapping: dict[str, list[Record]] | None = None,
        instance_snapshot_name: str | None = None,
        user_data: str | None = None,
        key_pair_name: str | None = None,
        tags: WireTags | None = None,
        add_ons: list[Record] | None = None,
        ip_address_type: str | None = None,
        source_instance_name: str | None = None,
        restore_date: str | None = None,
        use_latest_restorable_auto_snapshot: bool | None = None,
    ) -> Record:
        """Not processed: userData."""
        zone = catalogue.check_zone(availability_zone, self.region_name)
        _exactly_one(instance_snapshot_name, source_instance_name)
        if instance_snapshot_name:
            snapshot = _ready(self.get(InstanceSnapshot, instance_snapshot_name))
        else:
            name = self.get(Instance, source_instance_name or "").name
            made = automatic(self, name, restore_date, use_latest_restorable_auto_snapshot)
            assert isinstance(made, InstanceSnapshot)
            snapshot = made
        bundle = _not_smaller(catalogue.bundle(bundle_id), snapshot)
        disks = _disk_names(snapshot, instance_names, attached_disk_mapping or {})
        taken = [name for names in disks.values() for name in names.values()]
        self.claim(*instance_names, *taken, kind=Instance)
        operations = []
        for name in instance_names:
            birth = self.birth(name, zone, tags, "pending")
            restored = births.instance(birth, blueprint_id=snapshot.blueprint_id, bundle=bundle)
            restored.key_name = key_pair_name or restored.key_name
            restored.ip_address_type = ip_address_type or restored.ip_address_type
            self.switch_on_all(restored, add_ons)
            fate = self.begin(restored, self.control.restore_seconds, snapshot.name)
            self._attach(restored, snapshot, disks[name])
            operations.append(self.started(restored, "CreateInstancesFromSnapshot", fate))
        return self.operations(operations)

    def _attach(
        self, instance: Instance, snapshot: InstanceSnapshot, names: dict[str, str]
    ) -> None:
        """Make and attach the disks of the snapshot, under these names by path."""
        for attached in snapshot.attached:
            path = attached["path"]
            birth = self.birth(names[path], instance.zone, None, "pending")
            disk = births.disk(birth, size_gb=attached["sizeInGb"])
            self.begin(disk, self.control.restore_seconds, snapshot.name)
            self.join(disk, instance, path)

    def create_disk_from_snapshot(
        self,
        disk_name: str,
        availability_zone: str,
        size_in_gb: int,
        disk_snapshot_name: str | None = None,
        tags: WireTags | None = None,
        add_ons: list[Record] | None = None,
        source_disk_name: str | None = None,
        restore_date: str | None = None,
        use_latest_restorable_auto_snapshot: bool | None = None,
    ) -> Record:
        _exactly_one(disk_snapshot_name, source_disk_name)
        snapshot: Snapshot
        if disk_snapshot_name:
            snapshot = _ready(self.get(DiskSnapshot, disk_snapshot_name))
        else:
            name = self.get(Disk, source_disk_name or "").name
            snapshot = automatic(self, name, restore_date, use_latest_restorable_auto_snapshot)
        if size_in_gb < snapshot.size_gb:
            raise InvalidInput(f"The disk is smaller than its snapshot of {snapshot.size_gb} GB.")
        made = self.new_disk(disk_name, availability_zone, size_in_gb, tags, add_ons)
        fate = self.begin(made, self.control.restore_seconds, snapshot.name)
        return self.operations([self.started(made, "CreateDiskFromSnapshot", fate)])

    def create_relational_database_from_snapshot(
        self,
        relational_database_name: str,
        availability_zone: str | None = None,
        publicly_accessible: bool = False,
        relational_database_snapshot_name: str | None = None,
        relational_database_bundle_id: str | None = None,
        source_relational_database_name: str | None = None,
        restore_time: datetime | None = None,
        use_latest_restorable_time: bool = False,
        tags: WireTags | None = None,
    ) -> Record:
        """From a snapshot, or from a database as it was; the time itself is not checked."""
        _exactly_one(relational_database_snapshot_name, source_relational_database_name)
        source: RelationalDatabase | RelationalDatabaseSnapshot
        if relational_database_snapshot_name:
            source = _ready(self.get(RelationalDatabaseSnapshot, relational_database_snapshot_name))
            from_bundle = source.bundle_id
        else:
            if bool(restore_time) == use_latest_restorable_time:
                raise InvalidInput("Give either restoreTime or useLatestRestorableTime.")
            source = self.get(RelationalDatabase, source_relational_database_name or "")
            from_bundle = source.bundle.id
        bundle = catalogue.database_bundle(relational_database_bundle_id or from_bundle)
        if bundle.disk_gb < catalogue.database_bundle(from_bundle).disk_gb:
            raise InvalidInput(f"The bundle {bundle.id} is smaller than {from_bundle}.")
        self.claim(relational_database_name, kind=RelationalDatabase)
        birth = self.birth(relational_database_name, self.zone(availability_zone), tags, "creating")
        made = births.database(
            birth,
            blueprint_id=source.blueprint_id,
            bundle=bundle,
            master_database=source.master_database,
            master_username=source.master_username,
        )
        made.publicly_accessible = publicly_accessible
        fate = self.begin(made, self.control.restore_seconds, source.name)
        return self.operations([self.started(made, "CreateRelationalDatabaseFromSnapshot", fate)])


def _exactly_one(snapshot_name: str | None, source_name: str | None) -> None:
    if bool(snapshot_name) == bool(source_name):
        raise InvalidInput("Give either the name of a snapshot or the name of a source.")


def _ready(snapshot: S) -> S:
    if snapshot.state != snapshot.ready:
        raise InvalidInput(f"The {snapshot.type} {snapshot.name} is {snapshot.state}.")
    return snapshot


def _not_smaller(bundle: catalogue.Bundle, snapshot: InstanceSnapshot) -> catalogue.Bundle:
    source = catalogue.BUNDLES.get(snapshot.bundle_id, bundle)
    if (
        bundle.disk_gb < snapshot.size_gb
        or bundle.ram_gb < source.ram_gb
        or bundle.cpus < source.cpus
    ):
        raise InvalidInput(f"The bundle {bundle.id} is smaller than {snapshot.bundle_id}.")
    return bundle


def _disk_names(
    snapshot: InstanceSnapshot, instances: list[str], mapping: dict[str, list[Record]]
) -> dict[str, dict[str, str]]:
    """For each new instance the names of its new disks by their paths."""
    strangers = set(mapping) - set(instances)
    if strangers:
        raise InvalidInput(f"Disks are mapped for instances that are not made: {strangers}")
    paths = [disk["path"] for disk in snapshot.attached]
    names: dict[str, dict[str, str]] = {}
    for instance in instances:
        names[instance] = {path: f"{instance}-{path.rpartition('/')[2]}" for path in paths}
        for disk in mapping.get(instance, []):
            path = disk.get("originalDiskPath", "")
            if path not in paths or "newDiskName" not in disk:
                raise InvalidInput(f"A disk is not mapped to a new one: {path}")
            names[instance][path] = disk["newDiskName"]
    return names
