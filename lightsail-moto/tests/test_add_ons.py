"""Add-ons and automatic snapshots."""

from datetime import timedelta

from mypy_boto3_lightsail.type_defs import AddOnRequestTypeDef

from lightsail_moto import Control

from .support import NOW, Client, both, refused, without_ids

AT_SIX: AddOnRequestTypeDef = {
    "addOnType": "AutoSnapshot",
    "autoSnapshotAddOnRequest": {"snapshotTimeOfDay": "06:00"},
}
MESSAGE = "You cannot create manual snapshots when an automatic snapshot is being created."


@both
def test_an_add_on_is_enabled_shown_and_disabled(client: Client, controls: Control) -> None:
    controls.seed.add_instance("web")

    client.enable_add_on(resourceName="web", addOnRequest=AT_SIX)
    shown = client.get_instance(instanceName="web")["instance"]["addOns"]
    client.disable_add_on(resourceName="web", addOnType="AutoSnapshot")

    assert shown == [
        {
            "name": "AutoSnapshot",
            "status": "Enabled",
            "snapshotTimeOfDay": "06:00",
            "nextSnapshotTimeOfDay": "06:00",
        }
    ]
    assert client.get_instance(instanceName="web")["instance"]["addOns"] == []


def test_automatic_snapshots_follow_the_clock_and_seven_are_kept(
    client: Client, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.seed.add_disk("data", attached_to="web")
    client.enable_add_on(resourceName="web", addOnRequest=AT_SIX)

    controls.clock.set(NOW.replace(hour=6, minute=5))
    first = client.get_auto_snapshots(resourceName="web")
    controls.clock.advance(days=30)
    later = client.get_auto_snapshots(resourceName="web")["autoSnapshots"]

    disks = [{"path": "/dev/xvdf", "sizeInGb": 8}]
    six = NOW.replace(hour=6, minute=0)
    assert (first["resourceName"], first["resourceType"]) == ("web", "Instance")
    assert first["autoSnapshots"] == [
        {
            "date": "2026-11-23",
            "createdAt": six,
            "status": "InProgress",
            "fromAttachedDisks": disks,
        }
    ]
    days = [six + timedelta(days=day) for day in range(30, 23, -1)]
    assert [each["createdAt"] for each in later] == days
    assert [each["status"] for each in later] == ["InProgress"] + ["Success"] * 6
    assert client.get_instance_snapshots()["instanceSnapshots"] == []


def test_disabling_keeps_what_is_there_and_makes_no_more(client: Client, controls: Control) -> None:
    controls.seed.add_disk("data")
    client.enable_add_on(resourceName="data", addOnRequest=AT_SIX)
    controls.clock.advance(days=2)
    client.disable_add_on(resourceName="data", addOnType="AutoSnapshot")

    controls.clock.advance(days=2)

    made = client.get_auto_snapshots(resourceName="data")["autoSnapshots"]
    assert [each["date"] for each in made] == ["2026-11-24", "2026-11-23"]


@both
def test_an_automatic_snapshot_in_progress_refuses_manual_ones(
    client: Client, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.auto_snapshot_in_progress("web", seconds=600)

    expected = ("InvalidInputException", None, MESSAGE)
    assert expected == refused(
        client.create_instance_snapshot, instanceName="web", instanceSnapshotName="web-1"
    )
    assert expected == refused(
        client.create_disk_snapshot, instanceName="web", diskSnapshotName="web-1"
    )
    controls.clock.advance(minutes=10)
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")


def test_delete_auto_snapshot_answers_in_its_own_form(client: Client, controls: Control) -> None:
    controls.seed.add_instance("web")
    controls.auto_snapshot_in_progress("web", seconds=1)
    controls.clock.advance(seconds=1)

    answer = client.delete_auto_snapshot(resourceName="web", date="2026-11-23")

    (described,) = without_ids(answer["operations"])
    assert described == {
        "resourceName": "web",
        "resourceType": "Instance",
        "createdAt": NOW + timedelta(seconds=1),
        "location": {"availabilityZone": "us-east-1", "regionName": "us-east-1"},
        "isTerminal": True,
        "operationDetails": "DeleteAutoSnapshot-2026-11-23",
        "operationType": "DeleteAutoSnapshot",
        "status": "Succeeded",
    }
    assert client.get_auto_snapshots(resourceName="web")["autoSnapshots"] == []
    missing = refused(client.delete_auto_snapshot, resourceName="web", date="2026-11-23")
    assert missing[0] == "NotFoundException"


def test_the_time_of_day_has_a_default(client: Client, controls: Control) -> None:
    controls.seed.add_disk("data")
    client.enable_add_on(resourceName="data", addOnRequest={"addOnType": "AutoSnapshot"})

    add_on = client.get_disk(diskName="data")["disk"]["addOns"][0]
    assert add_on["snapshotTimeOfDay"] == "06:00"
