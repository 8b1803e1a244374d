"""What the page shows of one or several reports."""

import re
from typing import Any

import pytest

from status.accounts import Account
from status.page import page
from status.view import view_of
from tests.status.builders import a_point, a_report, a_resource, an_item

LOST = {"protection": "lost"}


def test_worst_comes_first_over_all_accounts_else_the_order_of_the_report_is_kept() -> None:
    first = a_report(
        a_resource("fine"),
        a_resource("b-lost", **LOST),
        a_resource("refused"),
        attention=(an_item("b-lost"), an_item("refused")),
    )
    second = a_report(
        a_resource("a-lost", **LOST),
        a_resource("stale", stale=True),
        attention=(an_item("stale"), an_item("a-lost")),
    )

    view = view_of([Account("one", report=first), Account("two", report=second)])
    assert [(each.account, each.name, each.badge) for each in view.troubled] == [
        ("two", "stale", "stale"),
        ("one", "b-lost", "lost"),
        ("two", "a-lost", "lost"),
        ("one", "refused", "attention"),
    ]
    assert [each.name for each in view.fine] == ["fine"]


def test_resources_that_are_not_protected_are_divided_by_whether_they_have_points() -> None:
    point = a_point("2026-11-22T04:50:00Z")
    view = view_of(
        [
            Account(
                "",
                report=a_report(
                    a_resource("gone", point, protection="gone"),
                    a_resource("off", point, protection="off"),
                    a_resource("off-without", protection="off"),
                    a_resource("untagged", protection="untagged"),
                    a_resource("far", point, protection="unknown"),
                ),
            )
        ]
    )

    assert [each.name for each in view.ended] == ["gone", "off", "far"]
    assert [(each.name, each.facts) for each in view.unprotected] == [
        ("off-without", ("instance in us-east-1", "its tag ends protection")),
        ("untagged", ("instance in us-east-1", "it has no tag")),
    ]


def test_what_is_about_no_listed_resource_is_a_notice() -> None:
    region = {"what": "eu-west-1 cannot be read.", "do": "Check it.", "region": "eu-west-1"}
    nothing = {"what": "Nothing is protected.", "do": "Put a tag."}
    restored = an_item("restored", region="eu-central-1")
    report = a_report(a_resource(), attention=(region, restored, nothing))
    view = view_of([Account("acme", report=report), Account("contoso", error="No region.")])

    assert view.notices == (
        ("acme", region),
        ("acme", restored),
        ("acme", nothing),
        (
            "",
            {
                "what": "contoso could not be read: No region.",
                "do": "Correct it, and run make status again.",
            },
        ),
    )


@pytest.mark.parametrize(
    ("accounts", "headline"),
    [
        pytest.param([a_report(a_resource())], "All is well: 1 resource protected", id="fine"),
        pytest.param(
            [a_report(a_resource("a"), a_resource("b"), attention=(an_item("a"), an_item("a")))],
            "1 of 2 resources needs attention",
            id="one-resource-with-two-problems",
        ),
        pytest.param(
            [a_report(a_resource("a"), a_resource("b"), attention=(an_item("a"), an_item("b")))],
            "2 of 2 resources need attention",
            id="two-resources",
        ),
        pytest.param(
            [a_report(attention=({"what": "Nothing is protected.", "do": "Put a tag."},))],
            "1 problem needs attention",
            id="about-no-resource",
        ),
        pytest.param([a_report(a_resource()), None], "1 problem needs attention", id="unreadable"),
        pytest.param([None], "No report could be read", id="nothing-read"),
    ],
)
def test_headline_is_the_worst_in_a_few_words(accounts: list[Any], headline: str) -> None:
    found = [Account("any", report=report, error="No region.") for report in accounts]

    assert view_of(found).headline == headline
    assert f"<h1>{headline}</h1>" in page(found)


def rows(text: str, attribute: str) -> dict[str, list[str]]:
    """The cells of the table rows that carry an attribute, by its value."""
    found = re.findall(rf'<tr data-{attribute}="([^"]+)">(.*?)</tr>', text, re.DOTALL)
    return {
        name: [re.sub("<[^>]+>", "", cell).strip() for cell in re.findall("<td.*?</td>", row)]
        for name, row in found
    }


def test_several_reports_are_added_up_and_one_that_cannot_be_read_is_shown() -> None:
    point = a_point("2026-11-22T04:50:00Z")
    copy = a_point("2026-11-21T04:50:00Z", region="eu-central-1", sizeGb=1500)
    failed = a_point("2026-11-23T04:50:00Z", status="failed")
    troubled = a_report(
        a_resource("a", point, copy, failed, stale=True),
        a_resource("b", **LOST),
        a_resource("c"),
        a_resource("d", protection="off"),
        attention=(an_item("a"), an_item("b"), an_item("c")),
    )
    troubled["summary"] |= {"stale": 1, "recoveryPoints": 1, "copies": 1, "storageGb": 1520}
    fine = a_report(a_resource("e", point), a_resource("f"))
    fine["summary"] |= {"recoveryPoints": 1, "storageGb": 20}
    accounts = [
        Account("acme", report=troubled),
        Account("contoso", error="no access"),
        Account("northwind", report=fine),
    ]

    text = page(accounts)
    assert dict(re.findall(r'data-summary="(\w+)">([\d,]+)<', text)) == {
        "protected": "4",
        "recoveryPoints": "2",
        "copies": "1",
        "held": "0",
        "storageGb": "1,540",
    }
    assert dict(re.findall(r'data-share="(\w+)">(\d+)<', text)) == {
        "stale": "1",
        "lost": "1",
        "attention": "1",
        "fine": "2",
        "unprotected": "1",
    }
    assert rows(text, "region") == {
        "eu-central-1": ["0", "1", "1,500", "Saturday, 21 November 2026, 04:50 UTC"],
        "us-east-1": ["2", "0", "40", "Sunday, 22 November 2026, 04:50 UTC"],
    }
    assert rows(text, "account") == {
        "acme": ["3", "2", "1", "1"],
        "contoso": ["could not be read"],
        "northwind": ["0", "2", "1", "0"],
    }


def test_points_that_the_function_left_out_are_mentioned() -> None:
    text = page([Account("", report=a_report(a_resource(), truncated=1234))])

    assert "The oldest 1,234 points are left out" in text


def test_names_and_reasons_cannot_break_out_of_the_page() -> None:
    evil = "</script><script>alert(1)</script>"
    point = a_point("2026-11-22T04:50:00Z", reason=evil, snapshot=evil, region=evil)
    report = a_report(a_resource(evil, point), attention=(an_item(evil, what=evil, do=evil),))
    text = page([Account(evil, report=report), Account(evil, error=evil)])

    assert "<script>alert" not in text
    assert text.count("</script>") == text.count("<script")


def test_page_refers_to_nothing_outside_itself() -> None:
    point = a_point("2026-11-22T04:50:00Z")
    text = page([Account("", report=a_report(a_resource("web", point)))])

    forbidden = r"https?:|//[a-z]|\bsrc=|\bhref=|@import|url\(|\bfetch\(|XMLHttp|import\("
    assert re.findall(forbidden, text) == []
    assert "default-src 'none'" in text
