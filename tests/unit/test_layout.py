"""The house keeps its walls: the core knows no boto3, and rooms are small."""

import ast
from pathlib import Path

import pytest

import snapshotter

ROOT = Path(snapshotter.__file__).parent
READS_OR_WRITES = {"apply", "clients", "confirm", "failures", "handler", "inventory", "operations"}
RESTORES = {"restore.apply", "restore.offers", "restore.run"}
DRILLS = {"drill.probe", "drill.run", "drill.settle", "drill.writes"}
EDGE = READS_OR_WRITES | RESTORES | DRILLS | {"writes", "run"}
MODULES = sorted(ROOT.rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def is_core(path: Path) -> bool:
    return not is_edge(".".join(path.relative_to(ROOT).with_suffix("").parts))


def is_edge(name: str) -> bool:
    """Tell whether a dotted name, without our package's own, is of the edge or in a part of it."""
    return any(f"{name}.".startswith(f"{module}.") for module in EDGE)


@pytest.mark.parametrize(
    "path", [path for path in MODULES if is_core(path)], ids=lambda path: path.stem
)
def test_core_knows_neither_boto3_nor_whoever_reads_and_writes(path: Path) -> None:
    names = imports_of(path)

    assert not {name for name in names if name.startswith(("boto3", "botocore"))}
    assert not {
        name
        for name in names
        if name.startswith("snapshotter.") and is_edge(name.removeprefix("snapshotter."))
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_only_the_handler_asks_the_clock(path: Path) -> None:
    text = path.read_text()

    assert (".now(" in text) == (path.stem == "handler")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_outgrows_its_room(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 220
