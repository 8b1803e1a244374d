"""`make preflight LIVE=1` asks an account, prints what it finds, and leaves nothing there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from preflight.__main__ import main
from tests.support.role import Role
from translate.stack import Stack

ENVIRON = {"LIVE": "1", "AWS_PROFILE": "mine"}
ACCOUNT = "210987654321"
Answer = Callable[[dict[str, Any]], Any]
Captured = pytest.CaptureFixture[str]


class Account:
    """What AWS answers, by operation; the calls are real ones of boto3, up to the wire."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, Answer] = {
            "GetCallerIdentity": lambda _: {"Account": ACCOUNT, "Arn": "arn:aws:iam::2:user/me"},
            "ValidatePolicy": lambda _: {"findings": []},
            "SimulateCustomPolicy": self.simulate,
            "GetTemplateSummary": lambda _: {
                "Parameters": [{"ParameterKey": "Regions"}, {"ParameterKey": "Gone"}]
            },
            "CreateChangeSet": lambda _: {"Id": "change"},
            "DescribeChangeSet": lambda _: {"Status": "CREATE_COMPLETE"},
        }

    def note(self, params: dict[str, Any], model: Any, context: Any, **_: Any) -> None:
        context["asked"] = dict(params)
        self.calls.append((model.name, context["asked"]))

    def answer(self, model: Any, context: Any, **_: Any) -> tuple[Any, Any]:
        found = self.answers.get(model.name)
        answered = found(context["asked"]) if found else {}
        return SimpleNamespace(status_code=400 if "Error" in answered else 200), answered

    def simulate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Judge as the tests of the role do."""
        policies = [{"PolicyDocument": json.loads(each)} for each in asked["PolicyInputList"]]
        role = Role.from_properties({"Policies": policies})
        values = {e["ContextKeyName"]: e["ContextKeyValues"][0] for e in asked["ContextEntries"]}
        tags = {
            prefix: {k.partition("/")[2]: v for k, v in values.items() if k.startswith(prefix)}
            for prefix in ("aws:RequestTag/", "aws:ResourceTag/")
        }
        results = [
            {
                "EvalActionName": action,
                "EvalDecision": "allowed"
                if role.allows(
                    action,
                    region=values["aws:RequestedRegion"],
                    resources=asked["ResourceArns"],
                    request_tags=tags["aws:RequestTag/"],
                    resource_tags=tags["aws:ResourceTag/"],
                    other={k: v for k, v in values.items() if k.startswith("kms:")},
                )
                else "implicitDeny",
            }
            for action in asked["ActionNames"]
        ]
        return {"EvaluationResults": results}

    def asked(self, operation: str) -> list[dict[str, Any]]:
        return [params for name, params in self.calls if name == operation]


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Account:
    (tmp_path / "config").write_text("[profile mine]\nregion = eu-west-1\n")
    keys = "[mine]\naws_access_key_id = testing\naws_secret_access_key = testing\n"
    (tmp_path / "credentials").write_text(keys)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_PROFILE", "mine")
    answering, create = Account(), boto3.Session

    def session(**arguments: Any) -> boto3.Session:
        made = create(**arguments)
        events: Any = made.events
        events.register("before-parameter-build", answering.note)
        events.register("before-call", answering.answer)
        return made

    monkeypatch.setattr(boto3, "Session", session)
    return answering


@pytest.fixture
def no_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table without rows, since the simulator has a test of its own."""
    monkeypatch.setattr("preflight.checks.cases", lambda: ())


def test_a_sound_template_has_no_findings_and_nothing_stays(
    account: Account, capsys: Captured
) -> None:
    assert main(ENVIRON) == 0
    assert re.findall(r"(?m)^  (.*)$", capsys.readouterr().out) == ["ok"] * 3

    (created,), (deleted,) = account.asked("CreateChangeSet"), account.asked("DeleteChangeSet")
    (removed,) = account.asked("DeleteStack")
    assert deleted == {"ChangeSetName": "change"}
    assert removed == {"StackName": created["StackName"]}
    assert re.fullmatch("snapshotter-preflight-[0-9a-f]{8}", created["StackName"])
    assert {name for name, _ in account.calls if name.startswith(("Execute", "Create"))} == {
        "CreateChangeSet"
    }


@pytest.mark.usefixtures("no_calls")
def test_every_policy_of_the_template_is_read(account: Account) -> None:
    main(ENVIRON)
    kinds = [each["policyType"] for each in account.asked("ValidatePolicy")]
    stack = Stack({"CopyToRegions": "us-west-2", "EnableRestore": "true"})
    roles = stack.resources("AWS::IAM::Role")
    managed = [n for n, e in stack.template["Resources"].items() if "ManagedPolicy" in e["Type"]]

    assert kinds.count("IDENTITY_POLICY") == len(managed) + len(roles)
    assert kinds.count("RESOURCE_POLICY") == len(roles) + 1


@pytest.mark.usefixtures("no_calls")
def test_the_stack_that_is_named_is_upgraded_in_the_plan_and_never_deleted(
    account: Account,
) -> None:
    account.answers["DescribeChangeSet"] = lambda _: {
        "Status": "FAILED",
        "StatusReason": "The submitted information didn't contain changes.",
    }

    assert main({**ENVIRON, "STACK": "snapshotter"}) == 0
    (created,) = account.asked("CreateChangeSet")
    assert (created["StackName"], created["ChangeSetType"]) == ("snapshotter", "UPDATE")
    assert created["Parameters"] == [{"ParameterKey": "Regions", "UsePreviousValue": True}]
    assert account.asked("DeleteStack") == []


def test_findings_are_printed_with_what_to_do(account: Account, capsys: Captured) -> None:
    account.answers["ValidatePolicy"] = lambda _: {
        "findings": [
            {
                "findingType": "ERROR",
                "issueCode": "INVALID_ARN_RESOURCE",
                "findingDetails": "The resource is not valid.",
                "learnMoreLink": "https://docs.aws.amazon.com/x",
            }
        ]
    }
    account.answers["SimulateCustomPolicy"] = lambda asked: {
        "EvaluationResults": [
            {"EvalActionName": each, "EvalDecision": "implicitDeny"}
            for each in asked["ActionNames"]
        ]
    }
    account.answers["DescribeChangeSet"] = lambda _: {
        "Status": "FAILED",
        "StatusReason": "Parameter X must have a value.",
    }

    assert main(ENVIRON) == 1
    printed = capsys.readouterr().out
    assert (
        "ReadPolicy: ERROR INVALID_ARN_RESOURCE: The resource is not valid. Correct it in "
        "template.yaml: https://docs.aws.amazon.com/x"
    ) in printed
    assert "IAM says implicitDeny, local/preflight/permissions.py says allowed" in printed
    assert "Parameter X must have a value. Correct template.yaml" in printed
    assert account.asked("DeleteChangeSet")


def test_a_check_that_is_not_allowed_says_so_and_the_others_go_on(
    account: Account, capsys: Captured
) -> None:
    denied = {"Error": {"Code": "AccessDenied", "Message": "no."}}
    account.answers["SimulateCustomPolicy"] = lambda _: denied

    assert main(ENVIRON) == 1
    printed = capsys.readouterr().out
    assert "not checked: An error occurred (AccessDenied)" in printed
    assert printed.count("  ok") == 2


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({}, "A preflight asks an account: LIVE=1 AWS_PROFILE=you."),
        ({"LIVE": "1"}, "LIVE=1 needs AWS_PROFILE: set it to the profile of your account."),
    ],
)
def test_without_an_account_it_is_refused_in_one_sentence(
    environ: dict[str, str], sentence: str, capsys: Captured
) -> None:
    assert main(environ) == 2
    assert capsys.readouterr().err == f"{sentence}\n"
