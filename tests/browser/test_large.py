"""300 resources with 30,000 points: the answer fits into Lambda's limit, and the page opens."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bench.fleet import POLICY, seed_fleet
from invoke import fleet
from invoke.embedded import embedded
from invoke.function import call
from status.accounts import Account
from status.page import page
from tests.browser.conftest import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LAMBDA_LIMIT = 6 * 1024 * 1024
NO_COPIES = {"COPY_TO_REGIONS": "", "POLICY_NAME": POLICY, "AWS_REGION": fleet.HOME}
PAINTED = """() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(
    () => painted(Math.round(performance.now())))))"""


@pytest.fixture(scope="module")
def report() -> Iterator[Any]:
    """The answer of the real handler; every point is kept by its policy."""
    with embedded(fleet.NIGHT) as account:
        seed_fleet(account, (fleet.HOME,), instances=300, nights=100, now=fleet.NIGHT)
        environment = {**fleet.environment(), **NO_COPIES, "RETENTION": "daily=100"}
        yield call({"action": "report"}, environment, output=io.StringIO())


def test_report_of_300_resources_with_30000_points_is_within_the_limit(report: Any) -> None:
    assert (report["summary"]["protected"], report["summary"]["recoveryPoints"]) == (300, 30_000)
    assert len(json.dumps(report)) < LAMBDA_LIMIT


def test_page_of_300_resources_opens_with_all_points_of_the_report(
    report: Any, browser: "Browser", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "large.html"
    path.write_text(page([Account("", report=report)]), encoding="utf-8")

    with opened(browser, path, width=1280, scheme="light") as found:
        milliseconds = found.page.evaluate(PAINTED)
        shown = found.page.locator(".timeline").evaluate_all(
            "found => found.reduce((sum, each) => sum + Number(each.ariaValueMax), 0)"
        )
    with capsys.disabled():
        print(f"\n300 resources with {shown:,} points: painted after {milliseconds} ms")  # noqa: T201
    assert shown == sum(len(each["points"]) for each in report["resources"])
