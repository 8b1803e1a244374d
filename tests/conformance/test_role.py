"""The probes of the role, against the role of the template as IAM would evaluate it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

import boto3
import pytest

from conform.backend import COPY_REGION
from conform.probes import COPIES, RESTORES, Deployed, ask, statements
from conform.probes.table import PROBES
from conform.report import HOLDS, verdicts
from conform.run import Account, Client, Run, Stopped
from conform.scenario import scenario
from conform.scenario.plans import cheapest
from lightsail_moto import Call, Control
from lightsail_moto.exceptions import AccessDenied
from tests.support.role import Role, Statement
from tests.support.soak import SOAK

KEY = "AKIAIOSFODNN7EXAROLE"
STARTED = "20261126T063600Z"
PARAMETERS = {"EnableRestore": "true", "CopyToRegions": COPY_REGION}
STACKS = {
    "default": ({}, Deployed("nightly")),
    "copies": ({"CopyToRegions": COPY_REGION}, Deployed("nightly", frozenset({COPIES}))),
    "restores": ({"EnableRestore": "true"}, Deployed("nightly", frozenset({RESTORES}))),
    "both": (PARAMETERS, Deployed("nightly", frozenset({COPIES, RESTORES}))),
}

# Lightsail authorises these on a resource of its own, and only a run with a database has one.
NEEDS_A_DATABASE = {
    ("DeleteOwnSnapshots", "lightsail:DeleteRelationalDatabaseSnapshot"),
    ("DrillSnapshots", "lightsail:CreateRelationalDatabaseFromSnapshot"),
    ("DrillDeletes", "lightsail:DeleteRelationalDatabase"),
}


def deployed(**parameters: str) -> Role:
    return Role.from_template({"PolicyName": "nightly", **parameters})


class Assumed:
    """Clients of the role; a call that it does not allow is denied by the backend."""

    def __init__(self, backend: Control, role: Role) -> None:
        self.calls: list[Call] = []
        self._roles = [role]
        self._client = cache(_client)
        backend.on_request(self._authorise)

    def __call__(self, region: str, policy: Mapping[str, Any] | None) -> Client:
        session = [Role(tuple(map(Statement.from_json, policy["Statement"])))] if policy else []
        self._roles[1:] = session
        return self._client(region)

    def _authorise(self, call: Call, phase: str) -> None:
        if phase != "before" or call.access_key != KEY:
            return
        self.calls.append(call)
        if not all(allows(role, call) for role in self._roles):
            raise AccessDenied(f"the role does not allow {call.action} on {call.resources}")


def _client(region: str) -> Client:
    keys = {"aws_access_key_id": KEY, "aws_secret_access_key": "testing"}
    return boto3.client("lightsail", region, **keys)  # type: ignore[call-overload]


def allows(role: Role, call: Call) -> bool:
    return all(
        role.allows(
            call.action,
            region=call.region,
            resources=[arn],
            request_tags=call.request_tags,
            resource_tags=call.resource_tags.get(arn, {}),
        )
        for arn in call.resources or ("*",)
    )


def probed(account: Account, backend: Control, role: Role, stack: Deployed) -> tuple[Run, Assumed]:
    run, assumed = Run(account, STARTED), Assumed(backend, role)
    with suppress(Stopped):
        scenario(run, cheapest(run, database=False), lambda run: ask(run, assumed, stack))
    return run, assumed


@pytest.mark.parametrize("name", STACKS if SOAK else ("default", "both"))
def test_the_role_allows_and_refuses_what_the_probes_expect(
    name: str, account: Account, backend: Control
) -> None:
    parameters, stack = STACKS[name]
    run, _ = probed(account, backend, deployed(**parameters), stack)
    unexpected = [each for each in verdicts(statements(stack), run.seen) if each.result != HOLDS]

    assert unexpected == []


def without_conditions(role: Role, sid: str) -> Role:
    """The same role, with one statement that has lost its conditions."""
    return Role(
        tuple(replace(each, conditions=()) if each.sid == sid else each for each in role.statements)
    )


def test_a_statement_without_its_conditions_would_be_found(
    account: Account, backend: Control
) -> None:
    role = deployed(**PARAMETERS)
    _, assumed = probed(account, backend, role, STACKS["both"][1])
    found = {
        each.sid
        for each in role.statements
        for call in assumed.calls
        if allows(without_conditions(role, each.sid), call) != allows(role, call)
    }

    assert found == {
        each.sid
        for each in role.statements
        if {key for _, key, _ in each.conditions} - {"aws:requestedregion"}
    }


def test_every_action_of_the_role_has_a_probe_that_it_allows() -> None:
    allowed = {(each.sid, f"lightsail:{each.operation}") for each in PROBES if each.allowed}
    granted = {
        (each.sid, action)
        for each in deployed(**PARAMETERS).statements
        for action in each.actions
        if action.startswith("lightsail:")
    }

    assert granted - allowed == NEEDS_A_DATABASE
