"""Figures and goals, as text for a terminal of 100 columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import fill

WIDTH = 100
_COLUMNS = (58, 18, 16)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `met` is None where there is no goal."""

    what: str
    figure: str
    goal: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a benchmark, and notes on how they were measured."""

    title: str
    rows: Sequence[Row]
    notes: Sequence[str] = ()


def below(what: str, value: float, limit: float, unit: str = "", *, digits: int = 2) -> Row:
    """A figure with a limit as its goal."""
    end = f" {unit}" if unit else ""
    return Row(what, f"{value:.{digits}f}{end}", f"below {limit:g}{end}", value < limit)


def render(table: Table) -> str:
    """Return the table as text; no line is wider than 100 columns."""
    lines = [table.title, "", _line("", "measured", "goal", ""), "-" * WIDTH]
    lines += [_line(row.what, row.figure, row.goal, _verdict(row)) for row in table.rows]
    notes = (fill(note, WIDTH, initial_indent="  ", subsequent_indent="  ") for note in table.notes)
    return "\n".join([*lines, "", *notes, ""])


def _verdict(row: Row) -> str:
    return {True: "met", False: "MISSED", None: ""}[row.met]


def _line(*cells: str) -> str:
    *padded, last = cells
    return f"{''.join(_padded(padded))}{last}".rstrip()


def _padded(cells: Iterable[str]) -> Iterable[str]:
    return (f"{cell:<{width}}" for cell, width in zip(cells, _COLUMNS, strict=True))
