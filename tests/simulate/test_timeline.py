"""The timeline is the result of the real retention rules at every run."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from simulate.timeline import KeptPeriod, RecoveryPoint, Timeline, simulate
from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import evaluate
from tests.simulate.support import parsed

UTC = ZoneInfo("UTC")


def at(day: int, hour: int = 4, minute: int = 50) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def kept(day: int, *reasons: str) -> KeptPeriod:
    return KeptPeriod(date(2026, 11, day), reasons)


def test_points_are_taken_kept_and_deleted() -> None:
    options = parsed("--policy", "daily=2", "--days", "4", "--start", "2026-11-20")

    because = "not kept by daily=2"
    assert simulate(options) == Timeline(
        date(2026, 11, 20),
        date(2026, 11, 23),
        (
            RecoveryPoint(
                at(20), (kept(20, "newest", "daily"), kept(21, "daily")), at(22), because
            ),
            RecoveryPoint(
                at(21), (kept(21, "newest", "daily"), kept(22, "daily")), at(23), because
            ),
            RecoveryPoint(at(22), (kept(22, "newest", "daily"), kept(23, "daily"))),
            RecoveryPoint(at(23), (kept(23, "newest", "daily"),)),
        ),
    )


def test_only_the_end_of_a_day_counts() -> None:
    options = parsed("--policy", "last=2", "--days", "1", "--schedule", "cron(0 1,2,3,4 * * ? *)")

    because = "not kept by last=2"
    assert simulate(options).points == (
        RecoveryPoint(at(23, 1, 0), (), at(23, 3, 0), because),
        RecoveryPoint(at(23, 2, 0), (), at(23, 4, 0), because),
        RecoveryPoint(at(23, 3, 0), (kept(23, "last"),)),
        RecoveryPoint(at(23, 4, 0), (kept(23, "newest", "last"),)),
    )


def test_reason_that_returns_within_a_day_starts_no_new_period() -> None:
    options = parsed(
        "--policy", "last=1 weekly=2", "--start", "2026-11-22", "--days", "2",
        "--schedule", "cron(0 1 * * ? *)",
    )  # fmt: skip

    assert simulate(options).points == (
        RecoveryPoint(
            at(22, 1, 0),
            (kept(22, "newest", "last", "weekly"), kept(23, "weekly")),
        ),
        RecoveryPoint(at(23, 1, 0), (kept(23, "newest", "last", "weekly"),)),
    )


@dataclass(frozen=True)
class Kept:
    time: datetime
    name: str
    held: bool = False
    verified: bool = False


@pytest.mark.parametrize(
    ("policy", "schedule", "zone"),
    [
        pytest.param("daily=7 weekly=4 monthly=6", "cron(50 4 * * ? *)", "UTC", id="the-default"),
        pytest.param("hourly=5 daily=3 within=2d", "rate(5 hours)", "Europe/Berlin", id="rate"),
        pytest.param("last=3 yearly=2", "cron(0 4 ? * SUN *)", "America/New_York", id="sundays"),
    ],
)
def test_timeline_ends_with_what_the_rules_keep_applied_run_by_run(
    policy: str, schedule: str, zone: str
) -> None:
    options = parsed("--policy", policy, "--schedule", schedule, "--timezone", zone, "--days", "90")
    expected: dict[datetime, tuple[str, ...]] = {}
    for run in options.runs:
        verdicts = evaluate(
            [Kept(time, "any") for time in [*expected, run]],
            parse_retention(policy),
            now=run,
            timezone=ZoneInfo(zone),
        )
        expected = {verdict.point.time: verdict.reasons for verdict in verdicts if verdict.keep}

    timeline = simulate(options)
    assert [(point.taken, point.periods[-1].reasons) for point in timeline.kept] == list(
        expected.items()
    )
    assert [point.taken for point in timeline.points] == list(options.runs)
