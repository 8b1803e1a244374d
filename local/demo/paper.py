"""Text on a terminal: wrapped, calm, in colour only where colour is wanted."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TextIO

NARROWEST, WIDEST = 80, 100
INDENT = "   "

Shade = Literal["plain", "title", "quiet", "good", "waiting", "bad"]
_CODES: dict[Shade, str] = {
    "plain": "",
    "title": "1",
    "quiet": "2",
    "good": "32",
    "waiting": "33",
    "bad": "31",
}


@dataclass(frozen=True)
class Cell:
    """A table's cell; a text that is too long is wrapped within its column."""

    text: str
    shade: Shade = "plain"


@dataclass(frozen=True)
class Paper:
    """Where the story is written. No line is longer than `width`."""

    out: TextIO
    width: int
    colour: bool

    def line(self, text: str = "") -> None:
        print(text, file=self.out)

    def title(self, text: str) -> None:
        self.line()
        self.line(self.shaded(text, "title"))
        self.line()

    def say(self, text: str, shade: Shade = "plain", *, hang: str = "") -> None:
        """Write a paragraph; `hang` is put before its further lines."""
        for line in textwrap.wrap(
            text,
            self.width,
            initial_indent=INDENT,
            subsequent_indent=INDENT + hang,
            break_on_hyphens=False,
        ):
            self.line(self.shaded(line, shade))

    def item(self, label: str, text: str, shade: Shade = "plain") -> None:
        """Write a label in its colour and, beside it, a paragraph."""
        label = label.ljust(12)
        room = self.width - len(INDENT) - len(label)
        for line in textwrap.wrap(text, room, break_on_hyphens=False):
            self.line(INDENT + self.shaded(label, shade) + line)
            label = " " * len(label)

    def table(self, rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> None:
        """Write rows; the last column takes what the widths leave of the line."""
        last = self.width - len(INDENT) - sum(widths) - 2 * len(widths)
        for row in rows:
            columns = [
                textwrap.wrap(cell.text, width, break_on_hyphens=False) or [""]
                for cell, width in zip(row, (*widths, last), strict=True)
            ]
            for number in range(max(map(len, columns))):
                self._row(row, columns, (*widths, last), number)

    def _row(
        self, row: Sequence[Cell], columns: list[list[str]], widths: Sequence[int], number: int
    ) -> None:
        texts = [column[number] if number < len(column) else "" for column in columns]
        padded = [text.ljust(width) for text, width in zip(texts, widths, strict=True)]
        padded[-1] = padded[-1].rstrip()
        shaded = [self.shaded(text, cell.shade) for text, cell in zip(padded, row, strict=True)]
        self.line((INDENT + "  ".join(shaded)).rstrip())

    def shaded(self, text: str, shade: Shade) -> str:
        if not (self.colour and _CODES[shade] and text.strip()):
            return text
        return f"\033[{_CODES[shade]}m{text}\033[0m"


def paper_for(out: TextIO) -> Paper:
    """Choose the width, and colours for a terminal whose owner does not refuse them."""
    columns = shutil.get_terminal_size((WIDEST, 24)).columns
    refused = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Paper(
        out=out,
        width=min(WIDEST, max(NARROWEST, columns)) if out.isatty() else WIDEST,
        colour=out.isatty() and not refused,
    )


def standard_output() -> Paper:
    """Write to standard output, whatever letters it can show."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    return paper_for(sys.stdout)
