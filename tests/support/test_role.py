"""A role is evaluated as IAM evaluates it."""

from typing import Any

import pytest

from tests.support.role import Role

ACCOUNT = "arn:aws:lightsail:*:123456789012"
ARN = "arn:aws:lightsail:eu-west-1:123456789012:InstanceSnapshot/0b1c"
IF_OWNED = {"StringEquals": {"aws:ResourceTag/owner": ["me", "us"]}}
IF_NOT_THEIRS = {"StringEqualsIfExists": {"aws:ResourceTag/owner": "us"}}
IF_NOT_HELD = {"Null": {"aws:ResourceTag/hold": "true"}}
ONLY_THESE_KEYS = {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}
BY_SERVICE = {"StringEquals": {"kms:ViaService": "a"}}
BOTH = {"StringEquals": {"aws:RequestedRegion": "eu-west-1", "aws:RequestTag/owner": "us"}}


def a_role(*statements: dict[str, Any]) -> Role:
    return Role.from_properties({"Policies": [{"PolicyDocument": {"Statement": statements}}]})


def a_statement(**members: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "lightsail:Delete*", "Resource": "*"} | members


def may_delete(role: Role, **call: Any) -> bool:
    return role.allows(
        "lightsail:DeleteInstanceSnapshot", **{"region": "eu-west-1", "resources": [ARN]} | call
    )


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("lightsail:DeleteInstanceSnapshot", True),
        ("lightsail:*", True),
        ("LIGHTSAIL:deleteinstance*", True),
        ("*", True),
        ("lightsail:DeleteInstance", False),
        ("lightsail:GetInstances", False),
    ],
)
def test_action_matches_as_a_whole_with_wildcards_in_any_case(action: str, allowed: bool) -> None:
    assert may_delete(a_role(a_statement(Action=["a:B", action]))) is allowed


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        (ARN, True),
        (f"{ACCOUNT}:InstanceSnapshot/*", True),
        (f"{ACCOUNT}:InstanceSnapshot/????", True),
        (f"{ACCOUNT}:InstanceSnapshot/???", False),
        (f"{ACCOUNT}:DiskSnapshot/*", False),
        (f"{ACCOUNT}:instancesnapshot/*", False),
        ("arn:aws:lightsail:*:999999999999:InstanceSnapshot/*", False),
        (f"{ACCOUNT}:*", True),
        (f"{ACCOUNT}:*Snapshot/*", False),
        (f"{ACCOUNT}:InstanceSnapsho?/*", False),
        (f"{ACCOUNT}:Instance*", False),
        ("arn:aws:lightsail:*:InstanceSnapshot/*", False),
    ],
)
def test_resource_matches_wildcards_outside_of_its_type_and_is_case_sensitive(
    resource: str, allowed: bool
) -> None:
    assert may_delete(a_role(a_statement(Resource=[resource]))) is allowed


@pytest.mark.parametrize(
    ("condition", "call", "allowed"),
    [
        (IF_OWNED, {"resource_tags": {"owner": "us"}}, True),
        (IF_OWNED, {"resource_tags": {"Owner": "us"}}, True),
        (IF_OWNED, {"resource_tags": {"owner": "US"}}, False),
        (IF_OWNED, {"request_tags": {"owner": "us"}}, False),
        (IF_OWNED, {}, False),
        (IF_NOT_THEIRS, {"resource_tags": {"owner": "us"}}, True),
        (IF_NOT_THEIRS, {"resource_tags": {"owner": "them"}}, False),
        (IF_NOT_THEIRS, {}, True),
        (IF_NOT_HELD, {"resource_tags": {"hold": "yes"}}, False),
        (IF_NOT_HELD, {"resource_tags": {"hold": None}}, False),
        (IF_NOT_HELD, {}, True),
        (ONLY_THESE_KEYS, {"request_tags": {"a": "1", "b": None}}, True),
        (ONLY_THESE_KEYS, {"request_tags": {"a": "1", "c": "2"}}, False),
        (ONLY_THESE_KEYS, {"request_tags": {"A": "1"}}, False),
        (ONLY_THESE_KEYS, {}, True),
        (BY_SERVICE, {"other": {"kms:VIAservice": "a"}}, True),
        (BY_SERVICE, {"other": {"kms:ViaService": "A"}}, False),
        (BY_SERVICE, {}, False),
        (BOTH, {"request_tags": {"owner": "us"}}, True),
        (BOTH, {"request_tags": {"owner": "us"}, "region": "eu-west-2"}, False),
        (BOTH, {}, False),
    ],
)
def test_every_condition_of_a_statement_must_hold(
    condition: dict[str, Any], call: dict[str, Any], allowed: bool
) -> None:
    assert may_delete(a_role(a_statement(Condition=condition)), **call) is allowed


def test_deny_overrides_allow() -> None:
    role = a_role(a_statement(), a_statement(Effect="Deny", Resource=ARN))

    assert not may_delete(role)
    assert may_delete(role, resources=[ARN + "d"])


def test_every_resource_of_a_call_must_be_allowed() -> None:
    role = a_role(a_statement(Resource=ARN))

    assert not may_delete(role, resources=[ARN, ARN + "d"])
    assert not may_delete(role, resources=["*"])


@pytest.mark.parametrize(
    "members",
    [
        {"Condition": {"DateGreaterThan": {"aws:CurrentTime": "2026-11-23T00:00:00Z"}}},
        {"NotAction": "iam:*"},
        {"NotResource": "*"},
    ],
)
def test_unsupported_member_or_operator_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError, match=next(iter(members.get("Condition", members)))):
        a_role(a_statement(**members))


def test_only_managed_policies_of_the_template_apply() -> None:
    managed = {"arn:policy": {"PolicyDocument": {"Statement": [a_statement()]}}}

    assert may_delete(Role.from_properties({"ManagedPolicyArns": ["arn:policy"]}, managed))
    assert not may_delete(Role.from_properties({}, managed))
    with pytest.raises(NotImplementedError, match="policy/X"):
        Role.from_properties({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/X"]})
