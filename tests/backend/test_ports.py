"""The firewall of an instance."""

from typing import Any

from mypy_boto3_lightsail import LightsailClient
from mypy_boto3_lightsail.type_defs import PortInfoTypeDef

from lightsail_moto import Control
from tests.backend.support import both, operation, refused, without_ids

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
