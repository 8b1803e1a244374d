"""What is due in a snapshot run and in a sweep, and which tags a snapshot gets."""

from dataclasses import replace
from typing import Any

import pytest

from snapshotter.inputs.event import RegionalEvent
from snapshotter.model.firewall import Firewall, Rule
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, Kind, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.tags import Tags
from snapshotter.plan.action import Action
from tests.unit.builders import (
    EAST,
    NOW,
    WEST,
    a_request,
    a_resource,
    a_snapshot,
    a_sweep,
    hours_ago,
    our_tags,
    plan_for,
    some_settings,
)
from tests.unit.cases import cases

WEB = a_resource("web")
POLICY = "daily=7 weekly=4"
SSH = Firewall(frozenset({Rule("tcp", 22, 22, "192.0.2.0/24")}))


def reasons(*given: Any, **others: Any) -> dict[str, str]:
    return {create.resource: create.reason for create in plan_for(*given, **others).creates}


def outcome(status: Any, name: str = "web", kind: Kind = INSTANCE, **others: Any) -> Outcome:
    """What the plan says of a create, without one."""
    stamped = f"{name}-20261123T045000Z"
    resource = a_resource(name, kind=kind)
    return Outcome(
        "create", status, EAST, kind.name, name, stamped, source_arn=resource.arn, **others
    )


def test_every_selected_resource_is_due_in_a_snapshot_run_and_no_other() -> None:
    tagged = a_resource("web", {"snapshot": None, "team": "shop", "aws:x": "y"})
    off = a_resource("off", {"snapshot": "off"})

    tags = {"snapshot": None, "team": "shop", **our_tags(WEB, NOW, retention=POLICY)}
    web = (INSTANCE, "web", "web-20261123T045000Z", "scheduled", WEB.arn, tags)
    assert plan_for(tagged, off).creates == (Action("create", EAST, *web),)


INSTANCE_TAGS = {
    "zone": "us-east-1a",
    "address": "192.0.2.7",
    "firewall": "tcp:22@192.0.2.0/24",
    "key-pair": "deploy",
    "ip-address-type": "dualstack",
    "static-ip": "web-ip",
}
AN_INSTANCE = {
    "zone": "us-east-1a",
    "address": "192.0.2.7",
    "firewall": SSH,
    "key_pair": "deploy",
    "address_type": "dualstack",
    "static_ip": "web-ip",
}


@cases(
    "kind given tags",
    {
        "database": (DATABASE, {"zone": "us-east-1a"}, {}),
        "public": (DATABASE, {"publicly_accessible": True}, {"publicly-accessible": "true"}),
        "disk": (DISK, {"zone": "us-east-1b"}, {"zone": "us-east-1b"}),
        "instance": (INSTANCE, AN_INSTANCE, INSTANCE_TAGS),
        "everything-closed": (INSTANCE, {"firewall": Firewall()}, {"firewall": "none"}),
    },
)
def test_snapshot_carries_what_a_restore_needs_to_know(
    kind: Kind, given: dict[str, Any], tags: Tags
) -> None:
    resource = a_resource("web", kind=kind, **given)
    (create,) = plan_for(resource).creates

    ours = our_tags(resource, NOW, retention=POLICY)
    found = {f"snapshotter:{key}": value for key, value in tags.items()}
    assert create.tags == {"snapshot": None, **ours, **found}


@cases(
    "tags retention",
    {
        "of-the-resource": ({"snapshot:keep": " last=2  daily=3"}, "last=2 daily=3"),
        "not-understood": ({"snapshot:keep": "forever"}, None),
        "a-slip-in-the-key": ({"snapshot:kept": "last=9"}, None),
        "with-another-tag-refused": ({"snapshot:copy-to": "?"}, POLICY),
        "not-inherited": ({"snapshotter:retention": "last=1"}, POLICY),
    },
)
def test_policy_in_force_is_written_on_every_snapshot_and_a_wrong_tag_stops_none(
    tags: Tags, retention: str | None
) -> None:
    (create,) = plan_for(a_resource("web", {"snapshot": None, **tags})).creates

    assert create.tags.get("snapshotter:retention") == retention


MANY_RULES = Firewall(frozenset(Rule("tcp", n, n, "::1") for n in range(200)))


@cases(
    "given remark",
    {
        "49-tags": (
            {"tags": {"snapshot": None, **{f"k{n:02}": None for n in range(48)}}},
            "left out, since a snapshot takes 50 tags: k46, k47, snapshot",
        ),
        "firewall": (
            {"firewall": MANY_RULES},
            "its firewall is not recorded: it needs more than 5 tags",
        ),
        "static-address": (
            {"static_ip_known": False},
            "the name of its static address could not be read, and is not recorded",
        ),
    },
)
def test_what_a_snapshot_does_not_record_is_said(given: dict[str, Any], remark: str) -> None:
    assert reasons(a_resource("web", **given)) == {"web": f"scheduled; {remark}"}


def test_room_is_left_for_the_result_of_a_drill_where_one_is_asked_for() -> None:
    tags = {"snapshot": None, "snapshot:drill": None, **{f"k{n:02}": "" for n in range(48)}}
    without, with_drills = (
        plan_for(a_resource("web", tags), settings=some_settings(ENABLE_RESTORE=enabled)).creates[0]
        for enabled in ("false", "true")
    )

    assert (len(without.tags), len(with_drills.tags)) == (50, 47)


def test_disk_of_a_selected_instance_is_reported_to_be_in_both_snapshots() -> None:
    disk = a_resource("data", kind=DISK, attached_to="web")
    both = "scheduled; snapshots of the instance web contain this disk too"

    assert reasons(WEB, disk)["data"] == both
    assert reasons(a_resource("web", {}), disk)["data"] == "scheduled"


@pytest.mark.parametrize("state", ["", "available", "backing-up", "rebooting"])
def test_database_that_is_known_not_to_be_available_is_deferred(state: str) -> None:
    plan = plan_for(a_resource("db", kind=DATABASE, state=state))

    busy = state not in ("", "available")
    reason = f"the state of the database is {state}, not available"
    assert [each.resource for each in plan.creates] == ([] if busy else ["db"])
    assert plan.findings == ((outcome("deferred", "db", DATABASE, reason=reason),) if busy else ())


@pytest.mark.parametrize("status", [Status.READY, Status.PENDING, Status.UNKNOWN])
def test_snapshot_that_exists_for_the_scheduled_time_is_not_taken_again(status: Status) -> None:
    taken = a_snapshot("web-20261123T045000Z", of=WEB, at=NOW, status=status)

    plan = plan_for(WEB, taken)

    reason = f"taken already for this scheduled time; its state is {taken.state}"
    assert plan.actions == ()
    assert plan.findings == (outcome("exists", reason=reason),)
    assert plan_for(WEB, taken, request=a_sweep()).findings == ()


@pytest.mark.parametrize("request_", [a_request(), a_sweep()], ids=["snapshot", "sweep"])
def test_snapshot_in_error_for_the_scheduled_time_is_a_failure(request_: RegionalEvent) -> None:
    failed = a_snapshot("web-20261123T045000Z", of=WEB, at=NOW, status=Status.FAILED)

    plan = plan_for(WEB, failed, request=request_)

    error = ErrorInfo(
        "SnapshotFailed",
        "web-20261123T045000Z ended in error, and its name cannot be used again; the next sweep "
        "takes another snapshot under its own time",
    )
    assert plan.creates == ()
    assert plan.findings == (outcome("failed", error=error),)


OLD = "its newest snapshot is older than 26 hours"
GOOD, BAD, PENDING, UNKNOWN = Status.READY, Status.FAILED, Status.PENDING, Status.UNKNOWN


@cases(
    "snapshots reason",
    {
        "none": ({}, "it has no recovery point yet"),
        "young": ({25.99: GOOD}, ""),
        "as-old-as-the-objective": ({26: GOOD}, ""),
        "older": ({26.01: GOOD}, OLD),
        "pending": ({26: PENDING}, ""),
        "pending-after-an-old-one": ({1: PENDING, 30: GOOD}, ""),
        "pending-for-too-long": ({26.01: PENDING}, OLD),
        "not-added-to-at-every-sweep": ({1: UNKNOWN, 90: GOOD}, ""),
        "unknown-and-old": ({27: UNKNOWN, 90: GOOD}, OLD),
        "failed": ({1: BAD}, "it has no recovery point yet"),
        "again": ({1: BAD, 25: GOOD}, "the newest attempt, web-1, ended in error"),
        "made-good": ({1: GOOD, 2: BAD}, ""),
    },
)
def test_sweep_takes_what_is_overdue(snapshots: dict[float, Status], reason: str) -> None:
    found = (
        a_snapshot(f"web-{age}", of=WEB, at=hours_ago(age), status=status)
        for age, status in snapshots.items()
    )

    assert reasons(WEB, *found, request=a_sweep()) == ({"web": reason} if reason else {})


def test_resource_without_an_arn_is_the_source_of_the_series_of_its_name() -> None:
    unnamed = replace(WEB, arn="", state="")
    taken = a_snapshot("web-1", of=WEB, at=NOW, tags=our_tags(WEB, NOW))

    (create,) = plan_for(unnamed).creates
    assert plan_for(unnamed, taken).creates == ()
    found = (create.snapshot, create.source_arn)
    assert found == ("web-20261123T045000Z", "Instance/us-east-1/web")
    assert "snapshotter:source" not in create.tags


def test_resource_without_an_arn_is_not_the_source_of_the_copies_of_a_namesake() -> None:
    there = replace(a_resource("web", region=WEST), arn="")
    copy = a_snapshot("web-1-us-east-1", of=WEB, at=hours_ago(1), region=WEST)
    both = {"regions": (EAST, WEST), "request": a_sweep(regions=(EAST, WEST))}

    (create,) = plan_for(there, copy, **both).creates

    assert (create.region, create.source_arn) == (WEST, "Instance/us-west-2/web")
