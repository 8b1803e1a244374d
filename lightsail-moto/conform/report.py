"""What a transcript shows of each statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conform.statements import DoesNotHold, Question, Statement
from conform.transcript import NotReached, Transcript

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


def answers(questions: Iterable[Question], seen: Transcript) -> Iterator[tuple[str, str]]:
    """The answer to each question, as text."""
    for question in questions:
        try:
            yield question.text, question.answer(seen)
        except (NotReached, LookupError) as why:
            yield question.text, f"not answered: {why}"
