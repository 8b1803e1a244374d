"""The nightly run, end to end."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lightsail_moto import Control
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.support.virtual_time import virtual_time

EAST, EUROPE = "us-east-1", "eu-central-1"
STAMP = "20260302T045000Z"
OPERATION_MEMBERS = {
    "id",
    "resourceName",
    "resourceType",
    "createdAt",
    "location",
    "isTerminal",
    "operationDetails",
    "operationType",
    "status",
    "statusChangedAt",
}


def ours(instance: Any) -> dict[str, str]:
    """Our tags on the night's snapshot of an instance with the seed's default network."""
    return {
        "snapshotter:policy": "nightly",
        "snapshotter:source": instance.arn,
        "snapshotter:time": "2026-03-02T04:50:00Z",
        "snapshotter:retention": "daily=7 weekly=4 monthly=6",
        "snapshotter:firewall": "tcp:22 tcp:80",
        "snapshotter:ip-address-type": "dualstack",
        "snapshotter:key-pair": "LightsailDefaultKeyPair",
        "snapshotter:zone": "us-east-1a",
        "snapshotter:address": instance.ip_address,
    }


def taken(lightsail: Control, region: str = EAST) -> dict[str, Mapping[str, Any]]:
    """The tags of all instance snapshots of a region, by name."""
    snapshots = lightsail.world().get(region, {}).get("InstanceSnapshot", {})
    return {name: snapshot["tags"] for name, snapshot in snapshots.items()}


def statuses(answer: Mapping[str, Any]) -> dict[str, str]:
    return {each["resource"]: each["status"] for each in answer["outcomes"]}


@pytest.mark.parametrize("page_size", [1, 2, 7, 25, 100])
def test_every_tagged_instance_gets_one_snapshot_whatever_the_page_size(
    lightsail: Control, deploy: Deploy, page_size: int
) -> None:
    tagged = [
        lightsail.seed.add_instance(f"web-{n}", tags={"snapshot": None, "team": f"t{n}"})
        for n in range(13)
    ]
    for n in range(12):
        lightsail.seed.add_instance(f"plain-{n}", tags={"team": "none"})
    lightsail.page_size = page_size

    answer = deploy().nightly(NIGHT)

    assert taken(lightsail) == {f"{web.name}-{STAMP}": {**web.tags, **ours(web)} for web in tagged}
    assert answer["summary"] == {
        "selected": 13,
        "created": 13,
        "copied": 0,
        "deleted": 0,
        "failed": 0,
        "deferred": 0,
        "pending": 13,
        "stale": 13,
        "refused": 0,
        "lost": 0,
        "held": 0,
    }


def test_answer_has_every_operation_with_all_its_members(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})

    answer = deploy().nightly(NIGHT)

    (outcome,) = answer["outcomes"]
    operations = outcome.pop("operations")
    assert outcome == {
        "region": EAST,
        "resourceType": "Instance",
        "resource": "web",
        "action": "create",
        "snapshot": f"web-{STAMP}",
        "status": "started",
        "reason": "scheduled",
    }
    assert [set(operation) for operation in operations] == [OPERATION_MEMBERS] * 2
    assert {operation["resourceType"] for operation in operations} == {
        "InstanceSnapshot",
        "Instance",
    }
    assert {operation["createdAt"] for operation in operations} == {"2026-03-02T04:50:00Z"}
    known = client(EAST).get_operations()["operations"]
    assert {each["id"] for each in operations} <= {each["id"] for each in known}


def test_tags_are_part_of_the_create_call_and_of_no_second_call(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": "yes", "bare": None})

    deploy().nightly(NIGHT)

    writes = [call for call in lightsail.calls if not call.operation.startswith("Get")]
    assert [call.operation for call in writes] == ["CreateInstanceSnapshot"]
    assert {"key": "bare"} in writes[0].parameters["tags"]


def test_unusual_instances_are_snapshotted_or_reported_and_the_others_are_protected(
    lightsail: Control, deploy: Deploy
) -> None:
    seed = lightsail.seed
    long_name = "l" * 255
    crowded_tags = {"snapshot": None, **{f"k{n:02}": str(n) for n in range(49)}}
    refusing = seed.add_instance("refusing", tags={"snapshot": None})
    crowded = seed.add_instance("crowded", tags=crowded_tags)
    long = seed.add_instance(long_name, tags={"snapshot": None})
    dotted = seed.add_instance("www.example.com", tags={"snapshot": None})
    plain = seed.add_instance("plain", tags={"snapshot": "yes", "bare": None})
    lightsail.inject(
        "CreateInstanceSnapshot",
        error="InvalidInputException",
        message="The instance is in an invalid state.",
        resource=refusing.name,
        times=None,
    )
    nightly = deploy()

    message = nightly.failing({"scheduledTime": "2026-03-02T04:50:00Z"})

    digest = hashlib.sha256(long.arn.encode()).hexdigest()[:8]
    kept = {key: crowded_tags[key] for key in sorted(crowded_tags)[:41]}
    assert taken(lightsail) == {
        f"crowded-{STAMP}": {**kept, **ours(crowded)},
        f"{'l' * 229}-{digest}-{STAMP}": {"snapshot": None, **ours(long)},
        f"www.example.com-{STAMP}": {"snapshot": None, **ours(dotted)},
        f"plain-{STAMP}": {"snapshot": "yes", "bare": None, **ours(plain)},
    }
    assert message == (
        "snapshot of 2026-03-02T04:50:00Z by nightly: 1 failed: create "
        f"refusing-{STAMP} in us-east-1: The instance is in an invalid state. In all: "
        "5 selected, 4 created, 1 failed, 4 pending, 5 stale. "
        "The log has a record of each outcome."
    )


def test_event_delivered_twice_creates_each_snapshot_once(
    lightsail: Control, deploy: Deploy
) -> None:
    for n in range(5):
        lightsail.seed.add_instance(f"web-{n}", tags={"snapshot": None})
    nightly = deploy()
    nightly.nightly(NIGHT)

    again = nightly.nightly(NIGHT)

    assert len(taken(lightsail)) == 5
    assert (again["summary"]["created"], again["summary"]["failed"]) == (0, 0)
    assert set(statuses(again).values()) == {"exists"}


def test_event_delivered_twice_at_once_creates_each_snapshot_once_and_both_runs_succeed(
    lightsail: Control, deploy: Deploy
) -> None:
    for n in range(8):
        lightsail.seed.add_instance(f"web-{n}", tags={"snapshot": None})
    lightsail.latency_s = 0.005
    nightly = deploy()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(nightly.nightly, [NIGHT, NIGHT]))

    assert len(taken(lightsail)) == 8
    assert sum(answer["summary"]["created"] for answer in answers) == 8
    assert {status for answer in answers for status in statuses(answer).values()} <= {
        "started",
        "exists",
    }


@pytest.mark.parametrize("loss", [{"drop_connection": True}, {"http_status": 500}])
def test_create_whose_answer_is_lost_is_found_and_reported_as_existing(
    lightsail: Control, deploy: Deploy, loss: dict[str, Any]
) -> None:
    web = lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.inject("CreateInstanceSnapshot", when="after", **loss)

    answer = deploy().nightly(NIGHT)

    assert taken(lightsail) == {f"web-{STAMP}": {"snapshot": None, **ours(web)}}
    assert statuses(answer) == {"web": "exists"}


def test_call_that_is_throttled_six_times_in_a_row_succeeds(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    throttling = lightsail.inject("CreateInstanceSnapshot", error="ThrottlingException", times=6)

    with virtual_time():
        answer = deploy().nightly(NIGHT)

    assert throttling.struck == 6
    assert statuses(answer) == {"web": "started"}


def test_denied_region_is_one_failure_and_the_others_are_backed_up(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.seed.add_instance("api", EUROPE, tags={"snapshot": None})
    lightsail.deny(EUROPE)

    message = deploy(Regions=f"{EAST},{EUROPE}").failing({"scheduledTime": "2026-03-02T04:50:00Z"})

    assert list(taken(lightsail)) == [f"web-{STAMP}"]
    assert "1 failed: read eu-central-1: " in message


def test_region_that_is_being_set_up_is_a_failed_read(lightsail: Control, deploy: Deploy) -> None:
    lightsail.setup_in_progress(EAST)

    answer = deploy()({"dryRun": True})

    assert [(each["action"], each["status"]) for each in answer["outcomes"]] == [("read", "failed")]
    assert answer["outcomes"][0]["error"]["code"] == "RegionSetupInProgressException"


@pytest.mark.parametrize(
    "message",
    [
        "You cannot create manual snapshots when an automatic snapshot is being created.",
        "The instance is starting. Please try again in a few minutes.",
        "A snapshot is in progress. Please wait for it to complete before trying again.",
    ],
)
def test_busy_resource_is_deferred_and_fails_nothing(
    lightsail: Control, deploy: Deploy, message: str
) -> None:
    lightsail.seed.add_instance("busy", tags={"snapshot": None})
    lightsail.inject(
        "CreateInstanceSnapshot", error="InvalidInputException", message=message, times=None
    )

    answer = deploy().nightly(NIGHT)

    assert statuses(answer) == {"busy": "deferred"}
    assert answer["outcomes"][0]["error"]["message"] == message


def test_automatic_snapshot_in_progress_defers_the_manual_one(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("busy", tags={"snapshot": None})
    lightsail.auto_snapshot_in_progress("busy", seconds=600)
    nightly = deploy()

    assert statuses(nightly.nightly(NIGHT)) == {"busy": "deferred"}

    lightsail.clock.advance(hours=1)
    assert statuses(nightly.nightly(NIGHT)) == {"busy": "started"}


def test_operation_that_failed_in_a_200_answer_is_a_failure(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.inject("CreateInstanceSnapshot", failed_operation=("Broken", "It broke."))
    nightly = deploy()

    message = nightly.failing({"scheduledTime": "2026-03-02T04:50:00Z"})

    assert f"create web-{STAMP} in us-east-1: It broke" in message


def test_name_that_a_foreign_snapshot_has_is_a_failure_and_left_alone(
    lightsail: Control, deploy: Deploy
) -> None:
    web = lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.seed.add_snapshot(f"web-{STAMP}", web, tags={"by": "hand"})

    message = deploy().failing({"scheduledTime": "2026-03-02T04:50:00Z"})

    assert "the name is taken in us-east-1 by something that is not ours" in message
    assert taken(lightsail) == {f"web-{STAMP}": {"by": "hand"}}


def test_name_that_another_stack_took_is_a_failure_that_names_it_and_spares_its_snapshot(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    deploy(PolicyName="weekly").nightly(NIGHT)
    theirs = taken(lightsail)

    answer = deploy().failing({"scheduledTime": "2026-03-02T04:50:00Z"})

    assert (
        f"web-{STAMP}: the stack 'weekly' took a snapshot of web with this name, so this stack "
        "could not take its own. Change the minute in ScheduleExpression of one of the two stacks, "
        "and leave the other stack's snapshot as it is"
    ) in answer
    assert taken(lightsail) == theirs


def test_name_that_another_kind_of_resource_has_is_a_failure(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.seed.add_disk(f"web-{STAMP}")

    message = deploy().failing({"scheduledTime": "2026-03-02T04:50:00Z"})

    assert "the name is taken in us-east-1 by something that is not ours" in message


def test_dry_run_only_reads_and_reports_what_it_would_do(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.seed.add_instance("odd", tags={"snapshot": None, "snapshot:keep": "for ever"})

    answer = deploy().nightly(NIGHT, dryRun=True)

    assert {call.operation[:3] for call in lightsail.calls} == {"Get"}
    assert answer["dryRun"] is True
    assert [(o["resource"], o["action"], o["status"]) for o in answer["outcomes"]] == [
        ("odd", "delete", "refused"),
        ("web", "create", "planned"),
        ("odd", "create", "planned"),
    ]


def test_regions_and_resources_of_the_event_narrow_the_run(
    lightsail: Control, deploy: Deploy
) -> None:
    for region in (EAST, EUROPE):
        for name in ("web", "api"):
            lightsail.seed.add_instance(name, region, tags={"snapshot": None})
    nightly = deploy(Regions=f"{EAST},{EUROPE}")

    answer = nightly.nightly(NIGHT, regions=[EUROPE], resources=["api"])

    assert (taken(lightsail, EAST), list(taken(lightsail, EUROPE))) == ({}, [f"api-{STAMP}"])
    assert answer["summary"]["selected"] == 1
    assert {call.region for call in lightsail.calls} == {EUROPE}


def test_name_that_is_not_selected_anywhere_is_a_failure_and_the_rest_is_done(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})

    message = deploy().failing({"resources": ["web", "wbe"]})

    assert len(taken(lightsail)) == 1
    assert (
        "wbe: no resource of this name that carries the tag snapshot was found in us-east-1"
        in message
    )


def test_run_that_selects_nothing_succeeds_with_a_warning(
    deploy: Deploy, caplog: pytest.LogCaptureFixture
) -> None:
    answer = deploy().nightly(NIGHT)

    assert answer["outcomes"] == []
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("WARNING", "nothing is selected, so nothing is protected"),
        ("INFO", "run ended well"),
    ]
