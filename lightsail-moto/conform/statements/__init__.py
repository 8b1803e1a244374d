"""What clients rely on: one function for each statement, in a table.

A function reads the transcript and raises DoesNotHold, or NotReached where the run has nothing
to read. Each statement says where it comes from: `documented` (service model, API reference, user
guide), `published` (the outputs in the AWS CLI reference), `reported` (by users of the live
service) or `assumed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from conform.transcript import NotReached, Transcript


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


STATEMENTS: list[Statement] = []


def holds(source: str, text: str) -> Callable[[Callable[[Transcript], None]], Any]:
    """Enter a function into the table as the check of a statement."""

    def entered(check: Callable[[Transcript], None]) -> Callable[[Transcript], None]:
        STATEMENTS.append(Statement(check.__name__, source, text, check))
        return check

    return entered


def expect(what: str, found: object, wanted: object) -> None:
    """Raise DoesNotHold unless the two are equal."""
    if found != wanted:
        raise DoesNotHold(f"{what}: expected {wanted!r}, found {found!r}")


HOLDS, FAILS, OPEN = "holds", "does not hold", "not reached"


@dataclass(frozen=True)
class Verdict:
    """Whether a statement holds; the detail is why not."""

    statement: Statement
    result: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.result:>13}  {self.statement}" + (
            f"\n{'':15}{self.detail}" * bool(self.detail)
        )


def verdicts(statements: Iterable[Statement], seen: Transcript) -> Iterator[Verdict]:
    """Check each statement; a member that is missing means that it does not hold."""
    for statement in statements:
        try:
            statement.check(seen)
        except NotReached as why:
            yield Verdict(statement, OPEN, str(why))
        except (DoesNotHold, LookupError, TypeError, ValueError) as why:
            yield Verdict(statement, FAILS, f"{type(why).__name__}: {why}")
        else:
            yield Verdict(statement, HOLDS)


def table() -> list[Statement]:
    """All statements; importing the modules enters them."""
    from conform.statements import answers, resources

    assert all((answers, resources))
    return STATEMENTS
