"""What holds for every page, at a telephone's and a desktop's width, light and dark."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.browser.conftest import Opened, opened
from tests.support.soak import SOAK

if TYPE_CHECKING:
    from playwright.sync_api import Page

VARIANTS = (
    list(product(("status", "several", "simulated"), (390, 1280), ("light", "dark")))
    if SOAK
    else [
        ("status", 390, "dark"),
        ("several", 1280, "light"),
        ("simulated", 390, "light"),
    ]
)
"""The short form has each page, width and scheme."""
WCAG_AA = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
CONTROLS = "input, summary, a[href], select, [role=slider], button:not([tabindex='-1'])"
"""Of the buttons of a calendar one is a stop for the Tab key; the arrow keys move from there."""


@pytest.fixture(scope="module", params=VARIANTS, ids=lambda given: "-".join(map(str, given)))
def shown(request: pytest.FixtureRequest, pages: Callable[[int], "Page"]) -> Iterator[Opened]:
    name, width, scheme = request.param
    path: Path = request.getfixturevalue(name)
    with opened(pages(width), path, scheme) as found:
        yield found


def test_nothing_but_the_file_is_requested_and_nothing_is_logged(shown: Opened) -> None:
    shown.page.wait_for_load_state("networkidle")

    assert (shown.requests, shown.messages) == ([shown.address], [])


def test_page_does_not_scroll_sideways(shown: Opened) -> None:
    _open_lists(shown)
    root = "document.documentElement"

    widths = shown.page.evaluate(f"[{root}.scrollWidth, {root}.clientWidth]")
    assert widths[0] == widths[1]


def test_every_control_is_reached_with_tab_and_shows_its_focus(shown: Opened) -> None:
    shown.page.evaluate("document.activeElement.blur()")
    count = shown.page.locator(CONTROLS).evaluate_all(
        "found => (found = found.filter(each => each.checkVisibility()))"
        ".forEach((each, rank) => { each.dataset.rank = rank }) || found.length"
    )
    reached = []
    for _ in range(count):
        shown.page.keyboard.press("Tab")
        reached.append(
            shown.page.evaluate(
                "[document.activeElement.dataset.rank,"
                " getComputedStyle(document.activeElement).outlineStyle]"
            )
        )

    assert reached == [[str(rank), "solid"] for rank in range(count)]


def test_page_passes_wcag_aa(shown: Opened) -> None:
    # axe looks only at what is drawn, and the page leaves out what is not in view.
    shown.page.add_style_tag(content="* { content-visibility: visible !important }")
    _open_lists(shown)
    _show_details(shown)

    found = Axe().run(shown.page, options=WCAG_AA).response["violations"]
    assert [(each["id"], node["html"], node["failureSummary"]) for each in found
            for node in each["nodes"]] == []  # fmt: skip


def _open_lists(shown: Opened) -> None:
    shown.page.locator("details:not(.figures)").evaluate_all(
        "found => found.slice(0, 2).forEach((each) => { each.open = true })"
    )


def _show_details(shown: Opened) -> None:
    first: Any = shown.page.locator(".timeline, .calendar [tabindex='0']").first
    first.hover()
    shown.page.locator("#tip").wait_for(state="visible")
