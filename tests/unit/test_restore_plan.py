"""What a restore is made of: chosen, checked and spelled without a single call."""

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


def chosen(inventory: Inventory, **order: Any) -> str:
    """Choose; the name of the point, or the code of the refusal."""
    found = choose(inventory, RestoreRequest(**order), "nightly")
    if isinstance(found, OwnSnapshot):
        return found.name
    assert found.error is not None
    return found.error.code


def planned(
    point: Snapshot, *, there: tuple[Resource, ...] = (WEB,), settings: Any = None, **order: Any
) -> RestoreResource | Outcome:
    return plan_restore(
        read(point),
        RestoreRequest(**order),
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


def test_original_is_chosen_before_its_copy_and_the_copy_when_that_is_all_there_is() -> None:
    original = a_point("web-1", hours=9)
    copy = replace(a_point("web-2", hours=5), region=WEST)

    assert chosen(an_inventory(original, copy), resource="web") == "web-1"
    assert chosen(an_inventory(copy), resource="web") == "web-2"


def test_source_that_was_deleted_is_restored_as_well() -> None:
    assert chosen(an_inventory(a_point(), resources=()), resource="web") == "web-1"


def test_namesakes_in_two_regions_are_not_chosen_between() -> None:
    there = a_resource("web", region=WEST)
    both = an_inventory(a_point("a"), a_point("a", of=there), resources=(WEB, there))

    assert chosen(both, resource="web") == "Ambiguous"
    assert chosen(both, snapshot="a") == "Ambiguous"


def test_region_that_cannot_be_read_may_hold_what_is_wanted() -> None:
    read_so_far = Inventory({WEST: RegionInventory()}, {EAST: ErrorInfo("AccessDenied", "no")})

    assert chosen(read_so_far, resource="web") == "RegionUnreadable"
    assert chosen(read_so_far, resource="web", region=WEST) == "NoRecoveryPoint"


def test_restore_takes_zone_bundle_and_tags_from_where_the_point_came() -> None:
    tags = {"snapshot": "gold", "team": "shop", "aws:x": "y", **a_point().tags}

    action = an_action(replace(a_point(), tags=tags))

    assert (action.target, action.zone) == ("web-restored-20261122T235000Z", "us-east-1b")
    assert (action.bundle_id, action.tags) == (
        "old",
        {"team": "shop", "snapshotter:restored": "web-1"},
    )


def test_protected_restore_is_selected_as_the_stack_selects() -> None:
    settings = some_settings(SELECTION_TAG_VALUE="gold")

    assert an_action(a_point(), protect=True, settings=settings).tags["snapshot"] == "gold"
    assert "snapshot" not in an_action(a_point(), settings=settings).tags


def test_first_zone_is_taken_where_the_source_is_not() -> None:
    assert an_action(a_point(), there=()).zone == "us-east-1a"


def test_zones_are_looked_up_only_where_they_matter() -> None:
    web, nothing = RegionInventory((WEB,)), RegionInventory()
    db = read(a_point("db-1", of=a_resource("db", kind=DATABASE)))

    assert not needs_zones(read(a_point()), RestoreRequest(), web)
    assert needs_zones(read(a_point()), RestoreRequest(), nothing)
    assert needs_zones(read(a_point()), RestoreRequest(zone="us-east-1a"), web)
    assert not needs_zones(db, RestoreRequest(), nothing)


@pytest.mark.parametrize(
    ("bundle", "said"),
    [
        ("nano", "'nano' has a disk of 20 GB, and web-1 needs 40 GB: give one of small, or"),
        ("huge", "'huge' is no bundle of us-east-1, and web-1 needs 40 GB: give one of small, or"),
    ],
)
def test_bundle_that_will_not_do_is_refused_with_those_that_would(bundle: str, said: str) -> None:
    error = a_refusal(a_point(), bundle_id=bundle)

    assert error.code == "InvalidBundle"
    assert error.message.startswith(said)


def test_bundle_has_to_be_named_where_the_snapshot_does_not() -> None:
    unknown = replace(a_point(), from_bundle=None)

    assert a_refusal(unknown).message.endswith("give one by bundleId")
    assert an_action(unknown, bundle_id="nano").bundle_id == "nano"


def test_name_of_a_disk_that_comes_along_may_not_be_taken_either() -> None:
    point = replace(a_point(), attached=(AttachedDisk("/dev/xvdf", "logs"),))
    other = a_resource("web-2-disk-1", kind=DISK)

    assert a_refusal(point, name="web-2", there=(WEB, other)).code == "NameTaken"
    assert list(an_action(point, name="web-2").disks) == ["web-2-disk-1"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_restore_is_spelled_as_the_api_wants_it(kind: Kind) -> None:
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
    spelled = arguments(an_action(point, name="web-2"))
    shape = service.operation_model(operations[kind.restoring.method]).input_shape

    assert shape is not None
    assert set(spelled) <= set(shape.members)
    assert not ParamValidator().validate(spelled, shape).has_errors()
