"""The examples that AWS publishes with its command line: a command, and what it answered."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REGION = "us-west-2"
_COMMAND = re.compile(
    r"^ +aws lightsail (?P<command>.+?)\n(?=\S)(?P<rest>.*?)(?=^\*\*|\Z)", re.S | re.M
)


@dataclass(frozen=True)
class Example:
    """name: the command and a number where it has several examples."""

    name: str
    arguments: tuple[str, ...]
    answer: Mapping[str, Any]

    @property
    def options(self) -> dict[str, str]:
        """The options with the first value of each; empty for those without one."""
        given: dict[str, str] = {}
        option = ""
        for argument in self.arguments[1:]:
            if argument.startswith("--"):
                option = argument.removeprefix("--")
                given[option] = ""
            else:
                given[option] = given[option] or argument
        return given


def examples(pages: Mapping[str, str]) -> Iterator[Example]:
    """Those whose answer is complete JSON, which is not cut short and no table.

    pages: the text of each page by its command.
    """
    for command, text in pages.items():
        for number, found in enumerate(_COMMAND.finditer(text), 1):
            answer = _json(found["rest"].partition("Output::")[2])
            if answer is not None:
                arguments = shlex.split(found["command"].replace("\\\n", " "))
                yield Example(f"{command}-{number}", tuple(_expanded(arguments)), answer)


def _json(text: str) -> Any:
    """The indented block that the text begins with; None if it is not JSON."""
    block = re.match(r"(?:[ \t].*\n?|\n)*", text)
    try:
        return json.loads(block[0] if block else "")
    except ValueError:
        return None


def _expanded(arguments: list[str]) -> Iterator[str]:
    """A shell makes several words of {a,b}; the quotes are gone already."""
    for argument in arguments:
        if argument.startswith("{"):
            yield from argument.strip("{}").split(",")
        else:
            yield argument
