"""The costs in docs/many-accounts.md add up, and count what a stack has."""

from __future__ import annotations

import json
import re

import pytest

from lightsail_moto import Control
from tests.integration.conftest import NIGHT, Deploy
from tests.support.monitoring import alarms
from translate import TEMPLATE
from translate.stack import Stack

TEXT = (TEMPLATE.parent / "docs" / "many-accounts.md").read_text()
FIRST_TIER = 10_000
METRIC, METRIC_IN_BULK = 0.30, 0.10


def rows(header: str) -> dict[str, list[str]]:
    """Return the rows of the table with this header, by their first cell."""
    lines = TEXT.partition(header)[2].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: rest for first, *rest in cells}


def number(text: str) -> float:
    return float(text.replace(",", ""))


@pytest.fixture
def items() -> dict[str, list[str]]:
    return rows("| item |")


def test_every_cost_is_quantity_times_price_and_the_total_is_their_sum(
    items: dict[str, list[str]],
) -> None:
    total = number(items.pop("in all")[2])
    products = {name: number(cells[0]) * number(cells[1]) for name, cells in items.items()}

    assert {name: f"{value + 1e-9:.2f}" for name, value in products.items()} == {
        name: cells[2] for name, cells in items.items()
    }
    assert total == pytest.approx(sum(number(cells[2]) for cells in items.values()))


@pytest.mark.parametrize("metrics", ["alarms", "all"])
def test_the_metrics_are_those_that_the_function_writes(
    items: dict[str, list[str]],
    lightsail: Control,
    deploy: Deploy,
    capsys: pytest.CaptureFixture[str],
    metrics: str,
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    nightly = deploy(Metrics=metrics)
    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)
    nightly.sweep(lightsail.clock.now())
    blobs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = {
        (metric["Name"], *dimensions)
        for blob in blobs
        if "_aws" in blob
        for each in blob["_aws"]["CloudWatchMetrics"]
        for metric in each["Metrics"]
        for dimensions in each["Dimensions"]
    }

    (per_region,) = re.findall(r"each region adds (\d+) metrics", TEXT)
    expected = number(items["CloudWatch metrics"][0]) + (metrics == "all") * int(per_region)
    assert len(names) == expected


def test_alarms_and_dashboards_are_those_of_a_stack_with_defaults(
    items: dict[str, list[str]],
) -> None:
    assert number(items["CloudWatch alarms"][0]) == len(alarms(Stack()))
    assert number(items["CloudWatch dashboards"][0]) == len(
        Stack().resources("AWS::CloudWatch::Dashboard")
    )


def test_the_costs_of_a_fleet_are_the_sum_of_its_stacks(items: dict[str, list[str]]) -> None:
    fleet = rows("| | one server |")
    stacks = [number(cell) for cell in fleet["stacks"]]
    metrics = number(items["CloudWatch metrics"][0])
    (at_most,) = re.findall(r"= ([\d.]+) dollars a month", TEXT)
    servers = [1, 20, 100 * 5, 10_000 * 5]

    assert number(at_most) == pytest.approx((20 + 183 * 0.4) * 0.05, abs=0.01)
    assert [number(c) for c in fleet["snapshots, at most"]] == pytest.approx(
        [count * number(at_most) for count in servers], rel=0.01
    )
    for name, item in (("alarms", "CloudWatch alarms"), ("dashboards", "CloudWatch dashboards")):
        each = number(items[item][2])
        assert [number(c) for c in fleet[name]] == pytest.approx([n * each for n in stacks])
    assert [number(c) for c in fleet["metrics"]] == pytest.approx(
        [
            min(n * metrics, FIRST_TIER) * METRIC
            + max(n * metrics - FIRST_TIER, 0) * METRIC_IN_BULK
            for n in stacks
        ]
    )


def test_a_single_stack_is_within_the_free_tier(items: dict[str, list[str]]) -> None:
    free = re.search(r"includes (\d+) metrics, (\d+) alarms, (\d+) dashboards", TEXT)
    assert free is not None

    for name, limit in zip(("metrics", "alarms", "dashboards"), free.groups(), strict=True):
        assert number(items[f"CloudWatch {name}"][0]) <= int(limit)
