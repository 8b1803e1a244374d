"""When alarms go off, and what they say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.monitoring import alarms
from translate.stack import Stack

HOUR_S, DAY_S, WEEK_S = 3600, 86_400, 604_800
NAMES = sorted(alarms(Stack()))
TREATED = {"NoRunCompleted": "breaching", "AttentionNeeded": "ignore"}
"""What missing data means; for the other alarms it is `notBreaching`."""


def in_alarm(alarm: dict[str, Any], points: list[float | None]) -> bool:
    """Evaluate an alarm's newest data points as CloudWatch does; None is a missing one."""
    needed = alarm.get("DatapointsToAlarm", alarm["EvaluationPeriods"])
    if len(points) != alarm["EvaluationPeriods"]:
        raise ValueError("one value is needed for each evaluation period")
    missing = alarm["TreatMissingData"] == "breaching"
    over = alarm["ComparisonOperator"] == "GreaterThanThreshold"
    bad = [
        missing
        if value is None
        else (value > alarm["Threshold"] if over else value < alarm["Threshold"])
        for value in points
    ]
    return bool(sum(bad) >= needed)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sweep", ["rate(1 hour)", "rate(6 hours)"])
def test_an_alarm_is_one_that_cloudwatch_accepts_and_says_what_to_do(name: str, sweep: str) -> None:
    alarm = Stack({"SweepExpression": sweep}).properties(name)
    description = alarm["AlarmDescription"]

    assert alarm["Period"] * alarm["EvaluationPeriods"] <= (
        WEEK_S if alarm["Period"] >= HOUR_S else DAY_S
    )
    assert alarm.get("DatapointsToAlarm", 1) <= alarm["EvaluationPeriods"]
    assert alarm["TreatMissingData"] == TREATED.get(name, "notBreaching")
    # One sentence: what has happened, then what to do.
    assert (description[-1], description.count(". "), ": " in description) == (".", 0, True)
    assert len(description) <= 1024


@pytest.mark.parametrize(
    ("name", "points", "alarmed"),
    [
        pytest.param("ResourceStale", [None] * 5 + [7.0], False, id="first-run-of-a-stack"),
        pytest.param("ResourceStale", [0, 0, 0, 0, 1, 1], False, id="snapshot-takes-two-hours"),
        pytest.param("ResourceStale", [0, 1, 1, 1, 1, 0], False, id="taken-by-a-sweep"),
        pytest.param("ResourceStale", [1, 1, 1, None, 1, 1], True, id="stale-with-a-gap"),
        pytest.param("ResourceStale", [None] * 6, False, id="no-runs-have-another-alarm"),
        pytest.param("NoRunCompleted", [1, 1, 1], False, id="hourly"),
        pytest.param("NoRunCompleted", [1, None, None], False, id="two-sweeps-missing"),
        pytest.param("NoRunCompleted", [None, None, None], True, id="three-sweeps-missing"),
        pytest.param("AttentionNeeded", [1.0], True, id="one-thing"),
        pytest.param("AttentionNeeded", [0.0], False, id="nothing"),
        pytest.param("RunFailed", [1], True, id="a-failure"),
        pytest.param("RunFailed", [None], False, id="no-failure"),
        *(
            pytest.param(name, [count], count > 0, id=f"{name}-{count}")
            for name in ("FailedRunKept", "UndeliveredRunKept")
            for count in (0, 1)
        ),
    ],
)
def test_an_alarm_goes_off_when_it_should(
    name: str, points: list[float | None], alarmed: bool
) -> None:
    assert in_alarm(Stack().properties(name), points) is alarmed


@pytest.mark.parametrize("every", [6, 8])
def test_a_stale_resource_is_reported_with_fewer_sweeps_too(every: int) -> None:
    alarm = Stack({"SweepExpression": f"rate({every} hours)"}).properties("ResourceStale")
    stale = [1.0 if hour % every == 0 else None for hour in range(24)]
    fresh = [0.0 if hour % every == 0 else None for hour in range(24)]

    assert in_alarm(alarm, stale)
    assert not in_alarm(alarm, [*stale[: 2 * every], *fresh[2 * every :]])


def test_missing_runs_are_reported_only_while_the_schedules_are_enabled() -> None:
    assert sorted(alarms(Stack({"ScheduleState": "DISABLED"}))) == sorted(
        {*NAMES} - {"NoRunCompleted"}
    )


@pytest.mark.parametrize("sweep", ["rate(1 hour)", "rate(12 hours)"])
def test_a_new_stack_has_time_for_its_first_runs(sweep: str) -> None:
    stack = Stack({"SweepExpression": sweep})
    for name in ("NoRunCompleted", "ResourceStale", "AttentionNeeded"):
        alarm = stack.properties(name)
        warm_up_s = alarm["WarmUpConfiguration"]["WarmUpPeriodDurationInMinutes"] * 60

        assert alarm["Period"] * alarm["EvaluationPeriods"] <= warm_up_s <= 2880 * 60


def test_a_failure_that_recurs_every_hour_is_one_alarm() -> None:
    assert Stack().properties("RunFailed")["Period"] == HOUR_S
