"""The report of a large fleet, and what a report counts as stale, proven and in force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from snapshotter.model.kinds import Status
from snapshotter.model.resource import Resource
from snapshotter.model.snapshot import Snapshot
from tests.unit.report.worlds import EAST, EUROPE, point, server, wanting, world

LAMBDA_LIMIT = 6 * 1024 * 1024
"""Source: AWS, Lambda quotas: the payload of a synchronous response."""


def a_fleet(resources: int, points: int) -> Iterator[Resource | Snapshot]:
    for number in range(resources):
        source = server(f"web-{number:03}")
        yield source
        yield from (point(source, 24 * age + 1) for age in range(points))


def points(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [point for each in answer["resources"] for point in each["points"]]


def test_report_of_300_resources_with_30_000_points_fits_and_drops_the_oldest_points() -> None:
    report = world(*a_fleet(300, 100)).report()

    answer = report.answer("the letter")

    assert len(json.dumps(answer)) < LAMBDA_LIMIT
    assert answer["truncated"] == 30_000 - len(points(answer)) > 0
    assert len(answer["resources"]) == 300
    assert answer["summary"]["recoveryPoints"] == 30_000
    # Each resource has lost its oldest points alone, and about as many as every other.
    left = {len(each["points"]) for each in answer["resources"]}
    assert max(left) - min(left) <= 1
    for each, whole in zip(answer["resources"], report.resources, strict=True):
        assert each["points"] == list(whole["points"][: len(each["points"])])


def test_report_that_fits_is_complete() -> None:
    answer = world(*a_fleet(3, 100)).report().answer("the letter")

    assert len(points(answer)) == 300
    assert "truncated" not in answer


def test_things_that_need_attention_have_all_that_a_letter_says() -> None:
    (item,) = world(wanting(keep="x"), point(server(), 5)).report().answer("")["attention"]

    assert item == {
        "what": 'web-1 (instance, us-east-1): the tag "snapshot:keep" has the value "x": "x" is '
        "not a rule.",
        "do": 'Correct the tag "snapshot:keep".',
        "details": [
            "Nothing of this resource is pruned or copied until the tag is corrected; snapshots "
            "are taken as before.",
            "Accepted: words like daily=7 weekly=4 monthly=12; the reference explains them.",
        ],
        "region": EAST,
        "resourceType": "Instance",
        "resource": "web-1",
    }

    (stale,) = world(server()).report().answer("")["attention"]
    assert stale["details"] == [
        "Why: this stack has no snapshot of it in us-east-1.",
        "The function tries again every hour.",
    ]


def test_resource_without_a_snapshot_is_reported_with_its_retention() -> None:
    assert world(server()).report().resources == (
        {
            "region": EAST,
            "resourceType": "Instance",
            "resource": "web-1",
            "protection": "protected",
            "retention": "daily=7 weekly=4",
            "stale": True,
            "points": (),
        },
    )


def test_pending_and_failed_snapshots_are_points_but_count_as_none() -> None:
    statuses = (Status.PENDING, Status.FAILED, Status.UNKNOWN, Status.READY)
    found = [point(server(), age, status=status) for age, status in enumerate(statuses)]

    report = world(server(), *found).report()

    shown = [
        (each["status"], each["keep"], each["reason"]) for each in report.resources[0]["points"]
    ]
    assert shown == [
        ("pending", True, "pending"),
        ("failed", True, "failed"),
        ("unknown", True, "unknown"),
        ("ready", True, "newest, daily, weekly"),
    ]
    assert (report.summary["recoveryPoints"], report.summary["storageGb"]) == (1, 20)


def test_source_in_a_region_that_was_not_read_is_unknown_and_its_copies_are_kept() -> None:
    """Because it cannot be read, or because it is not among Regions any more."""
    far = server("far", region="ap-south-1")
    there = world(
        *(point(server(), 2, region=EUROPE), replace(point(far, 2, region=EUROPE))),
        *(server("x", region=EUROPE),),
        REGIONS=f"{EAST},{EUROPE}",
        COPY_TO_REGIONS=EUROPE,
        unreadable={EAST: "Rate exceeded"},
    )

    report = there.report()

    assert [(r["resource"], r["protection"], len(r["points"])) for r in report.resources] == [
        ("x", "protected", 0),
        ("web-1", "unknown", 1),
        ("far", "unknown", 1),
    ]
    kept = [(each["keep"], each["reason"]) for each in points(report.answer(""))]
    assert kept == [(True, "us-east-1 was not read"), (True, "ap-south-1 was not read")]
    assert report.summary["unknown"] == 2


def test_age_is_never_negative() -> None:
    (resource,) = world(server(), point(server(), -0.1)).report().resources

    assert resource["ageHours"] == 0
