"""Instances."""

from typing import Any

import pytest
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import ACCOUNT, NOW, REGION, both, operation, refused, without_ids


@both
def test_create_instances_answers_one_operation_for_each(
    client: LightsailClient, controls: Control
) -> None:
    answer = client.create_instances(
        instanceNames=["web-1", "web-2"],
        availabilityZone="us-east-1a",
        blueprintId="wordpress",
        bundleId="nano_3_0",
        tags=[{"key": "snapshot"}],
    )

    zone = "us-east-1a"
    assert without_ids(answer["operations"]) == [
        operation("CreateInstance", "web-1", "Instance", zone=zone),
        operation("CreateInstance", "web-2", "Instance", zone=zone),
    ]
    tags = [each["tags"] for each in client.get_instances()["instances"]]
    assert tags == [[{"key": "snapshot"}]] * 2


def test_an_instance_has_the_published_members(client: LightsailClient, controls: Control) -> None:
    controls.seed.add_instance("web", bundle_id="medium_3_0", blueprint_id="mean")

    instance = client.get_instance(instanceName="web")["instance"]

    arn, code = instance.pop("arn"), instance.pop("supportCode")
    assert arn.startswith(f"arn:aws:lightsail:{REGION}:{ACCOUNT}:Instance/")
    assert "/i-" in code
    port = {
        "protocol": "tcp",
        "accessFrom": "Anywhere (0.0.0.0/0)",
        "accessType": "public",
        "commonName": "",
        "accessDirection": "inbound",
    }
    assert instance == {
        "name": "web",
        "createdAt": NOW,
        "location": {"availabilityZone": "us-east-1a", "regionName": REGION},
        "resourceType": "Instance",
        "tags": [],
        "blueprintId": "mean",
        "blueprintName": "MEAN",
        "bundleId": "medium_3_0",
        "addOns": [],
        "isStaticIp": False,
        "privateIpAddress": "192.0.2.1",
        "publicIpAddress": "198.51.100.1",
        "ipAddressType": "dualstack",
        "hardware": {
            "cpuCount": 2,
            "disks": [
                {
                    "createdAt": NOW,
                    "sizeInGb": 80,
                    "isSystemDisk": True,
                    "iops": 240,
                    "path": "/dev/xvda",
                    "attachedTo": "web",
                    "attachmentState": "attached",
                }
            ],
            "ramSizeInGb": 4.0,
        },
        "networking": {
            "monthlyTransfer": {"gbPerMonthAllocated": 4096},
            "ports": [
                {"fromPort": 22, "toPort": 22} | port,
                {"fromPort": 80, "toPort": 80} | port,
            ],
        },
        "state": {"code": 16, "name": "running"},
        "username": "bitnami",
        "sshKeyName": "LightsailDefaultKeyPair",
    }


def test_an_instance_is_pending_for_create_seconds(
    client: LightsailClient, controls: Control
) -> None:
    controls.create_seconds = 60
    answer = client.create_instances(
        instanceNames=["web"],
        availabilityZone="us-east-1b",
        blueprintId="wordpress",
        bundleId="nano_3_0",
    )
    pending = client.get_instance_state(instanceName="web")["state"]

    controls.clock.advance(seconds=60)

    assert pending == {"code": 0, "name": "pending"}
    assert client.get_instance_state(instanceName="web")["state"] == {"code": 16, "name": "running"}
    done = client.get_operation(operationId=answer["operations"][0]["id"])["operation"]
    assert done["status"] == "Succeeded"


def health(client: LightsailClient, *, asked: bool = True) -> list[Any]:
    """The statuses of an instance by each of the two reads, which agree; None where absent."""
    newer: Any = client  # the stubs lag behind the model
    (listed,) = newer.get_instances(includeHealthStatus=asked)["instances"]
    one = newer.get_instance(instanceName="web", includeHealthStatus=asked)["instance"]
    assert listed == one
    return [
        listed[member]["status"] if member in listed else None
        for member in ("instanceStatus", "systemStatus")
    ]


def test_health_is_absent_unless_it_is_asked_for_and_reported(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")

    assert health(client) == ["ok", "ok"]
    assert health(client, asked=False) == [None, None]
    controls.health_reported = False
    assert health(client) == [None, None]


def test_health_follows_the_state_until_it_is_set(
    client: LightsailClient, controls: Control
) -> None:
    controls.create_seconds, controls.health_seconds = 60, 120
    client.create_instances(
        instanceNames=["web"],
        availabilityZone="us-east-1a",
        blueprintId="wordpress",
        bundleId="nano_3_0",
    )
    seen = [health(client)]
    for seconds in (60, 119, 1):
        controls.clock.advance(seconds=seconds)
        seen.append(health(client))
    controls.set_instance_health("web", REGION, "impaired", "insufficient-data")
    controls.clock.advance(days=1)
    seen.append(health(client))
    controls.set_instance_health("web", REGION, None)
    controls.set_instance_state("web", REGION, "stopped")
    seen.append(health(client))

    assert seen == [
        ["not-applicable"] * 2,
        ["initializing"] * 2,
        ["initializing"] * 2,
        ["ok"] * 2,
        ["impaired", "insufficient-data"],
        ["not-applicable"] * 2,
    ]


def test_invalid_requests_are_refused(client: LightsailClient, controls: Control) -> None:
    request = {
        "instanceNames": ["web"],
        "availabilityZone": "us-east-1a",
        "blueprintId": "wordpress",
        "bundleId": "nano_3_0",
    }

    elsewhere = refused(client.create_instances, **request | {"availabilityZone": "eu-west-1a"})
    unknown = refused(client.create_instances, **request | {"bundleId": "pico_0_0"})
    twice = refused(client.create_instances, **request | {"instanceNames": ["web", "web"]})

    assert {elsewhere[0], unknown[0], twice[0]} == {"InvalidInputException"}
    assert twice[1] == "NameExists"
    assert controls.world() == {}


def test_deleting_an_instance_detaches_its_disks(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.seed.add_disk("data", attached_to="web")

    answer = client.delete_instance(instanceName="web")

    zone = "us-east-1a"
    assert without_ids(answer["operations"]) == [
        operation("DetachDisk", "data", "Disk", zone=zone, details="web"),
        operation("DetachDisk", "web", "Instance", zone=zone, details="data"),
        operation("DeleteInstance", "web", "Instance", zone=zone, status="Succeeded"),
    ]
    detached = client.get_operation(operationId=answer["operations"][0]["id"])["operation"]
    assert detached["status"] == "Succeeded"
    assert controls.world() == {
        REGION: {
            "Disk": {"data": {"state": "available", "tags": {}, "attachedTo": None, "sizeInGb": 8}}
        }
    }


def test_an_instance_with_add_ons_is_deleted_only_with_force(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    client.enable_add_on(resourceName="web", addOnRequest={"addOnType": "AutoSnapshot"})

    code, _, message = refused(client.delete_instance, instanceName="web")
    client.delete_instance(instanceName="web", forceDeleteAddOns=True)

    assert code == "InvalidInputException"
    assert message.startswith("You cannot delete the Instance web with addons.")
    assert controls.world() == {}


@pytest.mark.parametrize(
    ("bundle", "wanted", "shown"),
    [
        ("nano_3_0", None, ("dualstack", True)),
        ("nano_3_0", "ipv4", ("ipv4", True)),
        ("nano_ipv6_3_0", None, None),
        ("nano_ipv6_3_0", "ipv6", ("ipv6", False)),
        ("nano_3_0", "ipv6", None),
        ("nano_ipv6_3_0", "dualstack", None),
        ("nano_ipv6_3_0", "ipv4", None),
    ],
)
def test_the_type_of_address_has_to_fit_the_bundle(
    client: LightsailClient,
    controls: Control,
    bundle: str,
    wanted: Any,
    shown: tuple[str, bool] | None,
) -> None:
    members: Any = {
        "instanceNames": ["web"],
        "availabilityZone": "us-east-1a",
        "blueprintId": "wordpress",
        "bundleId": bundle,
    } | ({"ipAddressType": wanted} if wanted else {})

    if shown is None:
        assert refused(client.create_instances, **members)[0] == "InvalidInputException"
        return
    client.create_instances(**members)

    instance = client.get_instance(instanceName="web")["instance"]
    assert (instance["ipAddressType"], "publicIpAddress" in instance) == shown
    assert ("ipv6Addresses" in instance) is not shown[1]
