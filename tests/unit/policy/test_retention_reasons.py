"""Every decision has its reasons, in the words of the contract.

A second implementation decides about any series. Here is how the reasons read, and what lies too
close to a boundary to be drawn often.
"""

from tests.unit.policy.points import kept, reasons

DAYS = tuple(f"2026-11-{day:02} 04:50" for day in range(23, 13, -1))
"""Ten days, newest first: Monday the 23rd back to Saturday the 14th."""


def test_reasons_of_a_policy_with_every_kind_of_rule_name_it_as_its_owner_wrote_it() -> None:
    policy = "last=1 daily=3 weekly=2 monthly=6 yearly=all within=2d"

    refused = f"not kept by {policy}"
    assert reasons(f" {policy.replace(' ', '  ')} ", *DAYS, held=[DAYS[4], DAYS[0]]) == {
        "2026-11-23 04:50": "newest, within 2d, last, daily, weekly, monthly, yearly, hold",
        "2026-11-22 04:50": "within 2d, daily, weekly",
        "2026-11-21 04:50": "daily",
        "2026-11-20 04:50": refused,
        "2026-11-19 04:50": "hold",
        **dict.fromkeys(DAYS[5:9], refused),
        "2026-11-14 04:50": "oldest monthly, oldest yearly",
    }


def test_a_point_at_the_time_of_the_run_is_not_in_the_future() -> None:
    run, a_microsecond_on = "2026-11-23 04:50", "2026-11-23 04:50:00.000001"

    assert reasons("last=1", run, a_microsecond_on, now=run) == {
        a_microsecond_on: "in the future",
        run: "newest, last",
    }


def test_points_in_the_future_use_up_no_count_and_within_is_not_measured_from_them() -> None:
    now = "2026-11-20 12:00"

    assert kept("daily=2", *DAYS, now=now) == list(DAYS[:5])
    assert kept("within=2d", *DAYS, now=now) == list(DAYS[:5])
    assert reasons("daily=2", *DAYS, now=now, held=[DAYS[1]])[DAYS[1]] == "in the future, hold"


def test_last_counts_points_of_equal_times_too() -> None:
    same = "2026-11-23T04:50:00Z", "2026-11-23 04:50", "2026-11-23T05:50+01:00"

    assert kept("last=2", *same) == ["2026-11-23T05:50+01:00", "2026-11-23T04:50:00Z"]
