"""Firewalls are sets: one is the same in every form in which it is written or reported."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshotter.model.firewall import (
    TAGS,
    Firewall,
    Rule,
    from_ports,
    from_tags,
    only_tcp,
    to_port_infos,
    to_tags,
)
from tests.unit.model.firewalls import firewalls

V4, V6 = "0.0.0.0/0", "::/0"


def a_firewall(*rules: tuple[str, int, int, str]) -> Firewall:
    return Firewall(frozenset(Rule(*rule) for rule in rules))


def anywhere(protocol: str, first: int, last: int) -> tuple[tuple[str, int, int, str], ...]:
    return (protocol, first, last, V4), (protocol, first, last, V6)


OFFICE, ALIAS = ("tcp", 22, 22, "203.0.113.7/32"), ("tcp", 22, 22, "lightsail-connect")


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        ("none", ()),
        ("tcp:22", anywhere("tcp", 22, 22)),
        ("tcp:22@0.0.0.0/0", [("tcp", 22, 22, V4)]),
        ("udp:53@::/0", [("udp", 53, 53, V6)]),
        ("tcp:8000-8099@2001:db8::/32", [("tcp", 8000, 8099, "2001:db8::/32")]),
        ("icmp:8--1", anywhere("icmp", 8, -1)),  # type and code
        ("icmp:-1@192.0.2.0/24", [("icmp", -1, -1, "192.0.2.0/24")]),
        ("all:0-65535", anywhere("all", 0, 65535)),
        (f"tcp:22@{OFFICE[3]} tcp:22@{ALIAS[3]} udp:53", [ALIAS, OFFICE, *anywhere("udp", 53, 53)]),
        (f"tcp:22 tcp:22@{ALIAS[3]}", [*anywhere("tcp", 22, 22), ALIAS]),
    ],
)
def test_firewall_is_written_as_words_and_read_back(words: str, rules: Any) -> None:
    assert to_tags(a_firewall(*rules)) == {"snapshotter:firewall": words}
    assert from_tags({"snapshotter:firewall": words}) == a_firewall(*rules)


@given(firewalls())
def test_any_firewall_is_read_back_from_its_tags_or_does_not_fit_in_five(
    firewall: Firewall,
) -> None:
    tags = to_tags(firewall)

    if tags is None:
        # A word and a blank have at most 63 characters, so a tag that is full has 194 or more.
        assert len(firewall.rules) * 63 > 5 * 194
    else:
        assert set(tags) <= set(TAGS)
        assert all(0 < len(value) <= 256 for value in tags.values())
        assert from_tags(tags) == firewall


def test_firewall_that_needs_six_tags_is_not_written() -> None:
    def of(count: int) -> Firewall:
        return a_firewall(*(("tcp", 10_000 + n, 10_000 + n, "192.0.2.1/32") for n in range(count)))

    # A word has 22 characters: 11 of them with blanks between are 252.
    assert to_tags(of(55)) is not None
    assert to_tags(of(56)) is None


@pytest.mark.parametrize(
    "value", [None, "", "tcp", "tcp:", "tcp:22@", "tcp:22-", "22", "tcp:22 none", "tcp:22, tcp:80"]
)
def test_tag_that_cannot_be_read_is_no_firewall(value: str | None) -> None:
    assert from_tags({"snapshotter:firewall": value}) is None
    assert from_tags({}) is None


def a_port(protocol: str = "tcp", port: int = 22, **members: Any) -> dict[str, Any]:
    return {"protocol": protocol, "fromPort": port, "toPort": port, **members}


SSH = a_firewall(*anywhere("tcp", 22, 22))


@pytest.mark.parametrize(
    "records",
    [
        [a_port()],
        [a_port(accessType="public", accessFrom="Anywhere (0.0.0.0/0)")],
        [a_port(cidrs=[V4], ipv6Cidrs=[V6], cidrListAliases=[])],
        [a_port(cidrs=[V4]), a_port(cidrs=[], ipv6Cidrs=[V6])],
        [a_port(ipv6Cidrs=[V6]), a_port("TCP", cidrs=[V4])],
        [a_port(cidrs=["0.0.0.0/0", V4], ipv6Cidrs=["0::0/0"])],
    ],
)
def test_one_firewall_is_the_same_in_every_form_of_the_service(
    records: list[dict[str, Any]],
) -> None:
    assert from_ports(records) == SSH


def test_all_traffic_is_read_as_minus_one_and_written_as_all() -> None:
    firewall = from_ports([{"protocol": "-1", "fromPort": 0, "toPort": 65535}])

    assert firewall == from_ports([{"protocol": "all"}])
    assert to_port_infos(firewall) == [
        {"protocol": "all", "fromPort": 0, "toPort": 65535, "cidrs": [V4], "ipv6Cidrs": [V6]}
    ]


def test_port_is_written_as_one_entry_with_every_kind_of_source() -> None:
    firewall = from_ports(
        [
            a_port(cidrs=["198.51.100.7"], ipv6Cidrs=["2001:db8::1"]),
            a_port(cidrListAliases=["lightsail-connect"]),
            a_port(cidrs=["192.0.2.0-192.0.2.9"]),
        ]
    )

    assert to_port_infos(firewall) == [
        a_port(
            cidrs=["192.0.2.0-192.0.2.9", "198.51.100.7/32"],
            ipv6Cidrs=["2001:db8::1/128"],
            cidrListAliases=["lightsail-connect"],
        )
    ]


@pytest.mark.parametrize("access", ["Private", "private"])
def test_private_port_without_sources_lets_nothing_in(access: str) -> None:
    assert from_ports([a_port(accessType=access)]) == Firewall()


@given(firewalls(), st.randoms())
def test_any_firewall_is_the_same_after_it_is_written_for_the_service(
    firewall: Firewall, random: Any
) -> None:
    infos = to_port_infos(firewall)
    random.shuffle(infos)

    assert from_ports(infos) == firewall
    assert len(infos) == len(firewall.ports)


def test_firewall_of_a_drill_lets_in_one_port_or_none() -> None:
    assert only_tcp(22) == SSH
    assert only_tcp(None) == Firewall()
