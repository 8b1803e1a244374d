"""300 resources with 30,000 points: the answer fits into Lambda's limit, and the page opens."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from snapshotter.inputs.event import ReportEvent
from snapshotter.report.status import make_status_report
from status.accounts import Account
from status.page import page
from tests.support.soak import long_form
from tests.unit.builders import (
    a_plan,
    a_request,
    a_resource,
    a_situation,
    a_snapshot,
    hours_ago,
    some_settings,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

LAMBDA_LIMIT = 6 * 1024 * 1024
PAINTED = """() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(
    () => painted(Math.round(performance.now())))))"""


@pytest.fixture(scope="module")
def report() -> Any:
    """The report of 300 instances with a recovery point of each of the last 100 days."""
    servers = tuple(a_resource(f"server-{rank:03}") for rank in range(300))
    snapshots = tuple(
        a_snapshot(f"{each.name}-202611{day:02}T045000Z", of=each, at=hours_ago(24 * day))
        for each in servers
        for day in range(100)
    )
    settings = some_settings(RETENTION="daily=100")
    request = a_request(ReportEvent, retention=None)
    assert isinstance(request, ReportEvent)
    situation = a_situation(servers, snapshots, settings=settings)
    return make_status_report(situation, a_plan(situation), (), request).answer("")


@long_form
def test_report_of_300_resources_with_30000_points_is_within_the_limit(report: Any) -> None:
    assert (report["summary"]["protected"], report["summary"]["recoveryPoints"]) == (300, 30_000)
    assert len(json.dumps(report)) < LAMBDA_LIMIT


@long_form
def test_page_of_300_resources_opens_with_all_points_of_the_report(
    report: Any,
    desktop: Callable[[Path], "Page"],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "large.html"
    path.write_text(page([Account("", report=report)]), encoding="utf-8")

    opened = desktop(path)
    milliseconds = opened.evaluate(PAINTED)
    shown = opened.locator(".timeline").evaluate_all(
        "found => found.reduce((sum, each) => sum + Number(each.ariaValueMax), 0)"
    )
    with capsys.disabled():
        print(f"\n300 resources with {shown:,} points: painted after {milliseconds} ms")  # noqa: T201
    assert shown == sum(len(each["points"]) for each in report["resources"])
