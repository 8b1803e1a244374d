"""Snapshots of instances."""

import pytest
from mypy_boto3_lightsail import LightsailClient
from mypy_boto3_lightsail.type_defs import TagTypeDef

from lightsail_moto import Control

from .support import ACCOUNT, NOW, REGION, both, operation, refused, without_ids

TAGS: list[TagTypeDef] = [{"key": "snapshot"}, {"key": "team", "value": "web"}]


@both
def test_create_instance_snapshot_answers_one_operation_for_the_snapshot_and_one_for_the_instance(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")

    answer = client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")

    assert without_ids(answer["operations"]) == [
        operation("CreateInstanceSnapshot", "web-1", "InstanceSnapshot", details="web"),
        operation("CreateInstanceSnapshot", "web", "Instance", zone="us-east-1a", details="web-1"),
    ]


@both
def test_a_pending_instance_snapshot_has_its_source_and_its_own_tags_and_no_null(
    client: LightsailClient, controls: Control
) -> None:
    source = controls.seed.add_instance("web", tags={"not": "inherited"}, bundle_id="medium_3_0")
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1", tags=TAGS)

    snapshot = client.get_instance_snapshot(instanceSnapshotName="web-1")["instanceSnapshot"]

    arn, code = snapshot.pop("arn"), snapshot.pop("supportCode")
    assert arn.startswith(f"arn:aws:lightsail:{REGION}:{ACCOUNT}:InstanceSnapshot/")
    assert len(arn.rpartition("/")[2]) == 36
    assert "/ami-" in code
    assert snapshot == {
        "name": "web-1",
        "createdAt": NOW,
        "location": {"availabilityZone": "all", "regionName": REGION},
        "resourceType": "InstanceSnapshot",
        "tags": TAGS,
        "state": "pending",
        "fromAttachedDisks": [],
        "fromInstanceName": "web",
        "fromInstanceArn": source.arn,
        "fromBlueprintId": "amazon_linux_2023",
        "fromBundleId": "medium_3_0",
        "isFromAutoSnapshot": False,
        "sizeInGb": 80,
    }


@pytest.mark.parametrize(("seconds", "state"), [(299, "pending"), (300, "available")])
def test_an_instance_snapshot_becomes_available_after_snapshot_seconds(
    client: LightsailClient, controls: Control, seconds: int, state: str
) -> None:
    controls.seed.add_instance("web")
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")

    controls.clock.advance(seconds=seconds)

    one = client.get_instance_snapshot(instanceSnapshotName="web-1")["instanceSnapshot"]
    assert one["state"] == state
    assert client.get_instance_snapshots()["instanceSnapshots"] == [one]


def test_a_snapshot_without_tags_has_an_empty_list_although_its_source_has_some(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web", tags={"a": "b"})
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")

    snapshot = client.get_instance_snapshot(instanceSnapshotName="web-1")["instanceSnapshot"]

    assert snapshot["tags"] == []


def test_attached_disks_are_in_the_snapshot_as_they_were(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.seed.add_disk("data", attached_to="web", size_gb=32, tags={"x": None})
    attached = client.get_disk(diskName="data")["disk"]
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")
    client.detach_disk(diskName="data")

    snapshot = client.get_instance_snapshot(instanceSnapshotName="web-1")["instanceSnapshot"]

    assert snapshot["fromAttachedDisks"] == [attached]
    assert attached["attachedTo"] == "web"


def test_a_namesake_made_later_has_another_arn(client: LightsailClient, controls: Control) -> None:
    first = controls.seed.add_instance("web")
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")
    client.delete_instance(instanceName="web")
    second = controls.seed.add_instance("web")
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-2")

    snapshots = client.get_instance_snapshots()["instanceSnapshots"]

    sources = [(each["fromInstanceName"], each["fromInstanceArn"]) for each in snapshots]
    assert sources == [("web", first.arn), ("web", second.arn)]
    assert first.arn != second.arn


@both
def test_delete_answers_one_operation_that_has_succeeded(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_snapshot("web-1", controls.seed.add_instance("web"))

    answer = client.delete_instance_snapshot(instanceSnapshotName="web-1")

    assert without_ids(answer["operations"]) == [
        operation("DeleteInstanceSnapshot", "web-1", "InstanceSnapshot", status="Succeeded")
    ]
    assert client.get_instance_snapshots()["instanceSnapshots"] == []


@both
def test_a_missing_snapshot_is_not_found(client: LightsailClient) -> None:
    expected = (
        "NotFoundException",
        "DoesNotExist",
        "The InstanceSnapshot does not exist: web-1",
    )

    assert refused(client.get_instance_snapshot, instanceSnapshotName="web-1") == expected
    assert refused(client.delete_instance_snapshot, instanceSnapshotName="web-1") == expected


def test_a_missing_source_is_not_found(client: LightsailClient) -> None:
    assert refused(
        client.create_instance_snapshot, instanceName="web", instanceSnapshotName="web-1"
    ) == ("NotFoundException", "DoesNotExist", "The Instance does not exist: web")


def test_a_name_of_another_type_is_not_found(client: LightsailClient, controls: Control) -> None:
    controls.seed.add_disk("data")

    assert refused(client.get_instance, instanceName="data") == (
        "NotFoundException",
        "DoesNotExist",
        "The Instance does not exist: data",
    )


def test_a_pending_snapshot_is_not_deleted_unless_allowed(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")
    code, _, message = refused(client.delete_instance_snapshot, instanceSnapshotName="web-1")

    controls.delete_pending = True
    client.delete_instance_snapshot(instanceSnapshotName="web-1")

    assert code == "InvalidInputException"
    assert message.endswith("Please try again in a few minutes.")
    assert "InstanceSnapshot" not in controls.world()[REGION]


def test_a_second_snapshot_at_a_time_is_refused_where_the_control_forbids_it(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-2")
    controls.concurrent_snapshots = False

    code, _, message = refused(
        client.create_instance_snapshot, instanceName="web", instanceSnapshotName="web-3"
    )
    controls.clock.advance(minutes=5)
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-3")

    assert code == "InvalidInputException"
    assert message.endswith("Please wait for it to complete before trying again.")


@pytest.mark.parametrize("state", ["running", "stopped"])
def test_running_and_stopped_instances_can_be_snapshotted(
    client: LightsailClient, controls: Control, state: str
) -> None:
    controls.seed.add_instance("web", state=state)

    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")

    assert controls.world()[REGION]["InstanceSnapshot"]["web-1"]["state"] == "pending"


def test_an_instance_in_transition_is_refused(client: LightsailClient, controls: Control) -> None:
    controls.seed.add_instance("web")
    controls.set_instance_state("web", REGION, "stopping")

    assert refused(
        client.create_instance_snapshot, instanceName="web", instanceSnapshotName="web-1"
    ) == (
        "InvalidInputException",
        None,
        "The Instance web is stopping. Please try again in a few minutes.",
    )
