"""`make package`, `make events`, the tools of make, and the metadata for `sam publish`."""

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
from translate.code import zip_folder
from translate.package import main as write_package
from translate.stack import translated

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
def template(built: Path, tmp_path: Path) -> Path:
    """The template of a package."""
    write_package(["--built", str(built), "--output", str(tmp_path)])
    return tmp_path / "snapshotter.cloudformation.json"


def test_a_package_is_the_translated_template_with_its_code_as_parameters(template: Path) -> None:
    package: dict[str, Any] = json.loads(template.read_text())
    code = package["Resources"]["SnapshotFunction"]["Properties"].pop("Code")
    parameters = {name: package["Parameters"].pop(name) for name in ("CodeBucket", "CodeKey")}
    groups = package["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]

    assert code == {"S3Bucket": {"Ref": "CodeBucket"}, "S3Key": {"Ref": "CodeKey"}}
    assert "Default" not in parameters["CodeBucket"]
    assert re.fullmatch(r"snapshotter/[0-9a-f]{12}\.zip", parameters["CodeKey"]["Default"])
    assert groups.pop(0)["Parameters"] == ["CodeBucket", "CodeKey"]
    expected = json.loads(json.dumps(translated()))
    expected["Resources"]["SnapshotFunction"]["Properties"].pop("Code")
    assert package == expected
    assert "Serverless" not in {
        each["Type"].split("::")[1] for each in package["Resources"].values()
    }


@long_form
def test_cfn_lint_accepts_the_package(template: Path) -> None:
    lint = [Path(sys.executable).with_name("cfn-lint"), template]
    done = subprocess.run(lint, capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


def test_the_key_of_the_archive_depends_on_its_content_which_lambda_can_read(
    built: Path, tmp_path: Path
) -> None:
    first = zip_folder(built, tmp_path / "1.zip")
    again = zip_folder(built, tmp_path / "2.zip")
    (built / "boto3.py").write_text("new = True\n")
    changed = zip_folder(built, tmp_path / "3.zip")
    files = zipfile.ZipFile(tmp_path / "1.zip").infolist()

    assert first == again != changed
    assert {each.filename: each.external_attr >> 16 for each in files} == {
        "boto3.py": 0o100644,
        "snapshotter/handler.py": 0o100644,
    }


def made(*arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run make, with the environment treated as up to date, and with a folder first on PATH."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    if path:
        environment["PATH"] = f"{path}{os.pathsep}{environment['PATH']}"
    return subprocess.run(  # noqa: S603
        ["make", "--old-file=.venv/.ready", *arguments],  # noqa: S607
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("exit_code", "used"), [(0, True), (2, False), (127, False)])
def test_make_uses_a_uv_on_path_only_if_it_runs(tmp_path: Path, exit_code: int, used: bool) -> None:
    uv = tmp_path / "uv"
    uv.write_text(f"#!/bin/sh\necho 'pyenv: uv: command not found' >&2\nexit {exit_code}\n")
    uv.chmod(0o755)
    done = made("--eval", "print-path: ; @echo $$PATH", "print-path", path=tmp_path)

    assert done.stdout.startswith(str(tmp_path if used else ROOT / ".uv" / "bin") + os.pathsep)


def test_make_events_saves_every_event_under_its_name() -> None:
    done = made("events", "STACK=our stack", "SAM=printf '%s\\n' ---")
    commands = [call.split("\n")[1:-1] for call in re.split(r"(?m)^(?=---$)", done.stdout)[1:]]
    put, stack = ["remote", "test-event", "put", "SnapshotFunction"], ["--stack-name", "our stack"]

    assert commands == [
        [*put, *stack, "--name", path.stem, "--file", f"events/{path.name}", "--force"]
        for path in sorted((ROOT / "events").iterdir())
    ]


def test_make_events_needs_the_name_of_a_stack() -> None:
    done = made("events", "SAM=false")

    assert done.returncode
    assert "make events STACK=" in done.stderr


def test_tools_are_pinned_and_not_in_the_projects_environment() -> None:
    text = made("--dry-run", "checkov", "rehearse", "events", "tools", "STACK=x").stdout
    tools = {each.partition("==")[0] for each in re.findall(r"[\w-]+==[\d.]+", text)}
    locked = {p["name"] for p in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}

    # The emulator runs the translator, too.
    assert tools - locked == {"aws-sam-cli", "checkov", "ministack", "awscli"}
    assert tools & locked == {"aws-sam-translator"}


def test_the_metadata_is_what_the_serverless_application_repository_documents() -> None:
    application = translated()["Metadata"]["AWS::ServerlessRepo::Application"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert application["SemanticVersion"] == project["version"]
    assert application["SpdxLicenseId"] == project["license"]
    assert all((ROOT / application[name]).is_file() for name in ("LicenseUrl", "ReadmeUrl"))
    assert len(application["Description"]) <= 256
    assert len(application["Labels"]) <= 10
    assert re.fullmatch("[a-zA-Z0-9-]+", application["Name"])
    assert re.fullmatch("[a-z0-9](([a-z0-9]|-(?!-))*[a-z0-9])?", application["Author"])
