"""The worked examples of restic's documentation, "Removing snapshots according to a policy"."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.policy.points import a_point, decided, kept, reasons

FORTNIGHT = (
    "2025-04-21 11:00",
    "2025-04-22 11:00",
    "2025-04-23 11:00",
    "2025-04-24 11:00",
    "2025-04-25 11:00",
    "2025-04-25 23:00",
    "2025-04-28 11:00",
    "2025-04-29 11:00",
    "2025-05-01 11:00",
    "2025-05-02 11:00",
    "2025-05-02 23:00",
)
"""Every weekday of two weeks, twice on Fridays; the last Wednesday was missed."""


def test_five_dailies_reach_back_over_a_missed_day() -> None:
    refused = "not kept by daily=5"

    assert reasons("daily=5", *FORTNIGHT) == {
        "2025-05-02 23:00": "newest, daily",
        "2025-05-02 11:00": refused,
        "2025-05-01 11:00": "daily",
        "2025-04-29 11:00": "daily",
        "2025-04-28 11:00": "daily",
        "2025-04-25 23:00": "daily",
        "2025-04-25 11:00": refused,
        "2025-04-24 11:00": refused,
        "2025-04-23 11:00": refused,
        "2025-04-22 11:00": refused,
        "2025-04-21 11:00": refused,
    }


def test_more_dailies_than_days_keep_the_oldest_point_as_well() -> None:
    two_on_a_day = ("2025-04-21 09:00", *FORTNIGHT)
    dailies = kept("daily=99", *FORTNIGHT)

    assert kept("daily=99", *two_on_a_day) == [*dailies, "2025-04-21 09:00"]
    assert reasons("daily=99", *two_on_a_day)["2025-04-21 09:00"] == "oldest daily"


def test_within_is_measured_from_the_newest_point_not_from_the_run() -> None:
    assert kept("within=7d", *FORTNIGHT, now="2026-01-01 00:00") == [
        "2025-05-02 23:00",
        "2025-05-02 11:00",
        "2025-05-01 11:00",
        "2025-04-29 11:00",
        "2025-04-28 11:00",
    ]


def test_only_the_last_point_is_left_by_last_1() -> None:
    assert kept("last=1", "2017-02-21 10:48:33", "2017-02-21 10:49:18") == ["2017-02-21 10:49:18"]


@pytest.mark.parametrize(
    ("last_day", "shares"),
    [
        # 31 December is a daily, weekly, monthly and yearly point at once.
        pytest.param("2023-12-31", (7, 4, 11, 74), id="on-a-sunday-that-ends-the-year"),
        # Here last year's 31 December is a monthly point as well as a yearly one.
        pytest.param("2023-06-18", (7, 4, 11, 73), id="on-a-sunday-in-june"),
        # In midweek the dailies hold two weekly points; 31 May is weekly and monthly.
        pytest.param("2099-06-17", (7, 3, 10, 73), id="on-a-wednesday-in-june"),
    ],
)
def test_a_century_of_days_leaves_under_a_hundred_points(
    last_day: str, shares: tuple[int, ...]
) -> None:
    last = datetime.fromisoformat(last_day).replace(hour=4, minute=50, tzinfo=UTC)
    century = [a_point(last - timedelta(days=day), str(day)) for day in range(36_500)]
    decisions = decided(century, "daily=7 weekly=5 monthly=12 yearly=75", now=last)

    found = [set(each.reasons) for each in decisions if each.keep]
    rules = ("daily", "weekly", "monthly", "yearly")
    assert tuple(sum(rule in each for each in found) for rule in rules) == (7, 5, 12, 75)
    firsts = [next(rule for rule in rules if rule in each) for each in found]
    assert tuple(firsts.count(rule) for rule in rules) == shares
