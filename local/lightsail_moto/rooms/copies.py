"""Copies of snapshots, within a Region and between two."""

from __future__ import annotations

from lightsail_moto import births
from lightsail_moto.exceptions import InvalidInput, NotFound
from lightsail_moto.resources import Disk, Instance, Record
from lightsail_moto.rooms.room import ALL_ZONES, Room
from lightsail_moto.snapshots import (
    DiskSnapshot,
    InstanceSnapshot,
    RelationalDatabaseSnapshot,
    Snapshot,
)


class CopyRoom(Room):
    """CopySnapshot, which the target Region answers.

    Known: the input has no tags, so a copy has none; databases cannot be copied; one
    operation, of type CopySnapshot, whose details are "<source Region>:<source name>".
    Unknown, and decided here: a source that is not finished, or in error, is InvalidInput; the
    from… members are carried over (control: copies_carry_source); deleting the source
    afterwards does not disturb the copy.
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
        there = self.neighbour(source_region)
        if source_snapshot_name:
            name, source = source_snapshot_name, _manual(there, source_snapshot_name)
        else:
            name = source_resource_name or ""
            source = automatic(there, name, restore_date, use_latest_restorable_auto_snapshot)
        self.claim(target_snapshot_name, kind=type(source))
        birth = self.birth(target_snapshot_name, ALL_ZONES, None, "pending")
        made = births.copy(birth, source, carry_source=self.control.copies_carry_source)
        fate = self.begin(made, self.control.copy_seconds, name)
        details = f"{source_region}:{name}"
        return self.operations([self.started(made, "CopySnapshot", fate, details)])


def _manual(room: Room, name: str) -> Snapshot:
    if room.store.find(RelationalDatabaseSnapshot, name):
        raise InvalidInput(f"Database snapshots cannot be copied: {name}")
    if room.store.find(DiskSnapshot, name):
        source: Snapshot = room.get(DiskSnapshot, name)
    else:
        source = room.get(InstanceSnapshot, name)
    if source.state != source.ready:
        raise InvalidInput(f"The {source.type} {name} is {source.state} and cannot be copied.")
    return source


def automatic(room: Room, name: str, date: str | None, latest: bool | None) -> Snapshot:
    """An automatic snapshot as if it were a manual one, which is not in any store."""
    source: Instance | Disk | None = room.store.find(Instance, name) or room.store.find(Disk, name)
    if source is None:
        raise NotFound("Instance", name)
    picked = room.settled(source).auto.pick(date, latest, room.now)
    birth = room.birth(name, ALL_ZONES, None, "available")
    made = births.snapshot(birth, source)
    made.from_auto = True
    made.created_at = picked.created_at
    return made
