"""The restore of a whole region: what is restored, from which point, and under which name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from snapshotter.inputs.request import RestoreRequest
from snapshotter.model.inventory import (
    AttachedDisk,
    Bundle,
    Inventory,
    RegionInventory,
    Resource,
    Snapshot,
)
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.plan.restores import RestoreResource
from snapshotter.restore.checks import Offers
from snapshotter.restore.region import not_copied, plan_region
from tests.unit.builders import EAST, WEST, a_resource, a_snapshot, hours_ago, some_settings

WEB, DATA = a_resource("web"), a_resource("data", kind=DISK)
DB = a_resource("db", kind=DATABASE)
SMALL = {"small": Bundle("small", 60, True, 12.0)}
OFFERS = {
    INSTANCE.name: Offers(("us-west-2a",), SMALL),
    DISK.name: Offers(("us-west-2a",)),
    DATABASE.name: Offers((), SMALL),
}


def a_copy(of: Resource, hours: float = 5, *, name: str | None = None, **given: Any) -> Snapshot:
    """A snapshot in us-west-2, of a resource that is in us-east-1 unless it is given."""
    name = name or f"{of.name}-{hours:g}"
    bundle = None if of.kind is DISK else "small"
    attached = given.pop("attached", ())
    snapshot = a_snapshot(name, of=of, at=hours_ago(hours), region=WEST, **given)
    return replace(snapshot, from_bundle=bundle, attached=attached)


def planned(
    *snapshots: Snapshot, there: tuple[Resource, ...] = (), **request: Any
) -> list[RestoreResource | Outcome]:
    return list(
        plan_region(
            RegionInventory(there, snapshots),
            RestoreRequest(everything=True, region=WEST, **request),
            OFFERS,
            some_settings(),
        )
    )


def created(plan: list[RestoreResource | Outcome]) -> Mapping[str, str]:
    """By the name of what would be created, the recovery point."""
    return {each.target: each.name for each in plan if isinstance(each, RestoreResource)}


def reported(plan: list[RestoreResource | Outcome]) -> list[tuple[str, str | None, str | None]]:
    """Status, resource and reason or message of what is not restored."""
    return [
        (each.status, each.resource, each.error.message if each.error else each.reason)
        for each in plan
        if isinstance(each, Outcome)
    ]


def test_newest_point_of_each_series_is_restored_under_the_name_of_its_source() -> None:
    here = a_resource("db", kind=DATABASE, region=WEST)
    plan = planned(a_copy(DATA), a_copy(WEB, 9), a_copy(WEB), a_copy(here))

    assert list(created(plan).items()) == [("web", "web-5"), ("data", "data-5"), ("db", "db-5")]
    assert reported(plan) == []


def test_points_after_the_time_and_those_that_are_not_ready_or_not_ours_are_passed_over() -> None:
    snapshots = (
        a_copy(WEB, 9),
        a_copy(WEB, 5),
        a_copy(WEB, 1, status=Status.PENDING),
        a_copy(DATA, tags={}),
    )

    assert created(planned(*snapshots)) == {"web": "web-5"}
    assert created(planned(*snapshots, as_of=hours_ago(6))) == {"web": "web-9"}
    assert reported(planned(*snapshots, as_of=hours_ago(10))) == [
        (
            "failed",
            "web",
            "web: there is no ready recovery point at or before 2026-11-22T18:50:00Z in us-west-2",
        )
    ]


def test_name_that_is_taken_is_left_alone_whatever_has_it_and_in_whatever_state() -> None:
    there = (
        a_resource("web", region=WEST, state="stopped"),
        a_resource("data", kind=INSTANCE, region=WEST, state="running"),
    )
    other = a_snapshot("db", of=a_resource("x", region=WEST), at=hours_ago(1), tags={})

    plan = planned(a_copy(WEB), a_copy(DATA), a_copy(DB), other, there=there)

    assert created(plan) == {}
    assert reported(plan) == [
        ("exists", "web", "left alone: its state is stopped"),
        ("exists", "data", "left alone: its state is running"),
        ("exists", "db", "left alone: something has its name"),
    ]


def test_resource_that_exists_without_a_ready_point_is_no_failure() -> None:
    there = a_resource("web", region=WEST, state="running")

    plan = planned(a_copy(WEB, status=Status.PENDING), there=(there,))

    assert reported(plan) == [("exists", "web", "left alone: its state is running")]


def test_of_two_resources_of_one_name_the_one_with_the_newer_point_is_restored() -> None:
    later = replace(WEB, arn=f"{WEB.arn}-2")

    plan = planned(a_copy(WEB, 9), a_copy(later, 5))

    assert created(plan) == {"web": "web-5"}
    assert reported(plan) == [("exists", "web", "left alone: it is restored from web-5")]


def test_disks_come_back_with_their_instance_under_their_own_names() -> None:
    attached = (AttachedDisk("/dev/xvdf", "data"), AttachedDisk("/dev/xvdg", "logs"))

    plan = planned(a_copy(WEB, attached=attached), a_copy(DATA))

    assert created(plan) == {"web": "web-5"}
    (web, _) = plan
    assert isinstance(web, RestoreResource)
    assert {name: disk.path for name, disk in web.disks.items()} == {
        "data": "/dev/xvdf",
        "logs": "/dev/xvdg",
    }
    assert reported(plan) == [("exists", "data", "left alone: it is restored with web")]


def test_disks_have_new_names_if_one_of_theirs_is_taken() -> None:
    attached = (AttachedDisk("/dev/xvdf", "data"), AttachedDisk("/dev/xvdg", "logs"))

    (web,) = planned(
        a_copy(WEB, attached=attached), there=(a_resource("logs", kind=DISK, region=WEST),)
    )

    assert isinstance(web, RestoreResource)
    assert set(web.disks) == {"web-disk-1", "web-disk-2"}


def test_resources_that_are_named_are_restored_and_no_others() -> None:
    plan = planned(a_copy(WEB), a_copy(DATA), resources=("data", "nobody"))

    assert created(plan) == {"data": "data-5"}
    assert reported(plan) == [
        ("failed", "nobody", "nobody: there is no recovery point of this name in us-west-2")
    ]


def test_bundle_and_price_are_part_of_the_reason() -> None:
    unknown = replace(a_copy(DB), from_bundle="older")

    web, data, db = planned(a_copy(WEB), a_copy(DATA), unknown)

    assert [each.reason.rpartition("; ")[2] for each in (web, data, db) if each.reason] == [
        "bundle small, 12 USD a month",
        "20 GB of disk",
        "bundle older, ? USD a month",
    ]


def test_databases_of_the_lost_region_are_named_with_what_to_do() -> None:
    inventory = Inventory(
        {EAST: RegionInventory((), (replace(a_copy(DB), region=EAST),))},
        {"eu-central-1": ErrorInfo("AccessDeniedException", "It is denied.")},
    )

    outcomes = list(
        not_copied(
            inventory,
            (EAST, "eu-central-1"),
            RestoreRequest(everything=True, region=WEST),
            "nightly",
        )
    )

    assert [(each.region, each.status, each.resource, each.error) for each in outcomes] == [
        (
            EAST,
            "refused",
            "db",
            ErrorInfo(
                "NotCopied",
                "db: Lightsail cannot copy database snapshots to another region, so it is not "
                "restored in us-west-2. Restore db-5 in us-east-1, or import a dump of your own "
                "into a new database",
            ),
        ),
        (
            "eu-central-1",
            "refused",
            None,
            ErrorInfo(
                "NotCopied",
                "eu-central-1: it cannot be read (It is denied), so its databases are not known. "
                "Lightsail cannot copy database snapshots to another region. Restore them there "
                "when the region is back, or import a dump of your own",
            ),
        ),
    ]
