"""Snapshots of instances with their attached disks, of disks, of system disks, and of databases.

Deleting a database, which can make one, is here too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self, TypeVar

from lightsail_moto.exceptions import TRY_AGAIN, WAIT, InvalidInput
from lightsail_moto.models.auto_snapshots import AddOnResource
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.bundles import engine
from lightsail_moto.models.databases import RelationalDatabase
from lightsail_moto.models.disks import Disk
from lightsail_moto.models.instances import Instance
from lightsail_moto.models.operation_log import Completion
from lightsail_moto.models.resource import Record, Resource, Transition, present
from lightsail_moto.models.validation import WireTags, read_tags

AUTO_IN_PROGRESS = "You cannot create manual snapshots when an automatic snapshot is being created."


@dataclass(kw_only=True, eq=False)
class Snapshot(Resource):
    """`source_name` and `source_arn` are None where a copy does not carry them."""

    size_gb: int
    source_name: str | None
    source_arn: str | None
    from_auto: bool = False

    @classmethod
    def of(cls, source: Any, members: Record) -> Self:
        """A snapshot of this source; `members` are those that all types have."""
        raise NotImplementedError


S = TypeVar("S", bound=Snapshot)


class SnapshotBackend(RegionBackend):
    """Taking and deleting snapshots.

    Known: a create answers two operations, for the snapshot and for its source, in progress; a
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
        source: Resource,
        tags: WireTags | None,
        *,
        pending: str = "pending",
    ) -> tuple[list[Record], Completion]:
        """Begin a snapshot of this type, and describe the two operations.

        The caller has checked that the source allows it. The details of each operation name
        the resource of the other.
        """
        self.claim(name, kind=kind)
        environment = self.environment
        if not environment.concurrent_snapshots and self._is_pending_of(source):
            raise InvalidInput(f"A snapshot of {source.name} is in progress. {WAIT}")
        taken = kind.of(source, self.members(kind, name, tags=read_tags(tags), state=pending))
        seconds = environment.snapshot_seconds_by_type.get(kind.type, environment.snapshot_seconds)
        completion = self.begin(taken, seconds, source.name)
        operations = self.started_for_both(f"Create{kind.type}", taken, source, completion)
        return operations, completion

    def delete(self, kind: type[Snapshot], name: str) -> Record:
        deleted = self.get(kind, name)
        if deleted.transition and not self.environment.delete_pending:
            raise InvalidInput(f"The {kind.type} {name} is being created. {TRY_AGAIN}")
        self.store.remove(deleted)
        return self.operations([self.done(deleted, f"Delete{kind.type}")])

    def list_filter(self) -> Callable[[object], bool]:
        """A new snapshot is not shown for list_delay_s."""
        until = self.now - timedelta(seconds=self.environment.list_delay_s)
        return lambda item: not isinstance(item, Snapshot) or item.created_at <= until

    def refuse_during_auto_snapshot(self, source: AddOnResource) -> None:
        if source.auto.in_progress(self.now):
            raise InvalidInput(AUTO_IN_PROGRESS)

    @staticmethod
    def refuse_in_transition(source: Resource) -> None:
        """Running and stopped instances can be snapshotted; what others answer is unknown."""
        if source.state not in ("running", "stopped"):
            raise InvalidInput(f"The Instance {source.name} is {source.state}. {TRY_AGAIN}")

    def _is_pending_of(self, source: Resource) -> bool:
        return any(
            isinstance(each, Snapshot)
            and each.source_arn == source.arn
            and self.settled(each).transition is not None
            for each in self.store
        )


def ready(snapshot: S) -> S:
    """The same snapshot; InvalidInput if it is not finished."""
    if snapshot.state != snapshot.ready:
        raise InvalidInput(f"The {snapshot.type} {snapshot.name} is {snapshot.state}.")
    return snapshot


@dataclass(kw_only=True, eq=False)
class InstanceSnapshot(Snapshot):
    """`attached` are the attached disks as they were described when it was taken.

    sizeInGb is the system disk's. Which size the live service answers is unknown.
    """

    type = "InstanceSnapshot"
    support_prefix = "ami-"

    blueprint_id: str
    bundle_id: str
    attached: list[Record] = field(default_factory=list)

    @classmethod
    def of(cls, source: Instance, members: Record) -> Self:
        return cls(
            **members,
            size_gb=source.bundle.disk_gb,
            source_name=source.name,
            source_arn=source.arn,
            blueprint_id=source.blueprint_id,
            bundle_id=source.bundle.id,
            attached=[disk.describe() for disk in source.disks],
        )

    def details(self) -> Record:
        return {
            "state": self.state,
            "fromAttachedDisks": [dict(disk) for disk in self.attached],
            **present(fromInstanceName=self.source_name, fromInstanceArn=self.source_arn),
            "fromBlueprintId": self.blueprint_id,
            "fromBundleId": self.bundle_id,
            "isFromAutoSnapshot": self.from_auto,
            "sizeInGb": self.size_gb,
        }


class InstanceSnapshotBackend(SnapshotBackend):
    """GetInstanceSnapshot(s), CreateInstanceSnapshot, DeleteInstanceSnapshot."""

    def get_instance_snapshots(self, page_token: str | None = None) -> Record:
        return self.listing(InstanceSnapshot, "instanceSnapshots", page_token)

    def get_instance_snapshot(self, instance_snapshot_name: str) -> Record:
        snapshot = self.get(InstanceSnapshot, instance_snapshot_name)
        return {"instanceSnapshot": snapshot.describe()}

    def create_instance_snapshot(
        self, instance_snapshot_name: str, instance_name: str, tags: WireTags | None = None
    ) -> Record:
        source = self.get(Instance, instance_name)
        self.refuse_during_auto_snapshot(source)
        self.refuse_in_transition(source)
        operations, _ = self.take(InstanceSnapshot, instance_snapshot_name, source, tags)
        return self.operations(operations)

    def delete_instance_snapshot(self, instance_snapshot_name: str) -> Record:
        return self.delete(InstanceSnapshot, instance_snapshot_name)


@dataclass(kw_only=True, eq=False)
class DiskSnapshot(Snapshot):
    """Of a block storage disk or, with `of_system_disk`, of an instance's system disk.

    The `progress` of a pending one is not published: 0% here.
    """

    type = "DiskSnapshot"
    ready = "completed"
    support_prefix = "snap-"

    of_system_disk: bool = False

    @classmethod
    def of(cls, source: Disk | Instance, members: Record) -> Self:
        return cls(
            **members,
            size_gb=source.bundle.disk_gb if isinstance(source, Instance) else source.size_gb,
            source_name=source.name,
            source_arn=source.arn,
            of_system_disk=isinstance(source, Instance),
        )

    def details(self) -> Record:
        source = "fromInstance" if self.of_system_disk else "fromDisk"
        return {
            "sizeInGb": self.size_gb,
            "state": self.state,
            "progress": "100%" if self.state == self.ready else "0%",
            **present(**{f"{source}Name": self.source_name, f"{source}Arn": self.source_arn}),
            "isFromAutoSnapshot": self.from_auto,
        }


class DiskSnapshotBackend(SnapshotBackend):
    """GetDiskSnapshot(s), CreateDiskSnapshot, DeleteDiskSnapshot."""

    def get_disk_snapshots(self, page_token: str | None = None) -> Record:
        return self.listing(DiskSnapshot, "diskSnapshots", page_token)

    def get_disk_snapshot(self, disk_snapshot_name: str) -> Record:
        return {"diskSnapshot": self.get(DiskSnapshot, disk_snapshot_name).describe()}

    def create_disk_snapshot(
        self,
        disk_snapshot_name: str,
        disk_name: str | None = None,
        instance_name: str | None = None,
        tags: WireTags | None = None,
    ) -> Record:
        """Of a disk, or of an instance's system disk: exactly one of the two names is given."""
        source = self._source(disk_name, instance_name)
        self.refuse_during_auto_snapshot(source)
        operations, _ = self.take(DiskSnapshot, disk_snapshot_name, source, tags)
        return self.operations(operations)

    def _source(self, disk_name: str | None, instance_name: str | None) -> Disk | Instance:
        if disk_name and not instance_name:
            disk = self.get(Disk, disk_name)
            if disk.state != "available":
                raise InvalidInput(f"The Disk {disk_name} is {disk.state}. {TRY_AGAIN}")
            return disk
        if instance_name and not disk_name:
            instance = self.get(Instance, instance_name)
            self.refuse_in_transition(instance)
            return instance
        raise InvalidInput("Give either diskName or instanceName, and not both.")

    def delete_disk_snapshot(self, disk_snapshot_name: str) -> Record:
        return self.delete(DiskSnapshot, disk_snapshot_name)


@dataclass(kw_only=True, eq=False)
class RelationalDatabaseSnapshot(Snapshot):
    """Has neither progress nor isFromAutoSnapshot. The master names are kept for restores."""

    type = "RelationalDatabaseSnapshot"
    support_prefix = "ls-"

    blueprint_id: str
    bundle_id: str
    master_database: str
    master_username: str

    @classmethod
    def of(cls, source: RelationalDatabase, members: Record) -> Self:
        return cls(
            **members,
            size_gb=source.bundle.disk_gb,
            source_name=source.name,
            source_arn=source.arn,
            blueprint_id=source.blueprint_id,
            bundle_id=source.bundle.id,
            master_database=source.master_database,
            master_username=source.master_username,
        )

    def details(self) -> Record:
        name, version, _ = engine(self.blueprint_id)
        return {
            "engine": name,
            "engineVersion": version,
            "sizeInGb": self.size_gb,
            "state": self.state,
            **present(
                fromRelationalDatabaseName=self.source_name,
                fromRelationalDatabaseArn=self.source_arn,
            ),
            "fromRelationalDatabaseBundleId": self.bundle_id,
            "fromRelationalDatabaseBlueprintId": self.blueprint_id,
        }


class DatabaseSnapshotBackend(SnapshotBackend):
    """GetRelationalDatabaseSnapshot(s), creating and deleting them, DeleteRelationalDatabase."""

    def get_relational_database_snapshots(self, page_token: str | None = None) -> Record:
        return self.listing(RelationalDatabaseSnapshot, "relationalDatabaseSnapshots", page_token)

    def get_relational_database_snapshot(self, relational_database_snapshot_name: str) -> Record:
        snapshot = self.get(RelationalDatabaseSnapshot, relational_database_snapshot_name)
        return {"relationalDatabaseSnapshot": snapshot.describe()}

    def create_relational_database_snapshot(
        self,
        relational_database_name: str,
        relational_database_snapshot_name: str,
        tags: WireTags | None = None,
    ) -> Record:
        """The database is `backing-up` until the snapshot is finished."""
        source = self.get(RelationalDatabase, relational_database_name)
        return self.operations(self._snapshot(source, relational_database_snapshot_name, tags))

    def delete_relational_database_snapshot(self, relational_database_snapshot_name: str) -> Record:
        return self.delete(RelationalDatabaseSnapshot, relational_database_snapshot_name)

    def delete_relational_database(
        self,
        relational_database_name: str,
        skip_final_snapshot: bool = False,
        final_relational_database_snapshot_name: str | None = None,
    ) -> Record:
        """Makes a final snapshot, whose operation is the last, unless it is skipped.

        Without a name the snapshot has the database's, "FinalSnapshot" and the milliseconds.
        """
        deleted = self.get(RelationalDatabase, relational_database_name)
        name = final_relational_database_snapshot_name
        if skip_final_snapshot and name:
            raise InvalidInput(
                "Give either skipFinalSnapshot or finalRelationalDatabaseSnapshotName."
            )
        operations: list[Record] = []
        if not skip_final_snapshot:
            name = name or f"{deleted.name}-FinalSnapshot-{self.now.timestamp() * 1000:.0f}"
            operations = self._snapshot(deleted, name, None)[::-1]
        self.store.remove(deleted)
        first = self.started(deleted, "DeleteRelationalDatabase", Completion(self.now))
        return self.operations([first, *operations])

    def _snapshot(
        self, source: RelationalDatabase, name: str, tags: WireTags | None
    ) -> list[Record]:
        if source.state != "available":
            raise InvalidInput(
                f"Cannot create a snapshot because the database {source.name} "
                "is not currently in the available state."
            )
        pending = self.environment.database_snapshot_pending
        operations, completion = self.take(
            RelationalDatabaseSnapshot, name, source, tags, pending=pending
        )
        source.state = "backing-up"
        source.transition = Transition(completion.due, "available")
        return operations
