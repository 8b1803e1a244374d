"""The parameters of the README are those of the template, and so are their defaults."""

import re
from collections.abc import Iterator

import pytest

from snapshotter.inputs.settings import Settings
from tests.docs.pages import Page, page, pages, spans_of
from translate.stack import translated

ALL = pytest.mark.parametrize("page", pages(), ids=str)


def defaults() -> dict[str, str]:
    return {name: str(each["Default"]) for name, each in translated()["Parameters"].items()}


def documented(readme: Page) -> Iterator[tuple[str, str]]:
    """Give each parameter of the table with its default; words instead of code mean empty."""
    for names, values, *_ in readme.table("parameter", "default"):
        shown = [each.strip() for each in re.split(r", (?=`|empty|as )", values)]
        for name, value in zip(spans_of(names), shown, strict=True):
            yield name, next(spans_of(value), "") if value.startswith("`") else ""


def test_the_readme_has_every_parameter_with_its_default() -> None:
    assert dict(documented(page("README.md"))) == defaults()


def test_a_default_that_is_another_is_found() -> None:
    rows = ["| parameter | default |", "|---|---|", "| `A`, `B` | `1`, as `A` |", "| `C` | empty |"]
    text = "\n".join(rows)

    assert dict(documented(Page("a page", text))) == {"A": "1", "B": "", "C": ""}


def test_the_runbook_says_of_every_setting_what_it_accepts() -> None:
    runbook = page("docs/operations.md")
    rows = {
        name.strip("`"): next(spans_of(cell), "")
        for name, cell in runbook.table("parameter", "it accepts")
    }
    fields = {field.title: field.description or "" for field in Settings.model_fields.values()}

    assert rows.keys() == fields.keys()
    # Retention and CopyRetention share a long sentence, which stands elsewhere on the page.
    assert [name for name, text in rows.items() if not fields[str(name)].startswith(text)] == []
    assert {text for text in fields.values() if text not in runbook.spans} <= {
        fields["CopyRetention"]
    }


def assigned(page: Page) -> Iterator[tuple[str, str]]:
    """Find `Parameter` set to `VALUE`, and `Parameter=VALUE`, in the text."""
    names = "|".join(defaults())
    prose = " ".join(page.text.split())
    yield from re.findall(rf"`({names})` (?:set )?to `([^`]+)`", prose)
    for span in page.spans:
        yield from re.findall(rf"^({names})=(\S+)$", span)


@ALL
def test_every_value_that_a_page_gives_to_a_parameter_is_accepted(page: Page) -> None:
    declared = translated()["Parameters"]
    wrong = [
        (name, value)
        for name, value in assigned(page)
        if "AllowedValues" in declared[name]
        and value not in map(str, declared[name]["AllowedValues"])
    ]

    assert wrong == []


def test_the_pages_give_values_to_parameters() -> None:
    assert ("ScheduleState", "DISABLED") in set(assigned(page("docs/operations.md")))
