"""Reads from source files what Python does not keep: comments, error codes and their messages."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import snapshotter
from snapshotter.model.outcome import ErrorInfo

PACKAGE = Path(snapshotter.__file__).parent
VARIABLE = "…"
"""Stands for a variable part of a message."""

_FIRST_STRING = re.compile(r'[^"#]*"([^"]+)"')
_COMMENT = re.compile(r"  # ([^\"']+)$")


def descriptions(code: object) -> dict[str, str]:
    """Return the comments on string constants in the module that defines `code`, by the string.

    The comment is at the end of the line, or on the lines above; only the first string of a line
    is described.
    """
    found: dict[str, str] = {}
    above: list[str] = []
    for line in _source(code).splitlines():
        if line.lstrip().startswith("# "):
            above.append(line.strip()[2:])
            continue
        beside = _COMMENT.search(line)
        if (string := _FIRST_STRING.match(line)) and (beside or above):
            found.setdefault(string[1], beside[1] if beside else " ".join(above))
        above = []
    return found


def suffixes(code: object) -> list[str]:
    """Return what f-strings like f"{key}:suffix" append, in the module that defines `code`."""
    return list(dict.fromkeys(re.findall(r'f"\{[\w.]+\}(:[a-z-]+)"', _source(code))))


def _source(code: object) -> str:
    module = inspect.getmodule(code)
    assert module is not None
    return inspect.getsource(module)


def error_codes(package: Path = PACKAGE) -> dict[str, list[str]]:
    """Return the error codes of outcomes, each with those of its messages that can be read.

    A code is the first argument of `ErrorInfo`, or what is passed to it through another function:
    a string, or a constant of a module.
    """
    trees = [ast.parse(path.read_text()) for path in sorted(package.rglob("*.py"))]
    functions = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    constants = {
        ast.unparse(node.targets[0]): node.value
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign)
    }
    position = {ErrorInfo.__name__: 0}
    for function in functions:
        names = [each.arg for each in function.args.args]
        for _, call in _calls(function, {ErrorInfo.__name__}):
            if isinstance(call.args[0], ast.Name) and call.args[0].id in names:
                position[function.name] = names.index(call.args[0].id)
    found: dict[str, list[str]] = {}
    for function in functions:
        for name, call in _calls(function, set(position)):
            code, message = call.args[position[name] :][:2]
            code = constants.get(ast.unparse(code), code)
            for each in code.values if isinstance(code, ast.BoolOp) else [code]:
                if isinstance(each, ast.Constant):
                    messages = found.setdefault(str(each.value), [])
                    text = _message(message, function, call.lineno)
                    messages.append(re.sub(f"{VARIABLE}+", VARIABLE, text))
    return found


def _calls(function: ast.FunctionDef, names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and len(node.args) > 1:
            name = ast.unparse(node.func)
            if name in names:
                yield name, node


def _message(node: ast.expr, function: ast.FunctionDef, line: int) -> str:
    """Return a message as text, also where a variable was assigned above `line`."""
    match node:
        case ast.Constant():
            return str(node.value)
        case ast.JoinedStr():
            return "".join(_message(each, function, line) for each in node.values)
        case ast.BoolOp():
            return _message(node.values[-1], function, line)
        case ast.Name():
            assigned = [
                each
                for each in ast.walk(function)
                if isinstance(each, ast.Assign)
                and each.lineno < line
                and ast.unparse(each.targets[0]) == node.id
            ]
            if assigned:
                last = max(assigned, key=lambda each: each.lineno)
                return _message(last.value, function, last.lineno)
    return VARIABLE
