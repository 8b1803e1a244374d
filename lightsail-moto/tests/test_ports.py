"""The firewall of an instance."""

from typing import Any

import pytest
from mypy_boto3_lightsail import LightsailClient
from mypy_boto3_lightsail.type_defs import PortInfoTypeDef

from lightsail_moto import Control

from .support import both, operation, refused, without_ids

HTTPS: PortInfoTypeDef = {"fromPort": 443, "toPort": 443, "protocol": "tcp"}
SSH: PortInfoTypeDef = {
    "fromPort": 22,
    "toPort": 22,
    "protocol": "tcp",
    "cidrs": ["192.0.2.0/24"],
}


def _open(client: LightsailClient) -> list[Any]:
    states = client.get_instance_port_states(instanceName="web")["portStates"]
    assert all(port.pop("state") == "open" for port in states)
    return list(states)


@both
def test_ports_are_opened_put_and_closed(client: LightsailClient, controls: Control) -> None:
    controls.seed.add_instance("web")
    seen, answers = [_open(client)], []

    answers.append(client.open_instance_public_ports(instanceName="web", portInfo=HTTPS))
    seen.append(_open(client))
    answers.append(client.put_instance_public_ports(instanceName="web", portInfos=[SSH, HTTPS]))
    seen.append(_open(client))
    answers.append(client.close_instance_public_ports(instanceName="web", portInfo=SSH))
    seen.append(_open(client))

    default = [{"fromPort": port, "toPort": port, "protocol": "tcp"} for port in (22, 80)]
    assert seen == [default, [*default, HTTPS], [SSH, HTTPS], [HTTPS]]
    assert without_ids(answer["operation"] for answer in answers) == [
        operation(
            f"{verb}InstancePublicPorts",
            "web",
            "Instance",
            zone="us-east-1a",
            status="Succeeded",
            details=details,
        )
        for verb, details in (("Open", "443/tcp"), ("Put", "22/tcp, 443/tcp"), ("Close", "22/tcp"))
    ]


def test_opening_an_open_port_again_replaces_its_addresses(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")

    client.open_instance_public_ports(instanceName="web", portInfo=SSH)

    assert SSH in _open(client)
    assert len(_open(client)) == 2


def test_a_reversed_range_is_refused(client: LightsailClient, controls: Control) -> None:
    controls.seed.add_instance("web")
    backwards: PortInfoTypeDef = {"fromPort": 90, "toPort": 80, "protocol": "tcp"}

    code, _, _ = refused(client.open_instance_public_ports, instanceName="web", portInfo=backwards)

    assert code == "InvalidInputException"


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
    client: LightsailClient,
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


def test_a_firewall_can_be_shown_in_reverse(client: LightsailClient, controls: Control) -> None:
    controls.seed.add_instance("web", firewall=[SSH, HTTPS])
    controls.firewall_in_reverse = True

    assert _open(client) == [HTTPS, SSH]


def test_protocols_are_accepted_in_either_case_and_answered_in_lower_case(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web", firewall=[])
    port: Any = {"fromPort": 22, "toPort": 22, "protocol": "TCP"}

    answers = [
        call(instanceName="web", **ports)["operation"]
        for call, ports in (
            (client.open_instance_public_ports, {"portInfo": port}),
            (client.put_instance_public_ports, {"portInfos": [port]}),
            (client.close_instance_public_ports, {"portInfo": port}),
        )
    ]

    assert [answer["operationDetails"] for answer in answers] == ["22/tcp"] * 3
    assert _open(client) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"protocol": "-1"}, id="the-protocol-of-answers"),
        pytest.param({"protocol": "gre"}, id="unknown-protocol"),
        pytest.param({"fromPort": -1}, id="port-below-zero"),
        pytest.param({"toPort": 65536}, id="port-too-high"),
        pytest.param({"protocol": "icmp"}, id="icmp-type-too-high"),
        pytest.param({"cidrs": ["192.0.2.300/24"]}, id="no-address"),
        pytest.param({"cidrs": ["192.0.2.0/33"]}, id="prefix-too-long"),
        pytest.param({"cidrs": ["2001:db8::/64"]}, id="ipv6-as-ipv4"),
        pytest.param({"ipv6Cidrs": ["192.0.2.0/24"]}, id="ipv4-as-ipv6"),
        pytest.param({"cidrListAliases": ["office"]}, id="unknown-alias"),
    ],
)
def test_ports_that_are_not_valid_are_refused_and_change_nothing(
    client: LightsailClient, controls: Control, change: Any
) -> None:
    controls.seed.add_instance("web", firewall=[HTTPS])
    port = HTTPS | change

    codes = [
        refused(client.put_instance_public_ports, instanceName="web", portInfos=[SSH, port])[0],
        refused(client.open_instance_public_ports, instanceName="web", portInfo=port)[0],
    ]

    assert codes == ["InvalidInputException"] * 2
    assert _open(client) == [HTTPS]
