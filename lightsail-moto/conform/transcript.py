"""What was asked and answered, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class NotReached(Exception):
    """A step that the scenario did not get to, or a situation that did not arise."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and its answer, or a whole list that was read page by page.

    answer: the members of the output; empty where the request was refused.
    error: `code`, `fineCode` (Lightsail's own), `message`, `tip` and `status`, the HTTP status,
        without those that have no value; empty where the request was accepted.
    pages: how many items each page had; empty for what is not a list.
    """

    step: str
    operation: str
    region: str
    request: Mapping[str, Any]
    answer: Mapping[str, Any] = field(default_factory=dict)
    error: Mapping[str, Any] = field(default_factory=dict)
    pages: Sequence[int] = ()

    @property
    def operations(self) -> list[dict[str, Any]]:
        """The operations of the answer, in its order."""
        listed: list[dict[str, Any]] = self.answer.get("operations", [])
        return listed or [self.answer[key] for key in ("operation",) if key in self.answer]

    @property
    def resource(self) -> dict[str, Any]:
        """The one resource that an answer of Get… describes."""
        described: list[dict[str, Any]] = list(self.answer.values())
        if len(described) != 1:
            raise NotReached(f"{self.step}: {self.error or 'the answer is not one resource'}")
        return described[0]


class Transcript(list[Exchange]):
    """The exchanges of one run. A step that polls has several, which differ in their state."""

    def all_of(self, step: str) -> list[Exchange]:
        found = [exchange for exchange in self if exchange.step == step]
        if not found:
            raise NotReached(f"the step {step} was not reached")
        return found

    def __call__(self, step: str) -> Exchange:
        """The last exchange of a step."""
        return self.all_of(step)[-1]

    def resources(self) -> Iterator[tuple[Exchange, dict[str, Any]]]:
        """Every record that an answer has, with its exchange."""
        for exchange in self:
            for value in exchange.answer.values():
                for each in value if isinstance(value, list) else [value]:
                    if isinstance(each, dict) and "arn" in each:
                        yield exchange, each


def state_of(resource: Mapping[str, Any]) -> str:
    """The state of a resource, or the status of an operation."""
    state = resource.get("state", resource.get("status", ""))
    return str(state["name"] if isinstance(state, Mapping) else state)


def is_in(*states: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a resource is in one of these states."""
    return lambda resource: state_of(resource) in states
