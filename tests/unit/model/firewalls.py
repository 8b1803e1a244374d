"""Firewalls of any size, as users can set them."""

from __future__ import annotations

from hypothesis import strategies as st

from snapshotter.model.firewall import Firewall, Rule

ANYWHERE = ("0.0.0.0/0", "::/0")
ALIAS = "lightsail-connect"


def _ranges() -> st.SearchStrategy[tuple[str, int, int]]:
    ports = st.integers(0, 65535)
    several = st.tuples(ports, ports).map(lambda pair: (min(pair), max(pair)))
    single = ports.map(lambda port: (port, port))
    codes = st.tuples(st.integers(-1, 255), st.integers(-1, 255))
    return st.one_of(
        st.tuples(st.sampled_from(["tcp", "udp"]), single | several),
        st.tuples(st.sampled_from(["icmp", "icmpv6"]), codes),
        st.just(("all", (0, 65535))),
    ).map(lambda given: (given[0], *given[1]))


def _sources() -> st.SearchStrategy[frozenset[str]]:
    networks = st.one_of(
        st.ip_addresses(v=4).map(lambda address: f"{address}/32"),
        st.ip_addresses(v=6).map(lambda address: f"{address}/128"),
        st.sampled_from(["192.0.2.0/24", "2001:db8::/32", ALIAS, *ANYWHERE]),
    )
    narrowed = st.frozensets(networks, min_size=1, max_size=5)
    return st.just(frozenset(ANYWHERE)) | narrowed


def firewalls() -> st.SearchStrategy[Firewall]:
    """Some that are empty, and some that do not fit in five tags."""
    rules = st.dictionaries(_ranges(), _sources(), max_size=20)
    return rules.map(
        lambda opened: Firewall(
            frozenset(Rule(*ports, source) for ports, named in opened.items() for source in named)
        )
    )
