"""Metrics and outcomes arrive in the log at every level that the template accepts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from lightsail_moto import control
from tests.support.runtime_api import RuntimeApi
from translate.stack import translated

LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
ACCEPTED = translated()["Parameters"]["LogLevel"]["AllowedValues"]
METRICS = {"RunsCompleted", "ResourcesStale", "AttentionNeeded"}


def delivered(records: list[dict[str, Any]], level: str) -> list[dict[str, Any]]:
    """Return the records that Lambda passes on to CloudWatch.

    Source: "Log-level filtering" in Lambda's developer guide. A line of JSON without a valid level
    or a valid timestamp has the level INFO.
    """
    return [each for each in records if LEVELS.index(_level(each)) >= LEVELS.index(level)]


def _level(record: dict[str, Any]) -> str:
    try:
        datetime.fromisoformat(record["timestamp"])
    except (KeyError, TypeError, ValueError):
        return "INFO"
    level = record.get("level")
    return level if level in LEVELS else "INFO"


def metrics(records: list[dict[str, Any]]) -> set[str]:
    return {
        metric["Name"]
        for each in records
        for directive in each.get("_aws", {}).get("CloudWatchMetrics", [])
        for metric in directive["Metrics"]
    }


@pytest.mark.parametrize("level", ACCEPTED)
def test_metrics_and_outcomes_pass_lambdas_filter(level: str, environment: dict[str, str]) -> None:
    control().seed.add_instance("web-1", tags={"snapshot": None})
    with RuntimeApi() as runtime:
        records = runtime.invoke({}, env=environment | {"AWS_LAMBDA_LOG_LEVEL": level}).records()
    arrived = delivered(records, level)

    assert metrics(arrived) == METRICS
    assert "started" in {each.get("status") for each in arrived}
    # At the levels above, which the template refuses, the metrics would not arrive.
    assert LEVELS[: len(ACCEPTED)] == ACCEPTED
    assert metrics(delivered(records, LEVELS[len(ACCEPTED)])) == set()
