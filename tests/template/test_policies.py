"""The policies of all roles: their size, when they exist, and whom they let in."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from preflight.permissions import parameters
from snapshotter.lightsail.clients import SERVICE
from tests.support.role import Role
from translate.stack import Stack

EVERYTHING = parameters("letters")
ALWAYS = {"ReadPolicy", "ProtectPolicy"}


def statements() -> list[tuple[str, dict[str, Any]]]:
    """Return every statement in the template, with its resource."""

    def search(value: object) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if {"Effect", "Action"} <= set(value):
                yield value
            value = list(value.values())
        for each in value if isinstance(value, list) else ():
            yield from search(each)

    stack = Stack(EVERYTHING)
    ids = stack.template["Resources"]
    return [(name, each) for name in ids for each in search(stack.properties(name))]


def test_every_statement_has_a_sid_of_its_own() -> None:
    sids = [each["Sid"] for name, each in statements() if each["Action"] != "sts:AssumeRole"]

    assert len(sids) == len(set(sids)) > 20


def test_no_action_has_a_wildcard_except_one_that_aws_documents() -> None:
    wild = [
        (name, action)
        for name, each in statements()
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
        if "*" in action
    ]

    # For GenerateDataKey and GenerateDataKeyWithoutPlaintext.
    assert wild == [("NotifyPolicy", "kms:GenerateDataKey*")]


def test_every_service_that_is_a_principal_acts_for_this_account_only() -> None:
    principals = [
        (name, each["Principal"], "aws:SourceAccount" in str(each.get("Condition")))
        for name, each in statements()
        if "Principal" in each
    ]

    assert principals == [
        # Lambda assumes a role only for a function whose creator may pass it, and sends no account.
        ("FunctionRole", {"Service": "lambda.amazonaws.com"}, False),
        ("ScheduleRole", {"Service": "scheduler.amazonaws.com"}, True),
        ("AlarmTopicPolicy", {"Service": "cloudwatch.amazonaws.com"}, True),
    ]


def test_the_schedules_role_invokes_the_function_and_reports_undelivered_runs() -> None:
    stack = Stack()
    role = Role.from_template(logical_id="ScheduleRole")

    assert {(s.actions, s.resources) for s in role.statements} == {
        (("lambda:InvokeFunction",), (stack.attribute("SnapshotFunction", "Arn"),)),
        (("sqs:SendMessage",), (stack.attribute("UndeliveredRuns", "Arn"),)),
    }


def test_each_managed_policy_is_within_iams_quota_with_every_region_and_the_longest_name() -> None:
    regions = ",".join(boto3.Session().get_available_regions(SERVICE))
    longest = {"Regions": regions, "CopyToRegions": regions, "PolicyName": "x" * 256}
    stack = Stack({**EVERYTHING, **longest})
    characters = {
        name: len(json.dumps(stack.properties(name)["PolicyDocument"], separators=(",", ":")))
        for name in stack.resources("AWS::IAM::ManagedPolicy")
    }

    # Blanks do not count.
    assert {name: size for name, size in characters.items() if size > 6_144} == {}
    assert len(characters) == 6


@pytest.mark.parametrize(
    ("given", "added"),
    [
        ({}, set()),
        ({"CopyToRegions": "us-west-2"}, {"CopyPolicy"}),
        ({"EnableRestore": "true"}, {"RestorePolicy", "DrillPolicy"}),
        ({"NotificationEmail": "backups@example.com"}, {"NotifyPolicy"}),
    ],
)
def test_a_policy_exists_and_is_attached_only_if_the_stack_needs_it(
    given: dict[str, str], added: set[str]
) -> None:
    stack = Stack(given)
    existing = stack.resources("AWS::IAM::ManagedPolicy")

    assert {*existing} == ALWAYS | added
    assert {*stack.properties("FunctionRole")["ManagedPolicyArns"]} == {*map(stack.ref, existing)}
