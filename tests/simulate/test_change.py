"""A change of the policy takes effect as in the function, cooling-off included."""

from datetime import datetime, timedelta

import pytest

from simulate.change import explain
from simulate.timeline import simulate
from snapshotter.policy.cooling_off import evaluate_cooling_off
from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import evaluate
from tests.simulate.support import parsed
from tests.simulate.test_timeline import UTC, Kept


def explained(*arguments: str) -> str:
    options = parsed("--start", "2026-11-01", "--days", "14", *arguments)
    return explain(options, simulate(options))


@pytest.mark.parametrize("days", [0, 3, 7])
def test_timeline_ends_with_what_the_rules_of_the_function_keep_run_by_run(days: int) -> None:
    options = parsed(
        "--policy", "daily=9 weekly=3", "--then", "daily=2", "--at", "30", "--days", "38",
        "--cooling-off-days", str(days),
    )  # fmt: skip
    policies = dict(zip(options.runs, ["daily=9 weekly=3"] * 29 + ["daily=2"] * 9, strict=True))
    expected: dict[datetime, tuple[str, ...]] = {}
    for run, policy in policies.items():
        there = [*expected, run]
        evaluation = evaluate_cooling_off(
            [Kept(time, str(time)) for time in there],
            parse_retention(policy),
            written=[(time, policies[time]) for time in there],
            now=run,
            timezone=UTC,
            period=timedelta(days=days),
        )
        expected = {each.point.time: each.reasons for each in evaluation.decisions if each.keep}

    kept = simulate(options).kept
    assert [(each.taken, each.periods[-1].reasons) for each in kept] == list(expected.items())


def test_nothing_that_the_earlier_policy_keeps_goes_before_the_cooling_off_ends() -> None:
    options = parsed("--policy", "daily=30", "--then", "last=1", "--at", "40", "--days", "60")
    timeline = simulate(options)

    for taken, run in enumerate(options.runs[:46], start=1):
        there = [
            each.taken
            for each in timeline.points
            if each.taken <= run and (each.deleted is None or run < each.deleted)
        ]
        every = [Kept(time, str(time)) for time in options.runs[:taken]]
        decisions = evaluate(every, parse_retention("daily=30"), now=run, timezone=UTC)
        assert there == sorted(each.point.time for each in decisions if each.keep)


@pytest.mark.parametrize(
    ("arguments", "effect"),
    [
        pytest.param(
            ("--policy", "last=3", "--then", "last=2", "--at", "6", "--cooling-off-days", "1"),
            "1 point that only the earlier policy keeps stays until Fri 6 Nov 2026 04:50, for a "
            "cooling-off of 1 day. The next run, Sat 7 Nov 2026 04:50, deletes 2 points.",
            id="one-point-for-one-day",
        ),
        pytest.param(
            ("--policy", "last=5", "--then", "last=2", "--at", "9"),
            "3 points that only the earlier policy keeps stay until Sun 15 Nov 2026 04:50, for a "
            "cooling-off of 7 days. The next run deletes them; it is after the last of these days.",
            id="ends-after-the-last-day",
        ),
        pytest.param(
            ("--policy", "last=5", "--then", "last=2", "--at", "9", "--cooling-off-days", "0"),
            "Without cooling-off it takes effect at once: 4 points deleted on this day.",
            id="no-cooling-off",
        ),
        pytest.param(
            ("--policy", "last=2", "--then", "last=5", "--at", "9"),
            "It keeps every point that the earlier policy keeps on this day.",
            id="keeps-more",
        ),
    ],
)
def test_change_is_explained(arguments: tuple[str, ...], effect: str) -> None:
    starts, _, rest = explained(*arguments).partition(". ")

    assert (starts.split(" the policy changes from ")[1], rest) == (
        f"{arguments[1]} to {arguments[3]}",
        effect,
    )


def test_without_a_change_there_is_nothing_to_explain() -> None:
    assert explained("--policy", "last=2") == ""
