"""Cooling-off by example: how long an earlier policy keeps points, and what is reported."""

from datetime import UTC, datetime, timedelta

import pytest

from snapshotter.policy.grammar import parse_retention
from tests.unit.policy.points import WEEK, Point, evaluated, kept_of

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NIGHT = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)


def nights(*days_ago: int) -> list[Point]:
    """Points of these nights, each named by its age in days."""
    return [Point(NIGHT - days * DAY, str(days)) for days in days_ago]


@pytest.mark.parametrize(
    ("age", "held"),
    [
        pytest.param(timedelta(0), ("2",), id="just-written"),
        pytest.param(WEEK - SECOND, ("2",), id="a-second-before-the-end"),
        pytest.param(WEEK, ("2",), id="at-the-end"),
        pytest.param(WEEK + SECOND, (), id="a-second-after-the-end"),
        pytest.param(-DAY, ("2",), id="on-a-point-in-the-future"),
    ],
)
def test_policy_written_at_a_time_holds_until_the_period_is_over_and_no_longer(
    age: timedelta, held: tuple[str, ...]
) -> None:
    evaluation = evaluated(nights(1, 2), "last=1", [(NIGHT - age, "last=2")], NIGHT)

    assert tuple(point.name for point in evaluation.held) == held
    assert evaluation.until == (NIGHT - age + WEEK if held else None)


def test_policy_on_a_point_at_the_end_of_the_calendar_holds_and_fails_nothing() -> None:
    last = datetime.max.replace(tzinfo=UTC)

    assert evaluated(nights(1, 2), "last=1", [(last, "last=2")], NIGHT).until == last


def test_cooling_off_ends_with_the_latest_point_of_an_earlier_policy() -> None:
    written = [(NIGHT - 5 * DAY, "last=2"), (NIGHT - 3 * DAY, "last=2"), (NIGHT, "last=1")]

    evaluation = evaluated(nights(1, 2), "last=1", written, NIGHT)

    assert evaluation.until == NIGHT + 4 * DAY
    assert evaluation.earlier == (parse_retention("last=2"),)


def test_cooling_off_names_only_the_policies_that_keep_what_the_one_in_force_does_not() -> None:
    written = [
        (NIGHT - 6 * DAY, "last=4"),
        (NIGHT - 4 * DAY, "last=3"),
        (NIGHT - 2 * DAY, "last=1"),
        (NIGHT - 1 * DAY, "last=2"),
    ]

    evaluation = evaluated(nights(1, 2, 3, 4, 5), "last=2", written, NIGHT)

    assert [point.name for point in evaluation.held] == ["3", "4"]
    assert [str(policy) for policy in evaluation.earlier] == ["last=3", "last=4"]
    assert evaluation.until == NIGHT + 3 * DAY


def test_latest_point_of_an_earlier_policy_stays_so_that_the_policy_stays_known() -> None:
    """Under monthly=12 the point of last night would be replaced by that of tonight."""
    points = [*nights(0, 1, 2), Point(NIGHT - 40 * DAY, "last month's")]
    written = [(NIGHT - 2 * DAY, "monthly=12"), (NIGHT - DAY, "monthly=12"), (NIGHT, "last=1")]

    evaluation = evaluated(points, "last=1", written, NIGHT)

    assert [point.name for point in evaluation.held] == ["1", "last month's"]
    assert evaluation.until == NIGHT + 6 * DAY


def test_policy_that_is_in_force_again_holds_the_point_that_carries_it() -> None:
    written = [(NIGHT - 2 * DAY, "last=1"), (NIGHT - DAY, "last=1 hourly=1")]

    evaluation = evaluated(nights(1, 2), "last=1", written, NIGHT)

    assert kept_of(evaluation) == {"1", "2"}
    assert [str(each) for each in evaluation.earlier] == ["last=1 hourly=1"]


def test_policy_changed_and_changed_back_within_a_day_has_lost_nothing() -> None:
    written = {1: (NIGHT - DAY, "last=1"), 2: (NIGHT - 2 * DAY, "monthly=12")}
    back = kept_of(evaluated(nights(1, 2, 40, 70), "monthly=12", list(written.values()), NIGHT))
    left = [night for night in (1, 2, 40, 70) if str(night) in back]
    still_written = [written[night] for night in left if night in written]

    again = kept_of(evaluated(nights(*left), "last=1", still_written, NIGHT))

    assert {"40", "70"} <= again


def test_point_that_no_policy_keeps_is_deleted_for_the_policy_in_force() -> None:
    evaluation = evaluated(nights(1, 2, 3), "last=1", [(NIGHT, "last=2")], NIGHT)

    assert [(each.point.name, each.keep, each.reason) for each in evaluation.decisions] == [
        ("1", True, "newest, last"),
        ("2", True, "cooling off"),
        ("3", False, "not kept by last=1"),
    ]


def test_policy_that_keeps_more_takes_effect_at_once() -> None:
    evaluation = evaluated(nights(1, 2, 3), "last=3", [(NIGHT, "last=1")], NIGHT)

    assert (kept_of(evaluation), evaluation.held) == ({"1", "2", "3"}, ())
