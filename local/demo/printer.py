"""Plain text for a terminal of 80 to 100 columns, and the checks of what it states."""

import os
import shutil
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO, TypeVar

MIN_WIDTH, MAX_WIDTH = 80, 100
INDENT = "   "
_BOLD, _GREEN = "1", "32"

T = TypeVar("T")


class CheckFailed(Exception):
    """A statement of the demo is not true."""


@dataclass(frozen=True)
class Printer:
    """Writes to `out`. No line is longer than `width`."""

    out: TextIO
    width: int
    colour: bool

    def line(self, text: str = "") -> None:
        print(text, file=self.out, flush=True)

    def title(self, text: str) -> None:
        self.line(f"\n{self._styled(text, _BOLD)}\n")

    def text(self, text: str) -> None:
        """Write a paragraph."""
        self.table([[text]], [])

    def check(self, claim: str, found: T, expected: T) -> None:
        """Write a claim, marked ok, after comparing it.

        Raises:
            CheckFailed: with the claim and both values.
        """
        require(claim, found, expected)
        self.table([["ok", claim]], [2])

    def table(self, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
        """Write rows, each cell wrapped in its column; the last takes the rest of the line."""
        last = self.width - len(INDENT) - sum(widths) - 2 * len(widths)
        for row in rows:
            cells = [
                textwrap.wrap(text, width, break_on_hyphens=False) or [""]
                for text, width in zip(row, [*widths, last], strict=True)
            ]
            for number in range(max(map(len, cells))):
                texts = [cell[number] if number < len(cell) else "" for cell in cells]
                padded = [f"{text:{width}}" for text, width in zip(texts, widths, strict=False)]
                line = (INDENT + "  ".join([*padded, texts[-1]])).rstrip()
                self.line(line.replace(" ok ", f" {self._styled('ok', _GREEN)} ", row[0] == "ok"))

    def _styled(self, text: str, code: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self.colour else text


def require(claim: str, found: T, expected: T) -> None:
    """Compare without printing.

    Raises:
        CheckFailed: with the claim and both values.
    """
    if found != expected:
        raise CheckFailed(f"{claim}\n  expected: {expected}\n  found:    {found}")


def printer_for(out: TextIO) -> Printer:
    """Choose the width; and colours for a terminal, unless NO_COLOR or TERM=dumb is set."""
    columns = shutil.get_terminal_size((MAX_WIDTH, 24)).columns if out.isatty() else MAX_WIDTH
    no_colour = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    width = min(MAX_WIDTH, max(MIN_WIDTH, columns))
    return Printer(out, width, colour=out.isatty() and not no_colour)
