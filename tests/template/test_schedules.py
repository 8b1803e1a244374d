"""The schedules, and which of their expressions are refused when the stack is deployed.

What the patterns let through, such as minute 60 or a day that a month does not have, EventBridge
Scheduler refuses when it creates the schedule. Source of the fields, their ranges and wildcards:
AWS, "Schedule types in EventBridge Scheduler".
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from snapshotter.inputs.event import parse_event
from snapshotter.inputs.settings import from_env
from translate.stack import Stack, translated

NIGHTLY, SWEEP = "SnapshotFunctionNightly", "SnapshotFunctionSweep"
EVERYTHING = {
    "ScheduleExpression": "rate(12 hours)",
    "SweepExpression": "rate(30 minutes)",
    "EnableRestore": "true",
    "DrillExpression": "rate(7 days)",
    "NotificationEmail": "backups@example.com",
    "DigestExpression": "cron(30 6 ? * MON-FRI *)",
    "ScheduleState": "DISABLED",
    "ScheduleTimezone": "Europe/Berlin",
}
SCHEDULES: dict[str, tuple[str, dict[str, Any]]] = {
    NIGHTLY: ("ScheduleExpression", {"action": "snapshot"}),
    SWEEP: ("SweepExpression", {"action": "sweep"}),
    "DrillSchedule": ("DrillExpression", {"action": "drill"}),
    "DigestSchedule": ("DigestExpression", {"action": "report", "send": "attention"}),
}
"""The parameter of each schedule, and the event that it sends beside the time."""

PARAMETERS = [parameter for parameter, _ in SCHEDULES.values()]
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
    *["cron(5,35 0,12 1,15 JAN-MAR,OCT ? *)", "cron(*/15 * ? * * *)", "cron(00 04 01 01 ? 2027)"],
    *["rate(1 minute)", "rate(1 hour)", "rate(12 hours)", "rate(5 minutes)", "rate(1 day)"],
]
REFUSED = [
    *["50 4 * * *", "cron(50 4 * * *)", "cron(50 4 * * ? * *)", "cron()", "every hour", "weekly"],
    *["cron(50 4 * * ? *", "cron(50 4 * * ? *) ", " rate(1 hour)", "rate(1 hour) rate(1 hour)"],
    *["cron(50 4 * * * *)", "cron(50 4 ? * ? *)", "cron(50 ? * * ? *)", "cron(50 4 1 ? * *)"],
    *["cron(50  4 * * ? *)", "rate(0 hours)", "rate(1 week)", "rate(1.5 hours)", "rate(hour)"],
    *["at(2026-11-23T04:50:00)", "at(2126-11-23T04:50:00)", "at(tomorrow)"],
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
def test_an_expression_that_runs_again_and_again_is_accepted_and_a_mistake_refused(
    name: str,
) -> None:
    fields = [with_field(field, value) for field, values in FIELDS.items() for value in values]

    assert [each for each in (*ACCEPTED, *fields) if not accepts(each, name)] == []
    assert [each for each in REFUSED if accepts(each, name)] == []


def test_only_drills_and_the_digest_can_be_left_unscheduled() -> None:
    assert [name for name in PARAMETERS if accepts("", name)] == PARAMETERS[2:]


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_constraint_names_examples_that_are_accepted(name: str) -> None:
    sentence = translated()["Parameters"][name]["ConstraintDescription"]
    examples = [e for e in re.findall(r"\w+\([^)]*\)", sentence) if "minutes hours" not in e]

    assert examples
    assert [each for each in examples if not accepts(each, name)] == []


@pytest.mark.parametrize("logical_id", SCHEDULES)
def test_a_schedule_sends_an_event_that_the_function_accepts(logical_id: str) -> None:
    given = json.loads(Stack(EVERYTHING).properties(logical_id)["Target"]["Input"])
    now = datetime(2026, 11, 23, 4, 50, 12, tzinfo=UTC)

    # Scheduler fills in the scheduled time, in the format of the sample in its documentation.
    assert given.pop("scheduledTime") == "<aws.scheduler.scheduled-time>"
    assert given == SCHEDULES[logical_id][1]
    sent = {**given, "scheduledTime": "2026-11-23T04:50:00Z"}
    settings = from_env(Stack(EVERYTHING).environment(), frozenset({"us-east-1"}))
    request = parse_event(sent, now=now, settings=settings)
    assert request.scheduled_time == now.replace(second=0)


@pytest.mark.parametrize("logical_id", SCHEDULES)
def test_a_schedule_is_exact_can_be_disabled_and_keeps_undelivered_events(
    logical_id: str,
) -> None:
    stack = Stack(EVERYTHING)
    schedule = stack.properties(logical_id)
    target = schedule["Target"]

    assert schedule["ScheduleExpression"] == EVERYTHING[SCHEDULES[logical_id][0]]
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["State"] == "DISABLED"
    assert schedule["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert target["Arn"] == stack.attribute("SnapshotFunction", "Arn")
    assert target["RoleArn"] == stack.attribute("ScheduleRole", "Arn")
    assert target["DeadLetterConfig"] == {"Arn": stack.attribute("UndeliveredRuns", "Arn")}
    assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 3600


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ((), set()),
        (("DrillExpression",), {"DrillSchedule"}),
        (("EnableRestore",), {"DrillSchedule"}),
        (("NotificationEmail",), {"DigestSchedule"}),
    ],
)
def test_drills_and_the_digest_are_scheduled_where_they_are_possible(
    left_out: tuple[str, ...], missing: set[str]
) -> None:
    stack = Stack({name: value for name, value in EVERYTHING.items() if name not in left_out})

    assert set(SCHEDULES) - set(stack.resources("AWS::Scheduler::Schedule")) == missing


def test_an_empty_expression_stops_the_digest() -> None:
    stack = Stack({**EVERYTHING, "DigestExpression": ""})

    assert "DigestSchedule" not in stack.resources("AWS::Scheduler::Schedule")
