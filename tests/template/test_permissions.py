"""The function's role allows what a run does, and nothing else."""

import json
from collections.abc import Sequence
from typing import Any

import boto3
import pytest

from snapshotter.lightsail.clients import SERVICE
from tests.support.role import Role, Tags
from translate.stack import Stack

ACCOUNT = "123456789012"
OURS = {"snapshotter:policy": "snapshotter", "snapshotter:time": "2026-11-23T04:50:00Z"}
THEIRS = {**OURS, "snapshotter:policy": "another"}
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
CREATES = ["Instance", "Disk", "RelationalDatabase"]
SNAPSHOTS = ["InstanceSnapshot", "DiskSnapshot", "RelationalDatabaseSnapshot"]


def arn(kind: str, region: str = "us-east-1", account: str = ACCOUNT) -> str:
    return f"arn:aws:lightsail:{region}:{account}:{kind}/86f3fd29-9c2f-4e6e-9e5b-1d0a2f3b4c5d"


def source(kind: str) -> list[str]:
    """Return the resource that a create is authorised on; Lightsail has none for databases."""
    return ["*"] if kind == "RelationalDatabase" else [arn(kind)]


def may(
    role: Role,
    action: str,
    resources: Sequence[str] = ("*",),
    *,
    region: str = "us-east-1",
    request: Tags | None = None,
    resource: Tags | None = None,
) -> bool:
    """Return whether a call to Lightsail with these tags is allowed."""
    return role.allows(
        f"lightsail:{action}",
        region=region,
        resources=resources,
        request_tags=request,
        resource_tags=resource,
    )


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


@pytest.mark.parametrize("kind", CREATES)
def test_a_create_that_marks_the_snapshot_as_ours_is_allowed(role: Role, kind: str) -> None:
    create = f"Create{kind}Snapshot"

    assert may(role, create, source(kind), request=OURS)
    assert may(role, create, source(kind), request=OURS, region="eu-central-1")


@pytest.mark.parametrize("kind", CREATES)
@pytest.mark.parametrize("tags", [{}, THEIRS, {"policy": "snapshotter"}])
def test_a_create_that_does_not_mark_it_is_denied(
    role: Role, kind: str, tags: dict[str, str]
) -> None:
    assert not may(role, f"Create{kind}Snapshot", source(kind), request=tags)


@pytest.mark.parametrize("kind", CREATES)
@pytest.mark.parametrize("region", ["us-west-2", "eu-west-2"])
def test_a_create_outside_the_protected_regions_is_denied(
    copying_role: Role, kind: str, region: str
) -> None:
    create = f"Create{kind}Snapshot"

    assert not may(copying_role, create, source(kind), request=OURS, region=region)


def test_a_disk_snapshot_of_an_instance_is_denied(role: Role) -> None:
    assert not may(role, "CreateDiskSnapshot", [arn("Instance")], request=OURS)


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
def test_a_tag_is_written_only_together_with_our_mark(role: Role, kind: str) -> None:
    assert may(role, "TagResource", [arn(kind)], request=OURS)
    assert may(role, "TagResource", [arn(kind)], request=OURS, resource=OURS)
    assert not may(role, "TagResource", [arn(kind)], request={"a": "b"}, resource=OURS)
    assert not may(role, "TagResource", [arn(kind)], request=THEIRS)


@pytest.mark.parametrize("kind", SNAPSHOTS)
def test_a_snapshot_of_another_policy_cannot_be_claimed(role: Role, kind: str) -> None:
    assert not may(role, "TagResource", [arn(kind)], request=OURS, resource=THEIRS)


@pytest.mark.parametrize("kind", ["Instance", "Disk", "RelationalDatabase", "KeyPair", "Bucket"])
def test_nothing_but_snapshots_is_tagged(role: Role, kind: str) -> None:
    assert not may(role, "TagResource", [arn(kind)], request=OURS)


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


def test_only_actions_that_lightsail_cannot_limit_are_allowed_on_everything(
    copying_role: Role,
) -> None:
    on_everything = {
        action
        for statement in copying_role.statements
        if "*" in statement.resources
        for action in statement.actions
    }

    assert on_everything == READS | {
        "lightsail:CreateRelationalDatabaseSnapshot",
        "lightsail:CopySnapshot",
    }


def test_every_write_is_limited_to_regions(copying_role: Role) -> None:
    unlimited = {
        action
        for statement in copying_role.statements
        if "aws:requestedregion" not in {key for _, key, _ in statement.conditions}
        for action in statement.actions
        if action.startswith("lightsail:")
    }

    assert unlimited == READS


def test_every_statement_has_a_sid_of_its_own(copying_role: Role) -> None:
    sids = [statement.sid for statement in copying_role.statements]

    assert all(sids)
    assert len(sids) == len(set(sids))


def test_outside_lightsail_the_role_writes_only_to_its_log_and_its_queue(role: Role) -> None:
    stack = Stack()
    log, queue = stack.attribute("RunLogs", "Arn"), stack.attribute("FailedRuns", "Arn")
    others = [s for s in role.statements if not s.actions[0].startswith("lightsail:")]

    assert {(s.actions, s.resources) for s in others} == {
        (("logs:CreateLogStream", "logs:PutLogEvents"), (log,)),
        (("sqs:SendMessage",), (queue,)),
    }


def test_the_schedules_role_invokes_the_function_and_reports_undelivered_runs() -> None:
    stack = Stack()
    role = Role.from_template(logical_id="ScheduleRole")

    assert {(s.actions, s.resources) for s in role.statements} == {
        (("lambda:InvokeFunction",), (stack.attribute("SnapshotFunction", "Arn"),)),
        (("sqs:SendMessage",), (stack.attribute("UndeliveredRuns", "Arn"),)),
    }


def policies() -> list[tuple[str, dict[str, Any]]]:
    """Return every statement of every policy in the template, with its resource."""
    found: list[tuple[str, dict[str, Any]]] = []

    def search(logical_id: str, value: object) -> None:
        if isinstance(value, list):
            for item in value:
                search(logical_id, item)
        elif isinstance(value, dict):
            if {"Effect", "Action"} <= set(value):
                found.append((logical_id, value))
            for item in value.values():
                search(logical_id, item)

    stack = Stack({"CopyToRegions": "us-west-2", "NotificationEmail": "backups@example.com"})
    for logical_id in stack.template["Resources"]:
        search(logical_id, stack.properties(logical_id))
    return found


def test_no_action_has_a_wildcard_except_in_the_keys_own_policy() -> None:
    wild = {
        (logical_id, action)
        for logical_id, statement in policies()
        for action in listed(statement["Action"])
        if "*" in action
    }

    # AWS documents GenerateDataKey* for GenerateDataKey and GenerateDataKeyWithoutPlaintext.
    assert wild == {("AlarmKey", "kms:*"), ("AlarmKey", "kms:GenerateDataKey*")}


def test_every_service_that_is_a_principal_acts_for_this_account_only() -> None:
    unguarded = {
        (logical_id, listed(statement["Principal"]["Service"])[0])
        for logical_id, statement in policies()
        if isinstance(statement.get("Principal"), dict)
        and "Service" in statement["Principal"]
        and "aws:SourceAccount" not in str(statement.get("Condition"))
    }

    # Lambda assumes a role only for a function whose creator may pass it, and sends no account.
    assert unguarded == {("FunctionRole", "lambda.amazonaws.com")}


def test_no_policy_allows_everybody() -> None:
    assert [s for _, s in policies() if s.get("Principal") in ("*", {"AWS": "*"})] == []


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_each_managed_policy_is_within_iams_quota_with_every_region_and_the_longest_name() -> None:
    regions = ",".join(boto3.Session().get_available_regions(SERVICE))
    parameters = {"Regions": regions, "CopyToRegions": regions, "EnableRestore": "true"}
    stack = Stack({**parameters, "PolicyName": "x" * 256})
    characters = {
        name: len(json.dumps(stack.properties(name)["PolicyDocument"], separators=(",", ":")))
        for name in stack.resources("AWS::IAM::ManagedPolicy")
    }

    # Blanks do not count.
    assert {name: size for name, size in characters.items() if size > 6_144} == {}
    assert {"ReadPolicy", "ProtectPolicy", "CopyPolicy", "RestorePolicy"} <= characters.keys()


@pytest.mark.parametrize(
    ("parameters", "added"),
    [
        ({}, set()),
        ({"CopyToRegions": "us-west-2"}, {"CopyPolicy"}),
        ({"EnableRestore": "true"}, {"RestorePolicy", "DrillPolicy"}),
    ],
)
def test_a_policy_exists_and_is_attached_only_if_the_stack_needs_it(
    parameters: dict[str, str], added: set[str]
) -> None:
    stack = Stack(parameters)
    policies = stack.resources("AWS::IAM::ManagedPolicy")

    assert {*policies} == {"ReadPolicy", "ProtectPolicy"} | added
    assert {*stack.properties("FunctionRole")["ManagedPolicyArns"]} == {*map(stack.ref, policies)}
