"""`make status`: the demo's fleet, or the deployed functions of several profiles."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.awslambda_simple.models import LambdaSimpleBackend, lambda_simple_backends

from status.__main__ import main
from tests.status.builders import a_report, a_resource, an_item

Captured = pytest.CaptureFixture[str]

HEALTHY = a_report(a_resource())
TROUBLED = a_report(a_resource("stale", stale=True), attention=(an_item("stale"),))
REGIONS = {"acme": "eu-west-1", "northwind": "us-west-2"}


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """The environment of LIVE=1. Profiles: acme and northwind with keys, `empty` without."""
    config = "".join(f"[profile {name}]\nregion = {region}\n" for name, region in REGIONS.items())
    keys = "aws_access_key_id = testing\naws_secret_access_key = testing\n"
    (tmp_path / "config").write_text(f"{config}[profile empty]\n")
    (tmp_path / "credentials").write_text("".join(f"[{name}]\n{keys}" for name in REGIONS))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return {"LIVE": "1", "PROFILES": "acme northwind"}


@pytest.fixture
def deployed(live: dict[str, str]) -> Iterator[None]:
    """A stack `snapshotter` in the region of each profile. Its function answers the event."""
    config: Any = {"core": {"mock_credentials": False}, "lambda": {"use_docker": False}}
    with mock_aws(config=config):
        for profile in REGIONS:
            _deploy(boto3.Session(profile_name=profile))
        yield


def _deploy(session: boto3.Session) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "")
    bucket = f"code-{session.region_name}"
    place: Any = {"LocationConstraint": session.region_name}
    session.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
    session.client("s3").put_object(Bucket=bucket, Key="code.zip", Body=code.getvalue())
    trust = {"Version": "2012-10-17", "Statement": []}
    role = session.client("iam").create_role(
        RoleName=f"role-{session.region_name}", AssumeRolePolicyDocument=json.dumps(trust)
    )
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Handler": "index.handler",
            "Runtime": "python3.13",
            "Role": role["Role"]["Arn"],
            "Code": {"S3Bucket": bucket, "S3Key": "code.zip"},
        },
    }
    session.client("cloudformation").create_stack(
        StackName="snapshotter",
        TemplateBody=json.dumps({"Resources": {"SnapshotFunction": function}}),
    )


def answers(profile: str, *answers: Any) -> None:
    """What the function of a profile answers, one invocation after the other."""
    backend = lambda_simple_backends["123456789012"][REGIONS[profile]]
    backend.lambda_simple_results_queue.extend(json.dumps(each) for each in answers)


def run(environ: dict[str, str], tmp_path: Path, capsys: Captured) -> tuple[int, str, list[str]]:
    """The status, the page's headline and its accounts, and the lines on standard error."""
    status = main(["--html", str(tmp_path / "status.html")], environ=environ)
    out, err = capsys.readouterr()
    return status, out.splitlines()[0] if out else "", err.splitlines()


def accounts_in(page: Path) -> Sequence[str]:
    return re.findall(r'data-account="([^"]+)"', page.read_text(encoding="utf-8"))


def test_demo_fleet_is_shown_without_an_account(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status = main([], environ={})

    out, err = capsys.readouterr()
    assert (status, out, err) == (
        0,
        "4 of 18 resources need attention.\nPage: build/status.html\n",
        "Running the function over the demo's fleet\n",
    )
    assert Path("build/status.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.usefixtures("deployed")
def test_functions_of_all_profiles_are_invoked_and_shown_on_one_page(
    live: dict[str, str], tmp_path: Path, capsys: Captured
) -> None:
    answers("acme", HEALTHY)
    answers("northwind", TROUBLED)

    status, headline, progress = run(live, tmp_path, capsys)
    assert (status, headline) == (0, "1 of 2 resources needs attention.")
    assert (progress[0], sorted(progress[1:])) == (
        "Reading acme, northwind",
        ["  acme: 1 protected, 0 problems", "  northwind: 1 protected, 1 problem"],
    )
    assert accounts_in(tmp_path / "status.html") == ["acme", "northwind"]


@pytest.mark.usefixtures("deployed")
def test_profiles_that_cannot_be_read_are_shown_and_the_others_go_on(
    live: dict[str, str], tmp_path: Path, capsys: Captured
) -> None:
    answers("acme", HEALTHY)
    profiles = "nobody empty acme northwind"

    # The function of northwind answers with its event, which is no report.
    status, headline, progress = run({**live, "PROFILES": profiles}, tmp_path, capsys)
    assert (status, headline) == (1, "3 problems need attention.")
    assert sorted(progress[1:]) == [
        "  acme: 1 protected, 0 problems",
        "  empty: could not be read: the profile has no region: add one to it, or set "
        "AWS_DEFAULT_REGION",
        "  nobody: could not be read: The config profile (nobody) could not be found",
        "  northwind: could not be read: the function's answer is not a report: deploy the "
        "current version",
    ]
    assert accounts_in(tmp_path / "status.html") == profiles.split()


@pytest.mark.usefixtures("deployed")
def test_error_that_the_function_raised_is_reported(
    live: dict[str, str], tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(*arguments: Any) -> bytes:
        *_, headers = arguments
        headers["x-amz-function-error"] = "Unhandled"
        return json.dumps({"errorMessage": "Regions is empty", "errorType": "Invalid"}).encode()

    monkeypatch.setattr(LambdaSimpleBackend, "invoke", raises)

    _, _, progress = run({**live, "PROFILES": "acme"}, tmp_path, capsys)
    assert progress[1] == "  acme: could not be read: the function failed: Regions is empty"


@pytest.mark.usefixtures("deployed")
def test_stack_that_does_not_exist_is_reported(
    live: dict[str, str], tmp_path: Path, capsys: Captured
) -> None:
    environ = {**live, "PROFILES": "", "AWS_PROFILE": "acme", "STACK": "other"}

    status, headline, progress = run(environ, tmp_path, capsys)
    assert (status, headline) == (1, "No report could be read.")
    assert progress[1].startswith("  acme: could not be read: An error occurred (ValidationError)")


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"LIVE": "1"}, 'LIVE=1 needs AWS_PROFILE, or several profiles: PROFILES="a b".'),
        ({"LIVE": "yes"}, "LIVE=yes is not valid: use 1 for your account, 0 for this machine."),
    ],
)
def test_environment_that_names_no_account_is_refused(
    environ: dict[str, str], message: str, tmp_path: Path, capsys: Captured
) -> None:
    assert run(environ, tmp_path, capsys) == (2, "", [message])
    assert list(tmp_path.iterdir()) == []


def test_page_that_cannot_be_written_is_refused(
    live: dict[str, str], tmp_path: Path, capsys: Captured
) -> None:
    status = main(["--html", str(tmp_path)], environ={**live, "PROFILES": "nobody"})

    last = capsys.readouterr().err.splitlines()[-1]
    assert (status, last) == (2, f"{tmp_path} cannot be written: Is a directory.")
