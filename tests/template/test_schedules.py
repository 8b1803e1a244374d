"""Everyday mistakes in a schedule expression are refused when the stack is deployed.

What the patterns let through, such as minute 60 or a day that a month does not have, EventBridge
Scheduler refuses when it creates the schedule. Source of the fields, their ranges and wildcards:
AWS, "Schedule types in EventBridge Scheduler".
"""

import re

import pytest

from translate.stack import translated

PARAMETERS = ["ScheduleExpression", "SweepExpression", "DrillExpression"]
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


def test_only_drills_can_be_left_unscheduled() -> None:
    assert [name for name in PARAMETERS if accepts("", name)] == ["DrillExpression"]


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_constraint_names_examples_that_are_accepted(name: str) -> None:
    sentence = translated()["Parameters"][name]["ConstraintDescription"]
    examples = re.findall(r"(?:cron|rate|at)\([^)]*\)", sentence)
    real = [each for each in examples if "minutes hours" not in each]

    assert len(real) >= 3
    assert [each for each in real if not accepts(each, name)] == []
