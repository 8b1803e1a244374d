"""EnableRestore allows to create resources from snapshots, and to finish what was restored."""

from collections.abc import Mapping

import pytest

from tests.support.role import Role
from tests.template.iam import (
    DRILL,
    KINDS,
    OURS,
    RESTORED,
    RESTORED_INSTANCE,
    RESTORES,
    SNAPSHOTS,
    THEIRS,
    arn,
    may,
    readings,
)

NETWORK = ["PutInstancePublicPorts", "CloseInstancePublicPorts"]
NOT_RESTORED_BY_US: list[Mapping[str, str]] = [
    {},
    OURS,
    RESTORED,
    DRILL,
    {**RESTORED_INSTANCE, "snapshotter:policy": "another"},
]
TO_DO = {"snapshotter:policy": "snapshotter", "snapshotter:to-do": "done"}
ADDRESS = [arn("StaticIp")]


@pytest.fixture
def role() -> Role:
    return Role.from_template({"EnableRestore": "true", "CopyToRegions": "us-west-2"})


def test_without_it_nothing_is_restored_and_nothing_but_snapshots_is_deleted() -> None:
    with_it = Role.from_template({"EnableRestore": "true"})
    without = Role.from_template()

    assert {s.sid for s in with_it.statements} - {s.sid for s in without.statements} == {
        *("RestoreReads", "RestoreSnapshots", "RestoreTags", "RestoreSteps", "RestoreNetwork"),
        *("AttachAddresses", "DetachAddresses"),
        *("DrillSnapshots", "DrillTags", "DrillResults", "DrillFirewall", "DrillDeletes"),
    }
    assert {s.sid for s in without.statements} == {
        *("ReadInventory", "CreateSnapshots", "TagSnapshots", "DeleteOwnSnapshots"),
        *("WriteLogs", "ReportFailedRuns"),
    }
    deletes = {action for action in without.actions("lightsail") if ":Delete" in action}
    assert all(action.endswith("Snapshot") for action in deletes)


@pytest.mark.parametrize(("kind", "create"), RESTORES.items())
@pytest.mark.parametrize("request_tags", [RESTORED, RESTORED_INSTANCE])
def test_any_snapshot_is_restored_if_the_new_resource_is_marked_as_restored(
    role: Role, kind: str, create: str, request_tags: Mapping[str, str]
) -> None:
    for resource in readings(kind):
        assert may(role, create, [resource], request=request_tags)
        assert may(role, create, [resource], request=request_tags, resource=THEIRS)
        assert not may(role, create, [resource], request={"team": "shop"})
        assert not may(role, create, [resource], request={**DRILL, **request_tags})
    for region, allowed in (("us-west-2", True), ("eu-west-1", False)):
        on = [arn(kind, region)]
        assert may(role, create, on, request=request_tags, region=region) is allowed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("request_tags", [RESTORED, RESTORED_INSTANCE])
@pytest.mark.parametrize(("region", "allowed"), [("us-west-2", True), ("eu-west-1", False)])
def test_the_tags_of_a_restore_are_allowed_on_whatever_iam_sees(
    role: Role, kind: str, request_tags: Mapping[str, str], region: str, allowed: bool
) -> None:
    for resource in readings(kind, region):
        call = may(role, "TagResource", [resource], request=request_tags, region=region)
        assert call is allowed


@pytest.mark.parametrize("kind", [*KINDS, *SNAPSHOTS])
def test_nothing_is_tagged_without_the_mark_or_for_another_policy(role: Role, kind: str) -> None:
    for_another = {**RESTORED_INSTANCE, "snapshotter:policy": "another"}

    for resource in readings(kind):
        assert not may(role, "TagResource", [resource], request={"team": "shop"})
        assert not may(role, "TagResource", [resource], request=for_another)
        assert not may(role, "TagResource", [resource], request=TO_DO)
    assert not may(role, "TagResource", [arn(kind)], request=RESTORED, resource=THEIRS)


def test_the_steps_left_are_written_only_on_an_instance_that_was_restored(role: Role) -> None:
    on = [arn("Instance")]

    assert may(role, "TagResource", on, request=TO_DO, resource=RESTORED_INSTANCE)
    for tags in NOT_RESTORED_BY_US:
        assert not may(role, "TagResource", on, request=TO_DO, resource=tags)


@pytest.mark.parametrize(
    "request_tags",
    [
        {},
        {"snapshotter:to-do": "done"},
        {**TO_DO, "snapshotter:policy": "another"},
        {**TO_DO, "snapshotter:drill": "x"},
        {**TO_DO, "team": "shop"},
    ],
)
def test_nothing_else_is_written_with_them(role: Role, request_tags: Mapping[str, str]) -> None:
    on = [arn("Instance")]

    assert not may(role, "TagResource", on, request=request_tags, resource=RESTORED_INSTANCE)


@pytest.mark.parametrize("action", [*NETWORK, "AttachStaticIp"])
def test_only_a_restored_instance_gets_a_firewall_and_an_address(role: Role, action: str) -> None:
    on = [arn("Instance")]

    assert may(role, action, on, resource=RESTORED_INSTANCE)
    assert may(
        role, action, [arn("Instance", "us-west-2")], resource=RESTORED_INSTANCE, region="us-west-2"
    )
    assert not may(role, action, on, resource=RESTORED_INSTANCE, region="eu-west-1")
    for tags in NOT_RESTORED_BY_US:
        # A drill's firewall is another statement's.
        assert may(role, action, on, resource=tags) is (tags == DRILL and action in NETWORK)


@pytest.mark.parametrize(
    ("region", "attach", "detach"),
    [("us-east-1", True, True), ("us-west-2", True, False)],
)
def test_any_address_is_attached_but_only_those_of_protected_regions_are_detached(
    role: Role, region: str, attach: bool, detach: bool
) -> None:
    address = [arn("StaticIp", region)]

    assert may(role, "AttachStaticIp", address, region=region) is attach
    assert may(role, "DetachStaticIp", address, region=region) is detach
    assert not may(role, "DetachStaticIp", [arn("Instance", region)], region=region)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_restored_is_never_deleted(role: Role, kind: str) -> None:
    for tags in (RESTORED, RESTORED_INSTANCE):
        assert not may(role, f"Delete{kind}", [arn(kind)], resource=tags)
