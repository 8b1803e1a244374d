"""The layout of src/snapshotter: what each package may import, and how large it may grow."""

import ast
from collections import Counter
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
    "run": "errors model policy inputs plan lightsail apply report restore",
    "handler": "errors model policy inputs plan lightsail apply report restore run notify",
}
"""For each package or module of the first level, those it may import besides itself."""

CALLS_AWS = {"lightsail", "notify"}
MODULES = {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*.py"))}
SIZES = {name: len(path.read_text().splitlines()) for name, path in MODULES.items()}


def first_level(name: str) -> str:
    return Path(name).with_suffix("").parts[0]


def imports_of(name: str) -> set[str]:
    """All imported modules, those of imports inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_package_of_the_first_level_has_a_rule() -> None:
    assert {first_level(name) for name in MODULES} == {*MAY_IMPORT, "__init__"}


@pytest.mark.parametrize("name", MODULES)
def test_a_package_imports_only_what_its_rule_allows(name: str) -> None:
    here, imported = first_level(name), imports_of(name)
    ours = {each.split(".")[1] for each in imported if each.startswith("snapshotter.")}
    roots = {each.partition(".")[0] for each in imported}

    assert ours <= {here, *MAY_IMPORT.get(here, "").split()}
    assert here in CALLS_AWS or not roots & {"boto3", "botocore"}


def test_only_the_handler_reads_the_clock() -> None:
    assert [name for name, path in MODULES.items() if ".now(" in path.read_text()] == ["handler.py"]


def test_a_module_is_one_subject_and_the_whole_stays_small() -> None:
    assert {name: size for name, size in SIZES.items() if size > 350} == {}
    assert len(SIZES) <= 60
    assert sum(SIZES.values()) <= 8_500


def test_no_two_modules_share_a_name() -> None:
    names = Counter(path.name for path in MODULES.values() if path.name != "__init__.py")

    assert {name: count for name, count in names.items() if count > 1} == {}
