"""Copies of snapshots, and new resources from snapshots.

Known (API reference): a bundle is not smaller than the source's; a disk is not smaller than
its snapshot; a manual snapshot is given by its name, an automatic one by its resource and a
date or "latest"; the answer is one operation for each new resource.
Unknown, and decided here: a snapshot that is not finished is InvalidInput; the key of
attachedDiskMapping is the new instance's name; attached disks that are not mapped are made as
well, under the instance's name and the last part of their path. Tags are not inherited.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from lightsail_moto.exceptions import InvalidInput, NotFound
from lightsail_moto.models.auto_snapshots import AddOnResource
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.bundles import BUNDLES, Bundle, database_bundle
from lightsail_moto.models.databases import DatabaseBackend, RelationalDatabase
from lightsail_moto.models.disks import Disk, DiskBackend
from lightsail_moto.models.instances import Instance, InstanceBackend
from lightsail_moto.models.regions import check_zone
from lightsail_moto.models.resource import Record, Resource
from lightsail_moto.models.snapshots import (
    DiskSnapshot,
    InstanceSnapshot,
    RelationalDatabaseSnapshot,
    S,
    Snapshot,
    ready,
)
from lightsail_moto.models.validation import WireTags, read_tags

SNAPSHOT_TYPES: dict[type[Resource], type[Snapshot]] = {
    Instance: InstanceSnapshot,
    Disk: DiskSnapshot,
    RelationalDatabase: RelationalDatabaseSnapshot,
}


class CopyBackend(RegionBackend):
    """CopySnapshot, which the target Region answers.

    Known: the input has no tags, so a copy has none; databases cannot be copied; one
    operation, of type CopySnapshot, whose details are "<source Region>:<source name>".
    Unknown, and decided here: a source that is not finished, or in error, is InvalidInput; the
    from… members are carried over (control: copies_carry_source); deleting the source
    afterwards does not affect the copy.
    """

    def copy_snapshot(
        self,
        target_snapshot_name: str,
        source_region: str,
        source_snapshot_name: str | None = None,
        source_resource_name: str | None = None,
        restore_date: str | None = None,
        use_latest_restorable_auto_snapshot: bool | None = None,
    ) -> Record:
        """Of a manual snapshot by its name, or of an automatic one by its resource and date."""
        if bool(source_snapshot_name) == bool(source_resource_name):
            raise InvalidInput("Give either sourceSnapshotName or sourceResourceName.")
        there = self.other_region(source_region)
        if source_snapshot_name:
            name, source = source_snapshot_name, _manual(there, source_snapshot_name)
        else:
            name = source_resource_name or ""
            source = automatic(there, name, restore_date, use_latest_restorable_auto_snapshot)
        self.claim(target_snapshot_name, kind=type(source))
        copy = copy_of(source, self.members(type(source), target_snapshot_name))
        if not self.environment.copies_carry_source:
            copy.source_name = copy.source_arn = None
        completion = self.begin(copy, self.environment.copy_seconds, name)
        details = f"{source_region}:{name}"
        return self.operations([self.started(copy, "CopySnapshot", completion, details)])


def copy_of(source: S, members: Record) -> S:
    """The same snapshot with these members; `from…` are those of its source."""
    return replace(source, **members, transition=None, number=0)


def _manual(backend: RegionBackend, name: str) -> Snapshot:
    if backend.store.find(RelationalDatabaseSnapshot, name):
        raise InvalidInput(f"Database snapshots cannot be copied: {name}")
    if backend.store.find(DiskSnapshot, name):
        return ready(backend.get(DiskSnapshot, name))
    return ready(backend.get(InstanceSnapshot, name))


def automatic(backend: RegionBackend, name: str, date: str | None, latest: bool | None) -> Snapshot:
    """An automatic snapshot as if it were a manual one, which is not in any store."""
    source = backend.store.find(AddOnResource, name)
    if source is None:
        raise NotFound("Instance", name)
    picked = backend.settled(source).auto.pick(date, latest, backend.now)
    kind = SNAPSHOT_TYPES[type(source)]
    members = backend.members(kind, name, state=kind.ready, at=picked.created_at)
    made = kind.of(source, members)
    made.from_auto = True
    return made


class RestoreBackend(InstanceBackend, DiskBackend, DatabaseBackend):
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
        zone = check_zone(availability_zone, self.region_name)
        _exactly_one(instance_snapshot_name, source_instance_name)
        if instance_snapshot_name:
            snapshot = ready(self.get(InstanceSnapshot, instance_snapshot_name))
        else:
            name = self.get(Instance, source_instance_name or "").name
            made = automatic(self, name, restore_date, use_latest_restorable_auto_snapshot)
            snapshot = cast(InstanceSnapshot, made)
        plan = _not_smaller(self.offered_bundle(bundle_id), snapshot)
        disks = _disk_names(snapshot, instance_names, attached_disk_mapping or {})
        disk_names = [name for names in disks.values() for name in names.values()]
        self.claim(*instance_names, *disk_names, kind=Instance)
        operations = []
        for name in instance_names:
            restored = self.new_instance(
                self.members(Instance, name, zone, tags=read_tags(tags)),
                blueprint_id=snapshot.blueprint_id,
                bundle=plan,
                key_pair=key_pair_name,
                ip_address_type=ip_address_type,
            )
            self.enable_all(restored, add_ons)
            completion = self.begin(restored, self.environment.restore_seconds, snapshot.name)
            self._attach(restored, snapshot, disks[name])
            operations.append(self.started(restored, "CreateInstancesFromSnapshot", completion))
        return self.operations(operations)

    def _attach(
        self, instance: Instance, snapshot: InstanceSnapshot, names: dict[str, str]
    ) -> None:
        """Make and attach the disks of the snapshot, under these names by path."""
        for attached in snapshot.attached:
            path = attached["path"]
            members = self.members(Disk, names[path], instance.zone)
            disk = Disk(**members, size_gb=attached["sizeInGb"])
            self.begin(disk, self.environment.restore_seconds, snapshot.name)
            instance.attach(disk, path)

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
            snapshot = ready(self.get(DiskSnapshot, disk_snapshot_name))
        else:
            name = self.get(Disk, source_disk_name or "").name
            snapshot = automatic(self, name, restore_date, use_latest_restorable_auto_snapshot)
        if size_in_gb < snapshot.size_gb:
            raise InvalidInput(f"The disk is smaller than its snapshot of {snapshot.size_gb} GB.")
        made = self.new_disk(disk_name, availability_zone, size_in_gb, tags, add_ons)
        completion = self.begin(made, self.environment.restore_seconds, snapshot.name)
        return self.operations([self.started(made, "CreateDiskFromSnapshot", completion)])

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
            source = ready(self.get(RelationalDatabaseSnapshot, relational_database_snapshot_name))
            from_bundle = source.bundle_id
        else:
            if bool(restore_time) == use_latest_restorable_time:
                raise InvalidInput("Give either restoreTime or useLatestRestorableTime.")
            source = self.get(RelationalDatabase, source_relational_database_name or "")
            from_bundle = source.bundle.id
        plan = database_bundle(relational_database_bundle_id or from_bundle)
        if plan.disk_gb < database_bundle(from_bundle).disk_gb:
            raise InvalidInput(f"The bundle {plan.id} is smaller than {from_bundle}.")
        made = self.new_database(
            relational_database_name,
            availability_zone,
            tags,
            blueprint_id=source.blueprint_id,
            bundle=plan,
            master_database=source.master_database,
            master_username=source.master_username,
            publicly_accessible=publicly_accessible,
        )
        completion = self.begin(made, self.environment.restore_seconds, source.name)
        kind = "CreateRelationalDatabaseFromSnapshot"
        return self.operations([self.started(made, kind, completion)])


def _exactly_one(snapshot_name: str | None, source_name: str | None) -> None:
    if bool(snapshot_name) == bool(source_name):
        raise InvalidInput("Give either the name of a snapshot or the name of a source.")


def _not_smaller(plan: Bundle, snapshot: InstanceSnapshot) -> Bundle:
    source = BUNDLES.get(snapshot.bundle_id, plan)
    if plan.disk_gb < snapshot.size_gb or plan.ram_gb < source.ram_gb or plan.cpus < source.cpus:
        raise InvalidInput(f"The bundle {plan.id} is smaller than {snapshot.bundle_id}.")
    return plan


def _disk_names(
    snapshot: InstanceSnapshot, instances: list[str], mapping: dict[str, list[Record]]
) -> dict[str, dict[str, str]]:
    """For each new instance the names of its new disks by their paths."""
    unknown = sorted(set(mapping) - set(instances))
    if unknown:
        raise InvalidInput(f"Disks are mapped for instances that are not made: {unknown}")
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
