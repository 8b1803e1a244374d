"""Reads whole regions: all pages of all lists that are needed, or an error for the region."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.reads import list_addresses, list_resources, list_snapshots
from snapshotter.lightsail.refusals import explain
from snapshotter.model.kinds import Kind
from snapshotter.model.resource import Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import Snapshot

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
            region: pool.submit(_read_region, clients[region], region, kinds, wanted, policy)
            for region, wanted in resources_of.items()
        }
    errors = {region: error for region, read in reads.items() if (error := read.exception())}
    return Inventory(
        regions={region: read.result() for region, read in reads.items() if region not in errors},
        unreadable={region: explain(error) for region, error in errors.items()},
    )


def _read_region(
    client: Client, region: str, kinds: tuple[Kind, ...], wanted: tuple[Kind, ...], policy: str
) -> RegionInventory:
    """Read the snapshots of all kinds, and the resources of the wanted ones."""
    passed_over: list[str] = []
    with ThreadPoolExecutor(max(1, 2 * len(kinds))) as pool:
        snapshots = {
            f"{kind.noun} snapshot": pool.submit(list_snapshots, client, kind, region)
            for kind in kinds
        }
        listed = {kind.noun: pool.submit(list_resources, client, kind, region) for kind in wanted}
        taken = {each.name: each for each in _named(snapshots, passed_over)}
        found = {each.name: each for each in _named(listed, passed_over)}
    if wanted == kinds:
        # Pages can shift while they are read. If a source were missed, its series would be judged
        # as that of a source that is gone.
        for kind in _kinds_with_missing_sources(taken.values(), found.values(), policy):
            found |= {each.name: each for each in list_resources(client, kind, region) if each}
    resources = _with_static_addresses(client, tuple(found.values()))
    return RegionInventory(resources, tuple(taken.values()), tuple(passed_over))


def _named(reads: Mapping[str, Future[list[T | None]]], passed_over: list[str]) -> Iterator[T]:
    """What has a name, which is unique in a region; the nouns of the rest are added to a list."""
    for noun, read in reads.items():
        for each in read.result():
            if each is None:
                passed_over.append(noun)
            else:
                yield each


def _with_static_addresses(client: Client, resources: tuple[Resource, ...]) -> tuple[Resource, ...]:
    """Add the names of static addresses, in one list for a region that has one.

    However this list fails, it stops no backup: the names stay unknown.
    """
    if all(each.static_ip_known for each in resources):
        return resources
    try:
        names = {each.attached_to: each.name for each in list_addresses(client)}
    except Exception:
        return resources
    return tuple(
        replace(each, static_ip=names[each.name], static_ip_known=True)
        if not each.static_ip_known and each.name in names
        else each
        for each in resources
    )


def _kinds_with_missing_sources(
    snapshots: Iterable[Snapshot], resources: Iterable[Resource], policy: str
) -> tuple[Kind, ...]:
    """Return the kinds to list again before a missing source counts as deleted."""
    there = {each.arn for each in resources}
    originals = (each for each in snapshots if each.is_owned_by(policy) and not each.is_copy)
    return tuple({each.kind: None for each in originals if each.source_arn not in there})
