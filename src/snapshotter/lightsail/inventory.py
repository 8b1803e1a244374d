"""Reads whole regions: all pages of all lists that are needed, or an error for the region."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.errors import ServiceError, explain
from snapshotter.lightsail.reads import list_addresses, list_resources, list_snapshots
from snapshotter.model.inventory import Inventory, RegionInventory, Resource, Snapshot
from snapshotter.model.kinds import Kind
from snapshotter.model.outcome import ErrorInfo
from snapshotter.model.series import own

T = TypeVar("T", Resource, Snapshot)


def take_inventory(
    clients: Clients,
    kinds: tuple[Kind, ...],
    *,
    home: Iterable[str],
    elsewhere: Iterable[str] = (),
    kinds_elsewhere: tuple[Kind, ...] = (),
    policy: str,
) -> Inventory:
    """Read regions. Each is read completely or reported as unreadable; the others are still read.

    home: regions of which resources and snapshots are read; elsewhere: snapshots, and the resources
    of kinds_elsewhere.
    policy: our PolicyName. If the source of a snapshot of ours is missing, the list is read again.
    """
    resources_of = {**dict.fromkeys(elsewhere, kinds_elsewhere), **dict.fromkeys(home, kinds)}
    clients.prepare(resources_of)
    with ThreadPoolExecutor(max(1, len(resources_of))) as pool:
        reads = {
            region: pool.submit(_read_region, clients, region, kinds, wanted, policy)
            for region, wanted in resources_of.items()
        }
    return _collected(reads)


def _collected(reads: Mapping[str, Future[RegionInventory]]) -> Inventory:
    regions: dict[str, RegionInventory] = {}
    unreadable: dict[str, ErrorInfo] = {}
    for region, read in reads.items():
        error = read.exception()
        if error is None:
            regions[region] = read.result()
        else:
            unreadable[region] = explain(error)
    return Inventory(regions, unreadable)


def merged(first: Inventory, second: Inventory) -> Inventory:
    """Join two inventories of different regions."""
    return Inventory({**first.regions, **second.regions}, {**first.unreadable, **second.unreadable})


def _read_region(
    clients: Clients, region: str, kinds: tuple[Kind, ...], wanted: tuple[Kind, ...], policy: str
) -> RegionInventory:
    """Read the snapshots of all kinds, and the resources of the wanted ones."""
    with ThreadPoolExecutor(2 * len(kinds)) as pool:
        snapshots = [pool.submit(list_snapshots, clients[region], kind, region) for kind in kinds]
        listed = [pool.submit(list_resources, clients[region], kind, region) for kind in wanted]
        found = {each.arn: each for each in _results(listed)}
        taken = {each.arn: each for each in _results(snapshots)}
    if wanted == kinds:
        for kind in _kinds_with_missing_sources(taken.values(), found, region, policy):
            found.update({each.arn: each for each in list_resources(clients[region], kind, region)})
    resources = _with_static_addresses(clients[region], tuple(found.values()))
    return RegionInventory(resources, tuple(taken.values()))


def _with_static_addresses(client: Client, resources: tuple[Resource, ...]) -> tuple[Resource, ...]:
    """Add the names of static addresses, in one list for a region that has one.

    A list that cannot be read stops no backup: the names stay unknown.
    """
    if all(each.network is None or each.network.static_ip_known for each in resources):
        return resources
    try:
        names = {each.attached_to: each.name for each in list_addresses(client)}
    except ServiceError:
        return resources
    return tuple(
        replace(each, network=replace(each.network, static_ip=name, static_ip_known=True))
        if each.network and (name := names.get(each.name))
        else each
        for each in resources
    )


def _kinds_with_missing_sources(
    snapshots: Iterable[Snapshot], found: dict[str, Resource], region: str, policy: str
) -> tuple[Kind, ...]:
    """Return the kinds to list again before a missing source counts as deleted.

    Pages can shift while they are read. If a source were missed, its series would be pruned by the
    stack's retention instead of its own.
    """
    missing = {
        mine.kind.name: mine.kind
        for mine in (own(snapshot, policy) for snapshot in snapshots)
        if mine is not None and not mine.is_copy and mine.source_arn not in found
    }
    return tuple(missing.values())


def _results(reads: Iterable[Future[list[T]]]) -> Iterator[T]:
    for read in reads:
        yield from read.result()
