"""The deployed packages are those that are locked and that the code needs."""

import ast
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from snapshotter.lightsail.clients import SERVICE
from translate import TEMPLATE

ROOT = TEMPLATE.parent
SOURCE = ROOT / "src"


def locked() -> dict[str, set[str]]:
    """Return every package that ours needs to run, as pinned, with the hashes of its files."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    packages: dict[str, dict[str, Any]] = {each["name"]: each for each in lock["package"]}
    found: dict[str, set[str]] = {}
    pending = list(packages["snapshotter"]["dependencies"])
    while pending:
        wanted = pending.pop()
        package = packages[wanted["name"]]
        for extra in wanted.get("extra", []):
            pending += package["optional-dependencies"][extra]
        pinned = f"{package['name']}=={package['version']}"
        if pinned not in found:
            files = [*package.get("wheels", []), package.get("sdist")]
            found[pinned] = {file["hash"] for file in files if file}
            pending += package.get("dependencies", [])
    return found


def requirements() -> dict[str, set[str]]:
    """Return the packages of requirements.txt with their versions, and their hashes."""
    text = re.sub(r"^\s*#.*$", "", (SOURCE / "requirements.txt").read_text(), flags=re.MULTILINE)
    lines = [line.split() for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return {name: {word.removeprefix("--hash=") for word in words} for name, *words in lines}


def services() -> Iterator[str]:
    """Return the service of every boto3 client that the deployed code creates."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "client":
                service = ast.unparse(node.args[0])
                yield SERVICE if service == "SERVICE" else ast.literal_eval(service)


def test_requirements_are_those_of_the_lock() -> None:
    assert requirements() == locked(), "run `make lock`"


def test_the_artifact_has_the_models_of_the_services_that_the_code_calls() -> None:
    makefile = (SOURCE / "Makefile").read_text()
    (kept,) = re.findall(r"^SERVICES := (.*)$", makefile, flags=re.MULTILINE)

    assert kept.split() == sorted(set(services()))


def test_only_what_runs_is_under_src() -> None:
    beside = {path.name for path in SOURCE.iterdir()} - {"__pycache__"}

    assert beside == {"Makefile", "requirements.txt", "snapshotter"}
