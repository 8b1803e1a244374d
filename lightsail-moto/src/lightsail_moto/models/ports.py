"""The ports of a firewall: as requests give them, as they are kept, and as answers show them.

A port is kept with all three lists of addresses. Addresses that are not given mean access from
anywhere, over IPv4 and IPv6; whether one empty list next to another that is given means
"nobody" on the live service is unknown, and assumed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.resource import Record

LISTS = ("cidrs", "ipv6Cidrs", "cidrListAliases")
ANYWHERE = {"cidrs": ["0.0.0.0/0"], "ipv6Cidrs": ["::/0"], "cidrListAliases": []}
_ALIASES = ("lightsail-connect",)
# Ports, or for ICMP the type and the code.
_RANGES = {
    "tcp": (0, 65535),
    "udp": (0, 65535),
    "all": (0, 65535),
    "icmp": (-1, 255),
    "icmpv6": (-1, 255),
}


def default_ports() -> list[Record]:
    """Those of a new instance; live, some blueprints have others."""
    return [read_port({"fromPort": port, "toPort": port, "protocol": "tcp"}) for port in (22, 80)]


def read_port(given: Record) -> Record:
    """The port of a request as it is kept; InvalidInput if a member is not valid.

    The protocol is accepted in either case. `-1`, which answers have for "all", is refused.
    """
    protocol = given.get("protocol", "tcp").lower()
    if protocol not in _RANGES:
        raise InvalidInput(f"The protocol is not valid: {protocol}")
    lowest, highest = _RANGES[protocol]
    first, last = given.get("fromPort", lowest), given.get("toPort", highest)
    reversed_range = "icmp" not in protocol and first > last
    if not (lowest <= first <= highest and lowest <= last <= highest) or reversed_range:
        raise InvalidInput(f"The port range is not valid: {first}-{last}")
    sources = {name: list(given.get(name, [])) for name in LISTS}
    _check_sources(sources)
    if not any(sources.values()):
        sources = {name: list(value) for name, value in ANYWHERE.items()}
    return {"fromPort": first, "toPort": last, "protocol": protocol} | sources


def _check_sources(sources: Record) -> None:
    for name, network in (("cidrs", IPv4Network), ("ipv6Cidrs", IPv6Network)):
        for cidr in sources[name]:
            try:
                network(cidr, strict=False)
            except ValueError:
                raise InvalidInput(f"The address range is not valid: {cidr}") from None
    for alias in sources["cidrListAliases"]:
        if alias not in _ALIASES:
            raise InvalidInput(f"The CIDR list alias is not valid: {alias}")


def port_key(port: Record) -> tuple[int, int, str]:
    return port["fromPort"], port["toPort"], port["protocol"]


def port_details(port: Record) -> str:
    """As operationDetails name it: 22/tcp; the form for a range is not published."""
    first, last, protocol = port_key(port)
    return f"{first}/{protocol}" if first == last else f"{first}-{last}/{protocol}"


def report_ports(ports: Iterable[Record], form: str, *, in_reverse: bool) -> list[Record]:
    """The ports in one of the forms of answers; "all" is `-1` in each of them."""
    shown = [
        port | {"protocol": "-1"} if port["protocol"] == "all" else port
        for kept in ports
        for port in REPORT_FORMS[form](kept)
    ]
    return shown[::-1] if in_reverse else shown


def describe_access(port: Record) -> Record:
    """The members that GetInstances adds to a port."""
    sources = {source for name in LISTS for source in port.get(name, ())} or {"0.0.0.0/0"}
    anywhere = sources <= {"0.0.0.0/0", "::/0"}
    return {
        "accessFrom": f"Anywhere ({' and '.join(sorted(sources))})" if anywhere else "Custom",
        "accessType": "public",
        "commonName": "",
        "accessDirection": "inbound",
    }


def _without_cidrs(port: Record) -> Iterator[Record]:
    """Lists that are empty, or mean anywhere, are absent."""
    anywhere = all(port[name] == ANYWHERE[name] for name in LISTS)
    absent = [name for name in LISTS if anywhere or not port[name]]
    yield {name: value for name, value in port.items() if name not in absent}


def _dual_stack(port: Record) -> Iterator[Record]:
    """One entry with all three lists."""
    yield dict(port)


def _ipv4(port: Record) -> Iterator[Record]:
    """What an instance without IPv6 shows: no ipv6Cidrs, and nothing of ports for IPv6 alone."""
    if port["cidrs"] or port["cidrListAliases"]:
        yield {name: value for name, value in port.items() if name != "ipv6Cidrs"}


def _separate(port: Record) -> Iterator[Record]:
    """One entry for IPv4 and one for IPv6."""
    yield from _ipv4(port)
    if port["ipv6Cidrs"]:
        yield port | {"cidrs": [], "cidrListAliases": []}


REPORT_FORMS: dict[str, Callable[[Record], Iterator[Record]]] = {
    "without-cidrs": _without_cidrs,
    "dual-stack": _dual_stack,
    "separate": _separate,
    "ipv4": _ipv4,
}
