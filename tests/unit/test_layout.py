"""The import rules of src/snapshotter: what each package may import, and which may call AWS."""

import ast
from pathlib import Path

import pytest

import snapshotter

ROOT = Path(snapshotter.__file__).parent
MAY_IMPORT = {
    "errors": "",
    "model": "errors",
    "policy": "errors model",
    "lightsail": "errors model",
    "notify": "errors",
    "inputs": "errors model policy",
    "plan": "errors model policy inputs",
    "apply": "errors model policy inputs plan lightsail",
    "report": "errors model policy inputs plan",
    "restore": "errors model policy inputs plan lightsail apply report",
    "drill": "errors model policy inputs plan lightsail apply report restore",
    "run": "errors model policy inputs plan lightsail apply report restore drill",
    "handler": "errors model policy inputs plan lightsail apply report restore drill run notify",
}
"""For each package or module of the first level, those it may import besides itself."""

CALLS_AWS = {"lightsail", "notify"}
MODULES = sorted(ROOT.rglob("*.py"))


def first_level(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").parts[0]


def imports_of(path: Path) -> set[str]:
    """All imported modules, those of imports inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def in_layout(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_package_of_the_first_level_has_a_rule() -> None:
    assert {first_level(path) for path in MODULES} == {*MAY_IMPORT, "__init__"}


@pytest.mark.parametrize("path", MODULES, ids=in_layout)
def test_a_package_imports_only_what_its_rule_allows(path: Path) -> None:
    here = first_level(path)
    names = {name.split(".")[1] for name in imports_of(path) if name.startswith("snapshotter.")}

    assert names <= {here, *MAY_IMPORT.get(here, "").split()}


@pytest.mark.parametrize("path", MODULES, ids=in_layout)
def test_only_the_packages_that_call_aws_import_boto3(path: Path) -> None:
    roots = {name.partition(".")[0] for name in imports_of(path)}

    assert first_level(path) in CALLS_AWS or not roots & {"boto3", "botocore"}


@pytest.mark.parametrize("path", MODULES, ids=in_layout)
def test_only_the_handler_reads_the_clock(path: Path) -> None:
    assert (".now(" in path.read_text()) == (path.stem == "handler")


@pytest.mark.parametrize("path", MODULES, ids=in_layout)
def test_no_module_is_longer_than_220_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 220
