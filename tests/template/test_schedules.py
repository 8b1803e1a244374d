"""The schedules, and which of their expressions are refused when the stack is deployed.

What the patterns let through, such as minute 60 or a day that a month does not have, EventBridge
Scheduler refuses when it creates the schedule. Source of the fields, their ranges and wildcards:
AWS, "Schedule types in EventBridge Scheduler".
"""

import json
import re
from datetime import UTC, datetime

import pytest

from snapshotter.inputs.event import parse_event
from translate.stack import Stack, translated

PARAMETERS = ["ScheduleExpression", "SweepExpression", "DrillExpression", "DigestExpression"]
SCHEDULES = [
    name
    for name, each in translated()["Resources"].items()
    if each["Type"] == "AWS::Scheduler::Schedule"
]
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
FIELDS: dict[str, list[object]] = {
    "minutes": [*range(60), "*/5", "0/30"],
    "hours": [*range(24), "8-18"],
    "day of month": [*range(1, 32), "L", "LW", "15W"],
    "month": [*range(1, 13), *MONTHS, "JAN-MAR,OCT"],
    "day of week": [*range(1, 8), *WEEKDAYS, "MON-FRI", "6L", "6#3"],
    "year": [*range(1970, 2200), "2026-2028"],
}

ACCEPTED = [
    *["cron(50 4 * * ? *)", "cron(0/30 8-18 ? * MON-FRI 2026-2028)", "cron(0 4 L * ? *)"],
    *["cron(15 10 ? * 6#3 *)", "cron(0 4 LW * ? *)", "cron(0 4 15W * ? *)", "cron(0 4 ? * 6L *)"],
    *["cron(5,35 0,12 1,15 JAN-MAR,OCT ? *)", "cron(*/15 * ? * * *)", "cron(00 04 01 01 ? 2027)"],
    *["rate(1 minute)", "rate(1 hour)", "rate(12 hours)", "rate(5 minutes)", "rate(1 day)"],
    *["at(2026-11-23T04:50:00)", "at(2028-02-29T23:59:59)"],
]
REFUSED = [
    *["50 4 * * *", "cron(50 4 * * *)", "cron(50 4 * * ? * *)", "cron()", "every hour", "weekly"],
    *["cron(50 4 * * ? *", "cron(50 4 * * ? *) ", " rate(1 hour)", "rate(1 hour) rate(1 hour)"],
    *["cron(50 4 * * * *)", "cron(50 4 ? * ? *)", "cron(50 ? * * ? *)", "cron(50 4 1 ? * *)"],
    *["cron(50  4 * * ? *)", "rate(0 hours)", "rate(1 week)", "rate(1.5 hours)", "rate(hour)"],
    *["at(2026-11-23T04:50:00Z)", "at(2026-11-23 04:50:00)", "at(tomorrow)"],
]


def accepts(value: str, name: str = "ScheduleExpression") -> bool:
    """Decide as CloudFormation does."""
    return re.search(translated()["Parameters"][name]["AllowedPattern"], value) is not None


def with_field(field: str, value: object) -> str:
    """Write a cron expression with this value in one field and a wildcard in the others."""
    fields = dict.fromkeys(FIELDS, "*")
    fields["day of month" if field == "day of week" else "day of week"] = "?"
    return f"cron({' '.join((fields | {field: str(value)}).values())})"


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("value", ACCEPTED)
def test_an_expression_of_eventbridge_is_accepted(name: str, value: str) -> None:
    assert accepts(value, name)


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("value", REFUSED)
def test_an_everyday_mistake_is_refused(name: str, value: str) -> None:
    assert not accepts(value, name)


@pytest.mark.parametrize(("field", "values"), FIELDS.items())
def test_every_value_of_a_field_is_accepted(field: str, values: list[object]) -> None:
    assert [value for value in values if not accepts(with_field(field, value))] == []


def test_only_drills_and_the_digest_can_be_left_unscheduled() -> None:
    assert [name for name in PARAMETERS if accepts("", name)] == PARAMETERS[2:]


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_constraint_names_examples_that_are_accepted(name: str) -> None:
    sentence = translated()["Parameters"][name]["ConstraintDescription"]
    examples = re.findall(r"(?:cron|rate|at)\([^)]*\)", sentence)
    real = [each for each in examples if "minutes hours" not in each]

    assert real
    assert [each for each in real if not accepts(each, name)] == []


@pytest.mark.parametrize(
    ("logical_id", "action", "expression"),
    [
        ("SnapshotFunctionNightly", "snapshot", "ScheduleExpression"),
        ("SnapshotFunctionSweep", "sweep", "SweepExpression"),
        ("DrillSchedule", "drill", "DrillExpression"),
    ],
)
def test_a_schedule_sends_an_event_that_the_function_accepts(
    logical_id: str, action: str, expression: str
) -> None:
    stack = Stack()
    schedule = stack.properties(logical_id)
    # Scheduler fills in the scheduled time, in the format of the sample in its documentation.
    sent = schedule["Target"]["Input"].replace(
        "<aws.scheduler.scheduled-time>", "2026-11-23T04:50:00Z"
    )
    now = datetime(2026, 11, 23, 4, 50, 12, tzinfo=UTC)
    request = parse_event(json.loads(sent), now=now, regions=("us-east-1",), restores=True)

    assert request.action == action
    assert request.scheduled_time == now.replace(second=0)
    assert schedule["ScheduleExpression"] == stack.parameter(expression)


@pytest.mark.parametrize("logical_id", SCHEDULES)
def test_a_schedule_is_exact_can_be_disabled_and_keeps_undelivered_events(
    logical_id: str,
) -> None:
    stack = Stack({"ScheduleState": "DISABLED", "ScheduleTimezone": "Europe/Berlin"})
    schedule = stack.properties(logical_id)
    target = schedule["Target"]

    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["State"] == "DISABLED"
    assert schedule["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert target["Arn"] == stack.attribute("SnapshotFunction", "Arn")
    assert target["RoleArn"] == stack.attribute("ScheduleRole", "Arn")
    assert target["DeadLetterConfig"] == {"Arn": stack.attribute("UndeliveredRuns", "Arn")}
    assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 3600
