"""The deployed packages are those that are locked and that the code needs."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from snapshotter.lightsail.clients import SERVICE
from translate import TEMPLATE

ROOT = TEMPLATE.parent
SOURCE = ROOT / "src"


@cache
def locked() -> dict[str, dict[str, Any]]:
    """Return the packages of uv.lock by name."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    return {package["name"]: package for package in lock["package"]}


def runtime_closure(packages: dict[str, dict[str, Any]]) -> set[str]:
    """Return every package that ours needs to run, with the requested extras."""
    found: set[str] = set()
    pending = list(packages["snapshotter"]["dependencies"])
    while pending:
        wanted = pending.pop()
        package = packages[wanted["name"]]
        optional = package.get("optional-dependencies", {})
        for extra in wanted.get("extra", []):
            pending += optional[extra]
        if wanted["name"] not in found:
            found.add(wanted["name"])
            pending += package.get("dependencies", [])
    return found


def hashes(package: dict[str, Any]) -> set[str]:
    """Return the hashes of a package's files."""
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    return {file["hash"] for file in files}


def requirements() -> dict[str, set[str]]:
    """Return the packages of requirements.txt with their versions, and their hashes."""
    text = re.sub(r"^\s*#.*$", "", (SOURCE / "requirements.txt").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").split("\n")
    return {
        words[0]: {word.removeprefix("--hash=") for word in words[1:]}
        for line in lines
        if (words := line.split())
    }


def services() -> Iterator[str]:
    """Return the service of every boto3 client that the deployed code creates."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "client":
                service = ast.unparse(node.args[0])
                yield SERVICE if service == "SERVICE" else ast.literal_eval(service)


def test_requirements_are_those_of_the_lock() -> None:
    packages = locked()
    closure = runtime_closure(packages)

    assert requirements() == {
        f"{name}=={packages[name]['version']}": hashes(packages[name]) for name in closure
    }, "run `make lock`"


def test_the_artifact_has_the_models_of_the_services_that_the_code_calls() -> None:
    makefile = (SOURCE / "Makefile").read_text()
    (kept,) = re.findall(r"^SERVICES := (.*)$", makefile, flags=re.MULTILINE)

    assert kept.split() == sorted(set(services()))


def test_only_what_runs_is_under_src() -> None:
    beside = {path.name for path in SOURCE.iterdir()} - {"__pycache__"}

    assert beside == {"Makefile", "requirements.txt", "snapshotter"}
