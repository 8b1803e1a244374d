"""The Markdown pages of this repository: code, tables, links and headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from translate import TEMPLATE

ROOT = TEMPLATE.parent

_FENCE = re.compile(
    r"^ *(?P<mark>```+)(?P<language>\w*)\n(?P<text>.*?)^ *(?P=mark)\s*$", re.M | re.S
)
_INDENTED = re.compile(r"(?:(?<=\n\n)|\A)((?: {4}\S.*\n|[ \t]*\n(?= {4}\S))+)")
_SPAN = re.compile(r"(?<!`)(?P<mark>`+)(?!`)(?P<text>.+?)(?<!`)(?P=mark)(?!`)", re.S)
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.M)
_TABLE = re.compile(r"^\|(.+)\|\n\|[-:| ]+\|\n((?:\|.*\|(?:\n|\Z))*)", re.M)


@dataclass(frozen=True)
class Block:
    """A block of code; `language` is empty where none is named."""

    language: str
    text: str


@dataclass(frozen=True)
class Page:
    """One page of Markdown."""

    name: str
    text: str
    folder: Path = ROOT

    def __str__(self) -> str:
        return self.name

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of code, first the fenced, then the indented ones."""
        fenced = [Block(m["language"], m["text"]) for m in _FENCE.finditer(self.text)]
        indented = [Block("", m[1]) for m in _INDENTED.finditer(self._outside_fences)]
        return (*fenced, *indented)

    @cached_property
    def spans(self) -> tuple[str, ...]:
        """The code spans, with line ends as blanks."""
        return tuple(spans_of(_INDENTED.sub("\n", self._outside_fences)))

    @cached_property
    def links(self) -> tuple[str, ...]:
        prose = _SPAN.sub("", self._outside_fences)
        return tuple(match["target"] for match in _LINK.finditer(prose))

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What a link may have after `#`: GitHub's form of the headings."""
        return frozenset(
            re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for _, text in self._headings
        )

    def section(self, heading: str) -> "Page":
        """Return what is below a heading, up to the next of its level or above.

        Raises:
            LookupError: there is no such heading.
        """
        # Of the same length, so that positions are those of the text.
        outside = _FENCE.sub(lambda match: re.sub(r".", " ", match[0]), self.text)
        found = [(len(match[1]), match) for match in _HEADING.finditer(outside)]
        for index, (level, match) in enumerate(found):
            if match[2] == heading:
                ends = (after.start() for other, after in found[index + 1 :] if other <= level)
                text = self.text[match.end() : next(ends, None)]
                return Page(f"{self.name}#{heading}", text, self.folder)
        raise LookupError(f"{self.name} has no heading {heading!r}")

    def table(self, *head: str) -> list[tuple[str, ...]]:
        """Return the rows of all tables whose head begins with these cells.

        Raises:
            LookupError: there is no such table, so nothing would be compared.
        """
        tables = [(_cells(m[1]), m[2]) for m in _TABLE.finditer(self._outside_fences)]
        found = [rows for cells, rows in tables if cells[: len(head)] == head]
        if not found:
            raise LookupError(f"{self.name} has no table that begins with {head}")
        return [_cells(row) for rows in found for row in rows.splitlines()]

    @property
    def _headings(self) -> list[tuple[str, str]]:
        return _HEADING.findall(self._outside_fences)

    @property
    def _outside_fences(self) -> str:
        return _FENCE.sub("", self.text)


def spans_of(text: str) -> Iterator[str]:
    """Give the code spans of a line or a cell."""
    for match in _SPAN.finditer(text):
        yield " ".join(match["text"].split())


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def page(name: str) -> Page:
    """Read a page by its path from the root."""
    path = ROOT / name
    return Page(name, path.read_text(), path.parent)


PAGES = [
    page(str(path.relative_to(ROOT)))
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md")))
]
on_every_page = pytest.mark.parametrize("page", PAGES, ids=str)
on_every_written_page = pytest.mark.parametrize(
    "page", [each for each in PAGES if each.name != "docs/reference.md"], ids=str
)
