"""The costs on the pages add up, and count what a stack has and what its function writes."""

from __future__ import annotations

import json
import re

import pytest

from lightsail_moto import Control
from tests.docs.pages import page
from tests.integration.conftest import NIGHT, Deploy
from tests.support.monitoring import alarms
from translate.stack import Stack

COSTS = page("docs/many-accounts.md").section("What it costs")
PROSE = " ".join(COSTS.text.split())
BEYOND_FREE_METRICS, METRIC, METRIC_IN_BULK = 10_000, 0.30, 0.10
ALARM, DASHBOARD = 0.10, 3.00
FREE = {"metrics": 10, "alarms": 10, "dashboards": 3}
"""Always free, for each account. Source: Amazon CloudWatch pricing."""


def number(text: str) -> float:
    return float(text.replace(",", ""))


ITEMS = {name: [number(cell) for cell in row if cell] for name, *row in COSTS.table("item")}
FLEET = {name: [number(cell) for cell in row] for name, *row in COSTS.table("fleet")}


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
        for each in blob.get("_aws", {}).get("CloudWatchMetrics", ())
        for metric in each["Metrics"]
        for dimensions in each["Dimensions"]
    }
    return len(series)


def monitoring(metrics: int, stack: Stack) -> float:
    """Return what a month of monitoring costs at list price."""
    assert stack.resources("AWS::KMS::Key") == []
    dashboards = len(stack.resources("AWS::CloudWatch::Dashboard"))
    return metrics * METRIC + len(alarms(stack)) * ALARM + dashboards * DASHBOARD


@pytest.mark.parametrize("email", ["", "backups@example.com"])
def test_monitoring_is_free_in_the_free_tier_and_costs_at_most_1_50_without_a_dashboard(
    lightsail: Control, deploy: Deploy, capsys: pytest.CaptureFixture[str], email: str
) -> None:
    default = Stack({"NotificationEmail": email})
    without = Stack({"NotificationEmail": email, "Dashboard": "false"})
    metrics = metrics_of_a_month(lightsail, deploy, capsys, NotificationEmail=email)
    dashboards = len(default.resources("AWS::CloudWatch::Dashboard"))

    assert [ITEMS[f"CloudWatch {each}"][0] for each in FREE] == [metrics, 6, dashboards]
    assert metrics <= FREE["metrics"]
    assert len(alarms(default)) == 6 <= FREE["alarms"]
    assert dashboards <= FREE["dashboards"]
    assert monitoring(metrics, without) == pytest.approx(1.50)
    assert monitoring(metrics, default) == pytest.approx(4.50)
    assert "4.50 at list price, and 1.50 with `Dashboard` set to `false`" in PROSE
    limits = ", ".join(f"{limit} {name}" for name, limit in FREE.items())
    assert f"always-free tier includes {limits}" in PROSE


def test_all_metrics_cost_what_the_page_says(
    lightsail: Control, deploy: Deploy, capsys: pytest.CaptureFixture[str]
) -> None:
    found = metrics_of_a_month(lightsail, deploy, capsys, Metrics="all")
    added = found - ITEMS["CloudWatch metrics"][0]
    beyond = (found - FREE["metrics"]) * METRIC

    assert f"set to `all`, each region adds {added:.0f} metrics" in PROSE
    assert (
        f"With one region these are {found} metrics, which cost {found * METRIC:.2f}, "
        f"or {beyond:.2f} beyond the free tier"
    ) in PROSE


def test_every_cost_is_quantity_times_price_and_the_total_is_their_sum() -> None:
    (total,) = ITEMS["in all"]
    items = {name: cells for name, cells in ITEMS.items() if name != "in all"}

    for quantity, price, cost in items.values():
        assert f"{quantity * price + 1e-9:.2f}" == f"{cost:.2f}"
    assert total == pytest.approx(sum(cost for _, _, cost in items.values()))


def test_the_costs_of_a_fleet_are_the_sum_of_its_stacks() -> None:
    stacks, servers = FLEET["stacks"], [1, 20, 100 * 5, 10_000 * 5]
    (at_most,) = map(float, re.findall(r"= ([\d.]+) dollars a month", COSTS.text))
    metrics = [count * ITEMS["CloudWatch metrics"][0] for count in stacks]

    assert at_most == pytest.approx((20 + 183 * 0.4) * 0.05, abs=0.01)
    assert FLEET["snapshots, at most"] == pytest.approx([n * at_most for n in servers], rel=0.01)
    for name in ("alarms", "dashboards"):
        each = ITEMS[f"CloudWatch {name}"][2]
        assert FLEET[name] == pytest.approx([n * each for n in stacks])
    assert FLEET["metrics"] == pytest.approx(
        [
            min(n, BEYOND_FREE_METRICS) * METRIC + max(n - BEYOND_FREE_METRICS, 0) * METRIC_IN_BULK
            for n in metrics
        ]
    )


def test_a_stack_for_a_disaster_costs_what_the_runbook_says() -> None:
    runbook = page("docs/operations.md").text
    (at_most,) = re.findall(r"costs at most ([\d.]+) USD a month", runbook)
    stack = Stack({"ScheduleState": "DISABLED", "Dashboard": "false", "EnableRestore": "true"})

    # No run, so no metric.
    assert number(at_most) == monitoring(0, stack)
