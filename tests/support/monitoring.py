"""The metrics and log fields that a stack's alarms, dashboard and saved queries name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from translate.stack import Stack

_SEARCH = re.compile(r"SEARCH\('\{([^}]*)\} (.*?)', '(\w+)', (\d+)\)")
_TERM = re.compile(r'(\w+)="([^"]*)"')
_WORD = re.compile(r"@?[A-Za-z_][\w.]*")
_NOT_FIELDS = {"and", "or", "in", "like", "asc", "desc", "ispresent"}


@dataclass(frozen=True)
class Series:
    """One metric as CloudWatch identifies it.

    dimensions: sorted; None matches any value.
    """

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str | None], ...]

    @classmethod
    def of(cls, namespace: str, name: str, dimensions: Mapping[str, str | None]) -> Series:
        return cls(namespace, name, tuple(sorted(dimensions.items())))

    def covers(self, other: Series) -> bool:
        """Whether a request for this series returns the other."""
        return (
            (self.namespace, self.name) == (other.namespace, other.name)
            and [key for key, _ in self.dimensions] == [key for key, _ in other.dimensions]
            and all(
                wanted in (None, found)
                for (_, wanted), (_, found) in zip(self.dimensions, other.dimensions, strict=True)
            )
        )


def alarms(stack: Stack) -> dict[str, dict[str, Any]]:
    """Return the properties of the alarms that this stack would have."""
    return {name: stack.properties(name) for name in stack.resources("AWS::CloudWatch::Alarm")}


def alarm_series(alarm: Mapping[str, Any]) -> Series:
    """Return the metric of an alarm."""
    dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
    return Series.of(alarm["Namespace"], alarm["MetricName"], dimensions)


def widgets(stack: Stack, kind: str) -> list[dict[str, Any]]:
    """Return the properties of the dashboard's widgets of a kind."""
    body = json.loads(stack.properties("Dashboard")["DashboardBody"])
    return [each["properties"] for each in body["widgets"] if each["type"] == kind]


def dashboard_series(stack: Stack) -> Iterator[Series]:
    """Return the metrics of the dashboard's graphs, by name or by search expression.

    Raises:
        ValueError: an expression is not supported.
    """
    for widget in widgets(stack, "metric"):
        for metric in widget["metrics"]:
            *names, last = metric
            if "expression" in last:
                yield _searched(last["expression"])
            else:
                namespace, name, *dimensions = names
                pairs = dict(zip(dimensions[::2], dimensions[1::2], strict=True))
                yield Series.of(namespace, name, pairs)


def _searched(expression: str) -> Series:
    found = _SEARCH.search(expression)
    if not found or expression not in (found[0], f"SUM({found[0]})"):
        raise ValueError(f"expression not supported: {expression}")
    namespace, *dimensions = found[1].split(",")
    terms = dict(_TERM.findall(found[2]))
    name = terms.pop("MetricName")
    unknown = set(terms) - set(dimensions)
    if unknown:
        raise ValueError(f"{sorted(unknown)} are not dimensions of {found[1]}")
    return Series.of(namespace, name, {each: terms.get(each) for each in dimensions})


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
        if verb in ("fields", "filter", "sort"):
            found |= set(_WORD.findall(re.sub(r'"[^"]*"', "", rest))) - _NOT_FIELDS
        elif verb not in ("limit", "SOURCE"):
            raise ValueError(f"command not supported: {command}")
    return found


def query_words(text: str, field: str) -> set[str]:
    """Return the values with which a query compares a field."""
    found: set[str] = set()
    for values in re.findall(rf'\b{field} (?:=|in) (\[[^\]]*\]|"[^"]*")', text):
        found |= set(re.findall(r'"([^"]*)"', values))
    return found
