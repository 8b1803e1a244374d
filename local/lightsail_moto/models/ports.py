"""The ports of a firewall, in the forms of requests and answers.

A port is a range with its protocol. Ports without addresses are open to all.
"""

from __future__ import annotations

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.resource import Record

_FILTERS = ("cidrs", "ipv6Cidrs", "cidrListAliases")


def default_ports() -> list[Record]:
    return [{"fromPort": port, "toPort": port, "protocol": "tcp"} for port in (22, 80)]


def port_key(port: Record) -> tuple[int, int, str]:
    return (port.get("fromPort", 0), port.get("toPort", 65535), port.get("protocol", "tcp"))


def check_port(port: Record) -> Record:
    """The port as it is kept; InvalidInput if the range is not valid."""
    first, last, protocol = port_key(port)
    if protocol in ("tcp", "udp") and not 0 <= first <= last <= 65535:
        raise InvalidInput(f"The port range is not valid: {first}-{last}")
    filters = {name: list(port[name]) for name in _FILTERS if port.get(name)}
    return {"fromPort": first, "toPort": last, "protocol": protocol} | filters


def port_info(port: Record) -> Record:
    """The port as GetInstances answers it."""
    return {
        **port,
        "accessFrom": "Anywhere (0.0.0.0/0)",
        "accessType": "public",
        "commonName": "",
        "accessDirection": "inbound",
    }


def port_details(port: Record) -> str:
    """As operationDetails name it: 22/tcp; the form for a range is not published."""
    first, last, protocol = port_key(port)
    return f"{first}/{protocol}" if first == last else f"{first}-{last}/{protocol}"
