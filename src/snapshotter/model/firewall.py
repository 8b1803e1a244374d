"""The firewall of an instance as a set of rules, whatever form it is written in.

The service reports one firewall in several forms: IPv4 and IPv6 in one entry or in two, in any
order, without sources where access is from anywhere, and with the protocol -1 for all traffic.
Sets of rules are compared, never lists. Source: GetInstances and PutInstancePublicPorts in the
API reference, and records that users have published.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, NamedTuple

from snapshotter.model.tags import FIREWALL, VALUE_LIMIT, Tags

TAGS = (FIREWALL, *(f"{FIREWALL}-{number}" for number in range(2, 6)))
"""A firewall that needs more tags is not written."""

LAST_PORT = 65_535
_ANYWHERE = ("0.0.0.0/0", "::/0")
_NOTHING = "none"
_WORD = re.compile(
    r"(?P<protocol>[a-z0-9]+):(?P<first>-?[0-9]+)(?:-(?P<last>-?[0-9]+))?(?:@(?P<source>[^ @]+))?"
)


class Rule(NamedTuple):
    """Access to a range of ports from one source: a network or an alias of the service.

    For ICMP, first and last are the type and the code.
    """

    protocol: str
    first: int
    last: int
    source: str


Ports = tuple[str, int, int]
"""Protocol, first and last port."""


@dataclass(frozen=True, slots=True)
class Firewall:
    """Everything that an instance lets in."""

    rules: frozenset[Rule] = frozenset()

    @property
    def ports(self) -> frozenset[Ports]:
        return frozenset((rule.protocol, rule.first, rule.last) for rule in self.rules)


def from_ports(records: Iterable[Mapping[str, Any]]) -> Firewall:
    """Read `networking.ports` of an instance."""
    rules = (Rule(*_ports(each), source) for each in records for source in _sources(each))
    return Firewall(frozenset(rules))


def only_tcp(port: int | None) -> Firewall:
    """The firewall that lets one TCP port in from anywhere, or nothing."""
    if port is None:
        return Firewall()
    return Firewall(frozenset(Rule("tcp", port, port, source) for source in _ANYWHERE))


def to_port_infos(firewall: Firewall) -> list[dict[str, Any]]:
    """Write it for PutInstancePublicPorts, one entry for each range of ports."""
    return [_port_info(ports, sources) for ports, sources in _by_ports(firewall)]


def to_tags(firewall: Firewall) -> dict[str, str] | None:
    """Write it as tags; None where five do not hold it."""
    values = [""]
    for word in _words(firewall):
        if values[-1] and len(values[-1]) + 1 + len(word) > VALUE_LIMIT:
            values.append("")
        values[-1] = f"{values[-1]} {word}".strip()
    if len(values) > len(TAGS) or any(len(value) > VALUE_LIMIT for value in values):
        return None
    return dict(zip(TAGS, values, strict=False))


def from_tags(tags: Tags) -> Firewall | None:
    """Read it from the tags of a snapshot; None where there is none, or it cannot be read."""
    words = [word for key in TAGS for word in (tags.get(key) or "").split()]
    if words == [_NOTHING]:
        return Firewall()
    matches = [_WORD.fullmatch(word) for word in words]
    if not words or None in matches:
        return None
    return Firewall(frozenset(rule for match in matches if match for rule in _read(match)))


def _sources(record: Mapping[str, Any]) -> Iterator[str]:
    networks = (*(record.get("cidrs") or ()), *(record.get("ipv6Cidrs") or ()))
    named = (*map(_network, networks), *(record.get("cidrListAliases") or ()))
    private = str(record.get("accessType", "")).lower() == "private"
    # Old records name no source, which means from anywhere.
    yield from named or (() if private else _ANYWHERE)


def _ports(record: Mapping[str, Any]) -> Ports:
    """The model requires none of these members; without ports, all are meant."""
    protocol = str(record.get("protocol", "all")).lower()
    first, last = record.get("fromPort", 0), record.get("toPort", LAST_PORT)
    return ("all" if protocol == "-1" else protocol, first, last)


def _network(written: str) -> str:
    """One spelling of a network; a range of addresses is left as it is."""
    try:
        return str(ip_network(written, strict=False))
    except ValueError:
        return written


def _by_ports(firewall: Firewall) -> Iterator[tuple[Ports, list[str]]]:
    for ports in sorted(firewall.ports):
        rules = (r for r in firewall.rules if (r.protocol, r.first, r.last) == ports)
        yield ports, sorted(rule.source for rule in rules)


def _port_info(ports: Ports, sources: list[str]) -> dict[str, Any]:
    protocol, first, last = ports
    members = {
        "cidrs": [each for each in sources if "." in each and ":" not in each],
        "ipv6Cidrs": [each for each in sources if ":" in each],
        "cidrListAliases": [each for each in sources if "." not in each and ":" not in each],
    }
    named = {name: values for name, values in members.items() if values}
    return {"fromPort": first, "toPort": last, "protocol": protocol, **named}


def _words(firewall: Firewall) -> Iterator[str]:
    if not firewall.rules:
        yield _NOTHING
    for (protocol, first, last), sources in _by_ports(firewall):
        word = f"{protocol}:{first}" if first == last else f"{protocol}:{first}-{last}"
        anywhere = set(_ANYWHERE) <= set(sources)
        if anywhere:
            yield word
        for source in sources:
            if not (anywhere and source in _ANYWHERE):
                yield f"{word}@{source}"


def _read(match: re.Match[str]) -> Iterator[Rule]:
    first = int(match["first"])
    last = first if match["last"] is None else int(match["last"])
    for source in (match["source"],) if match["source"] else _ANYWHERE:
        yield Rule(match["protocol"], first, last, source)
