"""Resources without requests, and all resources as plain data."""

from datetime import timedelta
from typing import Any

import pytest

from lightsail_moto import Control
from lightsail_moto.exceptions import InvalidInput, NameTaken

from .support import NOW, OTHER, REGION, Client, MakeClient, names


def test_seeded_records_are_those_that_requests_make_but_record_nothing(
    client: Client, controls: Control
) -> None:
    controls.snapshot_seconds = 0
    source = controls.seed.add_instance("web", tags={"a": None})
    controls.seed.add_snapshot("seeded", source)
    recorded = [*controls.calls], client.get_operations()["operations"]
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="asked")

    seeded, asked = client.get_instance_snapshots()["instanceSnapshots"]

    assert recorded == ([], [])
    assert asked.keys() == seeded.keys()
    different = {key for key in asked if asked[key] != seeded[key]}  # type: ignore[literal-required]
    assert different == {"name", "arn", "supportCode"}


def test_old_snapshots_remain_when_their_source_is_removed_and_it_can_be_put_back(
    client: Client, controls: Control
) -> None:
    web = controls.seed.add_instance("web", static_ip="address")
    controls.seed.add_instance("other")
    before = client.get_instances()["instances"]
    for days in (1, 2):
        at = NOW - timedelta(days=days)
        controls.seed.add_snapshot(f"web-{days}", web, created_at=at, size_gb=days)
    controls.seed.remove(web)
    removed = names(client.get_instances()["instances"])
    attached = client.get_static_ip(staticIpName="address")["staticIp"]["isAttached"]
    controls.seed.put_back(web)

    snapshots = client.get_instance_snapshots()["instanceSnapshots"]
    listed = [
        (each["name"], (NOW - each["createdAt"]).days, each["sizeInGb"]) for each in snapshots
    ]
    assert listed == [("web-1", 1, 1), ("web-2", 2, 2)]
    assert (removed, attached) == (["other"], False)
    after = client.get_instances()["instances"]
    assert [each["arn"] for each in after] == [each["arn"] for each in before[::-1]]
    assert not any(each["isStaticIp"] for each in after)


def test_an_instance_is_seeded_with_its_network_in_one_call(
    client: Client, controls: Control
) -> None:
    https = {"fromPort": 443, "toPort": 443, "protocol": "tcp"}

    controls.seed.add_instance("web", key_pair="deploy", static_ip="address", firewall=[https])

    instance = client.get_instance(instanceName="web")["instance"]
    static_ip = client.get_static_ip(staticIpName="address")["staticIp"]
    ports = [port["fromPort"] for port in instance["networking"]["ports"]]
    assert (instance["sshKeyName"], instance["isStaticIp"], ports) == ("deploy", True, [443])
    assert instance["publicIpAddress"] == static_ip["ipAddress"]
    assert names(client.get_key_pairs()["keyPairs"]) == ["deploy"]


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
    controls.set_disk_state("data", REGION, "unknown")

    def shown(state: str, **more: object) -> dict[str, object]:
        return {"state": state, "tags": {}} | more

    of_web: dict[str, object] = {"from": "web", "sizeInGb": 20}
    copy = shown("available", **of_web) | {"tags": {"copied": "yes"}}
    expected: dict[str, dict[str, Any]] = {
        OTHER: {
            "InstanceSnapshot": {"web-1": copy},
            "RelationalDatabase": {"db": shown("modifying")},
            "RelationalDatabaseSnapshot": {
                "db-1": shown("available", sizeInGb=40) | {"from": "db"}
            },
        },
        REGION: {
            "Disk": {"data": shown("unknown", attachedTo="web", sizeInGb=64)},
            "DiskSnapshot": {"root-1": shown("completed", **of_web)},
            "Instance": {"web": {"state": "running", "tags": {"a": None, "b": "1"}}},
            "InstanceSnapshot": {"web-1": shown("error", **of_web)},
        },
    }
    world = controls.world()
    assert world == expected
    assert [list(world), list(world[REGION])] == [list(expected), list(expected[REGION])]


def test_thousands_of_snapshots_can_be_seeded_and_listed(client: Client, controls: Control) -> None:
    controls.page_size = 500
    source = controls.seed.add_disk("data")
    for number in range(3_000):
        controls.seed.add_snapshot(f"data-{number}", source, tags={"k": "v"})

    pages = client.get_paginator("get_disk_snapshots").paginate()

    listed = [name for page in pages for name in names(page["diskSnapshots"])]
    assert listed == [f"data-{number}" for number in range(3_000)]
