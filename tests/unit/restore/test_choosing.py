"""Which recovery point an event means: by the ARN of its source, originals and copies alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo
from snapshotter.model.resource import Inventory
from snapshotter.model.snapshot import Snapshot
from snapshotter.restore.choosing import choose
from tests.unit.builders import EAST, WEST, a_resource, hours_ago
from tests.unit.restore.restores import WEB, a_copy, a_point, a_restore_event, an_inventory


def chosen(inventory: Inventory, **keys: Any) -> str:
    """The region and name of the point, or the code of the refusal."""
    found = choose(inventory, a_restore_event(**keys), "nightly")
    if isinstance(found, Snapshot):
        return f"{found.region}/{found.name}"
    assert found.status == "failed"
    return found.error.code if found.error else ""


def iso(hours: float) -> str:
    return hours_ago(hours).isoformat()


def test_newest_ready_point_of_ours_is_chosen() -> None:
    inventory = an_inventory(
        a_point("old", hours=9),
        a_point("newer", hours=5),
        a_point("pending", hours=1, status=Status.PENDING),
        a_point("failed", hours=2, status=Status.FAILED),
        a_point("by-hand", hours=3, tags={}),
        a_point("another-policy-s", hours=3, policy="another"),
    )

    assert chosen(inventory, resource="web") == "us-east-1/newer"
    assert chosen(inventory, resource="web", asOf=iso(9)) == "us-east-1/old"
    assert chosen(inventory, resource="web", foreign=True) == "us-east-1/by-hand"
    assert chosen(inventory, resource="nobody") == "NoRecoveryPoint"
    assert chosen(inventory, resource="web", asOf=iso(10)) == "NoRecoveryPoint"
    assert chosen(inventory, snapshot="pending") == "NotReady"
    assert chosen(inventory, snapshot="by-hand") == "NotOurs"
    assert chosen(inventory, snapshot="by-hand", foreign=True) == "us-east-1/by-hand"
    assert chosen(inventory, snapshot="nothing") == "NoSuchSnapshot"


@pytest.mark.parametrize(
    ("hours_of_originals", "keys", "expected"),
    [
        pytest.param((5, 9), {}, "us-east-1/web-5", id="an original of the same time"),
        pytest.param((9,), {}, "us-west-2/web-5", id="a copy that is newer"),
        pytest.param((), {}, "us-west-2/web-5", id="a copy without originals"),
        pytest.param((5,), {"asOf": iso(7)}, "us-west-2/web-8", id="a copy at that time"),
    ],
)
def test_copies_count_like_originals_and_the_original_wins_at_the_same_time(
    hours_of_originals: tuple[int, ...], keys: dict[str, str], expected: str
) -> None:
    originals = [a_point(f"web-{hours}", hours=hours) for hours in hours_of_originals]

    inventory = an_inventory(*originals, a_copy(hours=5), a_copy(hours=8))

    assert chosen(inventory, resource="web", **keys) == expected


def test_points_of_two_sources_of_one_name_are_ambiguous_and_the_newest_of_each_is_listed() -> None:
    """A source is told apart by its ARN, also in one region, and also where both are copies."""
    before = replace(WEB, arn=f"{WEB.arn}-before")
    inventory = an_inventory(a_point("new"), a_point("old", of=before, hours=99), a_copy())

    refused = choose(inventory, a_restore_event(resource="web"), "nightly")

    assert not isinstance(refused, Snapshot)
    assert refused.error == ErrorInfo(
        "Ambiguous",
        "web: more than one resource of this name has recovery points, so none was restored. The "
        f"newest of each: new in us-east-1 of 2026-11-22T23:50:00Z, of {WEB.arn}; old in us-east-1 "
        f"of 2026-11-19T01:50:00Z, of {before.arn}",
        'Choose one with "snapshot", and "region" where it is not the only one of its name',
    )
    assert chosen(inventory, snapshot="old") == "us-east-1/old"
    assert chosen(inventory, resource="web", asOf=iso(50)) == "us-east-1/old"
    other = a_resource("web", region="eu-central-1")
    copies = an_inventory(a_copy(), a_copy(other, hours=6))
    assert chosen(copies, resource="web", region=WEST) == "Ambiguous"


def test_snapshots_of_one_name_in_two_regions_need_a_region() -> None:
    both = an_inventory(a_point("same"), a_point("same", region=WEST))

    assert chosen(both, snapshot="same") == "Ambiguous"


def test_region_that_cannot_be_read_may_have_the_newest_point() -> None:
    inventory = an_inventory(a_copy(), unreadable={EAST: ErrorInfo("Down", "It is down.")})

    assert chosen(inventory, resource="web") == "RegionUnreadable"
    assert chosen(inventory, resource="web", region=WEST) == "us-west-2/web-5"
