"""A region comes back in one event: everything in it, under the names of the sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from lightsail_moto import Control
from snapshotter.model.firewall import from_ports
from tests.integration.conftest import Client, Deploy
from tests.integration.crashes import fewest, kills
from tests.integration.deployment import Deployment
from tests.integration.restoring import EAST, WEST, backed_up, event, resources
from tests.support.virtual_time import VirtualContext, VirtualTime, virtual_time

pytestmark = pytest.mark.usefixtures("waits")

TAGS = {"snapshot": None, "team": "shop"}
FIREWALL = ({"protocol": "tcp", "fromPort": 443, "toPort": 443},)
WEBS = [f"web-{number:02}" for number in range(40)]
DISKS = [f"data-{number}" for number in range(10)]
DATABASES = [f"db-{number}" for number in range(5)]
LISTS = ("Instances", "Disks", "RelationalDatabases")


@pytest.fixture
def fleet(lightsail: Control, deploy: Deploy) -> Deployment:
    """A stack for forty instances, ten disks and five databases, whose snapshots are copied."""
    lightsail.page_size = 1000
    for name in WEBS:
        lightsail.seed.add_instance(name, tags=TAGS, bundle_id="small_3_0", firewall=FIREWALL)
    lightsail.seed.add_disk("logs", attached_to="web-07", size_gb=32)
    for name in DISKS:
        lightsail.seed.add_disk(name, tags=TAGS, size_gb=64)
    for name in DATABASES:
        lightsail.seed.add_database(name, tags=TAGS, bundle_id="small_2_0")
    return copied(lightsail, deploy)


@pytest.fixture
def few(lightsail: Control, deploy: Deploy) -> Deployment:
    """The same for an instance with a disk, another disk, and a database."""
    lightsail.page_size = 1000
    lightsail.seed.add_instance("web", tags=TAGS, bundle_id="small_3_0", firewall=FIREWALL)
    lightsail.seed.add_disk("logs", attached_to="web", size_gb=32)
    lightsail.seed.add_disk("data", tags=TAGS, size_gb=64)
    lightsail.seed.add_database("db", tags=TAGS, bundle_id="small_2_0")
    return copied(lightsail, deploy)


def copied(lightsail: Control, deploy: Deploy) -> Deployment:
    stack = backed_up(lightsail, deploy, CopyToRegions=WEST)
    lightsail.calls.clear()
    return stack


def everything(stack: Deployment, region: str = WEST, **keys: Any) -> dict[str, Any]:
    """The event that restores a region."""
    return event(stack, all=True, region=region, **keys)


def by_status(answer: Mapping[str, Any], action: str = "restore") -> Counter[str]:
    return Counter(each["status"] for each in answer["outcomes"] if each["action"] == action)


def created(lightsail: Control, region: str = WEST) -> Counter[str]:
    """How often each name was given to a create that took effect."""
    names: Counter[str] = Counter()
    for call in lightsail.calls:
        if call.operation.endswith("FromSnapshot") and call.outcome == "ok":
            assert call.region == region
            given = call.parameters
            names.update(
                given.get("instanceNames")
                or [given.get("diskName") or given["relationalDatabaseName"]]
            )
    return names


def test_instances_and_disks_of_a_denied_region_come_back_from_copies_under_their_names(
    lightsail: Control, fleet: Deployment, client: Client
) -> None:
    lightsail.deny(EAST)
    lightsail.inject("CreateInstancesFromSnapshot", error="ThrottlingException", times=3)

    with virtual_time() as time:
        count_seconds(lightsail, time)
        answer = fleet(everything(fleet), VirtualContext(time, 900))

    assert by_status(answer) == {"started": 50, "exists": 40, "refused": 1}
    assert created(lightsail) == dict.fromkeys((*WEBS, *DISKS), 1)
    assert set(resources(lightsail, "Instance", WEST)) == set(WEBS)
    assert set(resources(lightsail, "Disk", WEST)) == {*DISKS, "logs"}
    assert resources(lightsail, "Disk", WEST)["logs"]["attachedTo"] == "web-07"
    web = client(WEST).get_instance(instanceName="web-39")["instance"]
    assert from_ports(web["networking"]["ports"]) == from_ports(FIREWALL)
    assert resources(lightsail, "Instance", WEST)["web-39"]["tags"]["snapshotter:to-do"] == "done"
    # One second a call: what was read, four calls an instance, one a disk; and three retries.
    assert Counter(call.operation for call in lightsail.calls if call.region == WEST) == {
        **{f"Get{each}": 1 for each in LISTS},
        **{f"Get{each[:-1]}Snapshots": 1 for each in LISTS},
        "GetKeyPairs": 1,
        "GetBundles": 1,
        "GetRegions": 1,
        "GetStaticIps": 1,
        "CreateInstancesFromSnapshot": 43,
        "CreateDiskFromSnapshot": 10,
        "GetInstance": 41,
        "PutInstancePublicPorts": 40,
        "TagResource": 40,
    }


def count_seconds(lightsail: Control, time: VirtualTime) -> None:
    """Let each call take a second of virtual time."""

    def pass_a_second(_: object, phase: str) -> None:
        if phase == "after":
            time.advance(1)

    lightsail.on_request(pass_a_second)


def test_same_event_again_creates_nothing_more(lightsail: Control, few: Deployment) -> None:
    lightsail.deny(EAST)
    asked = everything(few)
    few(asked)
    before = lightsail.world()
    lightsail.calls.clear()

    again = few(asked)

    assert [
        (each["resource"], each["status"], each["reason"])
        for each in again["outcomes"]
        if each["status"] == "exists"
    ] == [
        ("web", "exists", "left alone: its state is pending"),
        ("data", "exists", "left alone: its state is pending"),
    ]
    assert all(call.operation.startswith("Get") for call in lightsail.calls)
    assert lightsail.world() == before


def test_event_that_ran_out_of_time_does_what_is_left_when_it_is_repeated(
    lightsail: Control, fleet: Deployment
) -> None:
    lightsail.deny(EAST)
    asked = everything(fleet)

    with virtual_time() as time:
        count_seconds(lightsail, time)
        for _ in range(2):
            done = len(created(lightsail))
            assert "time ran out" in fleet.failing(asked, VirtualContext(time, 80))
            assert done < len(created(lightsail)) < 50
        answer = fleet(asked, VirtualContext(time, 900))

    assert created(lightsail) == dict.fromkeys((*WEBS, *DISKS), 1)
    assert "deferred" not in by_status(answer)
    to_do = {each["tags"]["snapshotter:to-do"] for each in instances(lightsail)}
    assert to_do == {"done"}


def instances(lightsail: Control) -> Iterator[Mapping[str, Any]]:
    yield from resources(lightsail, "Instance", WEST).values()


def test_databases_whose_sources_are_gone_come_back_from_originals_in_their_region(
    lightsail: Control, fleet: Deployment, client: Client
) -> None:
    service = client(EAST)
    for name in DATABASES:
        service.delete_relational_database(relationalDatabaseName=name, skipFinalSnapshot=True)
    lightsail.calls.clear()

    answer = fleet(everything(fleet, EAST))

    assert created(lightsail, EAST) == dict.fromkeys(DATABASES, 1)
    assert by_status(answer) == {"started": 5, "exists": 50}
    assert set(resources(lightsail, "RelationalDatabase")) == set(DATABASES)
    restored = resources(lightsail, "RelationalDatabase")["db-0"]["tags"]
    assert restored == {
        "snapshot": None,
        "team": "shop",
        "snapshotter:policy": "nightly",
        "snapshotter:source": restored["snapshotter:source"],
        "snapshotter:restored": "db-0-20260302T045000Z",
    }
    assert by_status(fleet(everything(fleet, EAST))) == {"exists": 55}
    assert created(lightsail, EAST) == dict.fromkeys(DATABASES, 1)


def test_databases_are_named_though_nothing_else_was_copied(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_database("db", tags=TAGS)
    stack = copied(lightsail, deploy)

    assert [each["resource"] for each in refusals(stack(everything(stack)))] == ["db"]


def refusals(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [each for each in answer["outcomes"] if each["status"] == "refused"]


def test_dry_run_lists_bundles_prices_and_their_total_and_creates_nothing(
    lightsail: Control, few: Deployment
) -> None:
    lightsail.deny(EAST)
    before = lightsail.world()

    answer = few(everything(few, dryRun=True))

    assert lightsail.world() == before
    web, data, total = [each for each in answer["outcomes"] if each["status"] == "planned"]
    assert (web["resource"], web["reason"].rpartition("; ")[2]) == (
        "web",
        "bundle small_3_0, 12 USD a month",
    )
    assert (data["resource"], data["reason"].rpartition("; ")[2]) == ("data", "64 GB of disk")
    assert total == {
        "action": "restore",
        "status": "planned",
        "region": WEST,
        "reason": "2 resources would be created: 12 USD a month for their bundles, and 64 GB of "
        "disks; disks that come with instances, and are not counted: 1",
    }


def test_wait_confirms_everything_that_the_event_restores_within_one_time(
    lightsail: Control, few: Deployment, waits: list[float]
) -> None:
    lightsail.restore_seconds = 42

    answer = few(everything(few, wait=300))

    assert [
        (each["resource"], each["reason"])
        for each in answer["outcomes"]
        if each["action"] == "confirm"
    ] == [("web", "ready: running"), ("data", "ready: available")]
    assert sum(waits) == 45


def test_killed_at_any_call_a_restored_region_is_completed_by_the_same_event(
    lightsail: Control, few: Deployment, client: Client
) -> None:
    lightsail.deny(EAST)
    asked: list[dict[str, Any]] = []

    def events() -> Iterator[dict[str, Any]]:
        while True:
            for name in resources(lightsail, "Instance", WEST):
                client(WEST).delete_instance(instanceName=name)
            for name in resources(lightsail, "Disk", WEST):
                client(WEST).delete_disk(diskName=name)
            lightsail.calls.clear()
            asked.append(everything(few))
            yield asked[-1]

    for _ in kills(few, events()):
        few(asked[-1])
        assert created(lightsail) == {"web": 1, "data": 1}
        assert set(resources(lightsail, "Disk", WEST)) == {"data", "logs"}
        (web,) = instances(lightsail)
        assert web["tags"]["snapshotter:to-do"] == "done"

    # Lists, offers, a create, a read, a firewall and a tag, and the create of the disk.
    assert len(asked) > fewest(15, 4)
