"""New resources from snapshots."""

from typing import Any

import pytest
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import REGION, both, operation, refused, without_ids

ZONE = "us-east-1a"
INSTANCES: dict[str, Any] = {
    "instanceNames": ["new"],
    "availabilityZone": ZONE,
    "bundleId": "small_3_0",
    "instanceSnapshotName": "web-1",
}
DISK: dict[str, Any] = {
    "diskName": "new",
    "availabilityZone": ZONE,
    "sizeInGb": 32,
    "diskSnapshotName": "data-1",
}
DATABASE: dict[str, Any] = {
    "relationalDatabaseName": "new",
    "relationalDatabaseSnapshotName": "db-1",
}


@pytest.fixture(autouse=True)
def _world(controls: Control) -> None:
    """A snapshot of each kind with tags; the instance's has a disk in it."""
    seed, tags = controls.seed, {"not": "inherited"}
    web = seed.add_instance("web", bundle_id="small_3_0", blueprint_id="wordpress")
    seed.add_disk("disk", attached_to="web", size_gb=16)
    seed.add_snapshot("web-1", web, tags=tags)
    seed.add_snapshot("data-1", seed.add_disk("data", size_gb=32), tags=tags)
    seed.add_snapshot("db-1", seed.add_database("db", bundle_id="small_2_0"), tags=tags)


@both
def test_an_instance_is_restored_with_its_disks_under_mapped_names(
    client: LightsailClient, controls: Control
) -> None:
    mapping: Any = {"new": [{"originalDiskPath": "/dev/xvdf", "newDiskName": "new-data"}]}

    answer = client.create_instances_from_snapshot(
        **INSTANCES, attachedDiskMapping=mapping, tags=[{"key": "drill"}]
    )
    pending = controls.world()[REGION]
    controls.clock.advance(minutes=5)

    assert without_ids(answer["operations"]) == [
        operation("CreateInstancesFromSnapshot", "new", "Instance", zone=ZONE)
    ]
    assert pending["Instance"]["new"] == {"state": "pending", "tags": {"drill": None}}
    assert controls.world()[REGION]["Instance"]["new"]["state"] == "running"
    assert controls.world()[REGION]["Disk"]["new-data"] == {
        "state": "available",
        "tags": {},
        "attachedTo": "new",
        "sizeInGb": 16,
    }
    instance = client.get_instance(instanceName="new")["instance"]
    assert (instance["blueprintId"], instance["bundleId"]) == ("wordpress", "small_3_0")
    assert [disk.get("name") for disk in instance["hardware"]["disks"]] == [None, "new-data"]


def test_disks_that_are_not_mapped_are_made_under_the_instances_name(
    client: LightsailClient, controls: Control
) -> None:
    client.create_instances_from_snapshot(**INSTANCES | {"instanceNames": ["a1", "b1"]})

    disks = controls.world()[REGION]["Disk"]
    assert {name: disk["attachedTo"] for name, disk in disks.items()} == {
        "a1-xvdf": "a1",
        "b1-xvdf": "b1",
        "data": None,
        "disk": "web",
    }


@pytest.mark.parametrize(
    ("change", "fine_code"),
    [
        pytest.param({"bundleId": "micro_3_0"}, None, id="smaller-bundle"),
        pytest.param({"availabilityZone": "eu-west-1a"}, None, id="zone-of-another-region"),
        pytest.param({"instanceNames": ["web"]}, "NameExists", id="name-taken"),
        pytest.param({"instanceNames": ["new", "data"]}, "NameExists", id="name-of-a-disk"),
        pytest.param({"sourceInstanceName": "web"}, None, id="two-sources"),
        pytest.param(
            {"attachedDiskMapping": {"new": [{"originalDiskPath": "/x", "newDiskName": "y1"}]}},
            None,
            id="no-such-path",
        ),
        pytest.param(
            {
                "attachedDiskMapping": {
                    "new": [{"originalDiskPath": "/dev/xvdf", "newDiskName": "data"}]
                }
            },
            "NameExists",
            id="disk-name-taken",
        ),
        pytest.param(
            {"attachedDiskMapping": {"new": [{"originalDiskPath": "/dev/xvdf"}]}},
            None,
            id="no-new-name",
        ),
        pytest.param({"attachedDiskMapping": {"other": []}}, None, id="mapped-for-no-one"),
        pytest.param({"tags": [{"key": "aws:x"}]}, None, id="bad-tag"),
        pytest.param({"ipAddressType": "ipv6"}, None, id="type-of-address-for-another-bundle"),
        pytest.param({"bundleId": "small_ipv6_3_0", "ipAddressType": "ipv4"}, None, id="ipv6-only"),
    ],
)
def test_instances_that_cannot_be_restored_are_refused_and_nothing_is_made(
    client: LightsailClient, controls: Control, change: dict[str, Any], fine_code: str | None
) -> None:
    before = controls.world()

    answer = refused(client.create_instances_from_snapshot, **INSTANCES | change)

    assert answer[:2] == ("InvalidInputException", fine_code)
    assert controls.world() == before


def test_an_unknown_key_pair_is_not_found_and_nothing_is_made(
    client: LightsailClient, controls: Control
) -> None:
    before = controls.world()

    answer = refused(client.create_instances_from_snapshot, **INSTANCES, keyPairName="gone")

    assert answer == ("NotFoundException", "DoesNotExist", "The KeyPair does not exist: gone")
    assert controls.world() == before


def test_a_restored_instance_has_the_network_that_the_request_names_and_defaults_for_the_rest(
    client: LightsailClient, controls: Control
) -> None:
    https: Any = {"fromPort": 443, "toPort": 443, "protocol": "tcp"}
    source = controls.seed.add_instance(
        "shop",
        key_pair="deploy",
        static_ip="shop-address",
        firewall=[https],
        ip_address_type="ipv4",
        bundle_id="small_3_0",
    )
    controls.seed.add_snapshot("shop-1", source)

    client.create_instances_from_snapshot(
        **INSTANCES | {"instanceSnapshotName": "shop-1"}, keyPairName="deploy", ipAddressType="ipv4"
    )

    restored = client.get_instance(instanceName="new")["instance"]
    ports = [port["fromPort"] for port in restored["networking"]["ports"]]
    assert (restored["sshKeyName"], restored["ipAddressType"]) == ("deploy", "ipv4")
    assert (restored["isStaticIp"], ports) == (False, [22, 80])


@both
def test_a_disk_is_restored_at_its_snapshots_size_or_larger(
    client: LightsailClient, controls: Control
) -> None:
    smaller = refused(client.create_disk_from_snapshot, **DISK | {"sizeInGb": 31})

    answer = client.create_disk_from_snapshot(**DISK)
    controls.clock.advance(minutes=5)

    assert smaller[0] == "InvalidInputException"
    assert without_ids(answer["operations"]) == [
        operation("CreateDiskFromSnapshot", "new", "Disk", zone=ZONE)
    ]
    assert controls.world()[REGION]["Disk"]["new"] == {
        "state": "available",
        "tags": {},
        "attachedTo": None,
        "sizeInGb": 32,
    }


@both
def test_a_database_is_restored_with_its_bundle_or_a_larger_one(
    client: LightsailClient, controls: Control
) -> None:
    create = client.create_relational_database_from_snapshot
    smaller = refused(create, **DATABASE | {"relationalDatabaseBundleId": "micro_2_0"})

    answer = create(**DATABASE, tags=[{"key": "drill"}])
    pending = controls.world()[REGION]["RelationalDatabase"]["new"]
    controls.clock.advance(minutes=5)

    assert smaller[0] == "InvalidInputException"
    kind = "CreateRelationalDatabaseFromSnapshot"
    assert without_ids(answer["operations"]) == [
        operation(kind, "new", "RelationalDatabase", zone=ZONE)
    ]
    assert pending == {"state": "creating", "tags": {"drill": None}}
    database = client.get_relational_database(relationalDatabaseName="new")["relationalDatabase"]
    assert (database["state"], database["relationalDatabaseBundleId"]) == ("available", "small_2_0")


@pytest.mark.parametrize(
    ("snapshot", "method", "members"),
    [
        ("web-1", "create_instances_from_snapshot", INSTANCES),
        ("data-1", "create_disk_from_snapshot", DISK),
        ("db-1", "create_relational_database_from_snapshot", DATABASE),
    ],
)
@pytest.mark.parametrize("state", ["pending", "error"])
def test_only_finished_snapshots_are_restored(
    client: LightsailClient,
    controls: Control,
    snapshot: str,
    method: str,
    members: dict[str, Any],
    state: str,
) -> None:
    controls.set_snapshot_state(snapshot, REGION, state)

    assert refused(getattr(client, method), **members)[0] == "InvalidInputException"


def test_an_automatic_snapshot_is_restored_by_its_date(
    client: LightsailClient, controls: Control
) -> None:
    controls.auto_snapshot_in_progress("web")
    controls.auto_snapshot_in_progress("data")
    controls.clock.advance(hours=1)
    source: Any = {"restoreDate": "2026-11-23"}
    instances = {key: INSTANCES[key] for key in ("instanceNames", "availabilityZone", "bundleId")}
    disk = {key: DISK[key] for key in ("availabilityZone", "sizeInGb")}

    client.create_instances_from_snapshot(**instances, sourceInstanceName="web", **source)
    client.create_disk_from_snapshot(**disk, diskName="d2", sourceDiskName="data", **source)

    world = controls.world()[REGION]
    assert (world["Instance"]["new"]["state"], world["Disk"]["d2"]["state"]) == (
        "pending",
        "pending",
    )


def test_a_database_is_restored_without_a_snapshot(
    client: LightsailClient, controls: Control
) -> None:
    create = client.create_relational_database_from_snapshot
    members: dict[str, Any] = {
        "relationalDatabaseName": "new",
        "sourceRelationalDatabaseName": "db",
    }

    undated = refused(create, **members)
    create(**members, useLatestRestorableTime=True)
    create(**members | {"relationalDatabaseName": "newer"}, restoreTime=controls.clock.now())

    assert undated[0] == "InvalidInputException"
    assert sorted(controls.world()[REGION]["RelationalDatabase"]) == ["db", "new", "newer"]


def test_a_restore_can_end_in_error(client: LightsailClient, controls: Control) -> None:
    controls.end_in_error("web-1", error_code="Internal")
    answer = client.create_instances_from_snapshot(**INSTANCES)

    controls.clock.advance(minutes=5)

    ended = client.get_operation(operationId=answer["operations"][0]["id"])["operation"]
    assert (ended["status"], ended["errorCode"]) == ("Failed", "Internal")
    assert controls.world()[REGION]["Instance"]["new"]["state"] == "error"
