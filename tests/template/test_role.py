"""The function's role allows and refuses what its table says, and no condition is without use."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from preflight.permissions import STACKS, Case, allowed_actions, cases, parameters
from tests.support.role import Role, Statement

CASES = tuple(cases())


@cache
def role_of(stack: str) -> Role:
    return Role.from_template(parameters(stack))


def is_allowed(case: Case, role: Role) -> bool:
    return role.allows(
        case.action,
        region=case.region,
        resources=[case.resource],
        request_tags=case.request_tags,
        resource_tags=case.resource_tags,
        other=case.other,
    )


def test_the_role_allows_and_refuses_what_the_table_says() -> None:
    assert [case for case in CASES if is_allowed(case, role_of(case.stack)) != case.allowed] == []


@pytest.mark.parametrize("stack", STACKS)
def test_the_role_has_no_action_that_the_table_does_not_allow(stack: str) -> None:
    found = {action for each in role_of(stack).statements for action in each.actions}

    assert {action.replace("DataKey*", "DataKey") for action in found} == allowed_actions(stack)


def test_each_condition_and_each_resource_of_a_statement_refuses_something() -> None:
    needless = {
        (statement.sid, what)
        for statement in role_of("letters").statements
        for what in wider(statement)
        if not any(finds(what, statement.sid, stack) for stack in STACKS)
    }

    assert needless == set()


def finds(what: str, sid: str, stack: str) -> bool:
    """Whether a row refuses what a stack's statement would allow if it were wider in this."""
    found = [wider(each)[what] for each in role_of(stack).statements if each.sid == sid]
    return any(
        is_allowed(case, Role(tuple(found)))
        for case in CASES
        if not case.allowed and case.stack == stack
    )


def wider(statement: Statement) -> dict[str, Statement]:
    """Return the statement without each of its conditions, and on everything."""
    changed = {
        f"{operator} {key}": replace(
            statement,
            conditions=tuple(each for each in statement.conditions if each[:2] != (operator, key)),
        )
        for operator, key, _ in statement.conditions
    }
    if statement.resources != ("*",):
        changed["Resource"] = replace(statement, resources=("*",))
    return changed


@pytest.mark.parametrize(
    ("given", "name", "owner"),
    [({}, "nightly", "nightly"), ({"PolicyName": "ours"}, "nightly", "ours")],
)
def test_without_a_policy_name_and_regions_they_are_the_stacks(
    given: dict[str, str], name: str, owner: str
) -> None:
    role = Role.from_template(given, "eu-west-1", stack_name=name)

    def may_create(policy: str, region: str) -> bool:
        tags = {"snapshotter:policy": policy}
        action = "lightsail:CreateRelationalDatabaseSnapshot"
        return role.allows(action, region=region, request_tags=tags)

    assert may_create(owner, "eu-west-1")
    assert not may_create(owner, "us-east-1")
    assert not may_create("snapshotter", "eu-west-1")
