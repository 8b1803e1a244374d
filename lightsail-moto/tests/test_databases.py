"""Managed databases and their snapshots."""

from datetime import timedelta
from typing import Any

import pytest
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import ACCOUNT, NOW, REGION, both, operation, refused, without_ids

ZONE = "us-east-1a"
KIND = "CreateRelationalDatabaseSnapshot"


@both
def test_create_relational_database_snapshot_answers_two_operations_and_ends_available(
    client: LightsailClient, controls: Control
) -> None:
    source = controls.seed.add_database("db")

    answer = client.create_relational_database_snapshot(
        relationalDatabaseName="db", relationalDatabaseSnapshotName="db-1", tags=[{"key": "x"}]
    )
    controls.clock.advance(minutes=5)

    assert without_ids(answer["operations"]) == [
        operation(KIND, "db-1", "RelationalDatabaseSnapshot", details="db"),
        operation(KIND, "db", "RelationalDatabase", zone=ZONE, details="db-1"),
    ]
    snapshot = client.get_relational_database_snapshot(relationalDatabaseSnapshotName="db-1")[
        "relationalDatabaseSnapshot"
    ]
    arn, code = snapshot.pop("arn"), snapshot.pop("supportCode")
    assert arn.startswith(f"arn:aws:lightsail:{REGION}:{ACCOUNT}:RelationalDatabaseSnapshot/")
    assert "/ls-" in code
    assert snapshot == {
        "name": "db-1",
        "createdAt": NOW,
        "location": {"availabilityZone": "all", "regionName": REGION},
        "resourceType": "RelationalDatabaseSnapshot",
        "tags": [{"key": "x"}],
        "engine": "mysql",
        "engineVersion": "8.0.40",
        "sizeInGb": 40,
        "state": "available",
        "fromRelationalDatabaseName": "db",
        "fromRelationalDatabaseArn": source.arn,
        "fromRelationalDatabaseBundleId": "micro_2_0",
        "fromRelationalDatabaseBlueprintId": "mysql_8_0",
    }


def test_a_database_is_backing_up_until_its_snapshot_is_finished(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_database("db")
    states = []

    client.create_relational_database_snapshot(
        relationalDatabaseName="db", relationalDatabaseSnapshotName="db-1"
    )
    for _ in range(2):
        world = controls.world()[REGION]
        database, snapshot = world["RelationalDatabase"], world["RelationalDatabaseSnapshot"]
        states.append((database["db"]["state"], snapshot["db-1"]["state"]))
        controls.clock.advance(minutes=5)

    assert states == [("backing-up", "creating"), ("available", "available")]


@pytest.mark.parametrize("state", ["backing-up", "modifying", "creating", "a-new-word"])
def test_a_database_that_is_not_available_is_refused(
    client: LightsailClient, controls: Control, state: str
) -> None:
    controls.seed.add_database("db")
    controls.set_database_state("db", REGION, state)

    assert refused(
        client.create_relational_database_snapshot,
        relationalDatabaseName="db",
        relationalDatabaseSnapshotName="db-1",
    ) == (
        "InvalidInputException",
        None,
        "Cannot create a snapshot because the database db is not currently in the available state.",
    )


def test_delete_relational_database_snapshot_answers_one_operation_that_has_succeeded(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_snapshot("db-1", controls.seed.add_database("db"))

    answer = client.delete_relational_database_snapshot(relationalDatabaseSnapshotName="db-1")

    kind, taken = "DeleteRelationalDatabaseSnapshot", "RelationalDatabaseSnapshot"
    assert without_ids(answer["operations"]) == [operation(kind, "db-1", taken, status="Succeeded")]
    assert client.get_relational_database_snapshots()["relationalDatabaseSnapshots"] == []


@both
def test_a_database_is_created_with_the_published_members(
    client: LightsailClient, controls: Control
) -> None:
    answer = client.create_relational_database(
        relationalDatabaseName="db",
        relationalDatabaseBlueprintId="postgres_16",
        relationalDatabaseBundleId="small_2_0",
        masterDatabaseName="main",
        masterUsername="owner",
        masterUserPassword="secret-enough",
        availabilityZone="us-east-1b",
    )

    zone = "us-east-1b"
    assert without_ids(answer["operations"]) == [
        operation("CreateRelationalDatabase", "db", "RelationalDatabase", zone=zone)
    ]
    database = client.get_relational_database(relationalDatabaseName="db")["relationalDatabase"]
    database.pop("arn")
    support = database.pop("supportCode")
    host = f"{support.rpartition('/')[2]}.us-east-1.rds.amazonaws.com"
    assert database == {
        "name": "db",
        "createdAt": NOW,
        "location": {"availabilityZone": zone, "regionName": REGION},
        "resourceType": "RelationalDatabase",
        "tags": [],
        "relationalDatabaseBlueprintId": "postgres_16",
        "relationalDatabaseBundleId": "small_2_0",
        "masterDatabaseName": "main",
        "hardware": {"cpuCount": 2, "diskSizeInGb": 80, "ramSizeInGb": 2.0},
        "state": "available",
        "backupRetentionEnabled": True,
        "pendingModifiedValues": {},
        "engine": "postgres",
        "engineVersion": "16.6",
        "latestRestorableTime": NOW,
        "masterUsername": "owner",
        "parameterApplyStatus": "in-sync",
        "preferredBackupWindow": "10:01-10:31",
        "preferredMaintenanceWindow": "sat:11:14-sat:11:44",
        "publiclyAccessible": False,
        "masterEndpoint": {"port": 5432, "address": host},
        "pendingMaintenanceActions": [],
    }
    assert client.get_relational_databases()["relationalDatabases"][0]["name"] == "db"


@pytest.mark.parametrize(
    ("given", "snapshot"),
    [
        pytest.param(
            {"finalRelationalDatabaseSnapshotName": "db-last"}, "db-last", id="under-the-given-name"
        ),
        pytest.param({}, f"db-FinalSnapshot-{NOW.timestamp() * 1000:.0f}", id="without-a-name"),
    ],
)
def test_deleting_a_database_takes_a_final_snapshot(
    client: LightsailClient, controls: Control, given: Any, snapshot: str
) -> None:
    controls.seed.add_database("db")

    answer = client.delete_relational_database(relationalDatabaseName="db", **given)
    controls.clock.advance(timedelta(minutes=5))

    assert without_ids(answer["operations"]) == [
        operation("DeleteRelationalDatabase", "db", "RelationalDatabase", zone=ZONE),
        operation(KIND, "db", "RelationalDatabase", zone=ZONE, details=snapshot),
        operation(KIND, snapshot, "RelationalDatabaseSnapshot", details="db"),
    ]
    assert controls.world()[REGION] == {
        "RelationalDatabaseSnapshot": {
            snapshot: {"state": "available", "tags": {}, "from": "db", "sizeInGb": 40}
        }
    }


def test_the_final_snapshot_is_skipped_on_request(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_database("db")
    skipping: Any = {"relationalDatabaseName": "db", "skipFinalSnapshot": True}

    both_given = refused(
        client.delete_relational_database, **skipping, finalRelationalDatabaseSnapshotName="last"
    )
    answer = client.delete_relational_database(**skipping)

    assert both_given[0] == "InvalidInputException"
    assert without_ids(answer["operations"]) == [
        operation("DeleteRelationalDatabase", "db", "RelationalDatabase", zone=ZONE)
    ]
    assert controls.world() == {}


def test_a_database_can_have_a_bundle_and_an_engine_of_the_first_generation(
    client: LightsailClient, controls: Control
) -> None:
    client.create_relational_database(
        relationalDatabaseName="db",
        relationalDatabaseBlueprintId="mysql_5_6",
        relationalDatabaseBundleId="micro_1_0",
        masterDatabaseName="dbmaster",
        masterUsername="user",
    )

    database = client.get_relational_database(relationalDatabaseName="db")["relationalDatabase"]
    assert database["relationalDatabaseBundleId"] == "micro_1_0"
    assert database["hardware"] == {"cpuCount": 1, "diskSizeInGb": 40, "ramSizeInGb": 1.0}
