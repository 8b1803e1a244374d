"""What is there: all pages of all lists that matter, region by region, as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from snapshotter.clients import Clients
from snapshotter.failures import explain, not_found
from snapshotter.kinds import Kind, Listing
from snapshotter.model import ErrorInfo, Inventory, RegionInventory, Resource, Snapshot
from snapshotter.records import to_resource, to_snapshot
from snapshotter.series import own

if TYPE_CHECKING:
    from mypy_boto3_lightsail import LightsailClient

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


def read_snapshot(client: LightsailClient, kind: Kind, region: str, name: str) -> Snapshot | None:
    """Read one snapshot; None if there is none, or another type of resource has its name."""
    try:
        answer = getattr(client, kind.get_method)(**{kind.snapshot_argument: name})
    except ClientError as error:
        if not_found(error):
            return None
        raise
    return to_snapshot(kind, region, answer[kind.get_member])


def merged(first: Inventory, second: Inventory) -> Inventory:
    """Join two inventories of different regions."""
    return Inventory({**first.regions, **second.regions}, {**first.unreadable, **second.unreadable})


def _read_region(
    clients: Clients, region: str, kinds: tuple[Kind, ...], policy: str, with_resources: bool
) -> RegionInventory:
    with ThreadPoolExecutor(2 * len(kinds)) as pool:
        snapshots = [pool.submit(_snapshots, clients, region, kind) for kind in kinds]
        wanted = kinds if with_resources else ()
        resources = [pool.submit(_resources, clients, region, kind) for kind in wanted]
        found = {each.arn: each for each in _joined(resources)}
        taken = {each.arn: each for each in _joined(snapshots)}
    if with_resources:
        for kind in _kinds_with_missing_sources(taken.values(), found, region, policy):
            found.update({each.arn: each for each in _resources(clients, region, kind)})
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


def _resources(clients: Clients, region: str, kind: Kind) -> list[Resource]:
    return _all(clients, region, kind, kind.resources, to_resource)


def _snapshots(clients: Clients, region: str, kind: Kind) -> list[Snapshot]:
    return _all(clients, region, kind, kind.snapshots, to_snapshot)


def _all(
    clients: Clients,
    region: str,
    kind: Kind,
    listing: Listing,
    read: Callable[[Kind, str, Any], T],
) -> list[T]:
    paginator: Any = clients[region].get_paginator(listing.method)  # type: ignore[call-overload]
    return [
        read(kind, region, record)
        for page in paginator.paginate()
        for record in page[listing.member]
    ]
