"""Static IP addresses."""

import pytest
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import (
    ACCOUNT,
    NOW,
    OTHER,
    REGION,
    MakeClient,
    both,
    names,
    operation,
    refused,
    without_ids,
)


@both
def test_an_address_is_allocated_shown_and_released(
    client: LightsailClient, controls: Control
) -> None:
    allocated = client.allocate_static_ip(staticIpName="address")
    shown = client.get_static_ip(staticIpName="address")["staticIp"]
    released = client.release_static_ip(staticIpName="address")

    assert without_ids([*allocated["operations"], *released["operations"]]) == [
        operation("AllocateStaticIp", "address", "StaticIp", status="Succeeded"),
        operation("ReleaseStaticIp", "address", "StaticIp", status="Succeeded"),
    ]
    assert shown.pop("arn").startswith(f"arn:aws:lightsail:{REGION}:{ACCOUNT}:StaticIp/")
    assert shown == {
        "name": "address",
        "supportCode": f"{ACCOUNT[::-1]}/198.51.100.1",
        "createdAt": NOW,
        "location": {"availabilityZone": "all", "regionName": REGION},
        "resourceType": "StaticIp",
        "ipAddress": "198.51.100.1",
        "isAttached": False,
    }
    assert client.get_static_ips()["staticIps"] == []


@both
def test_an_instance_has_its_static_address_until_it_is_detached(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    address = controls.seed.add_static_ip("address").ip_address

    attached = client.attach_static_ip(staticIpName="address", instanceName="web")
    with_address = client.get_instance(instanceName="web")["instance"]
    static_ip = client.get_static_ip(staticIpName="address")["staticIp"]
    detached = client.detach_static_ip(staticIpName="address")
    without = client.get_instance(instanceName="web")["instance"]

    assert without_ids([*attached["operations"], *detached["operations"]]) == [
        each
        for kind in ("AttachStaticIp", "DetachStaticIp")
        for each in (
            operation(kind, "address", "StaticIp", status="Succeeded", details="web"),
            operation(
                kind, "web", "Instance", zone="us-east-1a", status="Succeeded", details="address"
            ),
        )
    ]
    assert (static_ip["attachedTo"], static_ip["isAttached"]) == ("web", True)
    assert (with_address["isStaticIp"], with_address["publicIpAddress"]) == (True, address)
    assert (without["isStaticIp"], without["publicIpAddress"]) == (False, "198.51.100.3")
    assert client.get_static_ip(staticIpName="address")["staticIp"]["isAttached"] is False


def test_addresses_are_listed_page_by_page_and_belong_to_their_region(
    make_client: MakeClient, controls: Control
) -> None:
    for number in range(3):
        make_client().allocate_static_ip(staticIpName=f"address-{number}")

    pages = [
        names(page["staticIps"])
        for page in make_client().get_paginator("get_static_ips").paginate()
    ]

    assert pages == [["address-0", "address-1"], ["address-2"]]
    assert make_client(OTHER).get_static_ips()["staticIps"] == []


@pytest.mark.parametrize("state", ["pending", "stopped", "stopping"])
def test_only_a_running_instance_gets_an_address(
    client: LightsailClient, controls: Control, state: str
) -> None:
    controls.seed.add_instance("web", state=state)
    controls.seed.add_static_ip("address")

    code, _, _ = refused(client.attach_static_ip, staticIpName="address", instanceName="web")

    assert code == "InvalidInputException"
    assert controls.world()[REGION]["StaticIp"]["address"]["attachedTo"] is None


def test_an_address_is_detached_before_it_is_attached_elsewhere_or_released(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web", static_ip="address")
    controls.seed.add_instance("new", static_ip="another")
    controls.seed.add_static_ip("spare")

    codes = [
        refused(call, **arguments)[0]
        for call, arguments in (
            (client.attach_static_ip, {"staticIpName": "address", "instanceName": "new"}),
            (client.attach_static_ip, {"staticIpName": "spare", "instanceName": "new"}),
            (client.release_static_ip, {"staticIpName": "address"}),
            (client.detach_static_ip, {"staticIpName": "spare"}),
        )
    ]

    assert codes == ["InvalidInputException"] * 4
    assert {
        name: static_ip["attachedTo"]
        for name, static_ip in controls.world()[REGION]["StaticIp"].items()
    } == {"address": "web", "another": "new", "spare": None}


def test_an_instance_with_ipv6_alone_gets_no_static_address(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web", bundle_id="nano_ipv6_3_0")
    controls.seed.add_static_ip("address")

    code, _, _ = refused(client.attach_static_ip, staticIpName="address", instanceName="web")

    assert code == "InvalidInputException"


def test_a_static_address_remains_when_its_instance_is_deleted(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web", static_ip="address")

    client.delete_instance(instanceName="web")

    assert controls.world()[REGION] == {
        "StaticIp": {"address": {"state": "available", "tags": {}, "attachedTo": None}}
    }


def test_what_is_missing_is_not_found(client: LightsailClient, controls: Control) -> None:
    controls.seed.add_instance("web")

    missing = refused(client.attach_static_ip, staticIpName="none", instanceName="web")

    assert missing == (
        "NotFoundException",
        "DoesNotExist",
        "The StaticIp does not exist: none",
    )
