"""Firewalls and static addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conform.statements import expect, holds
from conform.statements.operations import brief
from conform.transcript import Transcript

Source = tuple[str, int, int, str]
ANYWHERE = ("0.0.0.0/0", "::/0")


def firewall(ports: Iterable[Mapping[str, Any]]) -> set[Source]:
    """A firewall as a set of protocol, range and source, whatever form the answer has.

    Access from anywhere is the IPv4 source alone, since not every instance has IPv6.
    """
    found: set[Source] = set()
    for port in ports:
        lists = ("cidrs", "ipv6Cidrs", "cidrListAliases")
        sources = [source for name in lists for source in port.get(name, ())] or [ANYWHERE[0]]
        if ANYWHERE[0] in sources:
            sources.remove("::/0") if "::/0" in sources else None
        entry = (port["protocol"], port["fromPort"], port["toPort"])
        found |= {(*entry, source) for source in sources if source != ANYWHERE[1]}
    return found


def _ports(seen: Transcript, step: str) -> set[Source]:
    return firewall(seen(step).resource["networking"]["ports"])


@holds("documented", "A new instance lets in 22 and 80, from anywhere.")
def new_instances_have_the_default_firewall(seen: Transcript) -> None:
    wanted = {("tcp", 22, 22, ANYWHERE[0]), ("tcp", 80, 80, ANYWHERE[0])}
    expect("firewall", _ports(seen, "get-instance"), wanted)


@holds("documented", "PutInstancePublicPorts replaces the whole firewall, ping included.")
def put_replaces_the_firewall(seen: Transcript) -> None:
    expect("firewall", _ports(seen, "get-ports"), firewall(seen("put-ports").request["portInfos"]))


@holds("documented", "PutInstancePublicPorts answers one operation, not a list.")
def put_answers_one_operation(seen: Transcript) -> None:
    expect("members", sorted(seen("put-ports").answer), ["operation"])


@holds(
    "published",
    "CloseInstancePublicPorts takes a protocol in capitals and names it in small letters.",
)
def closed_ports_are_named(seen: Transcript) -> None:
    found = [each.get("operationDetails") for each in seen("close-port").operations]
    expect("details", found, ["443/tcp"])


@holds("documented", "CloseInstancePublicPorts closes the port, and no other.")
def close_removes_one_port(seen: Transcript) -> None:
    put = firewall(seen("put-ports").request["portInfos"])
    wanted = {source for source in put if source[1] != 443}
    expect("firewall", _ports(seen, "get-ports-after-close"), wanted)


@holds("published", "AttachStaticIp answers an operation for the address and one for the instance.")
def attach_answers_two_operations(seen: Transcript) -> None:
    for step in ("attach-static-ip", "detach-static-ip"):
        exchange = seen(step)
        address, instance = seen("attach-static-ip").request.values()
        found = [brief(each)[:3] for each in exchange.operations]
        wanted = [
            (address, "StaticIp", exchange.operation),
            (instance, "Instance", exchange.operation),
        ]
        expect(step, found, wanted)


@holds("published", "An attached address names its instance, and the instance has the address.")
def attached_addresses_are_shown_on_both_sides(seen: Transcript) -> None:
    (address,) = seen("get-static-ips").answer["staticIps"]
    instance = seen("get-with-address").resource
    found = address["isAttached"], address.get("attachedTo"), address["ipAddress"]
    expect("address", found, (True, instance["name"], instance["publicIpAddress"]))
    expect("instance", instance["isStaticIp"], True)


@holds("documented", "A detached address names no instance.")
def detached_addresses_are_free(seen: Transcript) -> None:
    found = seen("get-detached").resource
    expect("address", (found["isAttached"], found.get("attachedTo")), (False, None))
