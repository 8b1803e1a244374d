"""Each benchmark measures a fleet of its own size and prints its table. No test asserts time."""

from __future__ import annotations

import re

import pytest

from bench import __main__ as entry
from bench.planning import planning
from bench.speed import speed
from bench.start import start
from bench.table import WIDTH, Row, Table, below, render
from tests.support.soak import long_form

EAST = ("us-east-1",)


@pytest.fixture(scope="module")
def plan_table() -> str:
    return render(planning(instances=3, nights=12))


@pytest.fixture(scope="module")
def start_table() -> str:
    return render(start(times=1, instances=3, nights=4))


@pytest.fixture(scope="module")
def speed_table() -> str:
    return render(
        speed(instances=3, latency_ms=1, rate=200, regions=EAST, instances_of_each=2, times=1)
    )


def test_plan_reads_the_whole_fleet_and_plans_it(plan_table: str) -> None:
    assert "3 resources with 36 snapshots" in plan_table
    assert re.search(r"Planned: 3 creates and \d+ deletes", plan_table)
    assert re.search(r"peak memory.* \d+ MB +below 200 MB", plan_table)


def test_start_compares_with_a_bare_client_and_names_who_is_imported(start_table: str) -> None:
    assert re.search(r"multiple of the bare start +\d\.\d+ +below 1\.5", start_table)
    assert re.search(r"from anybody else +none +none +met", start_table)


def test_start_carries_out_a_large_run(start_table: str) -> None:
    assert re.search(r"a scheduled run over 12 snapshots", start_table)
    assert re.search(r"created and deleted +3 and 3\n", start_table)


@long_form
def test_speed_compares_with_the_loop_the_rate_and_the_slowest_region(speed_table: str) -> None:
    assert re.search(r"share of the loop's time +\d+\.\d+ +below 0\.125", speed_table)
    assert re.search(r"multiple of \d+ requests ÷ 200 +\d+\.\d\d +below 1\.15", speed_table)
    assert re.search(r"throttled +\d+\.\d % +below 5 %", speed_table)
    assert re.search(r"slowest alone +\d+\.\d\d +below 1\.2", speed_table)


@pytest.mark.parametrize(
    "which", ["plan_table", "start_table", pytest.param("speed_table", marks=long_form)]
)
def test_table_is_readable_at_100_columns(which: str, request: pytest.FixtureRequest) -> None:
    table: str = request.getfixturevalue(which)

    assert max(map(len, table.splitlines())) <= WIDTH


def test_row_says_whether_its_goal_is_met() -> None:
    rows = [below("quick", 1.2, 1.5), below("slow", 1.7, 1.5), Row("only told", "3 ms")]

    table = render(Table("Speed", rows))

    assert [line.split()[-1] for line in table.splitlines()[4:7]] == ["met", "MISSED", "ms"]


def test_benchmark_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        entry.main(["weather"])

    assert "there is no benchmark weather" in capsys.readouterr().err


def test_benchmarks_that_are_named_are_printed_in_that_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = {name: lambda name=name: Table(name, []) for name in ("one", "two", "three")}
    monkeypatch.setattr(entry, "BENCHMARKS", measured)

    assert entry.main(["three", "one"]) == 0
    assert re.findall("one|two|three", capsys.readouterr().out) == ["three", "one"]
