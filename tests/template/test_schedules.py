"""What CloudFormation takes for a schedule is what EventBridge Scheduler takes.

Source of the fields, their ranges and their wildcards: AWS, "Schedule types in EventBridge
Scheduler". Beyond a pattern's reach: a day that a month lacks, a range that runs backwards, a time
that is over, a time zone that is spelled like one and does not exist.
"""

import re

import pytest

from translate.stack import translated

PARAMETERS = ["ScheduleExpression", "SweepExpression"]
FIELDS = ("minutes", "hours", "day of month", "month", "day of week", "year")
RANGES = {
    "minutes": (0, 59),
    "hours": (0, 23),
    "day of month": (1, 31),
    "month": (1, 12),
    "day of week": (1, 7),
    "year": (1970, 2199),
}
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

ACCEPTED = [
    *["cron(50 4 * * ? *)", "cron(0/30 8-18 ? * MON-FRI 2026-2028)", "cron(0 4 L * ? *)"],
    *["cron(15 10 ? * 6#3 *)", "cron(0 4 LW * ? *)", "cron(0 4 15W * ? *)", "cron(0 4 ? * 6L *)"],
    *["cron(5,35 0,12 1,15 JAN-MAR,OCT ? *)", "cron(*/15 * ? * * *)", "cron(00 04 01 01 ? 2027)"],
    *["rate(1 minute)", "rate(1 hour)", "rate(12 hours)", "rate(5 minutes)", "rate(1 day)"],
    *["at(2026-11-23T04:50:00)", "at(2028-02-29T23:59:59)"],
]
REFUSED = [
    *["", "50 4 * * *", "cron(50 4 * * *)", "cron(50 4 * * ? * *)", "cron()", "every hour"],
    *["cron(50 4 * * ? *", "cron(50 4 * * ? *) ", " rate(1 hour)", "rate(1 hour) rate(1 hour)"],
    *["cron(50 4 * * * *)", "cron(50 4 ? * ? *)", "cron(50 ? * * ? *)", "cron(50 4 1 ? * *)"],
    *["cron(50-  4 * * ? *)", "cron(, 4 * * ? *)", "cron(5, 4 * * ? *)", "cron(0/0 4 * * ? *)"],
    *["cron(L 4 * * ? *)", "cron(0 4 ? * 5W *)", "cron(0 4 ? * 6#6 *)", "cron(0 4 * LUN ? *)"],
    *["rate(0 hours)", "rate(1 hours)", "rate(2 hour)", "rate(1 week)", "rate(1.5 hours)"],
    *["at(2026-11-23)", "at(2026-11-23T04:50:00Z)", "at(2026-13-01T00:00:00)"],
    *["at(2026-11-32T00:00:00)", "at(2026-11-23T24:00:00)", "at(2026-11-23T04:60:00)"],
]


def accepts(value: str, name: str = "ScheduleExpression") -> bool:
    """Decide as CloudFormation does."""
    return re.search(translated()["Parameters"][name]["AllowedPattern"], value) is not None


def with_field(field: str, value: object) -> str:
    """Write a cron expression that says this in one field and anything in the others."""
    fields = dict.fromkeys(FIELDS, "*")
    fields["day of month" if field == "day of week" else "day of week"] = "?"
    return f"cron({' '.join((fields | {field: str(value)}).values())})"


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("value", ACCEPTED)
def test_an_expression_that_eventbridge_takes_is_taken(name: str, value: str) -> None:
    assert accepts(value, name)


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("value", REFUSED)
def test_an_expression_that_eventbridge_refuses_is_refused(name: str, value: str) -> None:
    assert not accepts(value, name)


@pytest.mark.parametrize("field", RANGES)
def test_a_field_takes_its_whole_range_and_nothing_beyond_it(field: str) -> None:
    first, last = RANGES[field]
    tried = range(max(first - 5, 0), last + 50)

    assert [n for n in tried if accepts(with_field(field, n))] == list(range(first, last + 1))
    assert accepts(with_field(field, f"{first}-{last}"))
    assert not accepts(with_field(field, f"{first}-{last + 1}"))
    assert not accepts(with_field(field, f"{first},{last + 1}"))


@pytest.mark.parametrize(("field", "names"), [("month", MONTHS), ("day of week", WEEKDAYS)])
def test_a_field_takes_the_names_of_its_values(field: str, names: list[str]) -> None:
    assert [n for n in [*MONTHS, *WEEKDAYS, "mon", "Jan"] if accepts(with_field(field, n))] == names
    assert accepts(with_field(field, f"{names[0]}-{names[-1]}"))


def test_drills_are_scheduled_in_the_same_words_or_not_at_all() -> None:
    of_runs, of_drills = (
        translated()["Parameters"][name]["AllowedPattern"]
        for name in ("ScheduleExpression", "DrillExpression")
    )

    assert of_drills == of_runs.replace("^", "^$|^", 1)


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_sentence_of_refusal_holds_examples_that_are_accepted(name: str) -> None:
    sentence = translated()["Parameters"][name]["ConstraintDescription"]
    examples = re.findall(r"(?:cron|rate|at)\([^)]*\)", sentence)
    real = [each for each in examples if "minutes hours" not in each]

    assert len(real) >= 3
    assert [each for each in real if not accepts(each, name)] == []
