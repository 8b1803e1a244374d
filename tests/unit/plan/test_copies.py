"""Which copies other regions lack, and which copies there were left untagged."""

from dataclasses import replace

import pytest

from snapshotter.inputs.event import Request
from snapshotter.model.inventory import Inventory, Resource, Snapshot
from snapshotter.model.kinds import DATABASE, Status
from snapshotter.model.outcome import ErrorInfo
from snapshotter.model.series import OwnSnapshot
from snapshotter.plan import CopySnapshot, Situation, TagSnapshot, make_plan
from tests.unit.builders import (
    EAST,
    WEST,
    a_request,
    a_resource,
    a_situation,
    a_snapshot,
    hours_ago,
    some_settings,
)

WEB = a_resource("web")
BOTH = (EAST, WEST)
SETTINGS = some_settings(COPY_TO_REGIONS=WEST, COPY_RETENTION="daily=9")
WRITTEN = {"snapshotter:retention": "daily=9"}
"""The policy of copies, as a tag of each copy."""


def a_point(days_old: int, *, status: Status = Status.READY, of: Resource = WEB) -> Snapshot:
    return a_snapshot(f"web-{days_old}", of=of, at=hours_ago(24 * days_old), status=status)


def its_copy(original: Snapshot, *, status: Status = Status.READY, **changes: object) -> Snapshot:
    copy = replace(original, name=f"{original.name}-{EAST}", region=WEST, status=status)
    return replace(copy, arn=f"{copy.arn}-copy", **changes)  # type: ignore[arg-type]


def own(snapshot: Snapshot) -> OwnSnapshot:
    return OwnSnapshot(snapshot, WEB.arn, snapshot.created_at)


def elsewhere(
    *snapshots: Snapshot, resource: Resource = WEB, request: Request | None = None
) -> Situation:
    return a_situation(
        (resource,), snapshots, settings=SETTINGS, regions=BOTH, request=request or a_request()
    )


def copied(situation: Situation) -> list[str]:
    return [copy.name for copy in make_plan(situation).copies]


def test_newest_ready_point_is_copied_with_all_its_tags_and_the_policy_of_copies() -> None:
    points = (a_point(0), a_point(1), a_point(2))

    assert make_plan(elsewhere(*points)).copies == (
        CopySnapshot(
            original=own(points[0]),
            region=WEST,
            name="web-0-us-east-1",
            tags={**points[0].tags, **WRITTEN},
            reason="the newest recovery point",
        ),
    )


def test_copy_of_a_point_without_time_and_source_is_tagged_with_both() -> None:
    point = replace(a_point(0), tags={"snapshotter:policy": "nightly", "team": "shop"})

    (copy,) = make_plan(elsewhere(point)).copies
    assert copy.tags == {"team": "shop", **a_point(0).tags, **WRITTEN}


def test_pending_point_is_not_copied_yet() -> None:
    assert copied(elsewhere(a_point(0, status=Status.PENDING), a_point(1))) == ["web-1-us-east-1"]


@pytest.mark.parametrize("status", [Status.READY, Status.PENDING, Status.UNKNOWN])
def test_point_is_copied_once_only(status: Status) -> None:
    newest = a_point(0)

    assert copied(elsewhere(newest, its_copy(newest, status=status))) == []


def test_region_gets_the_points_of_the_nights_that_it_missed_the_oldest_first() -> None:
    old = a_point(3)

    situation = elsewhere(a_point(0), a_point(1), a_point(2), old, a_point(4), its_copy(old))

    assert [(copy.name, copy.reason) for copy in make_plan(situation).copies] == [
        ("web-2-us-east-1", "the region does not have it yet"),
        ("web-1-us-east-1", "the region does not have it yet"),
        ("web-0-us-east-1", "the newest recovery point"),
    ]


def test_nothing_is_copied_that_copy_retention_would_not_keep() -> None:
    old = a_point(3)
    settings = some_settings(COPY_TO_REGIONS=WEST, COPY_RETENTION="last=1")
    snapshots = (a_point(0), a_point(1), old, its_copy(old))

    situation = a_situation((WEB,), snapshots, settings=settings, regions=BOTH)

    assert copied(situation) == ["web-0-us-east-1"]


def test_copy_that_ended_in_error_is_replaced() -> None:
    newest = a_point(0)
    failed = its_copy(newest, status=Status.FAILED)

    plan = make_plan(elsewhere(newest, failed))

    assert [(copy.name, copy.replaces) for copy in plan.copies] == [
        ("web-0-us-east-1", own(failed))
    ]
    assert plan.deletes == ()


def test_copy_is_never_copied_again_and_namesakes_do_not_clash() -> None:
    there = a_resource("web", region=WEST)
    in_the_west = a_snapshot("web-0", of=there, at=hours_ago(0))
    in_the_east = a_point(0)
    copies = (
        its_copy(in_the_east),
        replace(in_the_west, name="web-0-us-west-2", region=EAST, arn="copy"),
    )
    settings = some_settings(REGIONS=f"{EAST},{WEST}", COPY_TO_REGIONS=f"{EAST},{WEST}")
    situation = a_situation(
        (WEB, there),
        (in_the_east, in_the_west, *copies),
        settings=settings,
        regions=BOTH,
        request=a_request(regions=BOTH),
    )

    assert copied(situation) == []


@pytest.mark.parametrize("retention", [None, "daily=7 weekly=4"], ids=["untagged", "tagged"])
def test_copy_tagged_at_once_and_copy_tagged_by_repair_carry_the_same_tags(
    retention: str | None,
) -> None:
    newest = a_snapshot("web-0", of=WEB, at=hours_ago(0), retention=retention)

    (copy,) = make_plan(elsewhere(newest)).copies
    (repair,) = make_plan(elsewhere(newest, its_copy(newest, tags={}))).tags

    assert copy.then.tags == repair.tags == {**newest.tags, **WRITTEN}


def test_copy_carries_the_retention_of_the_stack_where_copies_have_none_of_their_own() -> None:
    settings = some_settings(COPY_TO_REGIONS=WEST, RETENTION="last=4")
    own_policy = a_resource("web", {"snapshot": None, "snapshot:keep": "last=2"})

    (copy,) = make_plan(
        a_situation((own_policy,), (a_point(0),), settings=settings, regions=BOTH)
    ).copies

    assert copy.tags["snapshotter:retention"] == "last=4"


def test_copy_left_untagged_is_tagged_and_not_made_again() -> None:
    newest = a_point(0)
    untagged = its_copy(newest, tags={})

    plan = make_plan(elsewhere(newest, untagged))

    assert plan.copies == ()
    assert plan.tags == (
        TagSnapshot(
            original=own(newest),
            region=WEST,
            name="web-0-us-east-1",
            tags={**newest.tags, **WRITTEN},
            reason="a copy of web-0 that was left untagged",
        ),
    )


@pytest.mark.parametrize("tags", [None, {"snapshot": "off"}])
def test_copy_left_untagged_is_tagged_though_its_source_is_gone_or_not_selected_any_more(
    tags: dict[str, str | None] | None,
) -> None:
    newest = a_point(0)
    resources = () if tags is None else (a_resource("web", tags),)
    snapshots = (newest, its_copy(newest, tags={}))

    plan = make_plan(a_situation(resources, snapshots, settings=SETTINGS, regions=BOTH))

    assert [(tag.region, tag.name) for tag in plan.tags] == [(WEST, "web-0-us-east-1")]


def test_untagged_copy_of_unknown_origin_needs_proof() -> None:
    newest = a_point(0)

    plan = make_plan(elsewhere(newest, its_copy(newest, tags={}, from_arn=None)))

    assert [tag.needs_proof for tag in plan.tags] == [True]


def test_name_of_a_copy_taken_by_someone_else_is_refused() -> None:
    newest = a_point(0)
    foreign = its_copy(newest, tags={"team": "shop"}, from_arn="arn:of:something:else")

    plan = make_plan(elsewhere(newest, foreign))

    assert plan.actions[1:] == ()
    assert [(each.status, each.error) for each in plan.findings if each.action == "copy"] == [
        (
            "refused",
            ErrorInfo(
                "NameTaken",
                "web-0-us-east-1: a snapshot in us-west-2 that is not ours has this name, so the "
                "recovery point is not copied there. Delete that snapshot to free the name",
            ),
        )
    ]


def test_database_that_asks_for_copies_is_reported_once_and_fails_nothing() -> None:
    database = a_resource(
        "db", {"snapshot": None, "snapshot:copy-to": "us-west-2 eu-west-1"}, kind=DATABASE
    )

    plan = make_plan(elsewhere(resource=database))

    assert [(each.status, each.reason) for each in plan.findings] == [
        ("deferred", "Lightsail cannot copy database snapshots to another region")
    ]


def test_region_that_lightsail_does_not_have_is_refused_and_the_others_get_their_copies() -> None:
    both = a_resource("web", {"snapshot": None, "snapshot:copy-to": "mars-north-1 us-west-2"})

    plan = make_plan(elsewhere(a_point(0), resource=both))

    assert [copy.region for copy in plan.copies] == [WEST]
    assert [(each.action, each.status, each.error) for each in plan.findings] == [
        ("create", "exists", None),
        (
            "copy",
            "refused",
            ErrorInfo(
                "UnknownRegion",
                "web: the tag 'snapshot:copy-to' asks for a copy in 'mars-north-1', which is not a "
                "Lightsail region, so no copy is made there. Accepted: names of Lightsail regions, "
                "or `none`",
            ),
        ),
    ]


def test_region_that_cannot_be_read_is_one_failure_however_many_ask_for_it() -> None:
    others = (WEB, a_resource("api"))
    refused = Inventory({}, {WEST: ErrorInfo("AccessDeniedException", "no")})

    plan = make_plan(a_situation(others, settings=SETTINGS, unreadable=refused))

    assert plan.copies == ()
    assert [(each.action, each.region, each.status) for each in plan.findings] == [
        ("read", WEST, "failed")
    ]


def test_resource_whose_tag_cannot_be_understood_is_not_copied() -> None:
    odd = a_resource("web", {"snapshot": None, "snapshot:keep": "forever"})

    assert copied(elsewhere(a_point(0), resource=odd)) == []
