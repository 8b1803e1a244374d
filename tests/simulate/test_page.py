"""The page contains all it needs, and loads nothing."""

import json
import re
from typing import Any

from simulate.document import document
from simulate.page import page
from simulate.timeline import simulate
from tests.simulate.support import parsed


def a_document(*arguments: str) -> dict[str, Any]:
    options = parsed(*arguments)
    return document(options, simulate(options))


def test_document_has_the_options_and_the_history_of_every_point() -> None:
    content = a_document("--policy", "daily=1", "--days", "2", "--price", "0.06")

    assert content == {
        "policy": "daily=1",
        "change": None,
        "schedule": "cron(50 4 * * ? *)",
        "timezone": "UTC",
        "first": "2026-11-22",
        "last": "2026-11-23",
        "summary": {"taken": 2, "deleted": 1, "kept": 1},
        "cost": {
            "currency": "USD",
            "pricePerGbMonth": "0.06",
            "atMostPerGbOfDiskAndMonth": "0.06",
            "source": "AWS Lightsail FAQ",
            "why": "Lightsail charges for the space that snapshots take, and of successive ones "
            "only for the data that changed, so the bill stays below this.",
        },
        "marks": {
            "Y": "yearly",
            "M": "monthly",
            "W": "weekly",
            "D": "daily",
            "H": "hourly",
            "+": "within",
            "L": "last",
            "O": "oldest",
            "N": "newest",
            "C": "cooling off",
        },
        "points": [
            {
                "taken": "2026-11-22T04:50+00:00",
                "kept": [{"since": "2026-11-22", "reason": "newest, daily", "mark": "D"}],
                "deleted": "2026-11-23T04:50+00:00",
                "deletedBecause": "not kept by daily=1",
            },
            {
                "taken": "2026-11-23T04:50+00:00",
                "kept": [{"since": "2026-11-23", "reason": "newest, daily", "mark": "D"}],
                "deleted": None,
                "deletedBecause": None,
            },
        ],
    }


def test_document_has_the_change_of_the_policy_and_what_it_deletes() -> None:
    content = a_document(
        "--policy", "last=4", "--then", "last=2", "--at", "6", "--days", "9",
        "--start", "2026-11-01", "--cooling-off-days", "2",
    )  # fmt: skip

    assert content["change"] == {
        "policy": "last=2",
        "day": "2026-11-06",
        "coolingOffDays": 2,
        "explanation": "On Fri 6 Nov 2026 the policy changes from last=4 to last=2. 2 points that "
        "only the earlier policy keeps stay until Sat 7 Nov 2026 04:50, for a cooling-off of 2 "
        "days. The next run, Sun 8 Nov 2026 04:50, deletes 3 points.",
        "deletions": [
            {"first": "2026-11-06", "last": "2026-11-07", "aDay": 1},
            {"first": "2026-11-08", "last": "2026-11-08", "aDay": 3},
            {"first": "2026-11-09", "last": "2026-11-09", "aDay": 1},
        ],
    }


def test_page_contains_the_document() -> None:
    content = a_document("--days", "60")
    found = re.search(
        r'<script id="data" type="application/json">(.*?)</script>', page(content), re.DOTALL
    )

    assert found
    assert json.loads(found[1]) == content


def test_page_refers_to_nothing_outside_itself() -> None:
    text = page(a_document())

    forbidden = r"https?:|//[a-z]|\bsrc=|\bhref=|@import|url\(|\bfetch\(|XMLHttp|import\("
    assert re.findall(forbidden, text) == []
    assert "default-src 'none'" in text


def test_text_cannot_break_out_of_the_page() -> None:
    text = page(a_document() | {"policy": "</script><script>alert(1)</script>{{style}}&"})

    assert "alert(1)</script>" not in text
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in text
    assert text.count("</script>") == 2


def test_every_mark_has_a_colour_in_both_schemes() -> None:
    text = page(a_document())

    for letter in a_document()["marks"]:
        name = "within" if letter == "+" else letter
        assert len(re.findall(rf"--{name}: #[0-9a-f]{{6}};", text)) == 2


def test_every_element_that_the_script_looks_up_is_there() -> None:
    text = page(a_document())

    wanted = set(re.findall(r'\bbyId\("(\w+(?:-\w+)*)"\)', text))
    assert wanted <= set(re.findall(r'\bid="([\w-]+)"', text))
