"""Cron expressions are read as EventBridge reads them, or refused with the reason."""

from datetime import date, time

import pytest

from simulate.cron import parse_cron
from simulate.errors import InvalidInput

FIRST = date(2026, 1, 1)
EVERY = frozenset(range(60))


@pytest.mark.parametrize(
    ("field", "minutes"),
    [
        pytest.param("50", {50}, id="a-number"),
        pytest.param("0,15,59", {0, 15, 59}, id="a-list"),
        pytest.param("10-13", {10, 11, 12, 13}, id="a-range"),
        pytest.param("*", EVERY, id="all"),
        pytest.param("*/15", {0, 15, 30, 45}, id="a-step-from-the-first"),
        pytest.param("5/20", {5, 25, 45}, id="a-step-from-a-number"),
        pytest.param("10-20/5", {10, 15, 20}, id="a-step-within-a-range"),
        pytest.param("0/30,7,50-51", {0, 30, 7, 50, 51}, id="a-list-of-everything"),
        pytest.param("05", {5}, id="a-leading-zero"),
    ],
)
def test_a_field_allows_its_numbers(field: str, minutes: set[int]) -> None:
    assert parse_cron(f"{field} 4 * * ? *").minutes == minutes


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        pytest.param("50 4 * * ? *", [*range(1, 32)], id="every-day"),
        pytest.param("50 4 1,15 * ? *", [1, 15], id="days-of-the-month"),
        pytest.param("50 4 1/10 * ? *", [1, 11, 21, 31], id="every-tenth-day"),
        pytest.param("50 4 ? * SUN *", [4, 11, 18, 25], id="sundays"),
        pytest.param("50 4 ? * 1 *", [4, 11, 18, 25], id="1-is-sunday"),
        pytest.param("50 4 ? * 7 *", [3, 10, 17, 24, 31], id="7-is-saturday"),
        pytest.param("50 4 ? * mon-tue *", [5, 6, 12, 13, 19, 20, 26, 27], id="small-names"),
        pytest.param("50 4 1 JAN-MAR ? *", [1], id="months-by-name"),
        pytest.param("50 4 1 2-12 ? *", [], id="other-months"),
        pytest.param("50 4 * * ? 2027", [], id="another-year"),
        pytest.param("50 4 ? * * 2025-2026", [*range(1, 32)], id="years"),
    ],
)
def test_the_days_of_january_2026_on_which_it_runs(expression: str, days: list[int]) -> None:
    cron = parse_cron(expression)

    assert [day for day in range(1, 32) if cron.runs_on(FIRST.replace(day=day))] == days


def test_times_of_a_day_are_in_order() -> None:
    assert parse_cron("50,20 16,4 * * ? *").times() == (
        time(4, 20),
        time(4, 50),
        time(16, 20),
        time(16, 50),
    )


@pytest.mark.parametrize(
    ("expression", "faults"),
    [
        pytest.param(
            "50 4 * * ?",
            (
                "cron has six fields (minutes, hours, day-of-month, month, day-of-week, year), "
                "not 5",
            ),
            id="five-fields",
        ),
        pytest.param(
            "60 24 0 13 ? 1969",
            (
                "minutes: '60' is not within 0-59",
                "hours: '24' is not within 0-23",
                "day-of-month: '0' is not within 1-31",
                "month: '13' is not within 1-12 or JAN-DEC",
                "year: '1969' is not within 1970-2199",
            ),
            id="every-fault-at-once",
        ),
        pytest.param(
            "50 4 * * * *",
            ("one of day-of-month and day-of-week must be `?`, and only one",),
            id="days-twice",
        ),
        pytest.param(
            "50 4 ? * ? *",
            ("one of day-of-month and day-of-week must be `?`, and only one",),
            id="no-days",
        ),
        pytest.param(
            "50 ? * * ? *",
            ("hours: '?' is not a number, a name, a range, a step or `*`",),
            id="any-hour",
        ),
        pytest.param("50 20-4 * * ? *", ("hours: '20-4' runs backwards",), id="backwards"),
        pytest.param("0/0 4 * * ? *", ("minutes: '0/0' has a step of 0",), id="step-of-0"),
        pytest.param(
            "50 4 ? * 2/2 *",
            ("day-of-week: '2/2' has a step, which this field does not take",),
            id="a-step-of-weekdays",
        ),
        pytest.param(
            "5, 4 * * ? *",
            ("minutes: '' is not a number, a name, a range, a step or `*`",),
            id="an-empty-item",
        ),
        pytest.param(
            "*-5 4 * * ? *",
            ("minutes: '*-5' is not a number, a name, a range, a step or `*`",),
            id="a-range-from-all",
        ),
        pytest.param(
            "50 4 ? * MONDAY *",
            ("day-of-week: 'MONDAY' is not within 1-7 or SUN-SAT",),
            id="a-long-name",
        ),
    ],
)
def test_invalid_expression_is_refused(expression: str, faults: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_cron(expression)

    assert raised.value.faults == faults


@pytest.mark.parametrize(
    ("expression", "field", "item"),
    [
        pytest.param("50 4 L * ? *", "day-of-month", "L", id="last-day"),
        pytest.param("50 4 LW * ? *", "day-of-month", "LW", id="last-weekday"),
        pytest.param("50 4 L-3 * ? *", "day-of-month", "L-3", id="three-before-the-last"),
        pytest.param("50 4 15W * ? *", "day-of-month", "15W", id="nearest-weekday"),
        pytest.param("50 4 ? * 6L *", "day-of-week", "6L", id="last-friday"),
        pytest.param("50 4 ? * FRIL *", "day-of-week", "FRIL", id="last-friday-by-name"),
        pytest.param("50 4 ? * 3#2 *", "day-of-week", "3#2", id="second-tuesday"),
    ],
)
def test_unsupported_expression_is_refused_as_such(expression: str, field: str, item: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_cron(expression)

    assert raised.value.faults == (
        f"{field}: '{item}' is not supported: L, W and # cannot be simulated",
    )


def test_a_name_that_ends_in_l_is_a_name() -> None:
    assert parse_cron("50 4 1 JUL ? *").months == {7}
