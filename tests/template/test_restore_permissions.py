"""What EnableRestore adds to the role: to make things from snapshots, and to delete only drills."""

from collections.abc import Mapping

import pytest

from tests.support.role import Role
from tests.template.test_permissions import OURS, SNAPSHOTS, arn, may
from translate.stack import Stack

DRILL = {**OURS, "snapshotter:drill": "web-20261123T045000Z"}
RESTORED = {"snapshotter:restored": "web-20261123T045000Z", "team": "shop"}
KINDS = ["Instance", "Disk", "RelationalDatabase"]
CREATES = {
    "InstanceSnapshot": "CreateInstancesFromSnapshot",
    "DiskSnapshot": "CreateDiskFromSnapshot",
    "RelationalDatabaseSnapshot": "CreateRelationalDatabaseFromSnapshot",
}
FIREWALL = ["PutInstancePublicPorts", "CloseInstancePublicPorts"]
NOT_A_DRILL_OF_OURS: list[Mapping[str, str]] = [
    {},
    OURS,
    RESTORED,
    {"snapshotter:drill": "x"},
    {**DRILL, "snapshotter:policy": "another"},
]


@pytest.fixture
def role() -> Role:
    return Role.from_template({"EnableRestore": "true", "CopyToRegions": "us-west-2"})


def test_without_it_no_restore_is_allowed_and_nothing_but_snapshots_is_deleted() -> None:
    with_it = Role.from_template({"EnableRestore": "true"})
    without = Role.from_template()

    assert {s.sid for s in with_it.statements} - {s.sid for s in without.statements} == {
        "RestoreReads",
        "RestoreSnapshots",
        "RestoreTags",
        "DrillSnapshots",
        "DrillTags",
        "DrillFirewall",
        "DrillDeletes",
    }
    assert {s for s in without.statements if s.sid.startswith(("Restore", "Drill"))} == set()
    deletes = {action for action in without.actions("lightsail") if ":Delete" in action}
    assert all(action.endswith("Snapshot") for action in deletes)


@pytest.mark.parametrize(("kind", "create"), CREATES.items())
def test_any_snapshot_is_restored_as_something_that_says_what_it_is(
    role: Role, kind: str, create: str
) -> None:
    assert may(role, create, [arn(kind)], request=RESTORED)
    assert may(role, create, [arn(kind)], request=RESTORED, resource=OURS)
    assert may(role, create, [arn(kind, "us-west-2")], request=RESTORED, region="us-west-2")
    assert not may(role, create, [arn(kind)], request={"team": "shop"})
    assert not may(role, create, [arn(kind, "eu-west-1")], request=RESTORED, region="eu-west-1")


@pytest.mark.parametrize(("kind", "create"), CREATES.items())
def test_drill_is_made_only_of_a_snapshot_of_ours_where_sources_are(
    role: Role, kind: str, create: str
) -> None:
    west = arn(kind, "us-west-2")

    assert may(role, create, [arn(kind)], request=DRILL, resource=OURS)
    assert not may(role, create, [arn(kind)], request=DRILL)
    assert not may(role, create, [arn(kind)], request={**DRILL, **RESTORED})
    assert not may(role, create, [west], request=DRILL, resource=OURS, region="us-west-2")


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_drill_of_ours_is_deleted(role: Role, kind: str) -> None:
    assert may(role, f"Delete{kind}", [arn(kind)], resource=DRILL)
    for tags in NOT_A_DRILL_OF_OURS:
        assert not may(role, f"Delete{kind}", [arn(kind)], resource=tags)


@pytest.mark.parametrize("action", FIREWALL)
def test_only_a_drill_s_firewall_is_touched(role: Role, action: str) -> None:
    assert may(role, action, [arn("Instance")], resource=DRILL)
    for tags in NOT_A_DRILL_OF_OURS:
        assert not may(role, action, [arn("Instance")], resource=tags)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_restored_for_good_or_is_another_policy_s_cannot_be_marked_as_a_drill(
    role: Role, kind: str
) -> None:
    on, another = [arn(kind)], {**OURS, "snapshotter:policy": "another"}

    assert may(role, "TagResource", on, request=DRILL)
    assert may(role, "TagResource", on, request=RESTORED)
    assert not may(role, "TagResource", on, request=DRILL, resource=RESTORED)
    assert not may(role, "TagResource", on, request=DRILL, resource=another)
    assert not may(role, "TagResource", on, request={**DRILL, **RESTORED}, resource=RESTORED)
    assert not may(role, "TagResource", on, request=OURS)
    assert not may(role, "TagResource", on, request={"team": "shop"})


@pytest.mark.parametrize("kind", SNAPSHOTS)
def test_snapshots_are_as_safe_as_before(role: Role, kind: str) -> None:
    assert not may(role, f"Delete{kind}", [arn(kind)], resource={"snapshotter:drill": "x"})
    assert not may(role, "TagResource", [arn(kind)], request=RESTORED)


def test_every_write_of_it_is_bound_to_regions(role: Role) -> None:
    added = [s for s in role.statements if s.sid.startswith(("Restore", "Drill"))]
    unbound = {s.sid for s in added if "aws:requestedregion" not in {k for _, k, _ in s.conditions}}

    assert unbound == {"RestoreReads"}


@pytest.mark.parametrize(
    ("parameters", "scheduled"),
    [
        ({}, False),
        ({"EnableRestore": "true"}, False),
        ({"DrillExpression": "rate(7 days)"}, False),
        ({"EnableRestore": "true", "DrillExpression": "rate(7 days)"}, True),
    ],
)
def test_drills_are_scheduled_only_where_they_are_allowed_and_wanted(
    parameters: dict[str, str], scheduled: bool
) -> None:
    assert ("DrillSchedule" in Stack(parameters).resources("AWS::Scheduler::Schedule")) is scheduled


def test_failed_drills_are_told_only_to_a_stack_that_has_drills() -> None:
    kind = "AWS::CloudWatch::Alarm"

    assert "DrillFailed" in Stack({"EnableRestore": "true"}).resources(kind)
    assert "DrillFailed" not in Stack().resources(kind)
    assert Stack().properties("DrillFailed")["MetricName"] == "DrillsFailed"
