"""The backend answers requests that `commute` the same in either order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import combinations
from random import Random

import pytest

from lightsail_moto import Control
from tests.interleaving.backend import Backend
from tests.interleaving.explore import exploring
from tests.interleaving.requests import ELAPSE, TYPES, Request, commute
from tests.interleaving.schedules import Setup, World
from tests.interleaving.seeds import DRILL, EAST, RESTORED, WEST, untagged_copy
from tests.interleaving.worlds import COPIES, RESTORES, SWEEPS

PAIRS = None if os.environ.get("SOAK") else 40
"""How many pairs are drawn; None for all there are."""

DATABASES = ("RelationalDatabase", "RelationalDatabaseSnapshot")
SNAPSHOTS = ("mine", "web-20260228T045000Z", "web-20260301T045000Z", "new")
LISTS = (*TYPES, "StaticIp", "Bundle", "KeyPair", "Region", *DATABASES)
NAMES = ("web", *SNAPSHOTS)


def requests() -> Iterator[Request]:
    """Every sort of request of a run or a person, on a few names that are there or not."""
    for region in (EAST, WEST):
        yield from (Request.of(region, f"Get{each}s") for each in LISTS)
        for name in NAMES:
            yield Request.of(region, "GetOperationsForResource", resourceName=name)
            yield Request.of(region, "TagResource", resourceName=name, tags=[{"key": "a"}])
            yield Request.of(region, "UntagResource", resourceName=name, tagKeys=["a", "snapshot"])
        for name in SNAPSHOTS:
            named = {"instanceSnapshotName": name}
            yield Request.of(region, "GetInstanceSnapshot", **named)
            yield Request.of(region, "DeleteInstanceSnapshot", **named)
            yield Request.of(region, "CreateInstanceSnapshot", instanceName="web", **named)
            yield Request.of(
                WEST if region == EAST else EAST,
                "CopySnapshot",
                sourceRegion=region,
                sourceSnapshotName=name,
                targetSnapshotName=f"{name}-{region}",
            )
            yield Request.of(
                region,
                "CreateInstancesFromSnapshot",
                instanceNames=[DRILL],
                availabilityZone=f"{region}a",
                bundleId="nano_3_0",
                **named,
            )
    for address in ("web-ip", "free-ip"):
        yield Request.of(EAST, "GetStaticIp", staticIpName=address)
        yield Request.of(EAST, "DetachStaticIp", staticIpName=address)
        yield Request.of(EAST, "GetOperationsForResource", resourceName=address)
    for name in ("web", DRILL, RESTORED):
        for address in ("web-ip", "free-ip"):
            yield Request.of(EAST, "AttachStaticIp", staticIpName=address, instanceName=name)
        yield Request.of(EAST, "GetOperationsForResource", resourceName=name)
        yield Request.of(EAST, "GetInstance", instanceName=name)
        yield Request.of(EAST, "DeleteInstance", instanceName=name, forceDeleteAddOns=True)
        port = {"fromPort": 80, "toPort": 80, "protocol": "tcp"}
        yield Request.of(EAST, "CloseInstancePublicPorts", instanceName=name, portInfo=port)
        yield Request.of(EAST, "PutInstancePublicPorts", instanceName=name, portInfos=[port])

    yield Request.of("", ELAPSE, minutes=11)


ALL = tuple(requests())


def seed(account: Control) -> None:
    """An untagged copy, a second instance, and two addresses."""
    untagged_copy(account)
    account.seed.add_instance(RESTORED)
    account.seed.add_static_ip("web-ip", attached_to="web")
    account.seed.add_static_ip("free-ip")


BUSY = World("everything", Setup(seed, {**COPIES, **RESTORES}, SWEEPS))


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    with exploring(BUSY) as explorer:
        yield explorer.account


def in_order(backend: Backend, first: Request, second: Request) -> tuple[object, ...]:
    """The answers of both, and the state after them."""
    one, between = backend.send(backend.initial, first, as_owner=True)
    other, after = backend.send(between, second, as_owner=True)
    return one, other, after.text


def test_requests_that_commute_have_the_same_answers_and_effect_in_either_order(
    backend: Backend,
) -> None:
    pairs = [pair for pair in combinations(ALL, 2) if commute(*pair)]
    for one, other in Random(16).sample(pairs, PAIRS or len(pairs)):
        first, second, after = in_order(backend, one, other)
        swapped = in_order(backend, other, one)
        assert swapped == (second, first, after), f"{one} and {other}"


@pytest.mark.parametrize(
    ("operation", "named"),
    [
        ("DeleteInstanceSnapshot", {"instanceSnapshotName": SNAPSHOTS[1]}),
        ("TagResource", {"resourceName": SNAPSHOTS[1], "tags": [{"key": "a"}]}),
    ],
)
def test_a_list_and_a_write_in_it_do_not_commute(
    backend: Backend, operation: str, named: dict[str, object]
) -> None:
    write, read = Request.of(EAST, operation, **named), Request.of(EAST, "GetInstanceSnapshots")
    first, second, after = in_order(backend, write, read)

    assert not commute(write, read)
    assert in_order(backend, read, write) != (second, first, after)


def test_requests_about_different_snapshots_or_regions_commute() -> None:
    def delete(name: str, region: str = EAST) -> Request:
        return Request.of(region, "DeleteInstanceSnapshot", instanceSnapshotName=name)

    assert commute(delete("a"), delete("a", WEST))
    assert commute(delete("a"), Request.of(WEST, "GetInstanceSnapshots"))
    assert commute(delete("a"), Request.of(EAST, "GetInstances"))
    assert not commute(delete("a"), delete("a"))
