"""Shell commands on the pages: make, and the AWS CLI checked against the services' models."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import botocore.session
import jmespath  # type: ignore[import-untyped]
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from tests.docs.pages import Page

_GLOBAL = {"region", "query", "output", "profile", "cli-binary-format", "cli-read-timeout"}
_CUSTOM = {("logs", "tail")}
"""Commands of the AWS CLI that are not one call."""
_ALIASES = {"s3api": "s3"}
_RENAMED = {"notification-endpoint": "endpoint"}
"""Options whose name is not the member's."""
_FUNCTIONS = {"sort_by", "starts_with", "ends_with", "contains", "reverse"}
_SUBSTITUTION = re.compile(r'"\$\([^()]*\)"|\$\([^()]*\)')
_TARGET = re.compile(r"\bmake +([a-z]+)\b")
_ASSIGNMENT = re.compile(r"\b([A-Z_]+)=(\"[^\"]*\"|[^\s\"]+)")


@dataclass(frozen=True)
class Make:
    """A call of make: its target, and the variables that it is given."""

    target: str
    variables: tuple[tuple[str, str], ...]


def make_calls(page: Page) -> Iterator[Make]:
    """Find `make TARGET` in code."""
    for line in _lines(page):
        for match in _TARGET.finditer(line):
            given = [(name, value.strip('"')) for name, value in _ASSIGNMENT.findall(line)]
            yield Make(match[1], tuple(given))


def aws_commands(page: Page) -> Iterator[list[str]]:
    """Find calls of the AWS CLI, each as its words after `aws`."""
    for line in _lines(page):
        if "aws " not in line:
            continue
        for inner in _SUBSTITUTION.findall(line):
            yield from _aws(_words(inner.strip('"')[2:-1]))
        yield from _aws(_words(_SUBSTITUTION.sub("VALUE", line)))


def _lines(page: Page) -> Iterator[str]:
    for block in page.blocks:
        if block.language in ("", "sh", "shell", "bash"):
            yield from block.text.replace("\\\n", " ").splitlines()
    yield from page.spans


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";|&")
    lexer.whitespace_split = True
    return list(lexer)


def _aws(words: list[str]) -> Iterator[list[str]]:
    command: list[str] | None = None
    for word in [*words, ";"]:
        if word == "aws":
            command = []
        elif set(word) <= set(";|&") or word == "do":
            if command:
                yield command
            command = None
        elif command is not None:
            command.append(word)


@cache
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service.

    Raises:
        UnknownServiceError: there is no such service.
    """
    return botocore.session.get_session().get_service_model(service)


def faults_of(command: list[str]) -> list[str]:
    """Return what is wrong with a call of the AWS CLI."""
    service, verb = (*command, "", "")[:2]
    if (service, verb) in _CUSTOM:
        return []
    try:
        model = service_model(_ALIASES.get(service, service))
    except UnknownServiceError:
        return [f"there is no service {service!r}"]
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if verb not in operations:
        return [f"{service} has no command {verb!r}"]
    operation = model.operation_model(operations[verb])
    words = [word for word in command if word.startswith("--")]
    given = {_RENAMED.get(word[2:], word[2:]): _after(command, word) for word in words}
    return [*_option_faults(operation, given), *_query_faults(operation, given.get("query", ""))]


def _after(command: list[str], word: str) -> str:
    return (*command, "")[command.index(word) + 1]


def _option_faults(operation: OperationModel, given: dict[str, str]) -> Iterator[str]:
    shape = operation.input_shape
    taken = shape.members if shape else {}
    members = {xform_name(name, "-"): member for name, member in taken.items()}
    positive = {name.removeprefix("no-") if name not in members else name for name in given}
    for name in sorted(positive - set(members) - _GLOBAL):
        yield f"{operation.name} has no option --{name}"
    required = {xform_name(name, "-") for name in (shape.required_members if shape else ())}
    # A command that a sentence mentions may have no options.
    for name in sorted(required - positive) if given else ():
        yield f"{operation.name} needs --{name}"
    for name in positive & set(members):
        allowed = getattr(members[name], "enum", [])
        if allowed and given.get(name) not in (*allowed, "VALUE"):
            yield f"--{name} of {operation.name} is one of {allowed}, not {given[name]}"


def _query_faults(operation: OperationModel, query: str) -> Iterator[str]:
    if not query:
        return
    jmespath.compile(query)
    known = set(_members(operation.output_shape)) | _FUNCTIONS
    for name in re.findall(r"[A-Za-z_]\w*", re.sub(r"'[^']*'|`[^`]*`", "", query)):
        if name not in known:
            yield f"the answer of {operation.name} has no member {name!r}"


def _members(shape: Shape | None, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    if shape is None or shape.name in seen:
        return
    seen |= {shape.name}
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield name
            yield from _members(member, seen)
    elif isinstance(shape, ListShape):
        yield from _members(shape.member, seen)
    elif isinstance(shape, MapShape):
        yield from _members(shape.value, seen)
