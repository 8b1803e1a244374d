"""EnableRestore allows to create resources from snapshots, and to delete drills only."""

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
def test_any_snapshot_is_restored_if_the_new_resource_is_marked_as_restored(
    role: Role, kind: str, create: str
) -> None:
    assert may(role, create, [arn(kind)], request=RESTORED)
    assert may(role, create, [arn(kind)], request=RESTORED, resource=OURS)
    assert may(role, create, [arn(kind, "us-west-2")], request=RESTORED, region="us-west-2")
    assert not may(role, create, [arn(kind)], request={"team": "shop"})
    assert not may(role, create, [arn(kind, "eu-west-1")], request=RESTORED, region="eu-west-1")


@pytest.mark.parametrize(("kind", "create"), CREATES.items())
def test_a_drill_is_created_only_from_a_snapshot_of_ours_in_a_protected_region(
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
def test_only_the_firewall_of_a_drill_of_ours_is_changed(role: Role, action: str) -> None:
    assert may(role, action, [arn("Instance")], resource=DRILL)
    for tags in NOT_A_DRILL_OF_OURS:
        assert not may(role, action, [arn("Instance")], resource=tags)


@pytest.mark.parametrize("kind", KINDS)
def test_a_restored_resource_or_one_of_another_policy_cannot_be_marked_as_a_drill(
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
def test_snapshots_get_no_further_permissions(role: Role, kind: str) -> None:
    assert not may(role, f"Delete{kind}", [arn(kind)], resource={"snapshotter:drill": "x"})
    assert not may(role, "TagResource", [arn(kind)], request=RESTORED)


def test_every_write_is_limited_to_regions(role: Role) -> None:
    added = [s for s in role.statements if s.sid.startswith(("Restore", "Drill"))]
    unlimited = {
        s.sid for s in added if "aws:requestedregion" not in {k for _, k, _ in s.conditions}
    }

    assert unlimited == {"RestoreReads"}


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


def test_a_stack_without_restores_has_no_alarm_on_failed_drills() -> None:
    kind = "AWS::CloudWatch::Alarm"

    assert "DrillFailed" in Stack({"EnableRestore": "true"}).resources(kind)
    assert "DrillFailed" not in Stack().resources(kind)
    assert Stack().properties("DrillFailed")["MetricName"] == "DrillsFailed"
