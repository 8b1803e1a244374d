"""What the program can say, read out of its own syntax trees."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import snapshotter
from snapshotter.errors import SnapshotterError

PACKAGE = Path(snapshotter.__file__).parent
_CODE_IN = {"ErrorInfo": 0, "refused": 1}
"""Who is told an error code, and in which argument."""

HOLE = "…"
"""Stands for the particular in a sentence, in the code as on the pages."""


def codes() -> set[str]:
    """Give the error codes of the program itself, and the names of what it raises."""
    found = {
        str(constant.value)
        for _, node in _nodes()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and (place := _CODE_IN.get(node.func.id)) is not None
        for argument in node.args[place : place + 1]
        for constant in ast.walk(argument)
        if isinstance(constant, ast.Constant) and re.fullmatch(r"[A-Z]\w+", str(constant.value))
    }
    return found | {leaf.__name__ for leaf in _leaves(SnapshotterError)}


def sentences() -> dict[str, str]:
    """Give all sentences of three words or more, each with where it stands."""
    found: dict[str, str] = {}
    for path, tree in _trees():
        inner = {id(part) for node in ast.walk(tree) for part in _not_for_people(node)}
        for node in ast.walk(tree):
            text = None if id(node) in inner else _text(node)
            if text and len(re.findall(r"[A-Za-z']{2,}", text)) >= 3 and " " in text.strip():
                line = getattr(node, "lineno", 0)
                found[" ".join(text.split())] = f"{path.relative_to(PACKAGE)}:{line}"
    return found


def matches(template: str, text: str) -> bool:
    """Tell whether a text holds a sentence, whatever stands in its holes."""
    parts = template.strip(f"{HOLE} :;").split(HOLE)
    return re.search(".*".join(re.escape(part) for part in parts), text, re.S) is not None


def _leaves(kind: type[Exception]) -> Iterator[type[Exception]]:
    below = [each for each in kind.__subclasses__() if each.__module__.startswith("snapshotter.")]
    for each in below:
        yield from _leaves(each)
    if not below:
        yield kind


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text())


def _nodes() -> Iterator[tuple[Path, ast.AST]]:
    for path, tree in _trees():
        for node in ast.walk(tree):
            yield path, node


def _not_for_people(node: ast.AST) -> Iterator[ast.AST]:
    """Find docstrings, and the parts of a text that is looked at as a whole."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from (part, *(ast.walk(part) if isinstance(part, ast.FormattedValue) else ()))


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values
        )
    return None
