"""Regions do not wait for each other, and in each region what is due comes first."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import pytest

from lightsail_moto import Control
from snapshotter.model.names import to_iso
from tests.integration.conftest import Deploy
from tests.integration.deployment import Deployment
from tests.support.accounts import (
    DAY,
    EAST,
    EUROPE,
    NIGHT,
    SELECTED,
    add_copy,
    add_history,
    add_point,
    name_of,
)
from tests.support.virtual_time import VirtualContext, virtual_time

NAME = "web-20260302T045000Z"
PARAMETERS = {
    "Regions": f"{EAST},{EUROPE}",
    "CopyToRegions": f"{EAST},{EUROPE}",
    "Retention": "daily=2",
    "RecoveryPointObjectiveHours": "20",
}
EVENT = {"action": "sweep", "scheduledTime": to_iso(NIGHT)}
DOWN: Mapping[str, dict[str, Any]] = {
    "hanging": {"timeout_s": 15.0},
    "down": {"http_status": 503},
    "closing": {"drop_connection": True},
}
WORK = {
    "create web": {NAME},
    "copy web": {f"web-20260301T045000Z-{EUROPE}"},
    "tag web": {f"web-20260301T045000Z-{EUROPE}"},
    "delete web": {"web-20260227T045000Z"},
}
"""What a night has to do in EAST: a create, a copy with its tags, and a delete."""


@pytest.fixture
def fleet(lightsail: Control, deploy: Deploy) -> Deployment:
    """In each of two regions a server with three points; the newest is not copied yet."""
    for region in (EAST, EUROPE):
        web = lightsail.seed.add_instance("web", region, tags=SELECTED)
        for days in (3, 2, 1):
            point = add_point(lightsail, web, NIGHT - days * DAY, retention="daily=2")
            if days == 2:
                add_copy(lightsail, point, EUROPE if region == EAST else EAST)
    return deploy(**PARAMETERS)


def run(stack: Deployment, seconds: float = 900) -> str:
    """Run a sweep that must fail, in virtual time; returns the message."""
    with virtual_time() as time:
        context = VirtualContext(time, seconds)
        message = stack.failing(EVENT, context)
    assert context.left_s() > 0
    return message


def done_in(lightsail: Control, region: str) -> dict[str, set[str]]:
    """The names of what was written in a region, by operation and resource."""
    found: dict[str, set[str]] = {}
    for call in lightsail.calls:
        if call.region == region and call.outcome == "ok" and not call.operation.startswith("Get"):
            given = call.parameters
            names = [
                given[key] for key in given if key not in ("instanceName", "sourceRegion", "tags")
            ]
            what = call.operation.removesuffix("InstanceSnapshot").removesuffix("Snapshot")
            found.setdefault(f"{what.removesuffix('Resource').lower()} web", set()).add(names[-1])
    return found


def order_in(lightsail: Control, region: str) -> list[str]:
    """The operations in a region, without repetitions."""
    return [
        operation
        for operation, _ in groupby(c.operation for c in lightsail.calls if c.region == region)
    ]


def test_in_each_region_creates_come_first_then_copies_tags_deletes_and_last_what_failed(
    lightsail: Control, fleet: Deployment
) -> None:
    for region in (EAST, EUROPE):
        lost = lightsail.seed.add_instance("api", region, tags=SELECTED)
        point = add_point(lightsail, lost, NIGHT - 2 * DAY)
        add_copy(lightsail, point, EUROPE if region == EAST else EAST, tagged=False)
        add_point(lightsail, lost, NIGHT - DAY, state="error")

    run(fleet)

    for region in (EAST, EUROPE):
        calls = order_in(lightsail, region)
        assert calls[calls.index("CreateInstanceSnapshot") :] == [
            "CreateInstanceSnapshot",
            "CopySnapshot",
            "TagResource",
            "DeleteInstanceSnapshot",
            "GetOperationsForResource",
        ]


@pytest.mark.parametrize("operation", [None, "CreateInstanceSnapshot"], ids=["all", "creates"])
@pytest.mark.parametrize("way", DOWN)
def test_a_region_that_is_down_costs_the_other_nothing(
    lightsail: Control, fleet: Deployment, way: str, operation: str | None
) -> None:
    lightsail.inject(operation, region=EUROPE, times=None, **DOWN[way])

    run(fleet)

    done = done_in(lightsail, EAST)
    assert (done["create web"], done["delete web"]) == (WORK["create web"], WORK["delete web"])
    if operation:
        assert done == WORK


def test_creates_that_hang_in_one_region_keep_no_copy_or_delete_of_the_other_from_its_turn(
    lightsail: Control, fleet: Deployment
) -> None:
    for number in range(200):
        lightsail.seed.add_instance(f"api-{number:03}", EUROPE, tags=SELECTED)
    lightsail.page_size = 1000
    lightsail.inject("CreateInstanceSnapshot", region=EUROPE, times=None, timeout_s=15.0)

    message = run(fleet)

    assert "time ran out" in message
    assert done_in(lightsail, EAST) == WORK


def test_snapshots_that_failed_cost_no_create_its_turn(lightsail: Control, deploy: Deploy) -> None:
    """A hundred series whose newest snapshot is in error, at three requests in two seconds."""
    names = [f"web-{number:03}" for number in range(100)]
    for name in names:
        web = lightsail.seed.add_instance(name, tags=SELECTED)
        add_history(lightsail, web, retention="daily=2", ages=[2])
        add_point(lightsail, web, NIGHT - DAY, state="error")
    lightsail.page_size = 1000
    lightsail.rate_limit(1.5)
    lightsail.latency_s = 0.1

    message = run(deploy(Retention="daily=2"), seconds=150)

    assert "100 created, 100 failed" in message
    made = {name for names in done_in(lightsail, EAST).values() for name in names}
    assert made >= {name_of(name, NIGHT) for name in names}
