"""Questions as a person asks them, at a time that is always the same."""

from datetime import UTC, datetime

from simulate.arguments import Question, read
from simulate.timeline import Timeline, play

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_question(*arguments: str) -> Question:
    return read(arguments, now=NOW)


def played(question: Question) -> Timeline:
    return play(
        question.runs,
        question.retention,
        first=question.first,
        last=question.last,
        zone=question.zone,
    )
