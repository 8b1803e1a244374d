"""The timeline is what the real retention makes of run after run."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from simulate.timeline import Life, Stay, Timeline
from snapshotter.policy.retention import evaluate
from snapshotter.policy.grammar import parse_retention
from tests.simulate.questions import a_question, played

UTC = ZoneInfo("UTC")


def at(day: int, hour: int = 4, minute: int = 50) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def stay(day: int, *reasons: str) -> Stay:
    return Stay(date(2026, 11, day), reasons)


def test_points_come_stay_and_go() -> None:
    question = a_question("--policy", "daily=2", "--days", "4", "--start", "2026-11-20")

    refusal = "not kept by daily=2"
    assert played(question) == Timeline(
        date(2026, 11, 20),
        date(2026, 11, 23),
        (
            Life(at(20), (stay(20, "newest", "daily"), stay(21, "daily")), at(22), refusal),
            Life(at(21), (stay(21, "newest", "daily"), stay(22, "daily")), at(23), refusal),
            Life(at(22), (stay(22, "newest", "daily"), stay(23, "daily"))),
            Life(at(23), (stay(23, "newest", "daily"),)),
        ),
    )


def test_only_the_end_of_a_day_counts() -> None:
    question = a_question(
        "--policy", "last=2", "--days", "1", "--schedule", "cron(0 1,2,3,4 * * ? *)"
    )

    refusal = "not kept by last=2"
    assert played(question).lives == (
        Life(at(23, 1, 0), (), at(23, 3, 0), refusal),
        Life(at(23, 2, 0), (), at(23, 4, 0), refusal),
        Life(at(23, 3, 0), (stay(23, "last"),)),
        Life(at(23, 4, 0), (stay(23, "newest", "last"),)),
    )


def test_a_reason_that_comes_back_within_a_day_is_no_news() -> None:
    question = a_question(
        "--policy", "last=1 weekly=2", "--start", "2026-11-22", "--days", "2",
        "--schedule", "cron(0 1 * * ? *)",
    )  # fmt: skip

    assert played(question).lives == (
        Life(
            at(22, 1, 0),
            (stay(22, "newest", "last", "weekly"), stay(23, "weekly")),
        ),
        Life(at(23, 1, 0), (stay(23, "newest", "last", "weekly"),)),
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
def test_timeline_ends_with_what_judging_by_hand_leaves(
    policy: str, schedule: str, zone: str
) -> None:
    question = a_question(
        "--policy", policy, "--schedule", schedule, "--timezone", zone, "--days", "90"
    )
    by_hand: dict[datetime, tuple[str, ...]] = {}
    for run in question.runs:
        decisions = evaluate(
            [Kept(time, "any") for time in [*by_hand, run]],
            parse_retention(policy),
            now=run,
            timezone=ZoneInfo(zone),
        )
        by_hand = {decision.point.time: decision.reasons for decision in decisions if decision.keep}

    timeline = played(question)
    assert [(life.taken, life.stays[-1].reasons) for life in timeline.kept] == list(by_hand.items())
    assert [life.taken for life in timeline.lives] == list(question.runs)
