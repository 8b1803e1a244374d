"""A role is evaluated as IAM evaluates it."""

from typing import Any

import pytest

from tests.support.role import Role

ARN = "arn:aws:lightsail:eu-west-1:123456789012:InstanceSnapshot/0b1c"


def a_role(*statements: dict[str, Any]) -> Role:
    return Role.from_properties({"Policies": [{"PolicyDocument": {"Statement": statements}}]})


def a_statement(**members: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "lightsail:Delete*", "Resource": "*"} | members


def may_delete(role: Role, **call: Any) -> bool:
    return role.allows(
        "lightsail:DeleteInstanceSnapshot", **{"region": "eu-west-1", "resources": [ARN]} | call
    )


def test_action_that_no_statement_allows_is_denied() -> None:
    role = a_role(a_statement(Action="lightsail:GetInstances"))

    assert not may_delete(role)


def test_deny_overrides_allow() -> None:
    role = a_role(a_statement(), a_statement(Effect="Deny", Resource=ARN))

    assert not may_delete(role)
    assert may_delete(role, resources=[ARN + "d"])


@pytest.mark.parametrize(
    "action",
    ["lightsail:DeleteInstanceSnapshot", "lightsail:*", "LIGHTSAIL:deleteinstance*", "*"],
)
def test_action_matches_wildcards_in_any_case(action: str) -> None:
    assert may_delete(a_role(a_statement(Action=["a:B", action])))


def test_pattern_matches_the_whole_action() -> None:
    assert not may_delete(a_role(a_statement(Action="lightsail:DeleteInstance")))


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        (ARN, True),
        ("arn:aws:lightsail:*:123456789012:InstanceSnapshot/*", True),
        ("arn:aws:lightsail:*:123456789012:InstanceSnapshot/????", True),
        ("arn:aws:lightsail:*:123456789012:InstanceSnapshot/???", False),
        ("arn:aws:lightsail:*:123456789012:DiskSnapshot/*", False),
        ("arn:aws:lightsail:*:999999999999:InstanceSnapshot/*", False),
        ("arn:aws:lightsail:*:123456789012:instancesnapshot/*", False),
        ("arn:aws:lightsail:*:123456789012:*", True),
        ("arn:aws:lightsail:*:123456789012:*Snapshot/*", False),
        ("arn:aws:lightsail:*:123456789012:InstanceSnapsho?/*", False),
        ("arn:aws:lightsail:*:123456789012:Instance*", False),
        ("arn:aws:lightsail:*:InstanceSnapshot/*", False),
    ],
)
def test_resource_matches_wildcards_outside_of_its_type_and_is_case_sensitive(
    resource: str, allowed: bool
) -> None:
    assert may_delete(a_role(a_statement(Resource=[resource]))) is allowed


def test_every_resource_of_a_call_must_be_allowed() -> None:
    role = a_role(a_statement(Resource=ARN))

    assert not may_delete(role, resources=[ARN, ARN + "d"])


def test_statement_on_arns_does_not_allow_an_action_without_resource_type() -> None:
    role = a_role(a_statement(Resource="arn:aws:lightsail:*:123456789012:InstanceSnapshot/*"))

    assert not may_delete(role, resources=["*"])


@pytest.mark.parametrize(
    ("tags", "allowed"),
    [({"owner": "us"}, True), ({"Owner": "us"}, True), ({"owner": "US"}, False), ({}, False)],
)
def test_string_equals_requires_the_tag_and_its_exact_value(
    tags: dict[str, str], allowed: bool
) -> None:
    role = a_role(a_statement(Condition={"StringEquals": {"aws:ResourceTag/owner": ["me", "us"]}}))

    assert may_delete(role, resource_tags=tags) is allowed
    assert not may_delete(role, request_tags=tags)


@pytest.mark.parametrize(
    ("tags", "allowed"), [({"owner": "us"}, True), ({"owner": "them"}, False), ({}, True)]
)
def test_string_equals_if_exists_does_not_require_the_tag(
    tags: dict[str, str], allowed: bool
) -> None:
    condition = {"StringEqualsIfExists": {"aws:ResourceTag/owner": "us"}}

    assert may_delete(a_role(a_statement(Condition=condition)), resource_tags=tags) is allowed


@pytest.mark.parametrize(
    ("tags", "allowed"), [({"hold": "yes"}, False), ({"hold": None}, False), ({}, True)]
)
def test_null_true_requires_the_tag_to_be_absent(
    tags: dict[str, str | None], allowed: bool
) -> None:
    role = a_role(a_statement(Condition={"Null": {"aws:ResourceTag/hold": "true"}}))

    assert may_delete(role, resource_tags=tags) is allowed


@pytest.mark.parametrize(
    ("tags", "allowed"),
    [
        ({"a": "1"}, True),
        ({"a": "1", "b": None}, True),
        ({"a": "1", "c": "2"}, False),
        ({"A": "1"}, False),
        ({}, True),
    ],
)
def test_for_all_values_allows_only_the_listed_tag_keys_and_a_request_without_tags(
    tags: dict[str, str | None], allowed: bool
) -> None:
    condition = {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}

    assert may_delete(a_role(a_statement(Condition=condition)), request_tags=tags) is allowed


def test_other_condition_keys_are_compared_in_any_case() -> None:
    condition = {"StringEquals": {"kms:ViaService": "a"}}
    role = a_role(a_statement(Condition=condition))

    assert may_delete(role, other={"kms:VIAservice": "a"})
    assert not may_delete(role, other={"kms:ViaService": "A"})
    assert not may_delete(role)


def test_all_conditions_of_a_statement_must_hold() -> None:
    condition = {"StringEquals": {"aws:RequestedRegion": "eu-west-1", "aws:RequestTag/owner": "us"}}
    role = a_role(a_statement(Condition=condition))

    assert may_delete(role, request_tags={"owner": "us"})
    assert not may_delete(role, request_tags={"owner": "us"}, region="eu-west-2")
    assert not may_delete(role)


@pytest.mark.parametrize(
    "members",
    [
        {"Condition": {"DateGreaterThan": {"aws:CurrentTime": "2026-11-23T00:00:00Z"}}},
        {"NotAction": "iam:*"},
        {"NotResource": "*"},
    ],
    ids=["operator", "not-action", "not-resource"],
)
def test_unsupported_member_or_operator_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError, match=next(iter(members.get("Condition", members)))):
        a_role(a_statement(**members))


def test_managed_policy_of_the_template_applies() -> None:
    managed = {"arn:policy": {"PolicyDocument": {"Statement": [a_statement()]}}}

    assert may_delete(Role.from_properties({"ManagedPolicyArns": ["arn:policy"]}, managed))
    assert not may_delete(Role.from_properties({}, managed))


def test_managed_policy_of_aws_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="policy/X"):
        Role.from_properties({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/X"]})
