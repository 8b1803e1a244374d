"""Copies of snapshots, within a Region and between two."""

from __future__ import annotations

from dataclasses import replace

from lightsail_moto.exceptions import InvalidInput, NotFound
from lightsail_moto.models.auto_snapshots import AddOnResource
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.database_snapshots import RelationalDatabaseSnapshot
from lightsail_moto.models.databases import RelationalDatabase
from lightsail_moto.models.disk_snapshots import DiskSnapshot
from lightsail_moto.models.disks import Disk
from lightsail_moto.models.instance_snapshots import InstanceSnapshot
from lightsail_moto.models.instances import Instance
from lightsail_moto.models.resource import Record, Resource
from lightsail_moto.models.snapshots import S, Snapshot, ready

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
