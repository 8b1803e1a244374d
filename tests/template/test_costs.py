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
BEYOND_FREE_METRICS, METRIC, METRIC_IN_BULK = 10_000, 0.30, 0.10
ALARM, DASHBOARD, KEY = 0.10, 3.00, 1.00
FREE = {"metrics": 10, "alarms": 10, "dashboards": 3}
"""Always free, for each account. Source: Amazon CloudWatch pricing."""


def rows(header: str) -> dict[str, list[str]]:
    """Return the rows of the table with this header, by their first cell."""
    lines = TEXT.partition(header)[2].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: rest for first, *rest in cells}


def number(text: str) -> float:
    return float(text.replace(",", ""))


def prose() -> str:
    return " ".join(TEXT.split())


@pytest.fixture
def items() -> dict[str, list[str]]:
    return rows("| item |")


def metrics_of_a_month(
    lightsail: Control, deploy: Deploy, capsys: pytest.CaptureFixture[str], **parameters: str
) -> int:
    """Count the metrics that the runs of a stack write."""
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    nightly = deploy(**parameters)
    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)
    nightly.sweep(lightsail.clock.now())
    blobs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    series = {
        (metric["Name"], *(blob[dimension] for dimension in dimensions))
        for blob in blobs
        if "_aws" in blob
        for each in blob["_aws"]["CloudWatchMetrics"]
        for metric in each["Metrics"]
        for dimensions in each["Dimensions"]
    }
    return len(series)


def monitoring(metrics: int, stack: Stack) -> float:
    """Return what a month of monitoring costs at list price."""
    dashboards = len(stack.resources("AWS::CloudWatch::Dashboard"))
    keys = len(stack.resources("AWS::KMS::Key"))
    return metrics * METRIC + len(alarms(stack)) * ALARM + dashboards * DASHBOARD + keys * KEY


@pytest.mark.parametrize("email", ["", "backups@example.com"])
def test_monitoring_is_free_in_the_free_tier_and_costs_at_most_1_50_without_a_dashboard(
    lightsail: Control, deploy: Deploy, capsys: pytest.CaptureFixture[str], email: str
) -> None:
    default = Stack({"NotificationEmail": email})
    without = Stack({"NotificationEmail": email, "Dashboard": "false"})
    metrics = metrics_of_a_month(lightsail, deploy, capsys, NotificationEmail=email)

    assert metrics <= FREE["metrics"]
    assert len(alarms(default)) <= FREE["alarms"]
    assert len(default.resources("AWS::CloudWatch::Dashboard")) <= FREE["dashboards"]
    assert monitoring(metrics, without) == pytest.approx(1.50)
    assert monitoring(metrics, default) == pytest.approx(4.50)
    assert "4.50 at list price, and 1.50 with `Dashboard` set to `false`" in prose()
    limits = ", ".join(f"{limit} {name}" for name, limit in FREE.items())
    assert f"always-free tier includes {limits}" in prose()


def test_the_metrics_are_those_that_the_function_writes(
    items: dict[str, list[str]],
    lightsail: Control,
    deploy: Deploy,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = metrics_of_a_month(lightsail, deploy, capsys)

    assert number(items["CloudWatch metrics"][0]) == found


def test_all_metrics_cost_what_the_page_says(
    items: dict[str, list[str]],
    lightsail: Control,
    deploy: Deploy,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = metrics_of_a_month(lightsail, deploy, capsys, Metrics="all")
    added = found - number(items["CloudWatch metrics"][0])
    beyond = (found - FREE["metrics"]) * METRIC

    assert f"set to `all`, each region adds {added:.0f} metrics" in prose()
    assert (
        f"With one region these are {found} metrics, which cost {found * METRIC:.2f}, "
        f"or {beyond:.2f} beyond the free tier"
    ) in prose()


def test_every_cost_is_quantity_times_price_and_the_total_is_their_sum(
    items: dict[str, list[str]],
) -> None:
    total = number(items.pop("in all")[2])
    products = {name: number(cells[0]) * number(cells[1]) for name, cells in items.items()}

    assert {name: f"{value + 1e-9:.2f}" for name, value in products.items()} == {
        name: cells[2] for name, cells in items.items()
    }
    assert total == pytest.approx(sum(number(cells[2]) for cells in items.values()))


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
            min(n * metrics, BEYOND_FREE_METRICS) * METRIC
            + max(n * metrics - BEYOND_FREE_METRICS, 0) * METRIC_IN_BULK
            for n in stacks
        ]
    )


def test_a_stack_for_a_disaster_costs_what_the_runbook_says() -> None:
    runbook = (TEMPLATE.parent / "docs" / "operations.md").read_text()
    (at_most,) = re.findall(r"costs at most ([\d.]+) USD a month", runbook)
    stack = Stack({"ScheduleState": "DISABLED", "Dashboard": "false", "EnableRestore": "true"})

    # No run, so no metric.
    assert number(at_most) == monitoring(0, stack)
