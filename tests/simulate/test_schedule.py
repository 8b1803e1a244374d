"""Runs are at the times of EventBridge Scheduler, also where clocks change."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from simulate.errors import InvalidInput
from simulate.schedule import parse_schedule

BERLIN = ZoneInfo("Europe/Berlin")


def runs(expression: str, first: str, last: str, zone: ZoneInfo = BERLIN) -> list[str]:
    """Return the runs of these days as local times."""
    found = parse_schedule(expression).runs(
        date.fromisoformat(first), date.fromisoformat(last), zone
    )
    return [run.astimezone(zone).isoformat(timespec="minutes") for run in found]


def test_cron_follows_the_wall_clock_over_a_change() -> None:
    assert runs("cron(50 4 * * ? *)", "2026-10-24", "2026-10-26") == [
        "2026-10-24T04:50+02:00",
        "2026-10-25T04:50+01:00",
        "2026-10-26T04:50+01:00",
    ]


def test_cron_leaves_out_a_time_that_the_clock_skips() -> None:
    assert runs("cron(30 1-3 * * ? *)", "2026-03-29", "2026-03-29") == [
        "2026-03-29T01:30+01:00",
        "2026-03-29T03:30+02:00",
    ]


def test_cron_runs_once_at_a_time_that_the_clock_repeats() -> None:
    assert runs("cron(30 2-3 * * ? *)", "2026-10-25", "2026-10-25") == [
        "2026-10-25T02:30+02:00",
        "2026-10-25T03:30+01:00",
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        pytest.param(
            "rate(12 hours)",
            [
                "2026-10-25T00:00+02:00",
                "2026-10-25T11:00+01:00",
                "2026-10-25T23:00+01:00",
                "2026-10-26T11:00+01:00",
                "2026-10-26T23:00+01:00",
            ],
            id="hours",
        ),
        pytest.param(
            "rate(1 day)",
            ["2026-10-25T00:00+02:00", "2026-10-25T23:00+01:00", "2026-10-26T23:00+01:00"],
            id="a-day-is-24-hours",
        ),
        pytest.param(
            "rate(1500 minutes)", ["2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00"], id="minutes"
        ),
    ],
)
def test_rate_counts_elapsed_time_from_the_first_midnight(
    expression: str, expected: list[str]
) -> None:
    assert runs(expression, "2026-10-25", "2026-10-26") == expected


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("", "'' is not a schedule expression"),
        ("50 4 * * ? *", "'50 4 * * ? *' is not a schedule expression"),
        ("rate(0 days)", "'rate(0 days)' is not a schedule expression"),
        ("rate(2 weeks)", "'rate(2 weeks)' is not a schedule expression"),
        ("at(2026-11-23T04:50:00)", "at(...) runs only once and cannot be simulated"),
    ],
)
def test_invalid_schedule_is_refused(expression: str, fault: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_schedule(expression)

    assert raised.value.faults == (fault,)
