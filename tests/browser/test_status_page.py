"""The status page shows the report: its numbers, its order, its reasons."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snapshotter.model.names import from_iso
from snapshotter.report.item import time_of
from tests.browser.conftest import opened

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Desktop = Callable[[Path], "Page"]


def resource(page: "Page", name: str) -> "Locator":
    return page.locator(".resource", has=page.get_by_role("heading", name=name, exact=True))


def points_of(report: Any, name: str) -> list[Any]:
    """The points of a resource of the report, oldest first."""
    found = next(each for each in report["resources"] if each["resource"] == name)
    return sorted(found["points"], key=lambda point: point["time"])


def when(point: Any) -> str:
    time = from_iso(point["time"])
    return time_of(time, time.tzinfo)  # type: ignore[arg-type]


def test_what_needs_attention_comes_first_in_the_order_of_the_report(
    desktop: Desktop, status: Path, report: Any
) -> None:
    page = desktop(status)
    troubled = list(dict.fromkeys(each["resource"] for each in report["attention"]))

    assert page.locator(".problem").evaluate_all(
        "found => found.map((each) => [...each.children].map((one) => one.textContent))"
    ) == [[each["what"], *each.get("details", ()), each["do"]] for each in report["attention"]]
    assert page.locator("h3").all_text_contents()[: len(troubled)] == troubled


def test_first_problem_is_on_the_first_screen_of_a_telephone(
    pages: Callable[[int], "Page"], status: Path
) -> None:
    """Figures and legend are folded there, and open on a wide screen."""
    for width, folded in ((390, True), (1280, False)):
        with opened(pages(width), status) as found:
            problem = found.page.locator(".problem").first.bounding_box()
            assert problem
            assert problem["y"] + problem["height"] < 850 or not folded
            states = found.page.locator(".figures").evaluate_all(
                "all => all.map((one) => one.open)"
            )
            assert states == [not folded] * 2


def test_every_resource_has_all_its_points(desktop: Desktop, status: Path, report: Any) -> None:
    page = desktop(status)

    assert page.locator(".timeline").evaluate_all(
        "found => Object.fromEntries(found.map((each) =>"
        " [each.getAttribute('aria-label').slice(19), each.ariaValueMax]))"
    ) == {
        each["resource"]: str(len(each["points"])) for each in report["resources"] if each["points"]
    }


def test_arrow_keys_move_along_the_points_and_show_why_each_is_kept(
    desktop: Desktop, status: Path, report: Any
) -> None:
    line = resource(desktop(status), "mail.example.eu").locator(".timeline")
    tip = line.page.locator("#tip")
    oldest, second, *_ = points_of(report, "mail.example.eu")

    line.press("Home")
    assert tip.inner_text() == f"{when(oldest)}\neu-central-1\nKept: cooling off"
    line.press("ArrowRight")
    text = f"{when(second)}, eu-central-1, Kept: cooling off"
    assert line.get_attribute("aria-valuetext") == text
    line.press("End")
    assert tip.inner_text().endswith("\nKept: newest, daily, weekly")
    line.press("ArrowRight")
    assert line.get_attribute("aria-valuenow") == line.get_attribute("aria-valuemax")
    line.press("Escape")
    assert tip.is_hidden()


def test_focus_by_keyboard_shows_the_newest_point_and_leaving_hides_it(
    desktop: Desktop, status: Path
) -> None:
    page = desktop(status)
    page.locator("#find").focus()
    page.keyboard.press("Tab")

    assert page.locator("#tip").inner_text().endswith("\nus-east-1\nFailed")
    page.keyboard.press("Tab")
    assert page.locator("#tip").is_hidden()


def test_pointer_shows_the_nearest_point_of_the_region_that_it_is_at(
    desktop: Desktop, status: Path, report: Any
) -> None:
    line = resource(desktop(status), "web-1").locator(".timeline")
    box = line.bounding_box()
    assert box
    copies = [each for each in points_of(report, "web-1") if each["region"] == "eu-central-1"]

    line.hover(position={"x": 1, "y": box["height"] - 4})
    text = line.page.locator("#tip").inner_text()
    assert text.splitlines()[:2] == [when(copies[0]), "eu-central-1"]
    line.page.mouse.move(1, 1)
    assert line.page.locator("#tip").is_hidden()


def test_list_of_points_is_opened_by_keyboard_and_has_every_point(
    desktop: Desktop, status: Path, report: Any
) -> None:
    found = resource(desktop(status), "api-2")
    found.locator("summary").press("Enter")
    # The list is made by an event that comes after the key's.
    found.locator("tbody tr").first.wait_for()

    rows = found.locator("tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.children].map((cell) =>"
        " [...cell.childNodes].map((node) => node.textContent)))"
    )
    reasons = {"failed": "Failed", "daily": "Kept: daily"}
    expected = [
        [[when(each), each["region"]], [reasons.get(each["reason"]), each["snapshot"]]]
        for each in reversed(points_of(report, "api-2"))
        if each["reason"] in reasons
    ]
    assert len(rows) == len(points_of(report, "api-2"))
    assert [row for row in rows if row[1][0] in reasons.values()] == expected


def test_find_leaves_what_matches_and_reports_how_many(desktop: Desktop, status: Path) -> None:
    page = desktop(status)
    page.locator("#find").press_sequentially("WEB-EU")

    visible = page.locator("h3").filter(visible=True)
    assert visible.all_text_contents() == ["web-eu-1", "web-eu-2"]
    total = page.locator(".resource").count()
    assert page.locator("#found").inner_text() == f"2 of {total} shown"
    assert page.locator("#troubled").is_hidden()
