"""Snapshots of managed databases, and deleting a database, which can make one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.bundles import engine
from lightsail_moto.models.databases import RelationalDatabase
from lightsail_moto.models.operation_log import Completion
from lightsail_moto.models.resource import Record, Transition, present
from lightsail_moto.models.snapshots import Snapshot, SnapshotBackend
from lightsail_moto.models.validation import WireTags


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
