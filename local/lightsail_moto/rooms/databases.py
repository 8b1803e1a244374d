"""Managed databases and their snapshots."""

from __future__ import annotations

from lightsail_moto import births, catalogue
from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.operations import Fate
from lightsail_moto.resources import Record, RelationalDatabase, Transition
from lightsail_moto.rooms.snapshots import SnapshotRoom
from lightsail_moto.snapshots import RelationalDatabaseSnapshot
from lightsail_moto.tagging import WireTags


class DatabaseRoom(SnapshotRoom):
    """GetRelationalDatabase(s), …Snapshot(s), and creating and deleting both.

    States are free strings in the model. `available` is published, `backing-up` was reported
    for databases whose snapshot is being taken; the rest is taken over from Amazon RDS, as is
    the refusal of a database that is not available.
    """

    def get_relational_databases(self, page_token: str | None = None) -> Record:
        return self.listing(RelationalDatabase, "relationalDatabases", page_token)

    def get_relational_database(self, relational_database_name: str) -> Record:
        database = self.get(RelationalDatabase, relational_database_name)
        return {"relationalDatabase": database.describe()}

    def create_relational_database(
        self,
        relational_database_name: str,
        relational_database_blueprint_id: str,
        relational_database_bundle_id: str,
        master_database_name: str,
        master_username: str,
        availability_zone: str | None = None,
        master_user_password: str | None = None,
        preferred_backup_window: str | None = None,
        preferred_maintenance_window: str | None = None,
        publicly_accessible: bool = False,
        tags: WireTags | None = None,
    ) -> Record:
        """The password is not kept."""
        bundle = catalogue.database_bundle(relational_database_bundle_id)
        self.claim(relational_database_name, kind=RelationalDatabase)
        made = births.database(
            self.birth(relational_database_name, self.zone(availability_zone), tags, "creating"),
            blueprint_id=relational_database_blueprint_id,
            bundle=bundle,
            master_database=master_database_name,
            master_username=master_username,
        )
        made.publicly_accessible = publicly_accessible
        made.backup_window = preferred_backup_window or made.backup_window
        made.maintenance_window = preferred_maintenance_window or made.maintenance_window
        fate = self.begin(made, self.control.create_seconds)
        return self.operations([self.started(made, "CreateRelationalDatabase", fate)])

    def zone(self, wanted: str | None) -> str:
        """The wanted zone if it is one of the Region, or the first."""
        if wanted is None:
            return catalogue.zones(self.region_name)[0]
        return catalogue.check_zone(wanted, self.region_name)

    def delete_relational_database(
        self,
        relational_database_name: str,
        skip_final_snapshot: bool = False,
        final_relational_database_snapshot_name: str | None = None,
    ) -> Record:
        """Exactly one of skipFinalSnapshot and a name for the final snapshot is given."""
        gone = self.get(RelationalDatabase, relational_database_name)
        if skip_final_snapshot == bool(final_relational_database_snapshot_name):
            raise InvalidInput(
                "Give either skipFinalSnapshot or finalRelationalDatabaseSnapshotName."
            )
        operations: list[Record] = []
        if final_relational_database_snapshot_name:
            operations = self._snapshot(gone, final_relational_database_snapshot_name, None)
        self.store.remove(gone)
        first = self.started(gone, "DeleteRelationalDatabase", Fate(self.now))
        return self.operations([first, *operations])

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

    def _snapshot(
        self, source: RelationalDatabase, name: str, tags: WireTags | None
    ) -> list[Record]:
        if source.state != "available":
            raise InvalidInput(
                f"Cannot create a snapshot because the database {source.name} "
                "is not currently in the available state."
            )
        taken, fate = self.take(RelationalDatabaseSnapshot, name, source, tags)
        source.state = "backing-up"
        source.transition = Transition(fate.due, "available")
        answer = self.taking("CreateRelationalDatabaseSnapshot", taken, source, fate)
        operations: list[Record] = answer["operations"]
        return operations

    def delete_relational_database_snapshot(self, relational_database_snapshot_name: str) -> Record:
        return self.delete(
            RelationalDatabaseSnapshot,
            relational_database_snapshot_name,
            "DeleteRelationalDatabaseSnapshot",
        )
