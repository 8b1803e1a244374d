"""`make bench` measures on a small fleet. No test asserts a duration."""

from bench.__main__ import Figure, large_run, planning, rate_limit, start
from tests.support.soak import long_form


def names(figures: object) -> list[str]:
    return [each.what for each in figures]  # type: ignore[attr-defined]


def test_a_figure_shows_whether_its_goal_is_met() -> None:
    lines = [str(Figure("quick", 1.2, "s", 1.5)), str(Figure("slow", 1.7, "s", 1.5))]

    assert [line.split() for line in [*lines, str(Figure("none", 1234.5, "MB"))]] == [
        ["quick", "1.20", "s", "below", "1.5", "met"],
        ["slow", "1.70", "s", "below", "1.5", "MISSED"],
        ["none", "1,234", "MB"],
    ]


@long_form
def test_planning_reads_and_plans_the_whole_fleet() -> None:
    assert names(planning(instances=3, nights=12))[0] == "planning: 3 resources, 36 snapshots"


@long_form
def test_start_compares_with_a_bare_one() -> None:
    assert [each.value > 0 for each in start(times=1)] == [True] * 3


@long_form
def test_a_large_run_takes_one_of_each_and_deletes_one_of_each() -> None:
    assert names(large_run(instances=3, nights=4))[0] == "large run: 3 created, 3 deleted"


@long_form
def test_a_run_is_compared_with_the_rate_limit() -> None:
    found = {each.what.split(":")[1].split()[0]: each for each in rate_limit(3, rate=200)}

    assert list(found) == ["3", "as", "of"]
    assert found["of"].value == 0
