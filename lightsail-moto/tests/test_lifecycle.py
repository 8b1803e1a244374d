"""How resources change with time, and what becomes of them when others do."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from lightsail_moto import Control

from .support import (
    NOW,
    OTHER,
    REGION,
    Client,
    MakeClient,
    both,
    one_of_each,
    operation,
    read_request,
    refused,
    without_ids,
)

WEB: Any = {"instanceName": "web", "instanceSnapshotName": "new"}
DATABASE: Any = {"relationalDatabaseName": "db", "relationalDatabaseSnapshotName": "new"}
RESTORED: Any = {
    "instanceNames": ["new"],
    "availabilityZone": "us-east-1a",
    "bundleId": "small_3_0",
    "instanceSnapshotName": "web-1",
}
COPY: Any = {"sourceSnapshotName": "web-1", "sourceRegion": REGION, "targetSnapshotName": "copy"}


@pytest.fixture(autouse=True)
def _account(controls: Control) -> None:
    one_of_each(controls.seed)


def states(controls: Control, region: str = REGION) -> dict[str, str]:
    by_type = controls.world()[region].values()
    return {name: each["state"] for names in by_type for name, each in names.items()}


TIMES = """
pending 300 available create_instance_snapshot instanceName=web instanceSnapshotName=new
pending 20 completed create_disk_snapshot diskName=data diskSnapshotName=new
creating 300 available create_relational_database_snapshot relationalDatabaseName=db \
relationalDatabaseSnapshotName=new
pending 600 available copy_snapshot sourceSnapshotName=web-1 sourceRegion=us-east-1 \
targetSnapshotName=new
pending 60 running create_instances instanceNames=["new"] zone=us-east-1b blueprintId=x \
bundleId=nano_3_0
pending 60 available create_disk diskName=new zone=us-east-1b sizeInGb=8
pending 90 running create_instances_from_snapshot instanceNames=["new"] zone=us-east-1a \
instanceSnapshotName=web-1 bundleId=small_3_0
creating 90 available create_relational_database_from_snapshot relationalDatabaseName=new \
relationalDatabaseSnapshotName=db-1
"""
"""The state while something is new, for how many seconds, the state then; the request."""


@both
@pytest.mark.parametrize("row", TIMES.strip().splitlines())
def test_what_is_new_and_its_operations_end_when_its_time_is_over(
    client: Client, controls: Control, row: str
) -> None:
    pending, seconds, ready, request = row.split(maxsplit=3)
    method, given = read_request(request)
    controls.snapshot_seconds_by_type["DiskSnapshot"] = 20
    controls.create_seconds, controls.restore_seconds = 60, 90
    started = getattr(client, method)(**given)["operations"]
    ids = [each["id"] for each in started]
    seen = []

    for step in (int(seconds) - 1, 3600):
        controls.clock.advance(seconds=step)
        operations = [client.get_operation(operationId=each)["operation"] for each in ids]
        seen.append((states(controls)["new"], operations))

    at = NOW + timedelta(seconds=int(seconds))
    done = {"status": "Succeeded", "isTerminal": True, "statusChangedAt": at}
    assert seen == [(pending, started), (ready, [each | done for each in started])]


def test_states_of_instances_have_codes(client: Client, controls: Control) -> None:
    found = []
    for state in ("running", "pending", "stopped", "a-new-word"):
        controls.set_instance_state("web", REGION, state)
        found.append(client.get_instance_state(instanceName="web")["state"])
    controls.set_instance_state("web", REGION, "hibernating", code=99)
    found.append(client.get_instance_state(instanceName="web")["state"])

    words = {"running": 16, "pending": 0, "stopped": 80, "a-new-word": 0, "hibernating": 99}
    assert found == [{"code": code, "name": name} for name, code in words.items()]


def test_a_database_is_backing_up_until_its_snapshot_is_finished(
    client: Client, controls: Control
) -> None:
    client.create_relational_database_snapshot(**DATABASE)
    seen = [states(controls)["db"]]
    controls.clock.advance(minutes=5)
    seen.append(states(controls)["db"])

    assert seen == ["backing-up", "available"]


def test_a_pending_snapshot_is_not_deleted_unless_allowed(
    client: Client, controls: Control
) -> None:
    client.create_instance_snapshot(**WEB)
    refusal = refused(client.delete_instance_snapshot, instanceSnapshotName="new")

    controls.delete_pending = True
    client.delete_instance_snapshot(instanceSnapshotName="new")

    text = "The InstanceSnapshot new is being created. Please try again in a few minutes."
    assert refusal == ("InvalidInputException", None, text)
    assert "new" not in states(controls)


def test_a_second_snapshot_at_a_time_is_refused_where_the_control_forbids_it(
    client: Client, controls: Control
) -> None:
    client.create_instance_snapshot(**WEB)
    client.create_instance_snapshot(**WEB | {"instanceSnapshotName": "second"})
    controls.concurrent_snapshots = False
    third = WEB | {"instanceSnapshotName": "third"}

    code, _, message = refused(client.create_instance_snapshot, **third)
    controls.clock.advance(minutes=5)
    client.create_instance_snapshot(**third)

    assert code == "InvalidInputException"
    assert message.endswith("Please wait for it to complete before trying again.")


def test_a_deleted_instance_leaves_its_disks_and_its_address(
    client: Client, controls: Control
) -> None:
    client.delete_instance(instanceName="web")

    world = controls.world()[REGION]
    assert list(world["Instance"]) == ["idle"]
    assert world["Disk"]["used"]["attachedTo"] is None
    assert world["StaticIp"]["address"]["attachedTo"] is None


def test_an_instance_with_add_ons_is_deleted_with_force(client: Client, controls: Control) -> None:
    client.enable_add_on(resourceName="web", addOnRequest={"addOnType": "AutoSnapshot"})

    client.delete_instance(instanceName="web", forceDeleteAddOns=True)

    assert "web" not in states(controls)


def test_a_disk_has_a_path_only_while_it_is_attached(client: Client, controls: Control) -> None:
    attached: Any = client.get_disk(diskName="used")["disk"]
    client.detach_disk(diskName="used")
    detached = client.get_disk(diskName="used")["disk"]

    changed = {"state": "available", "isAttached": False, "attachmentState": "detached"}
    assert (attached.pop("path"), attached.pop("attachedTo")) == ("/dev/xvdf", "web")
    assert detached == attached | changed


def test_a_snapshot_has_its_disks_as_they_were_and_its_own_tags(
    client: Client, controls: Control
) -> None:
    attached = client.get_disk(diskName="used")["disk"]
    client.create_instance_snapshot(**WEB, tags=[{"key": "own"}])
    client.detach_disk(diskName="used")

    snapshot = client.get_instance_snapshot(instanceSnapshotName="new")["instanceSnapshot"]

    assert snapshot["fromAttachedDisks"] == [attached]
    assert snapshot["tags"] == [{"key": "own"}]


def test_a_disk_snapshot_of_an_instance_is_of_its_system_disk(
    client: Client, controls: Control
) -> None:
    client.create_disk_snapshot(instanceName="web", diskSnapshotName="root")

    snapshot = client.get_disk_snapshot(diskSnapshotName="root")["diskSnapshot"]

    origin = {key: value for key, value in snapshot.items() if key.startswith("from")}
    arn = client.get_instance(instanceName="web")["instance"]["arn"]
    assert origin == {"fromInstanceName": "web", "fromInstanceArn": arn}
    assert (snapshot["sizeInGb"], snapshot["progress"]) == (60, "0%")


def test_a_namesake_made_later_has_another_arn(client: Client, controls: Control) -> None:
    first = client.get_instance(instanceName="web")["instance"]["arn"]
    client.delete_instance(instanceName="web")
    second = controls.seed.add_instance("web").arn
    client.create_instance_snapshot(**WEB)

    snapshots = client.get_instance_snapshots()["instanceSnapshots"]

    sources = [(each["fromInstanceName"], each["fromInstanceArn"]) for each in snapshots]
    assert sources == [("web", first), ("web", second)]
    assert first != second


def test_a_copy_has_its_own_arn_time_and_no_tags_and_the_source_of_its_source(
    make_client: MakeClient, controls: Control
) -> None:
    controls.clock.advance(hours=1)
    here, there = make_client(), make_client(OTHER)
    answer = there.copy_snapshot(**COPY)
    original = here.get_instance_snapshot(instanceSnapshotName="web-1")["instanceSnapshot"]
    here.delete_instance_snapshot(instanceSnapshotName="web-1")

    copy: Any = there.get_instance_snapshot(instanceSnapshotName="copy")["instanceSnapshot"]

    different = {
        "name": "copy",
        "createdAt": NOW + timedelta(hours=1),
        "location": {"availabilityZone": "all", "regionName": OTHER},
        "tags": [],
        "state": "pending",
    }
    assert f":{OTHER}:" in copy["arn"]
    unique = ("arn", "supportCode")
    assert {key: copy[key] for key in copy if key not in unique} == {
        key: value for key, value in (original | different).items() if key not in unique
    }
    assert answer["operations"][0]["location"]["regionName"] == OTHER
    controls.clock.advance(minutes=10)
    assert states(controls, OTHER) == {"copy": "available"}


def test_copies_do_not_name_their_source_where_the_control_is_off(
    client: Client, controls: Control
) -> None:
    controls.copies_carry_source = False

    client.copy_snapshot(**COPY)

    copy = client.get_instance_snapshot(instanceSnapshotName="copy")["instanceSnapshot"]
    assert {"fromInstanceName", "fromInstanceArn"} & copy.keys() == set()


def test_an_automatic_snapshot_is_copied_and_restored_by_its_date(
    client: Client, controls: Control
) -> None:
    controls.auto_snapshot_in_progress("web")
    controls.auto_snapshot_in_progress("data")
    controls.clock.advance(hours=1)
    date: Any = {"restoreDate": "2026-11-23"}
    zone: Any = {"availabilityZone": "us-east-1a"}

    client.copy_snapshot(
        sourceResourceName="web", sourceRegion=REGION, targetSnapshotName="copy", **date
    )
    client.create_instances_from_snapshot(
        instanceNames=["new"], bundleId="small_3_0", sourceInstanceName="web", **zone, **date
    )
    client.create_disk_from_snapshot(
        diskName="d2", sizeInGb=32, sourceDiskName="data", **zone, **date
    )

    copy = client.get_instance_snapshot(instanceSnapshotName="copy")["instanceSnapshot"]
    assert (copy["isFromAutoSnapshot"], copy["fromInstanceName"]) == (True, "web")
    made = {name: states(controls)[name] for name in ("new", "new-xvdf", "d2")}
    assert made == dict.fromkeys(made, "pending")


def test_a_database_is_restored_without_a_snapshot(client: Client, controls: Control) -> None:
    create = client.create_relational_database_from_snapshot
    source: Any = {"sourceRelationalDatabaseName": "db"}

    create(relationalDatabaseName="new", useLatestRestorableTime=True, **source)
    create(relationalDatabaseName="newer", restoreTime=controls.clock.now(), **source)

    assert {"db", "new", "newer"} <= states(controls).keys()


@pytest.mark.parametrize("public", [True, False])
def test_a_restored_database_has_its_bundle_and_is_public_where_the_request_says_so(
    client: Client, controls: Control, public: bool
) -> None:
    source = controls.seed.add_database("other", publicly_accessible=True, bundle_id="micro_1_0")
    controls.seed.add_snapshot("other-1", source)
    client.create_relational_database_from_snapshot(
        relationalDatabaseName="new",
        relationalDatabaseSnapshotName="other-1",
        **({"publiclyAccessible": True} if public else {}),  # type: ignore[arg-type]
    )

    read = client.get_relational_database
    found = [read(relationalDatabaseName=name)["relationalDatabase"] for name in ("other", "new")]

    assert [each["publiclyAccessible"] for each in found] == [True, public]
    assert [each["relationalDatabaseBundleId"] for each in found] == ["micro_1_0"] * 2
    assert found[0]["hardware"] == {"cpuCount": 1, "diskSizeInGb": 40, "ramSizeInGb": 1.0}


@both
def test_an_instance_is_restored_with_its_disks_under_mapped_names(
    client: Client, controls: Control
) -> None:
    mapping: Any = {"new": [{"originalDiskPath": "/dev/xvdf", "newDiskName": "new-data"}]}

    client.create_instances_from_snapshot(
        **RESTORED | {"instanceNames": ["new", "more"]},
        attachedDiskMapping=mapping,
        tags=[{"key": "drill"}],
    )
    pending = controls.world()[REGION]
    controls.clock.advance(minutes=5)

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
    assert controls.world()[REGION]["Disk"]["more-xvdf"]["attachedTo"] == "more"


def test_a_restored_instance_has_the_network_that_the_request_names_and_defaults_for_the_rest(
    client: Client, controls: Control
) -> None:
    https: Any = {"fromPort": 443, "toPort": 443, "protocol": "tcp"}
    source = controls.seed.add_instance(
        "shop",
        key_pair="other",
        static_ip="shop-address",
        firewall=[https],
        ip_address_type="ipv4",
        bundle_id="small_3_0",
    )
    controls.seed.add_snapshot("shop-1", source)

    client.create_instances_from_snapshot(
        **RESTORED | {"instanceSnapshotName": "shop-1"}, keyPairName="other", ipAddressType="ipv4"
    )

    restored = client.get_instance(instanceName="new")["instance"]
    ports = [port["fromPort"] for port in restored["networking"]["ports"]]
    assert (restored["sshKeyName"], restored["ipAddressType"]) == ("other", "ipv4")
    assert (restored["isStaticIp"], ports) == (False, [22, 80])


def test_a_restore_can_end_in_error(client: Client, controls: Control) -> None:
    controls.end_in_error("web-1", error_code="Internal")
    answer = client.create_instances_from_snapshot(**RESTORED)

    controls.clock.advance(minutes=5)

    ended = client.get_operation(operationId=answer["operations"][0]["id"])["operation"]
    assert (ended["status"], ended["errorCode"]) == ("Failed", "Internal")
    assert controls.world()[REGION]["Instance"]["new"]["state"] == "error"


def test_the_two_times_of_a_new_operation_are_equal(
    client: Client, controls: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = count()
    monkeypatch.setattr(controls.clock, "now", lambda: NOW + timedelta(seconds=next(seconds)))

    answer = client.create_instance_snapshot(**WEB)
    operations = answer["operations"]
    assert [each["statusChangedAt"] for each in operations] == [
        each["createdAt"] for each in operations
    ]


def test_operations_are_listed_and_found_by_resource_page_by_page(
    client: Client, controls: Control
) -> None:
    for number in range(3):
        client.create_instance_snapshot(instanceName="web", instanceSnapshotName=f"new-{number}")

    pages = list(client.get_paginator("get_operations").paginate())
    first = client.get_operations_for_resource(resourceName="web")
    second = client.get_operations_for_resource(
        resourceName="web", pageToken=first["nextPageToken"]
    )

    assert [len(page["operations"]) for page in pages] == [2, 2, 2]
    of_web = [*first["operations"], *second["operations"]]
    zone, kind = "us-east-1a", "CreateInstanceSnapshot"
    assert without_ids(of_web) == [
        operation(kind, "web", "Instance", zone=zone, details=f"new-{number}")
        for number in range(3)
    ]
    assert "nextPageToken" not in second
    assert client.get_operations_for_resource(resourceName="none")["operations"] == []
