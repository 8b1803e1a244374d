"""Restores are chosen, checked and planned without any call."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.validate import ParamValidator

from snapshotter.inputs.request import RestoreRequest
from snapshotter.model.inventory import (
    AttachedDisk,
    Bundle,
    Inventory,
    RegionInventory,
    Resource,
    Snapshot,
)
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE, KINDS, Kind, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.series import OwnSnapshot, read
from snapshotter.plan.restores import RestoreResource, arguments
from snapshotter.restore.checks import Offers
from snapshotter.restore.choose import choose
from snapshotter.restore.plan import needs_zones, plan_restore
from tests.unit.builders import (
    EAST,
    WEST,
    a_resource,
    a_snapshot,
    hours_ago,
    some_settings,
)

WEB = replace(a_resource("web"), zone="us-east-1b")
BUNDLES = {
    name: Bundle(name, gb, active)
    for name, gb, active in (("nano", 20, True), ("old", 40, False), ("small", 60, True))
}
OFFERS = Offers(("us-east-1a", "us-east-1b"), BUNDLES)


def a_point(name: str = "web-1", *, of: Resource = WEB, hours: float = 5, **given: Any) -> Snapshot:
    snapshot = a_snapshot(name, of=of, at=hours_ago(hours), **given)
    return replace(snapshot, from_bundle="old" if of.kind is not DISK else None)


def an_inventory(*snapshots: Snapshot, resources: tuple[Resource, ...] = (WEB,)) -> Inventory:
    return Inventory(
        {
            region: RegionInventory(
                tuple(each for each in resources if each.region == region),
                tuple(each for each in snapshots if each.region == region),
            )
            for region in (EAST, WEST)
        }
    )


def chosen(inventory: Inventory, **request: Any) -> str:
    """The name of the chosen recovery point, or the code of the refusal."""
    found = choose(inventory, RestoreRequest(**request), "nightly")
    if isinstance(found, OwnSnapshot):
        return found.name
    assert found.error is not None
    return found.error.code


def planned(
    point: Snapshot, *, there: tuple[Resource, ...] = (WEB,), settings: Any = None, **request: Any
) -> RestoreResource | Outcome:
    return plan_restore(
        read(point),
        RestoreRequest(**request),
        RegionInventory(there, (point,)),
        OFFERS,
        settings or some_settings(),
    )


def an_action(point: Snapshot, **given: Any) -> RestoreResource:
    action = planned(point, **given)
    assert isinstance(action, RestoreResource)
    return action


def a_refusal(point: Snapshot, **given: Any) -> ErrorInfo:
    outcome = planned(point, **given)
    assert isinstance(outcome, Outcome)
    assert outcome.error is not None
    return outcome.error


def test_newest_ready_point_of_ours_is_chosen() -> None:
    snapshots = (
        a_point("old", hours=9),
        a_point("newer", hours=5),
        a_point("pending", hours=1, status=Status.PENDING),
        a_point("failed", hours=2, status=Status.FAILED),
        a_point("by-hand", hours=3, tags={}),
        a_point("another-policy-s", hours=3, policy="another"),
    )

    assert chosen(an_inventory(*snapshots), resource="web") == "newer"
    assert chosen(an_inventory(*snapshots), resource="web", as_of=hours_ago(9)) == "old"
    assert chosen(an_inventory(*snapshots), resource="web", foreign=True) == "by-hand"
    assert chosen(an_inventory(*snapshots), snapshot="pending") == "NotReady"
    assert chosen(an_inventory(*snapshots), snapshot="by-hand") == "NotOurs"


def test_originals_are_preferred_to_copies_and_a_copy_is_chosen_without_originals() -> None:
    original = a_point("web-1", hours=9)
    copy = replace(a_point("web-2", hours=5), region=WEST)

    assert chosen(an_inventory(original, copy), resource="web") == "web-1"
    assert chosen(an_inventory(copy), resource="web") == "web-2"


def test_point_of_a_deleted_source_is_chosen() -> None:
    assert chosen(an_inventory(a_point(), resources=()), resource="web") == "web-1"


def test_points_of_the_same_name_in_two_regions_are_ambiguous() -> None:
    there = a_resource("web", region=WEST)
    both = an_inventory(a_point("a"), a_point("a", of=there), resources=(WEB, there))

    assert chosen(both, resource="web") == "Ambiguous"
    assert chosen(both, snapshot="a") == "Ambiguous"


def test_unreadable_region_refuses_a_restore_that_names_no_region() -> None:
    read_so_far = Inventory({WEST: RegionInventory()}, {EAST: ErrorInfo("AccessDenied", "no")})

    assert chosen(read_so_far, resource="web") == "RegionUnreadable"
    assert chosen(read_so_far, resource="web", region=WEST) == "NoRecoveryPoint"


def test_restore_takes_zone_bundle_and_tags_of_its_source() -> None:
    tags = {"snapshot": "gold", "team": "shop", "aws:x": "y", **a_point().tags}

    action = an_action(replace(a_point(), tags=tags))

    assert (action.target, action.zone) == ("web-restored-20261122T235000Z", "us-east-1b")
    assert (action.bundle_id, action.tags) == (
        "old",
        {
            "team": "shop",
            "snapshotter:policy": "nightly",
            "snapshotter:source": WEB.arn,
            "snapshotter:restored": "web-1",
            "snapshotter:to-do": "done",
        },
    )


def test_protect_adds_the_selection_tag_of_the_stack() -> None:
    settings = some_settings(SELECTION_TAG_VALUE="gold")

    assert an_action(a_point(), protect=True, settings=settings).tags["snapshot"] == "gold"
    assert "snapshot" not in an_action(a_point(), settings=settings).tags


def test_restore_without_its_source_takes_the_first_zone() -> None:
    assert an_action(a_point(), there=()).zone == "us-east-1a"


def test_zones_are_read_only_when_they_are_needed() -> None:
    web, nothing = RegionInventory((WEB,)), RegionInventory()
    db = read(a_point("db-1", of=a_resource("db", kind=DATABASE)))

    assert not needs_zones(read(a_point()), RestoreRequest(), web)
    assert needs_zones(read(a_point()), RestoreRequest(), nothing)
    assert needs_zones(read(a_point()), RestoreRequest(zone="us-east-1a"), web)
    assert not needs_zones(db, RestoreRequest(), nothing)


@pytest.mark.parametrize(
    ("bundle", "expected"),
    [
        ("nano", "its disk has 20 GB"),
        ("huge", "us-east-1 has no such bundle"),
    ],
)
def test_unsuitable_bundle_is_refused_with_the_suitable_ones(bundle: str, expected: str) -> None:
    assert a_refusal(a_point(), bundle_id=bundle) == ErrorInfo(
        "InvalidBundle",
        f"{bundle}: {expected}, and web-1 needs 40 GB: give one of small, or leave bundleId out",
    )


def test_bundle_is_required_if_the_bundle_of_the_source_is_unknown() -> None:
    unknown = replace(a_point(), from_bundle=None)

    assert a_refusal(unknown) == ErrorInfo(
        "InvalidBundle", "web-1: the bundle of its source is unknown: give one with bundleId"
    )
    assert an_action(unknown, bundle_id="nano").bundle_id == "nano"


def test_restore_is_refused_if_the_name_of_one_of_its_disks_is_taken() -> None:
    point = replace(a_point(), attached=(AttachedDisk("/dev/xvdf", "logs"),))
    other = a_resource("web-2-disk-1", kind=DISK)

    assert a_refusal(point, name="web-2", there=(WEB, other)).code == "NameTaken"
    assert list(an_action(point, name="web-2").disks) == ["web-2-disk-1"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_arguments_of_a_restore_are_valid_in_the_api(kind: Kind) -> None:
    service = boto3.client(
        "lightsail",
        region_name=EAST,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    ).meta.service_model
    operations = {xform_name(name): name for name in service.operation_names}
    point = replace(
        a_point(of=a_resource("web", kind=kind)),
        attached=(AttachedDisk("/dev/xvdf", "logs"),) if kind is INSTANCE else (),
    )
    given = arguments(an_action(point, name="web-2"))
    shape = service.operation_model(operations[kind.restoring.method]).input_shape

    assert shape is not None
    assert set(given) <= set(shape.members)
    assert not ParamValidator().validate(given, shape).has_errors()
