"""The workflows: their steps that this machine can run, and the make targets that they name."""

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from translate import TEMPLATE

ROOT = TEMPLATE.parent
GITHUB = ROOT / ".github"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def jobs(name: str) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.safe_load((GITHUB / "workflows" / name).read_text())
    return dict(workflow["jobs"])


def step(name: str) -> dict[str, Any]:
    """Return a step of the release by its name."""
    (found,) = (
        each for each in jobs("release.yml")["release"]["steps"] if each.get("name") == name
    )
    return dict(found)


def run(name: str, tag: str, tmp_path: Path) -> int:
    """Run a step as a runner does, with the files that it reads; returns its exit code."""
    for file in ("pyproject.toml", "CHANGELOG.md"):
        (tmp_path / file).write_text((ROOT / file).read_text())
    done = subprocess.run(  # noqa: S603
        ["bash", "-e", "-c", step(name)["run"]],  # noqa: S607
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "GITHUB_REF_NAME": tag},
        capture_output=True,
        check=False,
    )
    return done.returncode


@pytest.mark.parametrize(("tag", "accepted"), [(f"v{VERSION}", True), ("v9.9.9", False)])
def test_only_a_tag_of_the_projects_version_is_released(
    tag: str, accepted: bool, tmp_path: Path
) -> None:
    assert (run("The tag is the version", tag, tmp_path) == 0) is accepted
    assert (run("Notes from the changelog", tag, tmp_path) == 0) is accepted


def test_the_notes_are_the_section_of_the_version(tmp_path: Path) -> None:
    run("Notes from the changelog", f"v{VERSION}", tmp_path)
    notes = (tmp_path / "build" / "notes.md").read_text()
    sections = re.split(r"(?m)^## ", (ROOT / "CHANGELOG.md").read_text())
    (section,) = (each for each in sections if each.startswith(f"[{VERSION}] - "))

    assert notes == section.partition("\n")[2]


def test_a_release_has_what_make_package_writes_and_its_checksums() -> None:
    attached = step("Release")["run"].split("--notes-file notes.md")[1].split()

    assert attached == ["snapshotter.zip", "snapshotter.cloudformation.json", "SHA256SUMS"]
    assert step("Checksums")["run"] == f"sha256sum {' '.join(attached[:2])} >SHA256SUMS"
    assert step("Function and template")["run"] == "make package"


def test_every_make_target_of_a_workflow_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    existing = set(re.findall(r"(?m)^([a-z]+):", makefile))
    steps = [
        each.get("run", "")
        for name in ("ci.yml", "release.yml")
        for job in jobs(name).values()
        for each in job.get("steps", [])
    ]
    named = {word for each in steps if each.startswith("make ") for word in each.split()[1:]}

    assert {"package", "build", "validate", "checkov"} <= named
    assert named <= existing


def test_ci_tests_with_the_deployed_python_and_the_oldest_supported_one() -> None:
    deployed = (ROOT / ".python-version").read_text().strip()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest = project["requires-python"].removeprefix(">=")

    assert jobs("ci.yml")["test"]["strategy"]["matrix"]["python"] == [oldest, deployed]


@pytest.mark.parametrize("path", sorted(GITHUB.rglob("*.yml")), ids=lambda path: path.stem)
def test_every_file_of_github_is_yaml(path: Path) -> None:
    assert isinstance(yaml.safe_load(path.read_text()), dict)
