"""One letter for the reason why a point is kept: the one that will keep it longest."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A letter for the calendar, and how the reasons begin that it stands for."""

    letter: str
    word: str


MARKS = (
    Mark("Y", "yearly"),
    Mark("M", "monthly"),
    Mark("W", "weekly"),
    Mark("D", "daily"),
    Mark("H", "hourly"),
    Mark("+", "within"),
    Mark("L", "last"),
    Mark("O", "oldest"),
    Mark("N", "newest"),
    Mark("C", "cooling off"),
)
"""Strongest first."""


def mark_of(reasons: Iterable[str]) -> Mark:
    """Return the mark of the strongest of these reasons."""
    words = {reason.split()[0] for reason in reasons}
    return next(mark for mark in MARKS if mark.word.split()[0] in words)


def strongest(marks: Iterable[Mark]) -> Mark:
    return min(marks, key=MARKS.index)
