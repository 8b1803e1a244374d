"""When alarms go off."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.monitoring import alarms
from translate.stack import Stack, translated

HOUR_S, DAY_S, WEEK_S = 3600, 86_400, 604_800
NAMES = [n for n, e in translated()["Resources"].items() if e["Type"] == "AWS::CloudWatch::Alarm"]


@pytest.fixture
def stack() -> Stack:
    return Stack()


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


def test_a_stack_has_six_alarms() -> None:
    assert sorted(alarms(Stack())) == sorted(NAMES)
    assert len(NAMES) == 6


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sweep", ["rate(1 hour)", "rate(6 hours)"])
def test_an_alarm_evaluates_no_longer_period_than_cloudwatch_allows(name: str, sweep: str) -> None:
    alarm = Stack({"SweepExpression": sweep}).properties(name)
    longest = WEEK_S if alarm["Period"] >= HOUR_S else DAY_S

    assert alarm["Period"] * alarm["EvaluationPeriods"] <= longest
    assert alarm.get("DatapointsToAlarm", 1) <= alarm["EvaluationPeriods"]


@pytest.mark.parametrize("name", NAMES)
def test_an_alarms_description_is_one_sentence_with_what_to_do(stack: Stack, name: str) -> None:
    description = stack.properties(name)["AlarmDescription"]

    assert description.endswith(".")
    assert ". " not in description
    assert ": " in description
    assert len(description) <= 1024


def test_missing_data_is_breaching_only_for_the_alarm_on_missing_runs(stack: Stack) -> None:
    treated = {name: each["TreatMissingData"] for name, each in alarms(stack).items()}

    assert treated.pop("NoRunCompleted") == "breaching"
    assert treated.pop("AttentionNeeded") == "ignore"
    assert set(treated.values()) == {"notBreaching"}


@pytest.mark.parametrize(
    ("points", "alarmed"),
    [
        pytest.param([None, None, None, None, None, 7.0], False, id="first-run-of-a-new-stack"),
        pytest.param([0, 0, 0, 0, 1, 1], False, id="a-new-server-whose-snapshot-takes-two-hours"),
        pytest.param([0, 1, 1, 1, 1, 0], False, id="taken-by-a-sweep"),
        pytest.param([1, 1, 1, None, 1, 1], True, id="stale-for-six-hours-with-a-gap"),
        pytest.param([None] * 6, False, id="no-runs-have-another-alarm"),
    ],
)
def test_the_alarm_on_stale_resources_goes_off_when_sweeps_do_not_help(
    stack: Stack, points: list[float | None], alarmed: bool
) -> None:
    assert in_alarm(stack.properties("ResourceStale"), points) is alarmed


@pytest.mark.parametrize("every", [6, 8])
def test_a_stale_resource_is_reported_with_fewer_sweeps_too(every: int) -> None:
    alarm = Stack({"SweepExpression": f"rate({every} hours)"}).properties("ResourceStale")
    stale = [1.0 if hour % every == 0 else None for hour in range(24)]
    fresh = [0.0 if hour % every == 0 else None for hour in range(24)]

    assert in_alarm(alarm, stale)
    assert not in_alarm(alarm, [*stale[: 2 * every], *fresh[2 * every :]])


@pytest.mark.parametrize(
    ("points", "alarmed"),
    [
        pytest.param([1, 1, 1], False, id="hourly"),
        pytest.param([1, None, None], False, id="two-sweeps-missing"),
        pytest.param([None, None, None], True, id="three-sweeps-missing"),
    ],
)
def test_missing_runs_are_reported_after_three_hours(
    stack: Stack, points: list[float | None], alarmed: bool
) -> None:
    assert in_alarm(stack.properties("NoRunCompleted"), points) is alarmed


def test_missing_runs_are_reported_only_while_the_schedules_are_enabled() -> None:
    assert "NoRunCompleted" not in alarms(Stack({"ScheduleState": "DISABLED"}))


@pytest.mark.parametrize("sweep", ["rate(1 hour)", "rate(12 hours)"])
def test_a_new_stack_has_time_for_its_first_runs(sweep: str) -> None:
    stack = Stack({"SweepExpression": sweep})
    for name in ("NoRunCompleted", "ResourceStale", "AttentionNeeded"):
        alarm = stack.properties(name)
        warm_up_s = alarm["WarmUpConfiguration"]["WarmUpPeriodDurationInMinutes"] * 60

        assert alarm["Period"] * alarm["EvaluationPeriods"] <= warm_up_s <= 2880 * 60


def test_what_needs_attention_is_reported_at_the_next_run(stack: Stack) -> None:
    alarm = stack.properties("AttentionNeeded")

    assert in_alarm(alarm, [1.0])
    assert not in_alarm(alarm, [0.0])


def test_a_failure_that_recurs_every_hour_is_one_alarm(stack: Stack) -> None:
    assert stack.properties("RunFailed")["Period"] == HOUR_S


@pytest.mark.parametrize("queue", ["FailedRuns", "UndeliveredRuns"])
def test_a_message_in_a_queue_is_reported(stack: Stack, queue: str) -> None:
    name = {"FailedRuns": "FailedRunKept", "UndeliveredRuns": "UndeliveredRunKept"}[queue]
    alarm = stack.properties(name)

    assert alarm["Dimensions"] == [
        {"Name": "QueueName", "Value": stack.attribute(queue, "QueueName")}
    ]
    assert in_alarm(alarm, [1])
    assert not in_alarm(alarm, [0])
