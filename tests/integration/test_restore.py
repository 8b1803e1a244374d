"""Restores: a recovery point becomes a new resource next to its source, exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from lightsail_moto import Call, Control
from snapshotter.errors import InvalidEvent
from tests.integration.conftest import Client, Deploy
from tests.integration.crashes import World, changed, fewest, kills, made
from tests.integration.deployment import Deployment
from tests.integration.restoring import (
    EAST,
    NAME,
    RESTORED,
    WEST,
    backed_up,
    event,
    outcomes,
    refusal,
    resources,
    restore,
)

pytestmark = pytest.mark.usefixtures("waits")

TAGS = {"snapshot": None, "snapshot:keep": "daily=3", "team": "shop", "key-only": None}


@pytest.fixture
def nightly(lightsail: Control, deploy: Deploy) -> Deployment:
    """A stack that may restore, with snapshots that are an hour old and copied."""
    lightsail.seed.add_instance("web", tags=TAGS, bundle_id="small_3_0", zone="b")
    lightsail.seed.add_disk("logs", attached_to="web", size_gb=32)
    lightsail.seed.add_disk("data", tags=TAGS, size_gb=64, zone="c")
    lightsail.seed.add_database("db", tags=TAGS, bundle_id="small_2_0")
    return backed_up(lightsail, deploy, CopyToRegions=WEST)


def test_instance_is_restored_with_its_disks_and_tags_in_the_zone_of_its_source(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    outcome = restore(nightly, resource="web")

    assert (outcome["action"], outcome["status"], outcome["resource"], outcome["snapshot"]) == (
        "restore",
        "started",
        RESTORED,
        NAME,
    )
    assert outcome["reason"] == (
        "the recovery point of web of 2026-03-02T04:50:00Z; with the firewall, key pair and "
        "address type of web now; by hand: DNS entries elsewhere that name the old address "
        "198.51.100.1, alarms; bundle small_3_0, 12 USD a month"
    )
    assert outcome["operations"][0]["operationType"] == "CreateInstancesFromSnapshot"
    source_arn = client(EAST).get_instance(instanceName="web")["instance"]["arn"]
    assert resources(lightsail, "Instance")[RESTORED]["tags"] == {
        "snapshot:keep": "daily=3",
        "team": "shop",
        "key-only": None,
        "snapshotter:policy": "nightly",
        "snapshotter:source": source_arn,
        "snapshotter:restored": NAME,
        "snapshotter:firewall": "tcp:22 tcp:80",
        "snapshotter:to-do": "done",
    }
    assert resources(lightsail, "Disk")[f"{RESTORED}-disk-1"]["attachedTo"] == RESTORED
    made = client(EAST).get_instance(instanceName=RESTORED)["instance"]
    assert (made["bundleId"], made["location"]["availabilityZone"]) == ("small_3_0", "us-east-1b")


def test_disk_is_restored_with_its_size(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    restore(nightly, resource="data", **{"as": "data-2"})

    made = client(EAST).get_disk(diskName="data-2")["disk"]
    assert (made["sizeInGb"], made["location"]["availabilityZone"]) == (64, "us-east-1c")


def test_database_is_restored_with_the_requested_bundle_and_zone(
    nightly: Deployment, client: Client
) -> None:
    restore(nightly, resource="db", bundleId="medium_2_0", availabilityZone="us-east-1c")

    made = client(EAST).get_relational_database(
        relationalDatabaseName="db-restored-20260302T045000Z"
    )["relationalDatabase"]
    assert made["relationalDatabaseBundleId"] == "medium_2_0"
    assert made["location"]["availabilityZone"] == "us-east-1c"


def test_repeated_restore_creates_nothing_new(lightsail: Control, nightly: Deployment) -> None:
    restore(nightly, resource="web")
    before = lightsail.world()
    lightsail.clock.advance(hours=1)

    again = restore(nightly, resource="web")

    assert (again["status"], again["resource"]) == ("exists", RESTORED)
    assert (
        again["reason"] == f"an earlier run restored {RESTORED} from {NAME}; its state is running"
    )
    assert resources(lightsail, "Instance").keys() == before[EAST]["Instance"].keys()


@pytest.mark.parametrize(
    ("operation", "resource"),
    [
        ("CreateInstancesFromSnapshot", "web"),
        ("CreateDiskFromSnapshot", "data"),
        ("CreateRelationalDatabaseFromSnapshot", "db"),
    ],
)
def test_restore_whose_response_is_lost_is_recognised(
    lightsail: Control, nightly: Deployment, operation: str, resource: str
) -> None:
    lightsail.inject(operation, drop_connection=True, when="after")

    assert restore(nightly, resource=resource)["status"] == "exists"


def test_restore_with_a_failed_operation_fails(lightsail: Control, nightly: Deployment) -> None:
    lightsail.inject("CreateInstancesFromSnapshot", failed_operation=("NoCapacity", "no capacity"))

    assert "no capacity" in refusal(nightly, resource="web")


def test_repeated_restore_reports_that_the_first_one_ended_in_error(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.end_in_error(NAME)
    restore(nightly, resource="web")
    lightsail.clock.advance(hours=1)

    message = refusal(nightly, resource="web")

    assert f"{RESTORED}: it was restored before, and its state is error. Delete it" in message


def test_wait_reports_a_restore_as_ready_only_once_it_is_ready(
    lightsail: Control, nightly: Deployment, waits: list[float]
) -> None:
    lightsail.restore_seconds = 12

    restored, *_, confirmed = outcomes(nightly, resource="web", wait=60)

    assert restored["status"] == "started"
    assert (confirmed["action"], confirmed["status"]) == ("confirm", "exists")
    assert confirmed["reason"] == "ready: running"
    assert waits == [5, 5, 5]


def test_wait_ends_without_a_result_while_the_restore_is_pending(
    lightsail: Control, nightly: Deployment, waits: list[float]
) -> None:
    lightsail.restore_seconds = 61

    actions = [each["action"] for each in outcomes(nightly, resource="web", wait=60)]

    assert "confirm" not in actions
    assert sum(waits) == 60


def test_wait_reports_a_restore_that_ends_in_error(
    lightsail: Control, nightly: Deployment, waits: list[float]
) -> None:
    lightsail.restore_seconds = 12
    lightsail.end_in_error(NAME)

    message = refusal(nightly, resource="web", wait=60)

    assert f"{RESTORED}: the restore failed; its state is error. Delete it" in message
    assert waits == [5, 5, 5]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        pytest.param(
            {"resource": "nobody"}, "nobody: there is no recovery point in", id="resource"
        ),
        pytest.param({"snapshot": "nothing"}, "nothing: there is no such snapshot", id="snapshot"),
        pytest.param({"snapshot": "by-hand"}, 'To restore it, add "foreign": true', id="foreign"),
        pytest.param(
            {"snapshot": "unfinished"}, "its state is pending, not available", id="pending"
        ),
        pytest.param(
            {"resource": "web", "as": "web"},
            "web: the name is taken in us-east-1 by something else",
            id="taken",
        ),
        pytest.param(
            {"resource": "data", "as": "by-hand"}, "is taken in us-east-1", id="taken-by-a-snapshot"
        ),
        pytest.param(
            {"resource": "data", "bundleId": "nano_3_0"},
            "a disk has no bundle. Leave bundleId out",
            id="bundle-of-a-disk",
        ),
        pytest.param({"resource": "db", "as": "db_2"}, "letters, digits and hyphens", id="name"),
    ],
)
def test_restore_that_is_not_possible_is_refused_with_what_to_do(
    lightsail: Control, nightly: Deployment, keys: dict[str, Any], expected: str
) -> None:
    web = lightsail.seed.add_instance("other")
    lightsail.seed.add_snapshot("by-hand", web)
    ours = {"snapshotter:policy": "nightly"}
    lightsail.seed.add_snapshot("unfinished", web, tags=ours, state="pending")
    before = lightsail.world()

    assert expected in refusal(nightly, **keys)

    assert lightsail.world() == before


def test_restore_fails_with_the_reason_where_the_offers_of_its_region_cannot_be_read(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.inject("GetBundles", error="InvalidInputException", message="no", times=None)

    assert "us-east-1: what it offers cannot be read: no" in refusal(nightly, resource="web")


def test_foreign_snapshot_is_restored_if_requested(lightsail: Control, nightly: Deployment) -> None:
    other = lightsail.seed.add_instance("other", tags={"team": "x"})
    lightsail.seed.add_snapshot("by-hand", other, tags={"team": "x"})

    restore(nightly, snapshot="by-hand", foreign=True, **{"as": "other-2"})

    assert resources(lightsail, "Instance")["other-2"]["tags"] == {
        "team": "x",
        "snapshotter:policy": "nightly",
        "snapshotter:source": other.arn,
        "snapshotter:restored": "by-hand",
        "snapshotter:firewall": "tcp:22 tcp:80",
        "snapshotter:to-do": "done",
    }


def test_name_taken_by_somebody_else_during_the_run_is_not_reported_as_restored(
    lightsail: Control, nightly: Deployment
) -> None:
    def take(call: Call, phase: str) -> None:
        if (call.operation, phase) == ("CreateInstancesFromSnapshot", "before"):
            lightsail.seed.add_instance(RESTORED)

    lightsail.on_request(take)

    assert 'something else. Give another name with "as"' in refusal(nightly, resource="web")
    assert resources(lightsail, "Instance")[RESTORED]["tags"] == {}


@pytest.mark.parametrize("action", ["restore", "drill"])
def test_stack_without_restores_refuses_and_names_the_parameter(
    lightsail: Control, deploy: Deploy, action: str
) -> None:
    asked = {"action": action} | ({"resource": "web"} if action == "restore" else {})

    with pytest.raises(InvalidEvent, match="deploy it with the parameter EnableRestore=true"):
        deploy()(asked)

    assert lightsail.calls == []


def test_killed_at_any_call_a_restore_creates_its_resource_once_and_changes_nothing_else(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.page_size = 1000
    keys = {"resource": "web", "bundleId": "small_3_0", "availabilityZone": "us-east-1a"}
    names: list[str] = []
    before: list[World] = []

    def events() -> Iterator[dict[str, Any]]:
        for number in count():
            names.append(f"web-{number}")
            before.append(lightsail.world())
            yield event(nightly, **keys, **{"as": names[-1]})

    for _ in kills(nightly, events()):
        outcome = restore(nightly, **keys, **{"as": names[-1]})
        assert outcome["status"] in ("started", "exists")
        new = resources(lightsail, "Instance")[names[-1]]["tags"]
        assert new["snapshotter:to-do"] == "done"
        assert made(lightsail.world(), before[-1]) == {names[-1], f"{names[-1]}-disk-1"}
        assert changed(lightsail.world(), before[-1]) == set()

    assert len(names) > fewest(16, 2)
