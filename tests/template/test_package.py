"""`make package`, `make events`, and the metadata for `sam publish`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.soak import long_form
from translate import TEMPLATE
from translate.code import with_code_as_parameters, zip_folder
from translate.package import main as write_package
from translate.stack import Stack, translated

ROOT = TEMPLATE.parent


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """The folder of a built function."""
    folder = tmp_path / "function"
    (folder / "snapshotter").mkdir(parents=True)
    (folder / "snapshotter" / "handler.py").write_text("def lambda_handler(): ...\n")
    (folder / "boto3.py").write_text("")
    return folder


@pytest.fixture
def package(built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The template of a package, its folder, and the output of the command."""
    output = tmp_path / "build"
    write_package(["--built", str(built), "--output", str(output)])
    template = json.loads((output / "snapshotter.cloudformation.json").read_text())
    return {"template": template, "printed": capsys.readouterr().out, "output": output}


def test_the_package_is_plain_cloudformation(package: dict[str, Any]) -> None:
    template = package["template"]

    assert "Transform" not in template
    assert not [e for e in template["Resources"].values() if "Serverless" in e["Type"]]
    assert template["Resources"].keys() == translated()["Resources"].keys()


@long_form
def test_cfn_lint_accepts_the_package(package: dict[str, Any]) -> None:
    template = package["output"] / "snapshotter.cloudformation.json"
    lint = [Path(sys.executable).with_name("cfn-lint"), template]
    done = subprocess.run(lint, capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


def test_bucket_and_key_of_the_code_are_parameters_of_the_package(package: dict[str, Any]) -> None:
    stack = Stack({"CodeBucket": "our-code"}, template=package["template"])
    key = package["template"]["Parameters"]["CodeKey"]["Default"]

    assert "Default" not in package["template"]["Parameters"]["CodeBucket"]
    assert stack.properties("SnapshotFunction")["Code"] == {
        "S3Bucket": "our-code",
        "S3Key": key,
    }
    assert f"--key {key} --body" in package["printed"]


def test_a_package_differs_from_the_template_in_the_codes_location_only() -> None:
    changed = with_code_as_parameters(translated(), "snapshotter/1.zip")
    parameters = dict(changed["Parameters"])
    resources = {k: v for k, v in changed["Resources"].items() if k != "SnapshotFunction"}

    assert set(parameters) - set(translated()["Parameters"]) == {"CodeBucket", "CodeKey"}
    assert resources == {
        k: v for k, v in translated()["Resources"].items() if k != "SnapshotFunction"
    }
    assert {k: changed[k] for k in ("Conditions", "Rules", "Outputs")} == {
        k: translated()[k] for k in ("Conditions", "Rules", "Outputs")
    }


def test_the_key_of_the_archive_depends_on_its_content_only(built: Path, tmp_path: Path) -> None:
    first = zip_folder(built, tmp_path / "1.zip")
    again = zip_folder(built, tmp_path / "2.zip")
    (built / "boto3.py").write_text("new = True\n")
    changed = zip_folder(built, tmp_path / "3.zip")

    assert zipfile.ZipFile(tmp_path / "1.zip").namelist() == ["boto3.py", "snapshotter/handler.py"]
    assert first == again != changed


def test_lambda_can_read_every_file_of_the_archive(built: Path, tmp_path: Path) -> None:
    zip_folder(built, tmp_path / "1.zip")
    modes = {i.external_attr >> 16 for i in zipfile.ZipFile(tmp_path / "1.zip").infolist()}

    assert modes == {0o100644}


def made(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make, with the environment treated as up to date."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(  # noqa: S603
        ["make", "--old-file=.venv/.ready", *arguments],  # noqa: S607
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_events_saves_every_event_under_its_name() -> None:
    done = made("events", "STACK=our stack", "SAM=printf '%s\\n' ---")
    commands = [call.split("\n")[1:-1] for call in re.split(r"(?m)^(?=---$)", done.stdout)[1:]]

    assert [dict(zip(c[4:-1:2], c[5::2], strict=False)) for c in commands] == [
        {"--stack-name": "our stack", "--name": path.stem, "--file": f"events/{path.name}"}
        for path in sorted((ROOT / "events").iterdir())
    ]
    assert {tuple(c[:4]) for c in commands} == {("remote", "test-event", "put", "SnapshotFunction")}
    assert {c[-1] for c in commands} == {"--force"}


def test_make_events_needs_the_name_of_a_stack() -> None:
    done = made("events", "SAM=false")

    assert done.returncode
    assert "make events STACK=" in done.stderr


def test_tools_are_pinned_and_not_in_the_projects_environment() -> None:
    text = made("--dry-run", "checkov", "rehearse", "events", "STACK=x").stdout
    tools = set(re.findall(r"[\w-]+==[\d.]+", text))
    locked = {p["name"] for p in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}

    assert {tool.partition("==")[0] for tool in tools} == {
        "aws-sam-cli",
        "checkov",
        "ministack",
        "aws-sam-translator",
    }
    assert {"aws-sam-cli", "checkov", "ministack"}.isdisjoint(locked)


def test_the_metadata_for_the_serverless_application_repository_is_complete() -> None:
    application = translated()["Metadata"]["AWS::ServerlessRepo::Application"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert application["SemanticVersion"] == project["version"]
    assert application["SpdxLicenseId"] == project["license"]
    assert all((ROOT / application[name]).is_file() for name in ("LicenseUrl", "ReadmeUrl"))
    assert len(application["Description"]) <= 256
    assert len(application["Labels"]) <= 10
    assert re.fullmatch("[a-zA-Z0-9-]+", application["Name"])
