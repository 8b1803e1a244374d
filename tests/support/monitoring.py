"""The metrics and log fields that a stack's alarms, dashboard and saved queries name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from translate.stack import Stack

_WORD = re.compile(r"@?[A-Za-z_][\w.]*")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_NEW_NAME = re.compile(r" as \w+| by bin\(\w+\)")
_NOT_FIELDS = {"and", "or", "in", "like", "asc", "desc", "ispresent", "strcontains", "sum"}


@dataclass(frozen=True)
class Series:
    """One metric as CloudWatch identifies it, with its dimensions in order."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, namespace: str, name: str, dimensions: Mapping[str, str]) -> Series:
        return cls(namespace, name, tuple(sorted(dimensions.items())))


def alarms(stack: Stack) -> dict[str, dict[str, Any]]:
    """Return the properties of the alarms that this stack would have."""
    return {name: stack.properties(name) for name in stack.resources("AWS::CloudWatch::Alarm")}


def alarm_series(alarm: Mapping[str, Any]) -> Series:
    """Return the metric of an alarm."""
    dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
    return Series.of(alarm["Namespace"], alarm["MetricName"], dimensions)


def widgets(stack: Stack, kind: str) -> list[dict[str, Any]]:
    """Return the properties of the dashboard's widgets of a kind."""
    body = json.loads(stack.properties("StackDashboard")["DashboardBody"])
    return [each["properties"] for each in body["widgets"] if each["type"] == kind]


def dashboard_series(stack: Stack) -> Iterator[Series]:
    """Return the metrics of the dashboard's graphs."""
    for widget in widgets(stack, "metric"):
        for namespace, name, *dimensions, _ in widget["metrics"]:
            pairs = dict(zip(dimensions[::2], dimensions[1::2], strict=True))
            yield Series.of(namespace, name, pairs)


def queries(stack: Stack) -> dict[str, str]:
    """Return the text of every query, by name: the saved ones and the dashboard's."""
    saved = {
        name: stack.properties(name)["QueryString"]
        for name in stack.resources("AWS::Logs::QueryDefinition")
    }
    tables = {each["title"]: each["query"] for each in widgets(stack, "log")}
    return saved | tables


def query_fields(text: str) -> set[str]:
    """Return the fields that a query of CloudWatch Logs Insights names.

    Raises:
        ValueError: a command is not supported.
    """
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    commands = [command.strip() for command in " ".join(lines).split("|")]
    found: set[str] = set()
    for command in commands:
        verb, _, rest = command.partition(" ")
        if verb in ("fields", "filter", "sort", "stats"):
            found |= set(_WORD.findall(_NEW_NAME.sub("", _STRING.sub("", rest)))) - _NOT_FIELDS
        elif verb not in ("limit", "SOURCE"):
            raise ValueError(f"command not supported: {command}")
    return found


def query_words(text: str, field: str) -> set[str]:
    """Return the values with which a query compares a field."""
    found: set[str] = set()
    for values in re.findall(rf"\b{field}(?:,| =| in) (\[[^\]]*\]|{_STRING.pattern})", text):
        found |= {each[1:-1] for each in _STRING.findall(values)}
    return found
