"""What a restore cannot bring back and a person must do, by name where it can be read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.reads import (
    GLOBAL_REGION,
    list_distributions,
    list_domains,
    list_load_balancers,
)
from snapshotter.lightsail.records import DnsEntry
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE
from snapshotter.model.resource import RegionInventory
from snapshotter.model.snapshot import Snapshot
from snapshotter.restore.identity import Identity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What points at instances; None where it could not be read.

    balancers: by the source's region, the load balancers with their instances. distributions: with
    the name of their origin.
    """

    dns: list[DnsEntry] | None = None
    distributions: Mapping[str, str | None] | None = None
    balancers: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None


def read_surroundings(clients: Clients, points: list[Snapshot]) -> Surroundings:
    """Read what points at the sources of instances. A list that cannot be read stops no restore."""
    regions = {point.source_region for point in points if point.kind is INSTANCE}
    if not regions:
        return Surroundings()
    clients.prepare({GLOBAL_REGION, *regions})
    found = {each: _unless_it_fails(list_load_balancers, clients, each) for each in sorted(regions)}
    return Surroundings(
        dns=_unless_it_fails(list_domains, clients, GLOBAL_REGION),
        distributions=_unless_it_fails(list_distributions, clients, GLOBAL_REGION),
        balancers={region: each for region, each in found.items() if each is not None},
    )


def left_for_a_person(
    point: Snapshot,
    identity: Identity,
    surroundings: Surroundings,
    there: RegionInventory,
    *,
    takes_address: bool,
) -> str:
    """A sentence on what is left for a person, without a full stop."""
    if point.kind is DATABASE:
        what = ["it has a new endpoint: write that where the database is configured"]
    elif point.kind is DISK:
        what = [_attach(point, identity, there)]
    else:
        what = [*_of_dns(identity, surroundings, takes_address=takes_address)]
        what += _of_neighbours(point, surroundings)
        what.append("alarms")
    return f"by hand: {', '.join(what)}"


def _of_dns(
    identity: Identity, surroundings: Surroundings, *, takes_address: bool
) -> Iterator[str]:
    """DNS entries need no change where the address itself moves."""
    if takes_address:
        return
    address = identity.address
    entries = [each for each in surroundings.dns or () if address and each.target == address]
    if entries:
        named = " and ".join(f"{each.name} ({each.type})" for each in entries)
        yield f"the DNS entries {named} in Lightsail's zones, which hold the old address {address}"
    elif surroundings.dns is None:
        yield "entries of Lightsail's DNS zones, which could not be read"
    old = f"the old address {address}" if address else "the old address"
    yield f"DNS entries elsewhere that name {old}"


def _of_neighbours(point: Snapshot, surroundings: Surroundings) -> Iterator[str]:
    """Load balancers and distributions that the source belongs to."""
    name, region = point.source_name, point.source_region
    balancers = (surroundings.balancers or {}).get(region)
    if balancers is None:
        yield f"load balancers that {name} belonged to, which could not be read"
    mine = [each for each, instances in (balancers or {}).items() if name in instances]
    if mine:
        yield f"the load balancer {' and '.join(mine)}, which {name} belongs to"
    if surroundings.distributions is None:
        yield f"distributions whose origin was {name}, which could not be read"
    origin = [each for each, of in (surroundings.distributions or {}).items() if of == name]
    if origin:
        yield f"the distribution {' and '.join(origin)}, whose origin is called {name}"


def _attach(point: Snapshot, identity: Identity, there: RegionInventory) -> str:
    """Which instance had the disk: the source says so, or the newest snapshot that holds it."""
    name, now = point.source_name, identity.source.attached_to if identity.source else None
    if now:
        return f"detach {name} from {now} and attach this disk in its place"
    holders = [
        (snapshot.time, snapshot.source_name, disk.path)
        for snapshot in there.snapshots
        for disk in snapshot.attached
        if disk.name == name
    ]
    if holders:
        _, instance, path = max(holders)
        return f"attach it to {instance} as {path}"
    return "attach it to an instance in its zone"


def _unless_it_fails(read: Callable[..., T], clients: Clients, region: str) -> T | None:
    try:
        return read(clients[region])
    except Exception:
        return None
