"""Reads whole regions: every page of every list that is needed, or an error for the region."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.errors import explain
from snapshotter.lightsail.reads import list_resources, list_snapshots
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
    policy: str,
) -> Inventory:
    """Read regions, each whole or not at all.

    home: regions of which resources and snapshots are read; elsewhere: snapshots only.
    policy: ours, by which it is known whose source must be looked for twice.
    Whatever a region answers with, the others are read.
    """
    plan = {**dict.fromkeys(elsewhere, False), **dict.fromkeys(home, True)}
    clients.prepare(plan)
    with ThreadPoolExecutor(max(1, len(plan))) as pool:
        reads = {
            region: pool.submit(_read_region, clients, region, kinds, policy, with_resources)
            for region, with_resources in plan.items()
        }
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
    clients: Clients, region: str, kinds: tuple[Kind, ...], policy: str, with_resources: bool
) -> RegionInventory:
    with ThreadPoolExecutor(2 * len(kinds)) as pool:
        snapshots = [pool.submit(list_snapshots, clients[region], kind, region) for kind in kinds]
        wanted = kinds if with_resources else ()
        resources = [pool.submit(list_resources, clients[region], kind, region) for kind in wanted]
        found = {each.arn: each for each in _joined(resources)}
        taken = {each.arn: each for each in _joined(snapshots)}
    if with_resources:
        for kind in _kinds_with_missing_sources(taken.values(), found, region, policy):
            found.update({each.arn: each for each in list_resources(clients[region], kind, region)})
    return RegionInventory(tuple(found.values()), tuple(taken.values()))


def _kinds_with_missing_sources(
    snapshots: Iterable[Snapshot], found: dict[str, Resource], region: str, policy: str
) -> tuple[Kind, ...]:
    """Say which lists to read again before a source is believed to be gone.

    Pages can shift while they are read, and a source that slipped through would have its
    series pruned by the stack's retention instead of its own.
    """
    missing = {
        mine.kind.name: mine.kind
        for mine in (own(snapshot, policy) for snapshot in snapshots)
        if mine is not None and not mine.is_copy and mine.source_arn not in found
    }
    return tuple(missing.values())


def _joined(reads: Iterable[Future[list[T]]]) -> Iterator[T]:
    for read in reads:
        yield from read.result()
