"""The function's role allows what a run does, and nothing else."""

import pytest

from tests.support.role import Role
from tests.template.iam import KINDS, OURS, SNAPSHOTS, THEIRS, arn, may, readings

READS = {
    "lightsail:GetInstances",
    "lightsail:GetInstanceSnapshot",
    "lightsail:GetInstanceSnapshots",
    "lightsail:GetDisks",
    "lightsail:GetDiskSnapshot",
    "lightsail:GetDiskSnapshots",
    "lightsail:GetRelationalDatabases",
    "lightsail:GetRelationalDatabaseSnapshot",
    "lightsail:GetRelationalDatabaseSnapshots",
    "lightsail:GetOperationsForResource",
    "lightsail:GetStaticIps",
}
WRITES = {
    "lightsail:CreateInstanceSnapshot",
    "lightsail:CreateDiskSnapshot",
    "lightsail:CreateRelationalDatabaseSnapshot",
    "lightsail:TagResource",
    "lightsail:DeleteInstanceSnapshot",
    "lightsail:DeleteDiskSnapshot",
    "lightsail:DeleteRelationalDatabaseSnapshot",
}


@pytest.fixture
def role() -> Role:
    return Role.from_template({"Regions": "us-east-1,eu-central-1"})


@pytest.fixture
def copying_role() -> Role:
    return Role.from_template({"CopyToRegions": "us-west-2,eu-west-1"})


def test_the_role_has_exactly_the_actions_of_a_run(role: Role) -> None:
    assert role.actions("lightsail") == READS | WRITES


def test_copying_is_allowed_only_to_a_stack_that_copies(role: Role, copying_role: Role) -> None:
    assert copying_role.actions("lightsail") == READS | WRITES | {"lightsail:CopySnapshot"}
    assert not may(role, "CopySnapshot")


@pytest.mark.parametrize(
    ("region", "allowed"),
    [("us-west-2", True), ("eu-west-1", True), ("us-east-1", True), ("eu-west-2", False)],
)
def test_copies_are_made_only_in_the_regions_of_the_stack(
    copying_role: Role, region: str, allowed: bool
) -> None:
    assert may(copying_role, "CopySnapshot", region=region) is allowed


@pytest.mark.parametrize("action", sorted(READS))
def test_reads_are_allowed(role: Role, action: str) -> None:
    assert role.allows(action, region="eu-central-1")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_a_create_that_marks_the_snapshot_as_ours_is_allowed_on_whatever_iam_sees(
    role: Role, kind: str, region: str
) -> None:
    for resource in readings(kind, region):
        assert may(role, f"Create{kind}Snapshot", [resource], request=OURS, region=region)
    for resource in readings(f"{kind}Snapshot", region):
        assert may(role, "TagResource", [resource], request=OURS, region=region)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tags", [{}, THEIRS, {"policy": "snapshotter"}])
def test_a_create_that_does_not_mark_it_is_denied(
    role: Role, kind: str, tags: dict[str, str]
) -> None:
    for resource in readings(kind):
        assert not may(role, f"Create{kind}Snapshot", [resource], request=tags)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("region", ["us-west-2", "eu-west-2"])
def test_a_create_outside_the_protected_regions_is_denied(
    copying_role: Role, kind: str, region: str
) -> None:
    for resource in readings(kind, region):
        create = f"Create{kind}Snapshot"
        assert not may(copying_role, create, [resource], request=OURS, region=region)


@pytest.mark.parametrize("kind", SNAPSHOTS)
def test_only_a_snapshot_of_ours_is_deleted(role: Role, kind: str) -> None:
    delete = f"Delete{kind}"

    assert may(role, delete, [arn(kind)], resource=OURS)
    assert not may(role, delete, [arn(kind)], resource=THEIRS)
    assert not may(role, delete, [arn(kind)], resource={})
    assert not may(role, delete, [arn(kind)], request=OURS)


@pytest.mark.parametrize("kind", SNAPSHOTS)
@pytest.mark.parametrize("value", ["legal case 7", "", None])
def test_a_held_snapshot_is_not_deleted_whatever_the_tags_value(
    role: Role, kind: str, value: str | None
) -> None:
    held = {**OURS, "snapshotter:hold": value}

    assert not may(role, f"Delete{kind}", [arn(kind)], resource=held)


@pytest.mark.parametrize(
    ("region", "allowed"),
    [("us-east-1", True), ("us-west-2", True), ("eu-west-1", True), ("eu-west-2", False)],
)
def test_snapshots_are_deleted_and_tagged_where_originals_or_copies_are(
    copying_role: Role, region: str, allowed: bool
) -> None:
    on = [arn("DiskSnapshot", region)]
    delete = may(copying_role, "DeleteDiskSnapshot", on, region=region, resource=OURS)
    tag = may(copying_role, "TagResource", on, region=region, request=OURS)

    assert (delete, tag) == (allowed, allowed)


@pytest.mark.parametrize("kind", SNAPSHOTS)
def test_a_tag_is_written_only_together_with_policy_source_and_time(role: Role, kind: str) -> None:
    assert may(role, "TagResource", [arn(kind)], request=OURS)
    assert may(role, "TagResource", [arn(kind)], request=OURS, resource=OURS)
    assert may(role, "TagResource", [arn(kind)], request={**OURS, "team": "shop", "web": None})
    for left_out in OURS:
        tags = {key: value for key, value in OURS.items() if key != left_out}
        assert not may(role, "TagResource", [arn(kind)], request=tags, resource=OURS)
    assert not may(role, "TagResource", [arn(kind)], request={"a": "b"}, resource=OURS)


@pytest.mark.parametrize("kind", [*SNAPSHOTS, *KINDS])
def test_nothing_of_another_policy_is_claimed(role: Role, kind: str) -> None:
    assert not may(role, "TagResource", [arn(kind)], request=OURS, resource=THEIRS)
    for resource in readings(kind):
        assert not may(role, "TagResource", [resource], request=THEIRS)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_marked_as_a_drill(role: Role, kind: str) -> None:
    marked = {**OURS, "snapshotter:drill": "web-20261123T045000Z"}

    for resource in readings(kind):
        assert not may(role, "TagResource", [resource], request=marked)


def test_a_snapshot_of_another_account_is_not_deleted(role: Role) -> None:
    theirs = [arn("DiskSnapshot", account="999999999999")]

    assert not may(role, "DeleteDiskSnapshot", theirs, resource=OURS)


def test_no_regions_means_the_region_of_the_stack() -> None:
    role = Role.from_template({}, "eu-west-1")
    create = "CreateRelationalDatabaseSnapshot"

    assert may(role, create, request=OURS, region="eu-west-1")
    assert not may(role, create, request=OURS, region="us-east-1")


def test_the_owner_is_the_policys_name_or_else_the_stacks() -> None:
    by_policy = Role.from_template({"PolicyName": "another"})
    by_stack = Role.from_template(stack_name="another")
    by_both = Role.from_template({"PolicyName": "ours"}, stack_name="another")
    create = "CreateRelationalDatabaseSnapshot"

    assert may(by_policy, create, request=THEIRS)
    assert may(by_stack, create, request=THEIRS)
    assert not may(by_both, create, request=THEIRS)
