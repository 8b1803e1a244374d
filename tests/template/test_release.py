"""The workflows: their steps that this machine can run, and the make targets that they name."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from translate import TEMPLATE

ROOT = TEMPLATE.parent
WORKFLOWS: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text())
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
VERSION = PROJECT["version"]
RELEASE = {each.get("name"): each for each in WORKFLOWS["release"]["jobs"]["release"]["steps"]}


def run(name: str, tag: str, tmp_path: Path) -> int:
    """Run a step as a runner does, with the files that it reads; returns its exit code."""
    for file in ("pyproject.toml", "CHANGELOG.md"):
        (tmp_path / file).write_text((ROOT / file).read_text())
    done = subprocess.run(  # noqa: S603
        ["bash", "-e", "-c", RELEASE[name]["run"]],  # noqa: S607
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
    sections = re.split(r"(?m)^## ", (ROOT / "CHANGELOG.md").read_text())
    (section,) = (each for each in sections if each.startswith(f"[{VERSION}] - "))

    assert (tmp_path / "build" / "notes.md").read_text() == section.partition("\n")[2]


def test_a_release_has_what_make_package_writes_and_its_checksums() -> None:
    attached = RELEASE["Release"]["run"].split("--notes-file notes.md")[1].split()

    assert attached == ["snapshotter.zip", "snapshotter.cloudformation.json", "SHA256SUMS"]
    assert RELEASE["Checksums"]["run"] == f"sha256sum {' '.join(attached[:2])} >SHA256SUMS"
    assert RELEASE["Function and template"]["run"] == "make package"


def make_lines() -> Iterator[str]:
    """Give the steps that run make, once for each value of their matrix."""
    for workflow in WORKFLOWS.values():
        for job in workflow["jobs"].values():
            matrix = job.get("strategy", {}).get("matrix", {})
            for step in job.get("steps", []):
                line = step.get("run", "")
                for value in matrix.get("target", [""]) if line.startswith("make ") else ():
                    yield re.sub(r"\$\{\{ *matrix.target *\}\}", value, line)


def test_every_make_target_of_a_workflow_exists() -> None:
    existing = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))
    named = {word for line in make_lines() for word in line.split()[1:] if "=" not in word}

    assert {"package", "build", "validate", "checkov", "tools"} <= named
    assert named <= existing


def test_ci_tests_with_the_deployed_python_and_the_oldest_supported_one() -> None:
    deployed = (ROOT / ".python-version").read_text().strip()
    matrix = WORKFLOWS["ci"]["jobs"]["test"]["strategy"]["matrix"]

    assert matrix["python"] == [PROJECT["requires-python"].removeprefix(">="), deployed]


def test_every_file_of_github_is_yaml() -> None:
    for path in (ROOT / ".github").rglob("*.yml"):
        assert isinstance(yaml.safe_load(path.read_text()), dict), path
