"""Block storage disks and their snapshots."""

import pytest
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import ACCOUNT, NOW, REGION, both, operation, refused, without_ids

ZONE = "us-east-1a"


@both
def test_a_disk_is_created_attached_detached_and_deleted(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")

    answers = [
        client.create_disk(diskName="data", availabilityZone=ZONE, sizeInGb=8),
        client.attach_disk(diskName="data", instanceName="web", diskPath="/dev/xvdf"),
        client.detach_disk(diskName="data"),
        client.delete_disk(diskName="data"),
    ]

    assert [without_ids(answer["operations"]) for answer in answers] == [
        [operation("CreateDisk", "data", "Disk", zone=ZONE)],
        [
            operation("AttachDisk", "data", "Disk", zone=ZONE, details="web"),
            operation("AttachDisk", "web", "Instance", zone=ZONE, details="data"),
        ],
        [
            operation("DetachDisk", "data", "Disk", zone=ZONE, details="web"),
            operation("DetachDisk", "web", "Instance", zone=ZONE, details="data"),
        ],
        [operation("DeleteDisk", "data", "Disk", zone=ZONE, status="Succeeded")],
    ]
    assert client.get_disks()["disks"] == []


def test_a_disk_has_a_path_only_while_it_is_attached(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.seed.add_disk("data", attached_to="web")

    attached = client.get_disk(diskName="data")["disk"]
    client.detach_disk(diskName="data")
    detached = client.get_disk(diskName="data")["disk"]

    only_attached = {"path": "/dev/xvdf", "attachedTo": "web"}
    changed = {"state": "available", "isAttached": False, "attachmentState": "detached"}
    assert {key: attached.pop(key) for key in only_attached} == only_attached  # type: ignore[misc]
    assert detached == attached | changed


def test_an_attached_disk_is_in_use_and_part_of_its_instance(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.seed.add_disk("data", attached_to="web")

    disk = client.get_disk(diskName="data")["disk"]
    hardware = client.get_instance(instanceName="web")["instance"]["hardware"]

    assert hardware["disks"][1] == disk
    assert client.get_disks()["disks"] == [disk]
    arn, code = disk.pop("arn"), disk.pop("supportCode")
    assert arn.startswith(f"arn:aws:lightsail:{REGION}:{ACCOUNT}:Disk/")
    assert "/vol-" in code
    assert disk == {
        "name": "data",
        "createdAt": NOW,
        "location": {"availabilityZone": ZONE, "regionName": REGION},
        "resourceType": "Disk",
        "tags": [],
        "addOns": [],
        "sizeInGb": 8,
        "isSystemDisk": False,
        "iops": 100,
        "path": "/dev/xvdf",
        "state": "in-use",
        "attachedTo": "web",
        "isAttached": True,
        "attachmentState": "attached",
    }


def test_an_attachment_that_is_not_possible_is_refused(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.seed.add_disk("used", attached_to="web")
    controls.seed.add_disk("free")
    controls.seed.add_disk("far", zone="b")

    for disk, path in (("used", "/dev/xvdg"), ("free", "/dev/xvdf"), ("far", "/dev/xvdg")):
        code, _, _ = refused(client.attach_disk, diskName=disk, instanceName="web", diskPath=path)
        assert code == "InvalidInputException"
    assert refused(client.delete_disk, diskName="used")[0] == "InvalidInputException"
    assert refused(client.detach_disk, diskName="free")[0] == "InvalidInputException"


@pytest.mark.parametrize("size", [7, 16_001])
def test_a_disk_has_8_to_16000_gb(client: LightsailClient, size: int) -> None:
    code, _, _ = refused(client.create_disk, diskName="data", availabilityZone=ZONE, sizeInGb=size)

    assert code == "InvalidInputException"


@both
def test_create_disk_snapshot_answers_two_operations_and_ends_completed(
    client: LightsailClient, controls: Control
) -> None:
    source = controls.seed.add_disk("data", size_gb=32)

    answer = client.create_disk_snapshot(diskName="data", diskSnapshotName="data-1")
    pending = client.get_disk_snapshot(diskSnapshotName="data-1")["diskSnapshot"]
    controls.clock.advance(minutes=5)
    snapshot = client.get_disk_snapshot(diskSnapshotName="data-1")["diskSnapshot"]

    assert without_ids(answer["operations"]) == [
        operation("CreateDiskSnapshot", "data-1", "DiskSnapshot", details="data"),
        operation("CreateDiskSnapshot", "data", "Disk", zone=ZONE, details="data-1"),
    ]
    assert (pending["state"], pending["progress"]) == ("pending", "0%")
    arn, code = snapshot.pop("arn"), snapshot.pop("supportCode")
    assert arn.startswith(f"arn:aws:lightsail:{REGION}:{ACCOUNT}:DiskSnapshot/")
    assert "/snap-" in code
    assert snapshot == {
        "name": "data-1",
        "createdAt": NOW,
        "location": {"availabilityZone": "all", "regionName": REGION},
        "resourceType": "DiskSnapshot",
        "tags": [],
        "sizeInGb": 32,
        "state": "completed",
        "progress": "100%",
        "fromDiskName": "data",
        "fromDiskArn": source.arn,
        "isFromAutoSnapshot": False,
    }


def test_a_disk_snapshot_of_an_instance_is_of_its_system_disk(
    client: LightsailClient, controls: Control
) -> None:
    source = controls.seed.add_instance("web", bundle_id="micro_3_0")

    answer = client.create_disk_snapshot(instanceName="web", diskSnapshotName="web-root")

    assert without_ids(answer["operations"]) == [
        operation("CreateDiskSnapshot", "web-root", "DiskSnapshot", details="web"),
        operation("CreateDiskSnapshot", "web", "Instance", zone=ZONE, details="web-root"),
    ]
    snapshot = client.get_disk_snapshot(diskSnapshotName="web-root")["diskSnapshot"]
    origin = {key: value for key, value in snapshot.items() if key.startswith("from")}
    assert origin == {"fromInstanceName": "web", "fromInstanceArn": source.arn}
    assert snapshot["sizeInGb"] == 40


def test_create_disk_snapshot_takes_exactly_one_source(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.seed.add_disk("data")

    neither = refused(client.create_disk_snapshot, diskSnapshotName="x1")
    several = refused(
        client.create_disk_snapshot, diskSnapshotName="x1", diskName="data", instanceName="web"
    )

    assert neither == several
    assert neither[0] == "InvalidInputException"


def test_delete_disk_snapshot_answers_one_operation_that_has_succeeded(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_snapshot("data-1", controls.seed.add_disk("data"))

    answer = client.delete_disk_snapshot(diskSnapshotName="data-1")

    assert without_ids(answer["operations"]) == [
        operation("DeleteDiskSnapshot", "data-1", "DiskSnapshot", status="Succeeded")
    ]
