"""Wrong answers, each in one operation, and the statements that do not hold with each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from lightsail_moto import LightsailBackend
from lightsail_moto.exceptions import LightsailError

Answer = dict[str, Any]


@dataclass(frozen=True)
class Deviation:
    """change: alters the answer in place. refuse: returns another error than the backend's."""

    what: str
    operation: str
    breaks: frozenset[str]
    change: Callable[[Answer], object]
    refuse: Callable[[LightsailError], LightsailError]


@contextmanager
def deviating(wanted: Deviation) -> Iterator[None]:
    """The backend, with this deviation in every answer of the operation."""
    correct = LightsailBackend.perform

    def perform(self: LightsailBackend, operation: str, *given: Any, **options: Any) -> Answer:
        deviates = operation == wanted.operation
        try:
            answer = correct(self, operation, *given, **options)
        except LightsailError as error:
            raise (wanted.refuse(error) if deviates else error) from None
        if deviates:
            wanted.change(answer)
        return answer

    with patch.object(LightsailBackend, "perform", perform):
        yield


def deviation(
    what: str,
    operation: str,
    *breaks: str,
    change: Callable[[Answer], object] = lambda _: None,
    refuse: Callable[[LightsailError], LightsailError] = lambda error: error,
) -> Deviation:
    return Deviation(what, operation, frozenset(breaks), change, refuse)


def each(path: str, /, **members: Any) -> Callable[[Answer], None]:
    """Set members of what is at the path, where `*` is every item; None removes a member."""

    def change(answer: Answer) -> None:
        found: list[Any] = [answer]
        for part in path.split("."):
            found = [
                child
                for each in found
                for child in (each if part == "*" else [each[part]] if part in each else [])
            ]
        for each in found:
            each.update({name: value for name, value in members.items() if value is not None})
            for name in (name for name, value in members.items() if value is None):
                each.pop(name, None)

    return change


def error(
    code: str = "InvalidInputException", *, only: str = "", **members: str
) -> Callable[[LightsailError], LightsailError]:
    """Another error; only: in place of those with this finer code."""

    def other(error: LightsailError) -> LightsailError:
        if only and error.fine_code != only:
            return error
        given = {"fine_code": error.fine_code, "message": error.message} | members
        return LightsailError(given.pop("message"), error=code, **given)

    return other
