"""Everything in a region comes back once, under the name of its source, and the rest is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from snapshotter.model.kinds import DATABASE, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.restore.choosing import choose_all, databases_left_behind
from snapshotter.restore.making import Restore
from snapshotter.restore.restoring import plan_all
from tests.unit.builders import EAST, WEST, a_resource, hours_ago
from tests.unit.restore.restores import (
    DATA,
    DB,
    RESTORES,
    WEB,
    a_copy,
    a_restore_event,
    a_world,
    with_disks,
)

OTHER_REGION = "eu-central-1"


def planned(*found: Resource | Snapshot, **keys: Any) -> list[Restore | Outcome]:
    world = a_world(*found)
    request = a_restore_event(all=True, region=WEST, **keys)
    points, outcomes = choose_all(world.inventory.regions[WEST], request, RESTORES.policy_name)
    return [*outcomes, *plan_all(points, request, world)]


def created(plan: list[Restore | Outcome]) -> dict[str, str]:
    return {each.target: each.point.name for each in plan if isinstance(each, Restore)}


def reported(plan: list[Restore | Outcome]) -> list[tuple[str, str | None, str]]:
    return [
        (each.status, each.resource, each.error.code if each.error else each.reason or "")
        for each in plan
        if isinstance(each, Outcome)
    ]


def test_newest_ready_point_of_each_source_comes_back_under_its_name_and_is_protected() -> None:
    plan = planned(
        a_copy(hours=5),
        a_copy(hours=29),
        a_copy(hours=1, status=Status.PENDING),
        a_copy(DATA),
        a_copy(policy="another", hours=2),
    )

    assert created(plan) == {"web": "web-5", "data": "data-5"}
    assert reported(plan) == []
    tags = [each.action.tags for each in plan if isinstance(each, Restore)]
    assert all("snapshot" in each for each in tags)
    again = planned(a_copy(hours=5), a_copy(hours=29), asOf=hours_ago(10).isoformat())
    assert created(again) == {"web": "web-29"}


def test_what_is_there_already_is_left_alone_in_whatever_state() -> None:
    there = a_resource("web", region=WEST, state="stopped")

    plan = planned(a_copy(), there)

    assert (created(plan), reported(plan)) == (
        {},
        [("exists", "web", "left alone: its state is stopped")],
    )


def test_namesakes_are_refused_with_the_newest_of_each_and_the_rest_goes_on() -> None:
    """Two servers `web`, of two regions, are both copied to a third."""
    other = a_resource("web", region=OTHER_REGION)

    plan = planned(a_copy(), replace(a_copy(other, hours=6), name="web-other"), a_copy(DATA))

    (refused,) = [each for each in plan if isinstance(each, Outcome)]
    assert created(plan) == {"data": "data-5"}
    assert (refused.status, refused.resource, refused.error and refused.error.code) == (
        "refused",
        "web",
        "Ambiguous",
    )
    assert refused.error is not None
    assert "web-5 in us-west-2" in refused.error.message
    assert "web-other in us-west-2" in refused.error.message


def test_source_without_a_point_of_the_last_week_is_left_out_unless_it_is_named() -> None:
    """Its server was probably deleted on purpose, also where a new one has its name."""
    week = 24 * 7
    before = replace(WEB, arn=f"{WEB.arn}-before")
    old = replace(a_copy(before, hours=5 + week + 1), name="old")
    just = a_copy(DATA, hours=5 + week)

    plan = planned(a_copy(), old, just)

    assert created(plan) == {"web": "web-5", "data": f"data-{5 + week}"}
    assert [each.error for each in plan if isinstance(each, Outcome)] == [
        ErrorInfo(
            "LeftOut",
            "web: its newest recovery point, old, is more than 7 days older than the newest one in "
            "us-west-2, so it was probably deleted on purpose, and is not restored",
            'To restore it: {"action": "restore", "all": true, "region": "us-west-2", '
            '"resources": ["web"]}',
        )
    ]
    gone = a_resource("gone")
    long_ago = a_copy(gone, hours=500)
    assert created(planned(a_copy(), long_ago, resources=["gone"])) == {"gone": "gone-500"}
    assert reported(planned(a_copy(), resources=["gone"])) == [
        ("failed", "gone", "NoRecoveryPoint")
    ]


@pytest.mark.parametrize(
    ("hours_of_own", "disks", "expected"),
    [
        pytest.param(None, ("data",), {"web": "web-5"}, id="no point of its own"),
        pytest.param(5, ("data",), {"web": "web-5"}, id="a point of the same night"),
        pytest.param(100, ("data",), {"web": "web-5"}, id="an older one"),
        pytest.param(
            2, ("web-disk-1",), {"web": "web-5", "data": "data-2"}, id="a newer one of its own"
        ),
    ],
)
def test_disk_comes_back_from_the_newer_of_its_own_point_and_its_instances(
    hours_of_own: int | None, disks: tuple[str, ...], expected: dict[str, str]
) -> None:
    own = (a_copy(DATA, hours=hours_of_own),) if hours_of_own else ()

    plan = planned(with_disks(a_copy(), "data"), *own)

    (web,) = [each for each in plan if isinstance(each, Restore) and each.target == "web"]
    assert (created(plan), web.disks) == (expected, disks)
    to_do = web.action.tags["snapshotter:to-do"]
    numbered = {None: "firewall", 2: "firewall disks"}.get(hours_of_own, "firewall disks:1")
    assert to_do == numbered


def test_disk_that_two_instances_had_comes_with_the_newer_point_alone() -> None:
    other = a_resource("shop")
    plan = planned(with_disks(a_copy(), "data"), with_disks(a_copy(other, hours=9), "data"))

    disks = {each.target: each.disks for each in plan if isinstance(each, Restore)}
    assert disks == {"web": ("data",), "shop": ("shop-disk-1",)}


def test_all_that_one_event_makes_is_in_one_zone_where_none_has_a_zone_there() -> None:
    elsewhere = {"snapshotter:zone": "eu-central-1a"}
    plan = planned(a_copy(more=elsewhere), a_copy(DATA), a_copy(a_resource("shop"), more={}))

    assert {each.zone for each in plan if isinstance(each, Restore)} == {"us-east-1a"}


def test_databases_left_behind_are_named_with_what_to_do() -> None:
    inventory = Inventory(
        {EAST: RegionInventory((), (replace(a_copy(DB), region=EAST),))},
        {OTHER_REGION: ErrorInfo("AccessDeniedException", "It is denied.")},
    )
    request = a_restore_event(all=True, region=WEST)

    outcomes = list(databases_left_behind(inventory, request, "nightly"))

    why = "Lightsail cannot copy database snapshots to another region"
    assert {each.status for each in outcomes} == {"refused"}
    assert {each.resource_type for each in outcomes} == {DATABASE.name}
    assert [(each.region, each.resource, each.error) for each in outcomes] == [
        (
            OTHER_REGION,
            None,
            ErrorInfo(
                "NotCopied",
                f"eu-central-1: it cannot be read (It is denied), so its databases are not known, "
                f"and {why}",
                "Restore them there when the region is back, or import a dump of your own",
            ),
        ),
        (
            EAST,
            "db",
            ErrorInfo(
                "NotCopied",
                f"db: {why}, so it is not restored in us-west-2",
                "Restore db-5 in us-east-1, or import a dump of your own into a new database",
            ),
        ),
    ]
