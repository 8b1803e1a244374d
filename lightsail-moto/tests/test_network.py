"""Addresses, firewalls and key pairs."""

from typing import Any

import pytest
from mypy_boto3_lightsail.type_defs import PortInfoTypeDef

from lightsail_moto import Control

from .support import OTHER, Client, MakeClient, both, names

INSTANCE: Any = {"availabilityZone": "us-east-1a", "blueprintId": "wordpress"}


@pytest.mark.parametrize(
    ("bundle", "wanted", "shown"),
    [
        ("nano_3_0", None, ("dualstack", True, False)),
        ("nano_3_0", "ipv4", ("ipv4", True, False)),
        ("nano_ipv6_3_0", "ipv6", ("ipv6", False, True)),
    ],
)
def test_an_instance_has_addresses_of_the_type_that_fits_its_bundle(
    client: Client, controls: Control, bundle: str, wanted: Any, shown: tuple[Any, ...]
) -> None:
    given: Any = {"ipAddressType": wanted} if wanted else {}

    client.create_instances(instanceNames=["web"], bundleId=bundle, **INSTANCE, **given)

    instance = client.get_instance(instanceName="web")["instance"]
    public, ipv6 = "publicIpAddress" in instance, "ipv6Addresses" in instance
    assert (instance["ipAddressType"], public, ipv6) == shown


@both
def test_an_instance_has_its_static_address_until_it_is_detached(
    client: Client, controls: Control
) -> None:
    controls.seed.add_instance("web")
    address = controls.seed.add_static_ip("address").ip_address

    def shown() -> tuple[Any, ...]:
        instance = client.get_instance(instanceName="web")["instance"]
        static_ip = client.get_static_ip(staticIpName="address")["staticIp"]
        attached = static_ip["isAttached"], static_ip.get("attachedTo")
        return instance["isStaticIp"], *attached, instance["publicIpAddress"] == address

    seen = [shown()]
    client.attach_static_ip(staticIpName="address", instanceName="web")
    seen.append(shown())
    client.detach_static_ip(staticIpName="address")
    seen.append(shown())

    free = (False, False, None, False)
    assert seen == [free, (True, True, "web", True), free]


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


HTTPS: PortInfoTypeDef = {"fromPort": 443, "toPort": 443, "protocol": "tcp"}
SSH: PortInfoTypeDef = {
    "fromPort": 22,
    "toPort": 22,
    "protocol": "tcp",
    "cidrs": ["192.0.2.7/24"],
}


def _open(client: Client) -> list[Any]:
    states = client.get_instance_port_states(instanceName="web")["portStates"]
    assert all(port.pop("state") == "open" for port in states)
    return list(states)


@both
def test_ports_are_opened_put_and_closed(client: Client, controls: Control) -> None:
    controls.seed.add_instance("web")
    seen = [_open(client)]

    changes: tuple[tuple[Any, dict[str, Any]], ...] = (
        (client.open_instance_public_ports, {"portInfo": HTTPS}),
        (client.open_instance_public_ports, {"portInfo": SSH}),
        (client.put_instance_public_ports, {"portInfos": [SSH, HTTPS]}),
        (client.close_instance_public_ports, {"portInfo": SSH}),
        (client.close_instance_public_ports, {"portInfo": SSH}),
        (client.put_instance_public_ports, {"portInfos": []}),
    )
    for change, ports in changes:
        change(instanceName="web", **ports)
        seen.append(_open(client))

    ssh, http = ({"fromPort": port, "toPort": port, "protocol": "tcp"} for port in (22, 80))
    assert seen == [
        [ssh, http],
        [ssh, http, HTTPS],
        [http, HTTPS, SSH],
        [SSH, HTTPS],
        [HTTPS],
        [HTTPS],
        [],
    ]


ALL: PortInfoTypeDef = {"fromPort": 0, "toPort": 65535, "protocol": "all"}
PING: PortInfoTypeDef = {"fromPort": 8, "toPort": -1, "protocol": "icmp"}
OFFICE: PortInfoTypeDef = SSH | {
    "ipv6Cidrs": ["2001:db8::/64"],
    "cidrListAliases": ["lightsail-connect"],
}
ONLY_IPV6: PortInfoTypeDef = HTTPS | {"ipv6Cidrs": ["::/0"]}
ONLY_IPV4: PortInfoTypeDef = HTTPS | {"cidrs": ["0.0.0.0/0"]}
ANYWHERE = {"cidrs": ["0.0.0.0/0"], "ipv6Cidrs": ["::/0"], "cidrListAliases": []}
IPV4 = {"cidrs": ["0.0.0.0/0"], "cidrListAliases": []}
IPV6 = {"cidrs": [], "ipv6Cidrs": ["::/0"], "cidrListAliases": []}


@both
@pytest.mark.parametrize(
    ("form", "put", "shown"),
    [
        ("without-cidrs", HTTPS, [("Anywhere (0.0.0.0/0)", HTTPS)]),
        ("without-cidrs", ONLY_IPV4, [("Anywhere (0.0.0.0/0)", ONLY_IPV4)]),
        ("without-cidrs", ONLY_IPV6, [("Anywhere (::/0)", ONLY_IPV6)]),
        ("without-cidrs", OFFICE, [("Custom", OFFICE)]),
        ("without-cidrs", ALL, [("Anywhere (0.0.0.0/0)", ALL | {"protocol": "-1"})]),
        ("dual-stack", HTTPS, [("Anywhere (0.0.0.0/0 and ::/0)", HTTPS | ANYWHERE)]),
        ("dual-stack", PING, [("Anywhere (0.0.0.0/0 and ::/0)", PING | ANYWHERE)]),
        ("dual-stack", ONLY_IPV6, [("Anywhere (::/0)", HTTPS | IPV6)]),
        ("dual-stack", OFFICE, [("Custom", OFFICE)]),
        (
            "separate",
            ALL,
            [
                ("Anywhere (0.0.0.0/0)", ALL | {"protocol": "-1"} | IPV4),
                ("Anywhere (::/0)", ALL | {"protocol": "-1"} | IPV6),
            ],
        ),
        (
            "separate",
            OFFICE,
            [
                ("Custom", SSH | {"cidrListAliases": ["lightsail-connect"]}),
                ("Custom", SSH | IPV6 | {"ipv6Cidrs": ["2001:db8::/64"]}),
            ],
        ),
        ("ipv4", HTTPS, [("Anywhere (0.0.0.0/0)", HTTPS | IPV4)]),
        ("ipv4", ONLY_IPV6, []),
    ],
)
def test_a_firewall_is_shown_in_the_forms_of_the_live_service(
    client: Client,
    controls: Control,
    form: str,
    put: PortInfoTypeDef,
    shown: list[tuple[str, dict[str, Any]]],
) -> None:
    controls.seed.add_instance("web")
    controls.firewall_form = form

    client.put_instance_public_ports(instanceName="web", portInfos=[put])

    public = {"accessType": "public", "commonName": "", "accessDirection": "inbound"}
    networking = client.get_instances()["instances"][0]["networking"]
    assert networking["ports"] == [
        port | {"accessFrom": access_from} | public for access_from, port in shown
    ]
    assert _open(client) == [port for _, port in shown]


def test_a_firewall_can_be_shown_in_reverse(client: Client, controls: Control) -> None:
    controls.seed.add_instance("web", firewall=[SSH, HTTPS])
    controls.firewall_in_reverse = True

    assert _open(client) == [HTTPS, SSH]


def test_key_pairs_are_listed_with_the_default_one_on_request(
    client: Client, controls: Control
) -> None:
    controls.page_size = 5
    controls.seed.add_key_pair("deploy")

    assert names(client.get_key_pairs()["keyPairs"]) == ["deploy"]
    assert names(client.get_key_pairs(includeDefaultKeyPair=True)["keyPairs"]) == [
        "LightsailDefaultKeyPair",
        "deploy",
    ]


def test_an_instance_has_the_key_pair_it_was_created_with(
    client: Client, controls: Control
) -> None:
    controls.seed.add_key_pair("deploy")
    default = "LightsailDefaultKeyPair"

    for name, key_pair in (("web", "deploy"), ("default", default)):
        client.create_instances(
            instanceNames=[name], bundleId="nano_3_0", keyPairName=key_pair, **INSTANCE
        )

    instances = client.get_instances()["instances"]
    found = {each["name"]: each["sshKeyName"] for each in instances}
    assert found == {"web": "deploy", "default": default}
