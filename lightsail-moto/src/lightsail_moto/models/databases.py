"""Managed databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.bundles import DatabaseBundle, database_bundle, engine
from lightsail_moto.models.regions import check_zone, zones
from lightsail_moto.models.resource import Record, Resource
from lightsail_moto.models.validation import WireTags, read_tags


@dataclass(kw_only=True, eq=False)
class RelationalDatabase(Resource):
    type = "RelationalDatabase"
    support_prefix = "ls-"

    blueprint_id: str
    bundle: DatabaseBundle
    master_database: str = "dbmaster"
    master_username: str = "dbmasteruser"
    publicly_accessible: bool = False
    backup_window: str = "10:01-10:31"
    maintenance_window: str = "sat:11:14-sat:11:44"

    def __post_init__(self) -> None:
        """InvalidInput for a blueprint that is not a database's."""
        engine(self.blueprint_id)

    def details(self) -> Record:
        name, version, port = engine(self.blueprint_id)
        host = f"{self.support_code.rpartition('/')[2]}.{self.region}.rds.amazonaws.com"
        return {
            "relationalDatabaseBlueprintId": self.blueprint_id,
            "relationalDatabaseBundleId": self.bundle.id,
            "masterDatabaseName": self.master_database,
            "hardware": {
                "cpuCount": self.bundle.cpus,
                "diskSizeInGb": self.bundle.disk_gb,
                "ramSizeInGb": self.bundle.ram_gb,
            },
            "state": self.state,
            "backupRetentionEnabled": True,
            "pendingModifiedValues": {},
            "engine": name,
            "engineVersion": version,
            "latestRestorableTime": self.created_at,
            "masterUsername": self.master_username,
            "parameterApplyStatus": "in-sync",
            "preferredBackupWindow": self.backup_window,
            "preferredMaintenanceWindow": self.maintenance_window,
            "publiclyAccessible": self.publicly_accessible,
            "masterEndpoint": {"port": port, "address": host},
            "pendingMaintenanceActions": [],
        }


class DatabaseBackend(RegionBackend):
    """GetRelationalDatabase(s), CreateRelationalDatabase.

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
        bundle = database_bundle(relational_database_bundle_id)
        made = self.new_database(
            relational_database_name,
            availability_zone,
            tags,
            blueprint_id=relational_database_blueprint_id,
            bundle=bundle,
            master_database=master_database_name,
            master_username=master_username,
            publicly_accessible=publicly_accessible,
        )
        made.backup_window = preferred_backup_window or made.backup_window
        made.maintenance_window = preferred_maintenance_window or made.maintenance_window
        completion = self.begin(made, self.environment.create_seconds)
        return self.operations([self.started(made, "CreateRelationalDatabase", completion)])

    def new_database(
        self, name: str, zone: str | None, tags: WireTags | None, **members: Any
    ) -> RelationalDatabase:
        """A database that is being created and not stored yet; the first zone by default."""
        self.claim(name, kind=RelationalDatabase)
        wanted = check_zone(zone or zones(self.region_name)[0], self.region_name)
        common = self.members(
            RelationalDatabase, name, wanted, tags=read_tags(tags), state="creating"
        )
        return RelationalDatabase(**common, **members)
