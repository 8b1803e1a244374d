"""What the snapshots of all three kinds have in common."""

from __future__ import annotations

from lightsail_moto import births
from lightsail_moto.exceptions import TRY_AGAIN, WAIT, InvalidInput
from lightsail_moto.operations import Fate
from lightsail_moto.resources import Disk, Instance, Record, RelationalDatabase
from lightsail_moto.rooms.room import ALL_ZONES, Room
from lightsail_moto.snapshots import RelationalDatabaseSnapshot, Snapshot
from lightsail_moto.tagging import WireTags

AUTO_IN_PROGRESS = "You cannot create manual snapshots when an automatic snapshot is being created."


class SnapshotRoom(Room):
    """Taking and deleting snapshots.

    Known: a create answers two operations, for the snapshot and for its source, under way; a
    delete answers one that has succeeded; tags are not inherited; an automatic snapshot in
    progress refuses manual ones, in the user guide's words.
    Unknown, and decided here: the codes and texts of the other refusals, which carry the
    phrases that Terraform's provider retries on; whether a pending snapshot can be deleted
    (control: delete_pending); whether a source takes two at once (concurrent_snapshots).
    """

    def take(
        self,
        kind: type[Snapshot],
        name: str,
        source: Instance | Disk | RelationalDatabase,
        tags: WireTags | None,
    ) -> tuple[Snapshot, Fate]:
        """Begin a snapshot of this type; the caller has checked that the source allows it."""
        self.claim(name, kind=kind)
        control = self.control
        if not control.concurrent_snapshots and self.snapshots_under_way(source):
            raise InvalidInput(f"A snapshot of {source.name} is in progress. {WAIT}")
        pending = "pending"
        if kind is RelationalDatabaseSnapshot:
            pending = control.database_snapshot_pending
        birth = self.birth(name, ALL_ZONES, tags, pending)
        taken: Snapshot
        if kind.type == "DiskSnapshot" and isinstance(source, Instance | Disk):
            taken = births.disk_snapshot(birth, source)
        else:
            taken = births.snapshot(birth, source)
        seconds = control.snapshot_seconds_by_type.get(kind.type, control.snapshot_seconds)
        return taken, self.begin(taken, seconds, source.name)

    def taking(
        self,
        operation: str,
        taken: Snapshot,
        source: Instance | Disk | RelationalDatabase,
        fate: Fate,
    ) -> Record:
        """The answer of a create: each operation's details name the other one's resource."""
        return self.operations(
            [
                self.started(taken, operation, fate, source.name),
                self.started(source, operation, fate, taken.name),
            ]
        )

    def delete(self, kind: type[Snapshot], name: str, operation: str) -> Record:
        gone = self.get(kind, name)
        if gone.transition and not self.control.delete_pending:
            raise InvalidInput(f"The {kind.type} {name} is being created. {TRY_AGAIN}")
        self.store.remove(gone)
        return self.operations([self.done(gone, operation)])

    def refuse_during_auto_snapshot(self, source: Instance | Disk) -> None:
        if source.auto.in_progress(self.now):
            raise InvalidInput(AUTO_IN_PROGRESS)

    @staticmethod
    def refuse_unless_at_rest(source: Instance) -> None:
        """Running and stopped instances can be snapshotted; what others answer is unknown."""
        if source.state not in ("running", "stopped"):
            raise InvalidInput(f"The Instance {source.name} is {source.state}. {TRY_AGAIN}")
