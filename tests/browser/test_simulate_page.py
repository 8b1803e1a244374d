"""The page of a simulation: its player and calendar, and the change of the policy on it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

Desktop = Callable[[Path], "Page"]


def numbers(page: "Page") -> tuple[str, str, str]:
    """Recovery points, taken so far, deleted so far."""
    kept, taken, deleted = (page.locator(f"#{name}") for name in ("kept", "taken", "deleted"))
    return kept.inner_text(), taken.inner_text(), deleted.inner_text()


def events(page: "Page") -> list[str]:
    return page.locator("#events li").all_text_contents()


def test_page_begins_with_the_last_day(desktop: Desktop, simulated: Path) -> None:
    page = desktop(simulated)

    assert numbers(page) == ("3", "60", "57")
    assert page.locator("#date").inner_text() == "Thursday 26 November 2026"


def test_change_is_explained_and_marked(desktop: Desktop, simulated: Path) -> None:
    page = desktop(simulated)

    assert page.locator("p.change").inner_text() == (
        "On Fri 6 Nov 2026 the policy changes from daily=30 to daily=3. 27 points that only the "
        "earlier policy keeps stay until Fri 13 Nov 2026 04:50, for a cooling-off of 7 days. The "
        "run of Fri 13 Nov 2026 04:50 deletes 28: these 27 and the one due that day."
    )
    assert page.locator(".calendar .changed").all_text_contents() == ["6"]


def test_slider_by_keyboard_shows_what_stays_and_goes_on_each_day(
    desktop: Desktop, simulated: Path
) -> None:
    page = desktop(simulated)
    slider = page.locator("#day")
    slider.press("Home")
    assert numbers(page) == ("1", "1", "0")

    for _ in range(39):
        slider.press("ArrowRight")
    assert events(page)[:2] == ["The policy becomes daily=3", "Taken at 04:50"]
    assert page.locator("#points td:last-child").all_text_contents() == [
        "Dnewest, daily",
        *["Ddaily"] * 2,
        *["Ccooling off"] * 27,
    ]
    for _ in range(7):
        slider.press("ArrowRight")
    assert numbers(page) == ("3", "47", "44")
    assert events(page)[1] == (
        "Deleted 14 Oct 2026 04:50, 15 Oct 2026 04:50, 16 Oct 2026 04:50 and 25 more: "
        "not kept by daily=3"
    )


def test_arrow_keys_move_in_the_calendar_and_enter_selects(
    desktop: Desktop, simulated: Path
) -> None:
    page = desktop(simulated)
    page.locator(".calendar [tabindex='0']").press("ArrowUp")
    assert page.locator("#tip").inner_text() == (
        "Thursday 19 November 2026\n04:50 deleted 22 Nov 2026: not kept by daily=3"
    )

    page.keyboard.press("Enter")
    assert page.locator("#date").inner_text() == "Thursday 19 November 2026"
    page.keyboard.press("Escape")
    assert page.locator("#tip").is_hidden()


def test_play_is_a_button_that_pauses(desktop: Desktop, simulated: Path) -> None:
    page = desktop(simulated)
    button = page.locator("#play")
    button.press("Enter")
    assert button.inner_text() == "Pause"

    button.press("Enter")
    assert button.inner_text() == "Play"
