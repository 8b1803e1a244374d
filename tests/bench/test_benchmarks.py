"""Each benchmark runs on a small fleet and prints its table. No test asserts a duration."""

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


def rendered(table: Table) -> str:
    """The table as text, in lines of at most 100 columns."""
    text = render(table)
    assert max(map(len, text.splitlines())) <= WIDTH
    return text


def test_planning_reads_and_plans_the_whole_fleet_in_a_table_of_100_columns() -> None:
    text = rendered(planning(instances=3, nights=12))

    assert "3 resources with 36 snapshots" in text
    assert re.search(r"Planned: 3 creates and \d+ deletes", text)
    assert re.search(r"peak memory.* \d+ MB +below 200 MB", text)


@long_form
def test_start_measures_cold_start_imports_and_a_large_run_in_a_table_of_100_columns() -> None:
    text = rendered(start(times=1, instances=3, nights=4))

    assert re.search(r"multiple of the bare start +\d\.\d+ +below 1\.5", text)
    assert re.search(r"by other packages +none +none +met", text)
    assert re.search(r"a scheduled run over 12 snapshots", text)
    assert re.search(r"created and deleted +3 and 3\n", text)


@long_form
def test_speed_compares_with_loop_rate_and_slowest_region_in_a_table_of_100_columns() -> None:
    text = rendered(
        speed(instances=3, latency_ms=1, rate=200, regions=EAST, instances_of_each=2, times=1)
    )

    assert re.search(r"share of the loop's time +\d+\.\d+ +below 0\.125", text)
    assert re.search(r"multiple of \d+ requests ÷ 200 +\d+\.\d\d +below 1\.15", text)
    assert re.search(r"throttled +\d+\.\d % +below 5 %", text)
    assert re.search(r"slowest alone +\d+\.\d\d +below 1\.2", text)


def test_row_shows_whether_its_goal_is_met() -> None:
    rows = [below("quick", 1.2, 1.5), below("slow", 1.7, 1.5), Row("without a goal", "3 ms")]

    table = render(Table("Speed", rows))

    assert [line.split()[-1] for line in table.splitlines()[4:7]] == ["met", "MISSED", "ms"]


def test_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        entry.main(["unknown"])

    assert "there is no benchmark unknown" in capsys.readouterr().err


def test_given_benchmarks_are_printed_in_their_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = {name: lambda name=name: Table(name, []) for name in ("one", "two", "three")}
    monkeypatch.setattr(entry, "BENCHMARKS", measured)

    assert entry.main(["three", "one"]) == 0
    assert re.findall("one|two|three", capsys.readouterr().out) == ["three", "one"]
