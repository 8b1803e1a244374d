"""Commands that deploy and upgrade, read by the parsers of SAM and of the AWS CLI."""

from __future__ import annotations

import io
import json
import re
import shlex
from contextlib import redirect_stdout
from typing import Any

import pytest

from tests.docs.pages import PAGES, page
from tests.docs.shell import aws_commands
from tests.tools.runner import run_in
from translate import TEMPLATE
from translate.package import main as write_package
from translate.stack import Stack

CONFIG = (TEMPLATE.parent / "samconfig.toml").read_text()
ORGANISATION = page("docs/many-accounts.md").section("An organisation")
RUNBOOK = page("docs/operations.md")
GIVEN = {
    "Regions": "us-east-1,eu-central-1",
    "Retention": "daily=14 weekly=8",
    "ScheduleExpression": "cron(0 22 ? * MON-FRI *)",
    "SelectionTagKey": "backup of ours",
    "PolicyName": "ours = x",
    "CopyToRegions": "",
}
"""Parameters with blanks, equals signs and commas."""


def deploy_commands() -> list[str]:
    """Return what the pages give to `sam deploy`, by `make deploy ARGS=` or without make."""
    found = [re.findall(r"^# make deploy ARGS=(.*)", CONFIG, re.MULTILINE)[0]]
    for each in PAGES:
        for text in (*(block.text for block in each.blocks), *each.spans):
            joined = text.replace("\\\n", " ")
            by_make = re.findall(r'make deploy ARGS=(?:"([^"]*)"|(\S+))', joined)
            found += [quoted or word for quoted, word in by_make]
            found += re.findall(r"\bsam deploy +(-.*)", joined)
    return sorted(set(found))


@pytest.fixture(scope="module")
def sam() -> dict[str, dict[str, Any]]:
    """The options that SAM reads, by case; one run for all."""
    empty: dict[str, Any] = {"arguments": [], "config": CONFIG, "guided": None}
    uncommented = re.sub(r"(?m)^# (?=parameter_overrides| |\])", "", CONFIG)
    cases: dict[str, dict[str, Any]] = {
        # A shell reads the recipe `$(SAM) deploy $(ARGS)`.
        **{each: {"arguments": shlex.split(each)} for each in deploy_commands()},
        "nothing": {},
        "example": {"config": uncommented},
        "guided": {"guided": {name: {"Value": value} for name, value in GIVEN.items()}},
    }
    read = run_in("SAM_PYTHON", "sam_deploy.py", [empty | case for case in cases.values()])
    assert [each for each in read if "error" in each] == []
    return dict(zip(cases, read, strict=True))


@pytest.mark.parametrize("command", deploy_commands())
def test_a_deployment_on_a_page_has_parameters_that_the_template_accepts(
    sam: dict[str, dict[str, Any]], command: str
) -> None:
    assert Stack(sam[command]["parameter_overrides"], region="us-west-2").faults() == []


def test_the_example_in_samconfig_arrives_whole(sam: dict[str, dict[str, Any]]) -> None:
    read = sam["example"]["parameter_overrides"]

    assert read == {
        "Regions": "us-east-1,eu-central-1",
        "Retention": "daily=14 weekly=8",
        "ScheduleExpression": "cron(50 2 * * ? *)",
        "NotificationEmail": "backups@example.com",
    }
    assert Stack(read).faults() == []


def test_what_guided_saves_is_what_the_next_deployment_reads(
    sam: dict[str, dict[str, Any]],
) -> None:
    assert sam["guided"]["parameter_overrides"] == GIVEN


def test_a_deployment_asks_for_confirmation_unless_it_is_told_not_to(
    sam: dict[str, dict[str, Any]],
) -> None:
    assert sam["nothing"]["confirm_changeset"] is True
    assert sam["--no-confirm-changeset"]["confirm_changeset"] is False


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The parameters of a package, the key of its code, and the commands that are printed."""
    folder, printed = tmp_path_factory.mktemp("package"), io.StringIO()
    with redirect_stdout(printed):
        write_package(["--built", str(folder), "--output", str(folder)])
    template = json.loads((folder / "snapshotter.cloudformation.json").read_text())
    lines = printed.getvalue().replace("\\\n", " ").splitlines()
    commands = [shlex.split(line)[1:] for line in lines if line.startswith("  aws ")]
    (key,) = (word[8:] for command in commands for word in command if word[:8] == "CodeKey=")
    return {"template": template, "key": key, "commands": commands}


def an_account(existing: list[str]) -> dict[str, Any]:
    """What CloudFormation answers of a stack that has these parameters; without any, it is not."""
    missing = {"Code": "ValidationError", "Message": "Stack with id snapshotter does not exist"}
    found = {"Stacks": [{"StackStatus": "UPDATE_COMPLETE"}]} if existing else {"Error": missing}
    return {
        "DescribeStacks": found,
        "GetTemplateSummary": {"Parameters": [{"ParameterKey": name} for name in existing]},
        "CreateChangeSet": {"Id": "1"},
        "DescribeChangeSet": {"Status": "CREATE_COMPLETE"},
    }


Calls = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def aws(package: dict[str, Any]) -> Calls:
    """The one call of each kind that a command makes, by command; one run for all."""
    upload, deploy, upload_template, upgrade_stack_set = package["commands"]
    deploy = [*deploy, "--no-execute-changeset"]
    parameters = list(package["template"]["Parameters"])
    cases: dict[str, tuple[list[str], dict[str, Any]]] = {
        "upload": (upload, {}),
        "upload template": (upload_template, {}),
        "deploy": (deploy, an_account([])),
        "upgrade": (deploy, an_account([name for name in parameters if name != "Metrics"])),
        "printed": (upgrade_stack_set, {}),
        **{c[1]: (c, {}) for c in aws_commands(ORGANISATION) if c[0] == "cloudformation" and c[2:]},
        **{c[1]: (c, {}) for c in aws_commands(RUNBOOK.section("Letters that do not come"))},
    }
    given = [{"words": words, "answers": answers} for words, answers in cases.values()]
    made = dict(zip(cases, run_in("AWSCLI", "aws_calls.py", given), strict=True))
    assert {name: each for name, each in made.items() if "error" in each} == {}
    return {
        name: {call["operation"]: call["parameters"] for call in calls}
        for name, calls in made.items()
    }


def values(parameters: list[dict[str, Any]]) -> dict[str, str | None]:
    """Return the value of each parameter; None for the previous one."""
    assert all(each.get("UsePreviousValue", "ParameterValue" in each) for each in parameters)
    return {each["ParameterKey"]: each.get("ParameterValue") for each in parameters}


def test_the_printed_commands_deploy_a_new_stack(aws: Calls, package: dict[str, Any]) -> None:
    asked = aws["deploy"]["CreateChangeSet"]

    assert (asked["ChangeSetType"], asked["Capabilities"]) == ("CREATE", ["CAPABILITY_IAM"])
    assert values(asked["Parameters"]) == {"CodeBucket": "BUCKET", "CodeKey": package["key"]}
    assert aws["upload"]["PutObject"]["Key"] == package["key"]


def test_the_same_commands_upgrade_the_code_and_keep_every_parameter(
    aws: Calls, package: dict[str, Any]
) -> None:
    asked = aws["upgrade"]["CreateChangeSet"]
    # Those that the deployed template does not have yet get their defaults.
    kept = dict.fromkeys(each for each in package["template"]["Parameters"] if each != "Metrics")

    assert asked["ChangeSetType"] == "UPDATE"
    assert values(asked["Parameters"]) == {
        **kept,
        "CodeBucket": "BUCKET",
        "CodeKey": package["key"],
    }


@pytest.mark.parametrize("source", ["printed", "update-stack-set"])
def test_the_upgrade_of_a_stack_set_keeps_every_parameter(
    aws: Calls, package: dict[str, Any], source: str
) -> None:
    asked = aws[source]["UpdateStackSet"]
    key = package["key"] if source == "printed" else "snapshotter/DIGEST.zip"

    assert values(asked["Parameters"]) == {
        **dict.fromkeys(package["template"]["Parameters"]),
        "CodeKey": key,
    }
    assert asked["Capabilities"] == ["CAPABILITY_IAM"]
    assert asked["TemplateURL"].endswith(key.replace(".zip", ".json"))
    assert aws["upload template"]["PutObject"]["Key"] == package["key"].replace(".zip", ".json")


def test_the_stack_set_of_the_page_is_one_that_the_template_accepts(
    aws: Calls, package: dict[str, Any]
) -> None:
    asked = aws["create-stack-set"]["CreateStackSet"]
    given = {name: str(value) for name, value in values(asked["Parameters"]).items()}
    given["CodeBucket"] = given["CodeBucket"].lower()

    assert Stack(given, template=package["template"]).faults() == []
    assert {"CodeBucket", "CodeKey", "PolicyName"} < set(given)
    assert "," in given["Regions"]


def test_subscribing_again_cannot_be_undone_by_a_link(aws: Calls) -> None:
    assert aws["subscribe"]["Subscribe"]["Protocol"] == "email"
    assert aws["confirm-subscription"]["ConfirmSubscription"]["AuthenticateOnUnsubscribe"] == "true"
