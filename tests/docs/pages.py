"""The pages of this repository, taken apart: code, tables, links and headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from translate import TEMPLATE

ROOT = TEMPLATE.parent
"""Where the checkout begins."""

_FENCE = re.compile(
    r"^ *(?P<mark>```+)(?P<language>\w*)\n(?P<text>.*?)^ *(?P=mark)\s*$", re.M | re.S
)
_INDENTED = re.compile(r"(?:(?<=\n\n)|\A)((?: {4}\S.*\n|[ \t]*\n(?= {4}\S))+)")
_SPAN = re.compile(r"(?<!`)(?P<mark>`+)(?!`)(?P<text>.+?)(?<!`)(?P=mark)(?!`)", re.S)
_LINK = re.compile(r"\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.M)
_RULE = re.compile(r"\|?( *:?-+:? *\|)+ *:?-* *")


@dataclass(frozen=True)
class Block:
    """A block of code; `language` is empty where it names none."""

    language: str
    text: str


@dataclass(frozen=True)
class Table:
    """A table: the cells of its head, and of each row, as written."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


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
        """The blocks of code, fenced ones and then those that are indented."""
        fenced = [Block(m["language"], m["text"]) for m in _FENCE.finditer(self.text)]
        indented = [Block("", m[1]) for m in _INDENTED.finditer(self._outside_fences)]
        return (*fenced, *indented)

    @cached_property
    def spans(self) -> tuple[str, ...]:
        """The pieces of code within the text, line ends as blanks."""
        return tuple(spans_of(_INDENTED.sub("\n", self._outside_fences)))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        return tuple(_tables(self._outside_fences.splitlines()))

    @cached_property
    def links(self) -> tuple[str, ...]:
        prose = _SPAN.sub("", self._outside_fences)
        return tuple(match["target"] for match in _LINK.finditer(prose))

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What a link may name after `#`, made of the headings as GitHub does."""
        return frozenset(_anchor(each) for each in _HEADING.findall(self._outside_fences))

    @cached_property
    def headings(self) -> tuple[str, ...]:
        return tuple(_HEADING.findall(self._outside_fences))

    @property
    def _outside_fences(self) -> str:
        return _FENCE.sub("", self.text)

    def table(self, *head: str) -> tuple[tuple[str, ...], ...]:
        """Return the rows of all tables whose heads begin with these cells.

        Raises:
            LookupError: there is no such table, so nothing would be compared.
        """
        found = [each for each in self.tables if each.head[: len(head)] == head]
        if not found:
            raise LookupError(f"{self.name} has no table that begins with {head}")
        return tuple(row for table in found for row in table.rows)

    def column(self, *head: str) -> tuple[str, ...]:
        """Return the code in the first cells of these tables, in their order."""
        return tuple(span for row in self.table(*head) for span in spans_of(row[0]))


def spans_of(text: str) -> Iterator[str]:
    """Give the pieces of code in a line or a cell."""
    for match in _SPAN.finditer(text):
        yield " ".join(match["text"].split())


def _tables(lines: list[str]) -> Iterator[Table]:
    for number, line in enumerate(lines):
        if not _RULE.fullmatch(line.strip()) or number == 0:
            continue
        rows = []
        for row in lines[number + 1 :]:
            if not row.startswith("|"):
                break
            rows.append(_cells(row))
        yield Table(_cells(lines[number - 1]), tuple(rows))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower())
    return kept.replace(" ", "-")


def page(name: str) -> Page:
    """Read one page by its path from the root."""
    path = ROOT / name
    return Page(name, path.read_text(), path.parent)


def pages() -> tuple[Page, ...]:
    """Read all pages that speak to users and engineers."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    return tuple(page(str(path.relative_to(ROOT))) for path in found)
