"""The report of a large fleet, and what a report counts as stale, proven and in force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from snapshotter.model.inventory import Resource, Snapshot
from snapshotter.model.kinds import Status
from tests.unit.builders import a_resource, hours_ago, some_settings
from tests.unit.report.letters import EUROPE, a_copy, a_point, a_status

LAMBDA_LIMIT = 6 * 1024 * 1024
"""Source: AWS, Lambda quotas: the payload of a synchronous response."""


def a_fleet(resources: int, points: int) -> Iterator[Resource | Snapshot]:
    for number in range(resources):
        source = a_resource(f"web-{number:03}")
        yield source
        yield from (a_point(source, hours_ago(24 * age + 1)) for age in range(points))


def points(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [point for each in answer["resources"] for point in each["points"]]


def test_report_of_300_resources_with_30_000_points_fits_and_drops_the_oldest_points() -> None:
    report = a_status(*a_fleet(300, 100))

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
    answer = a_status(*a_fleet(3, 100)).answer("the letter")

    assert len(points(answer)) == 300
    assert "truncated" not in answer


def test_resource_with_nothing_but_copies_is_stale() -> None:
    web = a_resource("web-1")

    report = a_status(
        web, a_copy(web, hours_ago(2)), settings=some_settings(COPY_TO_REGIONS=EUROPE)
    )

    (resource,) = report.resources
    assert (resource["stale"], "newest" in resource) == (True, False)
    assert [each.brief for each in report.attention] == ["web-1 has no good backup yet"]


def test_resource_without_a_snapshot_is_reported_with_its_retention() -> None:
    (resource,) = a_status(a_resource("web-1")).resources

    assert resource == {
        "region": "us-east-1",
        "resourceType": "Instance",
        "resource": "web-1",
        "protection": "protected",
        "retention": "daily=7 weekly=4",
        "stale": True,
        "points": (),
    }


def test_pending_and_failed_snapshots_are_points_but_count_as_none() -> None:
    web = a_resource("web-1")
    found = [
        a_point(web, hours_ago(age), status=status)
        for age, status in enumerate((Status.PENDING, Status.FAILED, Status.UNKNOWN, Status.READY))
    ]

    report = a_status(web, *found)

    assert [each["status"] for each in report.resources[0]["points"]] == [
        "pending",
        "failed",
        "unknown",
        "ready",
    ]
    assert (report.summary["recoveryPoints"], report.summary["storageGb"]) == (1, 20)


def test_points_of_a_source_in_an_unreadable_region_are_kept_and_the_source_is_unknown() -> None:
    web = a_resource("web-1")
    settings = some_settings(REGIONS=f"us-east-1,{EUROPE}", COPY_TO_REGIONS=EUROPE)

    report = a_status(
        a_copy(web, hours_ago(2)), settings=settings, unreadable={"us-east-1": "Rate exceeded"}
    )

    (resource,) = report.resources
    (copy,) = resource["points"]
    assert (resource["region"], resource["protection"]) == ("us-east-1", "unknown")
    assert (copy["keep"], copy["reason"]) == (True, "us-east-1 was not read")
