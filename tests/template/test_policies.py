"""The policies of all roles: their size, their statements, and whom they let in."""

import json
from typing import Any

import boto3
import pytest

from snapshotter.lightsail.clients import SERVICE
from tests.support.role import Role
from translate.stack import Stack

EVERYTHING = {
    "CopyToRegions": "us-west-2",
    "EnableRestore": "true",
    "NotificationEmail": "backups@example.com",
    "NotificationKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1",
}


@pytest.fixture
def role() -> Role:
    return Role.from_template(EVERYTHING)


def test_every_statement_has_a_sid_of_its_own(role: Role) -> None:
    sids = [statement.sid for statement in role.statements]

    assert all(sids)
    assert len(sids) == len(set(sids))


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

    stack = Stack(EVERYTHING)
    for logical_id in stack.template["Resources"]:
        search(logical_id, stack.properties(logical_id))
    return found


def test_no_action_has_a_wildcard_except_one_that_aws_documents() -> None:
    wild = {
        (logical_id, action)
        for logical_id, statement in policies()
        for action in listed(statement["Action"])
        if "*" in action
    }

    # For GenerateDataKey and GenerateDataKeyWithoutPlaintext.
    assert wild == {("NotifyPolicy", "kms:GenerateDataKey*")}


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
    parameters = {"Regions": regions, "CopyToRegions": regions, "PolicyName": "x" * 256}
    stack = Stack({**EVERYTHING, **parameters})
    characters = {
        name: len(json.dumps(stack.properties(name)["PolicyDocument"], separators=(",", ":")))
        for name in stack.resources("AWS::IAM::ManagedPolicy")
    }

    # Blanks do not count.
    assert {name: size for name, size in characters.items() if size > 6_144} == {}
    assert characters.keys() == {
        *("ReadPolicy", "ProtectPolicy", "CopyPolicy", "RestorePolicy", "DrillPolicy"),
        "NotifyPolicy",
    }


@pytest.mark.parametrize(
    ("parameters", "added"),
    [
        ({}, set()),
        ({"CopyToRegions": "us-west-2"}, {"CopyPolicy"}),
        ({"EnableRestore": "true"}, {"RestorePolicy", "DrillPolicy"}),
        ({"NotificationEmail": "backups@example.com"}, {"NotifyPolicy"}),
    ],
)
def test_a_policy_exists_and_is_attached_only_if_the_stack_needs_it(
    parameters: dict[str, str], added: set[str]
) -> None:
    stack = Stack(parameters)
    existing = stack.resources("AWS::IAM::ManagedPolicy")

    assert {*existing} == {"ReadPolicy", "ProtectPolicy"} | added
    assert {*stack.properties("FunctionRole")["ManagedPolicyArns"]} == {*map(stack.ref, existing)}
