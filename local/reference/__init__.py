"""docs/reference.md, generated from the code and the template: `python -m reference`.

Nothing is written twice: descriptions are the template's, those of the pydantic fields, and the
tables that stand beside the constants.
"""

from collections.abc import Iterable


def code(text: object) -> str:
    """Return a code span."""
    return f"`` {text} ``" if "`" in str(text) else f"`{text}`"


def table(*head: str, rows: Iterable[Iterable[str | None]]) -> str:
    """Return a table; None is an empty cell."""
    lines = [head, ["---"] * len(head), *([_cell(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", r"\|")
