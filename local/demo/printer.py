"""Plain text for a terminal, in colour only where colour is wanted; and the checks of it."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TextIO, TypeVar

MIN_WIDTH, MAX_WIDTH = 80, 100
INDENT = "   "

Style = Literal["plain", "bold", "dim", "green", "yellow", "red"]
_CODES: dict[Style, str] = {
    "plain": "",
    "bold": "1",
    "dim": "2",
    "green": "32",
    "yellow": "33",
    "red": "31",
}

T = TypeVar("T")


class CheckFailed(Exception):
    """Something that was printed, or is about to be, is not true."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table; text that is too long is wrapped within its column."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True)
class Printer:
    """Writes to `out`. No line is longer than `width`."""

    out: TextIO
    width: int
    colour: bool

    def line(self, text: str = "") -> None:
        print(text, file=self.out, flush=True)

    def title(self, text: str) -> None:
        self.line()
        self.line(self.styled(text, "bold"))
        self.line()

    def text(self, text: str, style: Style = "plain") -> None:
        """Write a paragraph."""
        self.table([[Cell(text, style)]], [])

    def check(self, claim: str, found: T, expected: T) -> None:
        """Write a claim, after comparing it.

        Raises:
            CheckFailed: with the claim and both values.
        """
        require(claim, found, expected)
        self.table([[Cell("ok", "green"), Cell(claim)]], [2])

    def table(self, rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> None:
        """Write rows; the last column is as wide as the rest of the line."""
        last = self.width - len(INDENT) - sum(widths) - 2 * len(widths)
        for row in rows:
            columns = [
                textwrap.wrap(cell.text, width, break_on_hyphens=False) or [""]
                for cell, width in zip(row, (*widths, last), strict=True)
            ]
            for number in range(max(map(len, columns))):
                texts = [column[number] if number < len(column) else "" for column in columns]
                padded = [f"{text:{width}}" for text, width in zip(texts, widths, strict=False)]
                styles = [cell.style for cell in row]
                cells = map(self.styled, [*padded, texts[-1]], styles)
                self.line((INDENT + "  ".join(cells)).rstrip())

    def styled(self, text: str, style: Style) -> str:
        if not (self.colour and _CODES[style] and text.strip()):
            return text
        return f"\033[{_CODES[style]}m{text}\033[0m"


def require(claim: str, found: T, expected: T) -> None:
    """Compare without printing.

    Raises:
        CheckFailed: with the claim and both values.
    """
    if found != expected:
        raise CheckFailed(f"{claim}\n  expected: {expected}\n  found:    {found}")


def printer_for(out: TextIO) -> Printer:
    """Choose the width; and colours for a terminal, unless NO_COLOR or TERM=dumb is set."""
    columns = shutil.get_terminal_size((MAX_WIDTH, 24)).columns
    no_colour = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Printer(
        out=out,
        width=min(MAX_WIDTH, max(MIN_WIDTH, columns)) if out.isatty() else MAX_WIDTH,
        colour=out.isatty() and not no_colour,
    )


def standard_output() -> Printer:
    """Write to standard output; characters that it cannot show become `?`."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    return printer_for(sys.stdout)
