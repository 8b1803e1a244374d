"""Resources without requests, and all resources as plain data."""

from datetime import timedelta

import pytest
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control
from lightsail_moto.exceptions import InvalidInput, NameTaken

from .support import NOW, OTHER, REGION, MakeClient, names


def test_seeded_records_are_those_that_requests_make(
    client: LightsailClient, controls: Control
) -> None:
    controls.snapshot_seconds = 0
    controls.seed.add_instance("web", tags={"a": None})
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="asked")
    source = controls.seed.add_instance("db", tags={"a": None})
    controls.seed.add_snapshot("seeded", source)

    asked, seeded = client.get_instance_snapshots()["instanceSnapshots"]

    different = {"name", "arn", "supportCode", "fromInstanceName", "fromInstanceArn"}
    assert asked.keys() == seeded.keys()
    assert {key for key in asked if asked[key] != seeded[key]} == different  # type: ignore[literal-required]


def test_old_snapshots_can_be_seeded_and_remain_when_their_source_is_removed(
    client: LightsailClient, controls: Control
) -> None:
    source = controls.seed.add_instance("web")
    for days in (1, 2):
        controls.seed.add_snapshot(
            f"web-{days}", source, created_at=NOW - timedelta(days=days), size_gb=days
        )
    controls.seed.remove(source)

    snapshots = client.get_instance_snapshots()["instanceSnapshots"]

    listed = [
        (each["name"], (NOW - each["createdAt"]).days, each["sizeInGb"]) for each in snapshots
    ]
    assert listed == [("web-1", 1, 1), ("web-2", 2, 2)]
    assert client.get_instances()["instances"] == []


def test_a_removed_resource_can_be_put_back_unchanged(
    client: LightsailClient, controls: Control
) -> None:
    first = controls.seed.add_disk("first")
    controls.seed.add_disk("second")
    before = client.get_disks()["disks"]
    controls.seed.remove(first)

    controls.seed.put_back(first)

    assert client.get_disks()["disks"] == before[::-1]


def test_seeding_records_no_operation_and_no_call(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_snapshot("db-1", controls.seed.add_database("db"))

    assert controls.calls == []
    assert client.get_operations()["operations"] == []


def test_an_instance_is_seeded_with_its_network_in_one_call(
    client: LightsailClient, controls: Control
) -> None:
    https = {"fromPort": 443, "toPort": 443, "protocol": "tcp"}

    controls.seed.add_instance("web", key_pair="deploy", static_ip="address", firewall=[https])

    instance = client.get_instance(instanceName="web")["instance"]
    static_ip = client.get_static_ip(staticIpName="address")["staticIp"]
    ports = [port["fromPort"] for port in instance["networking"]["ports"]]
    assert (instance["sshKeyName"], instance["isStaticIp"], ports) == ("deploy", True, [443])
    assert instance["publicIpAddress"] == static_ip["ipAddress"]
    assert names(client.get_key_pairs()["keyPairs"]) == ["deploy"]


def test_removing_an_instance_detaches_its_static_address(
    client: LightsailClient, controls: Control
) -> None:
    web = controls.seed.add_instance("web", static_ip="address")

    controls.seed.remove(web)
    controls.seed.put_back(web)

    assert client.get_static_ip(staticIpName="address")["staticIp"]["isAttached"] is False
    assert client.get_instance(instanceName="web")["instance"]["isStaticIp"] is False


def test_seeding_refuses_names_that_the_service_would_refuse(controls: Control) -> None:
    controls.seed.add_disk("data")

    with pytest.raises(NameTaken):
        controls.seed.add_instance("data")
    with pytest.raises(InvalidInput):
        controls.seed.add_database("no_good")


def test_the_world_is_sorted_plain_data(make_client: MakeClient, controls: Control) -> None:
    seed = controls.seed
    web = seed.add_instance("web", tags={"b": "1", "a": None})
    seed.add_disk("data", attached_to="web", size_gb=64)
    first = seed.add_snapshot("web-1", web, state="error")
    seed.add_snapshot("root-1", web, of_system_disk=True)
    seed.add_snapshot("web-1", first, OTHER, tags={"copied": "yes"})
    seed.add_snapshot("db-1", seed.add_database("db", OTHER, state="modifying"))

    expected = {
        OTHER: {
            "InstanceSnapshot": {
                "web-1": {
                    "state": "available",
                    "tags": {"copied": "yes"},
                    "from": "web",
                    "sizeInGb": 20,
                }
            },
            "RelationalDatabase": {"db": {"state": "modifying", "tags": {}}},
            "RelationalDatabaseSnapshot": {
                "db-1": {"state": "available", "tags": {}, "from": "db", "sizeInGb": 40}
            },
        },
        REGION: {
            "Disk": {
                "data": {"state": "available", "tags": {}, "attachedTo": "web", "sizeInGb": 64}
            },
            "DiskSnapshot": {
                "root-1": {"state": "completed", "tags": {}, "from": "web", "sizeInGb": 20}
            },
            "Instance": {"web": {"state": "running", "tags": {"a": None, "b": "1"}}},
            "InstanceSnapshot": {
                "web-1": {"state": "error", "tags": {}, "from": "web", "sizeInGb": 20}
            },
        },
    }
    world = controls.world()
    assert world == expected
    assert [list(world), list(world[REGION])] == [list(expected), list(expected[REGION])]


def test_states_of_instances_and_disks_can_be_any_word(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.seed.add_disk("data")

    controls.set_instance_state("web", REGION, "hibernating", code=99)
    controls.set_disk_state("data", REGION, "unknown")

    state = client.get_instance_state(instanceName="web")["state"]
    assert state == {"code": 99, "name": "hibernating"}
    assert client.get_disk(diskName="data")["disk"]["state"] == "unknown"


def test_ten_thousand_snapshots_can_be_seeded_and_listed(
    client: LightsailClient, controls: Control
) -> None:
    controls.page_size = 500
    source = controls.seed.add_disk("data")
    for number in range(10_000):
        controls.seed.add_snapshot(f"data-{number}", source, tags={"k": "v"})

    pages = client.get_paginator("get_disk_snapshots").paginate()

    listed = [name for page in pages for name in names(page["diskSnapshots"])]
    assert listed == [f"data-{number}" for number in range(10_000)]
