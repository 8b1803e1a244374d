"""Every decision has its reasons, in the words of the contract."""

import pytest

from tests.unit.policy.points import kept, reasons

DAYS = tuple(f"2026-11-{day:02} 04:50" for day in range(23, 13, -1))
"""Ten days, newest first: Monday the 23rd back to Saturday the 14th."""


def test_reasons_of_a_policy_with_every_kind_of_rule() -> None:
    policy = "last=1 daily=3 weekly=2 monthly=6 yearly=all within=2d"

    refused = f"not kept by {policy}"
    assert reasons(policy, *DAYS, held=[DAYS[4], DAYS[0]]) == {
        "2026-11-23 04:50": "newest, within 2d, last, daily, weekly, monthly, yearly, hold",
        "2026-11-22 04:50": "within 2d, daily, weekly",
        "2026-11-21 04:50": "daily",
        "2026-11-20 04:50": refused,
        "2026-11-19 04:50": "hold",
        "2026-11-18 04:50": refused,
        "2026-11-17 04:50": refused,
        "2026-11-16 04:50": refused,
        "2026-11-15 04:50": refused,
        "2026-11-14 04:50": "oldest monthly, oldest yearly",
    }


@pytest.mark.parametrize("period", ["hourly", "daily", "weekly", "monthly", "yearly"])
def test_oldest_is_kept_while_its_rule_has_count_left(period: str) -> None:
    older, newer = "2026-11-23 04:50:01", "2026-11-23 04:50:02"

    assert reasons(f"{period}=2", older, newer) == {
        newer: f"newest, {period}",
        older: f"oldest {period}",
    }
    assert kept(f"{period}=1", older, newer) == [newer]


def test_oldest_point_that_is_the_first_of_its_period_is_kept_as_such() -> None:
    assert reasons("daily=9", *DAYS[:2]) == {DAYS[0]: "newest, daily", DAYS[1]: "daily"}


def test_last_counts_points_of_equal_times_too() -> None:
    same = "2026-11-23T04:50:00Z", "2026-11-23 04:50", "2026-11-23T05:50+01:00"

    assert reasons("last=2", *same) == {
        "2026-11-23T05:50+01:00": "newest, last",
        "2026-11-23T04:50:00Z": "last",
        "2026-11-23 04:50": "not kept by last=2",
    }


def test_newest_is_kept_even_where_it_is_the_only_one() -> None:
    assert reasons("within=1h", "2020-01-01 00:00") == {"2020-01-01 00:00": "newest, within 1h"}


def test_a_series_without_points_needs_no_decision() -> None:
    assert reasons("daily=7") == {}


def test_a_point_at_the_time_of_the_run_is_not_in_the_future() -> None:
    run, a_microsecond_on = "2026-11-23 04:50", "2026-11-23 04:50:00.000001"

    assert reasons("last=1", run, a_microsecond_on, now=run) == {
        a_microsecond_on: "in the future",
        run: "newest, last",
    }


def test_points_in_the_future_use_up_no_count() -> None:
    now = "2026-11-20 12:00"

    assert kept("daily=2", *DAYS, now=now) == list(DAYS[:5])
    assert reasons("daily=2", *DAYS, now=now, held=[DAYS[1]])[DAYS[1]] == "in the future, hold"


def test_within_is_measured_from_the_newest_point_that_is_not_in_the_future() -> None:
    found = reasons("within=1d", *DAYS[:4], now="2026-11-22 12:00")

    assert found == {
        DAYS[0]: "in the future",
        DAYS[1]: "newest, within 1d",
        DAYS[2]: "not kept by within=1d",
        DAYS[3]: "not kept by within=1d",
    }


def test_reason_of_a_deletion_names_the_policy_as_its_owner_wrote_it() -> None:
    found = reasons(" weekly=1   daily=1 ", *DAYS[:2])

    assert found[DAYS[1]] == "not kept by weekly=1 daily=1"


def test_a_held_point_takes_part_in_the_rules_like_any_other() -> None:
    """It uses up the same count as without its hold."""
    assert reasons("daily=2", *DAYS[:3], held=[DAYS[1]]) == {
        DAYS[0]: "newest, daily",
        DAYS[1]: "daily, hold",
        DAYS[2]: "not kept by daily=2",
    }
