"""What clients rely on: one function for each statement, in a table.

A function reads the transcript and raises DoesNotHold, or NotReached where the run has nothing
to read. Each statement says where it comes from: `documented` (service model, API reference, user
guide), `published` (the outputs in the AWS CLI reference), `reported` (by users of the live
service) or `assumed`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conform.transcript import Transcript


class DoesNotHold(Exception):
    """The statement is wrong for this account; the message has why."""


@dataclass(frozen=True)
class Statement:
    """id: the step that it is about, or the name of its check."""

    id: str
    source: str
    text: str
    check: Callable[[Transcript], None]

    def __str__(self) -> str:
        return f"[{self.source}] {self.text}"


@dataclass(frozen=True)
class Question:
    """What nobody has published: the answer is recorded and nothing is asserted."""

    text: str
    answer: Callable[[Transcript], str]


STATEMENTS: list[Statement] = []
QUESTIONS: list[Question] = []


def holds(source: str, text: str) -> Callable[[Callable[[Transcript], None]], Any]:
    """Enter a function into the table as the check of a statement."""

    def entered(check: Callable[[Transcript], None]) -> Callable[[Transcript], None]:
        STATEMENTS.append(Statement(check.__name__, source, text, check))
        return check

    return entered


def asks(text: str) -> Callable[[Callable[[Transcript], str]], Any]:
    """Enter a function into the table as the answer to an open question."""

    def entered(answer: Callable[[Transcript], str]) -> Callable[[Transcript], str]:
        QUESTIONS.append(Question(text, answer))
        return answer

    return entered


def expect(what: str, found: object, wanted: object) -> None:
    """Raise DoesNotHold unless the two are equal."""
    if found != wanted:
        raise DoesNotHold(f"{what}: expected {wanted!r}, found {found!r}")


def table() -> tuple[list[Statement], list[Question]]:
    """All statements and questions; importing the modules enters them."""
    from conform.statements import answers, questions, resources

    assert all((answers, resources, questions))
    return STATEMENTS, QUESTIONS
