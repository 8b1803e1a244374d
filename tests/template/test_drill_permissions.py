"""Drills: created from recovery points of ours with a mark, and deleted only with that mark."""

from collections.abc import Mapping

import pytest

from tests.support.role import Role
from tests.template.iam import (
    DRILL,
    KINDS,
    OURS,
    RESTORED,
    RESTORES,
    SNAPSHOTS,
    THEIRS,
    arn,
    may,
    readings,
)
from translate.stack import Stack

NOT_A_DRILL_OF_OURS: list[Mapping[str, str]] = [
    {},
    OURS,
    RESTORED,
    {"snapshotter:drill": "x"},
    {**DRILL, "snapshotter:policy": "another"},
]
PASSED = {
    "snapshotter:policy": "snapshotter",
    "snapshotter:verified": "2026-11-23T05:50:00Z",
    "snapshotter:recovery-seconds": "1800",
}
FAILED = {
    "snapshotter:policy": "snapshotter",
    "snapshotter:drill-failed": "2026-11-23T07:50:00Z",
}


@pytest.fixture
def role() -> Role:
    return Role.from_template({"EnableRestore": "true", "CopyToRegions": "us-west-2"})


@pytest.mark.parametrize(("kind", "create"), RESTORES.items())
def test_a_drill_is_created_only_from_a_snapshot_of_ours_in_a_protected_region(
    role: Role, kind: str, create: str
) -> None:
    west = arn(kind, "us-west-2")

    assert may(role, create, [arn(kind)], request=DRILL, resource=OURS)
    assert not may(role, create, [arn(kind)], request=DRILL)
    assert not may(role, create, [arn(kind)], request=DRILL, resource=THEIRS)
    assert not may(role, create, [west], request=DRILL, resource=OURS, region="us-west-2")


@pytest.mark.parametrize("kind", KINDS)
def test_the_tags_of_a_drill_are_allowed_on_whatever_iam_sees(role: Role, kind: str) -> None:
    for resource in readings(kind):
        assert may(role, "TagResource", [resource], request=DRILL)
    for resource in readings(kind, "us-west-2"):
        assert not may(role, "TagResource", [resource], request=DRILL, region="us-west-2")


@pytest.mark.parametrize("kind", KINDS)
def test_a_restored_resource_or_one_of_another_policy_cannot_be_marked_as_a_drill(
    role: Role, kind: str
) -> None:
    on = [arn(kind)]

    assert may(role, "TagResource", on, request=DRILL, resource={"team": "shop"})
    assert may(role, "TagResource", on, request=DRILL, resource=OURS)
    assert not may(role, "TagResource", on, request=DRILL, resource=RESTORED)
    assert not may(role, "TagResource", on, request=DRILL, resource=THEIRS)
    assert not may(role, "TagResource", on, request={**DRILL, **RESTORED}, resource=RESTORED)
    assert not may(role, "TagResource", on, request={"snapshotter:drill": "x"})


@pytest.mark.parametrize("kind", SNAPSHOTS)
@pytest.mark.parametrize("result", [PASSED, FAILED])
def test_a_result_is_written_only_on_a_recovery_point_of_ours(
    role: Role, kind: str, result: Mapping[str, str]
) -> None:
    on = [arn(kind)]

    assert may(role, "TagResource", on, request=result, resource=OURS)
    assert not may(role, "TagResource", on, request=result)
    assert not may(role, "TagResource", on, request=result, resource=THEIRS)
    assert not may(
        role, "TagResource", on, request={**result, "snapshotter:policy": "another"}, resource=OURS
    )
    assert not may(
        role, "TagResource", on, request={**result, "snapshotter:retention": "x"}, resource=OURS
    )
    assert not may(role, "TagResource", [arn("Instance")], request=result, resource=OURS)


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_drill_of_ours_is_deleted(role: Role, kind: str) -> None:
    assert may(role, f"Delete{kind}", [arn(kind)], resource=DRILL)
    assert not may(role, f"Delete{kind}", [arn(kind)], resource=DRILL, region="us-west-2")
    for tags in NOT_A_DRILL_OF_OURS:
        assert not may(role, f"Delete{kind}", [arn(kind)], resource=tags)


@pytest.mark.parametrize("action", ["PutInstancePublicPorts", "CloseInstancePublicPorts"])
def test_only_the_firewall_of_a_drill_of_ours_is_changed(role: Role, action: str) -> None:
    assert may(role, action, [arn("Instance")], resource=DRILL)
    for tags in NOT_A_DRILL_OF_OURS:
        assert not may(role, action, [arn("Instance")], resource=tags)


@pytest.mark.parametrize("kind", SNAPSHOTS)
def test_a_snapshot_with_a_drills_mark_is_not_deleted(role: Role, kind: str) -> None:
    assert not may(role, f"Delete{kind}", [arn(kind)], resource={"snapshotter:drill": "x"})


@pytest.mark.parametrize(
    ("parameters", "scheduled"),
    [
        ({}, False),
        ({"EnableRestore": "true"}, False),
        ({"DrillExpression": "rate(7 days)"}, False),
        ({"EnableRestore": "true", "DrillExpression": "rate(7 days)"}, True),
    ],
)
def test_drills_are_scheduled_only_if_they_are_allowed_and_have_an_expression(
    parameters: dict[str, str], scheduled: bool
) -> None:
    assert ("DrillSchedule" in Stack(parameters).resources("AWS::Scheduler::Schedule")) is scheduled
