"""The backend answers requests that `commute` the same in either order."""

from __future__ import annotations

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
from tests.support.soak import SOAK

PAIRS = None if SOAK else 20
"""How many pairs are drawn; None for all there are."""

DATABASES = ("RelationalDatabase", "RelationalDatabaseSnapshot")
LISTS = (*TYPES, "StaticIp", "Bundle", "KeyPair", "Region", *DATABASES)
SNAPSHOTS = ("mine", "web-20260228T045000Z", "web-20260301T045000Z", "new")
ADDRESSES = ("web-ip", "free-ip")


def requests() -> Iterator[Request]:
    """Every sort of request of a run or a person, on a few names that are there or not."""
    yield Request.of("", ELAPSE, minutes=11)
    for region, other in ((EAST, WEST), (WEST, EAST)):
        yield from (Request.of(region, f"Get{each}s") for each in LISTS)
        zone = {"availabilityZone": f"{region}a"}
        for name in ("web", *SNAPSHOTS):
            yield Request.of(region, "GetOperationsForResource", resourceName=name)
            yield Request.of(region, "TagResource", resourceName=name, tags=[{"key": "a"}])
            yield Request.of(region, "UntagResource", resourceName=name, tagKeys=["a", "snapshot"])
        for name in SNAPSHOTS:
            named = {"instanceSnapshotName": name}
            new = {"instanceNames": [DRILL], "bundleId": "nano_3_0", **zone}
            copied = {"sourceSnapshotName": name, "targetSnapshotName": f"{name}-{region}"}
            yield Request.of(region, "GetInstanceSnapshot", **named)
            yield Request.of(region, "DeleteInstanceSnapshot", **named)
            yield Request.of(region, "CreateInstanceSnapshot", instanceName="web", **named)
            yield Request.of(other, "CopySnapshot", sourceRegion=region, **copied)
            yield Request.of(region, "CreateInstancesFromSnapshot", **named, **new)
    yield from network_requests()


def network_requests() -> Iterator[Request]:
    port = {"fromPort": 80, "toPort": 80, "protocol": "tcp"}
    for address in ADDRESSES:
        yield Request.of(EAST, "GetStaticIp", staticIpName=address)
        yield Request.of(EAST, "DetachStaticIp", staticIpName=address)
        yield Request.of(EAST, "GetOperationsForResource", resourceName=address)
    for name in ("web", DRILL, RESTORED):
        for address in ADDRESSES:
            yield Request.of(EAST, "AttachStaticIp", staticIpName=address, instanceName=name)
        yield Request.of(EAST, "GetOperationsForResource", resourceName=name)
        yield Request.of(EAST, "GetInstance", instanceName=name)
        yield Request.of(EAST, "DeleteInstance", instanceName=name, forceDeleteAddOns=True)
        yield Request.of(EAST, "CloseInstancePublicPorts", instanceName=name, portInfo=port)
        yield Request.of(EAST, "PutInstancePublicPorts", instanceName=name, portInfos=[port])


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
    pairs = [
        (one, other)
        for one, other in combinations(ALL, 2)
        if commute(one, other) and (one.is_write or other.is_write)
    ]
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
