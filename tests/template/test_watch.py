"""Alarms, dashboard and saved queries name metrics and fields that the function writes."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from lightsail_moto import Control
from snapshotter.handler import logger
from snapshotter.model.tags import ownership
from tests.integration.conftest import NIGHT, Deploy
from tests.support.monitoring import (
    Series,
    alarm_series,
    alarms,
    dashboard_series,
    queries,
    query_fields,
    query_words,
    widgets,
)
from translate.stack import Stack

EAST, WEST = "us-east-1", "us-west-2"
PARAMETERS = {"PolicyName": "nightly", "CopyToRegions": WEST, "Retention": "last=1"}
OWN = "Snapshotter"
OURS = {"RunsCompleted", "ResourcesStale", "AttentionNeeded"}
QUEUES = {"FailedRunKept": "FailedRuns", "UndeliveredRunKept": "UndeliveredRuns"}
TITLES = ["everything about one resource", "failures"]
TITLES += ["what happened last night", "why was this deleted"]
_LOGS_INSIGHTS = {"@timestamp", "@message"}


@pytest.fixture
def stack() -> Stack:
    return Stack({**PARAMETERS, "NotificationEmail": "backups@example.com"})


@contextmanager
def captured_log() -> Iterator[io.StringIO]:
    """Capture the records of the function's log."""
    (handler,) = [h for h in logger.handlers if isinstance(h, logging.StreamHandler)]
    output = io.StringIO()
    before = handler.setStream(output)
    try:
        yield output
    finally:
        handler.setStream(before)


Line = dict[str, Any]


_LINES: list[Line] = []


@pytest.fixture
def lines(request: pytest.FixtureRequest) -> list[Line]:
    """Every line that the function writes over two nights, recorded once for this module."""
    if not _LINES:
        _LINES.extend(request.getfixturevalue("recorded_lines"))
    return _LINES


@pytest.fixture
def recorded_lines(
    lightsail: Control, deploy: Deploy, capsys: pytest.CaptureFixture[str]
) -> list[Line]:
    """Run two nights with an outcome of almost every status."""
    seed, selected = lightsail.seed, {"snapshot": None}
    for name in ("web", "api", "bad", "lost"):
        source = seed.add_instance(name, tags={} if name == "lost" else selected)
        # Under an earlier policy, api's recovery points were kept for longer.
        earlier = {"snapshotter:retention": "daily=30"} if name == "api" else {}
        for days in (1, 2):
            at = NIGHT - timedelta(days=days)
            tags = ownership("nightly", source.arn, at) | earlier
            seed.add_snapshot(f"{name}-{days}", source, tags=tags, created_at=at)
    seed.add_instance("odd", tags={**selected, "snapshot:keep": "forever"})
    lightsail.inject("CreateInstanceSnapshot", error="AccessDeniedException", resource="bad")
    nightly = deploy(**PARAMETERS)
    with captured_log() as log:
        nightly.failing({"scheduledTime": "2026-03-02T04:50:00Z"})
        for _ in range(3):
            lightsail.clock.advance(hours=8)
            nightly.sweep(lightsail.clock.now())
        nightly.nightly(lightsail.clock.now())
        lightsail.clock.advance(hours=1)
        nightly.sweep(lightsail.clock.now())
    text = capsys.readouterr().out + log.getvalue()
    return [json.loads(line) for line in text.splitlines()]


def emitted(lines: list[Line]) -> set[Series]:
    """Return every metric that CloudWatch extracts from these lines."""
    return {
        Series.of(each["Namespace"], metric["Name"], {key: line[key] for key in dimensions})
        for line in lines
        if "_aws" in line
        for each in line["_aws"]["CloudWatchMetrics"]
        for dimensions in each["Dimensions"]
        for metric in each["Metrics"]
    }


def fields(record: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Return the names of a record's fields as Logs Insights discovers them."""
    for key, value in record.items():
        yield f"{prefix}{key}"
        if isinstance(value, dict):
            yield from fields(value, f"{prefix}{key}.")


def test_every_alarm_reads_a_metric_that_the_function_or_its_service_emits(
    stack: Stack, lines: list[Line]
) -> None:
    read = {name: alarm_series(alarm) for name, alarm in alarms(stack).items()}
    ours = {name: series for name, series in read.items() if series.namespace == OWN}

    assert set(ours) == {"ResourceStale", "NoRunCompleted", "AttentionNeeded"}
    assert set(ours.values()) <= emitted(lines)
    messages = ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    assert {name: series for name, series in read.items() if name not in ours} == {
        "RunFailed": Series.of("AWS/Lambda", "Errors", of_function(stack)),
        **{
            alarm: Series.of(*messages, {"QueueName": stack.attribute(queue, "QueueName")})
            for alarm, queue in QUEUES.items()
        },
    }


def of_function(stack: Stack) -> dict[str, str]:
    return {"FunctionName": stack.ref("SnapshotFunction")}


def test_every_graph_shows_metrics_that_the_function_or_lambda_emits(
    stack: Stack, lines: list[Line]
) -> None:
    names = ("Errors", "Duration")
    of_lambda = {Series.of("AWS/Lambda", name, of_function(stack)) for name in names}

    assert set(dashboard_series(stack)) == emitted(lines) | of_lambda
    # All that a stack emits unless Metrics is "all".
    assert {each.name for each in emitted(lines)} == OURS
    assert {each.dimensions for each in emitted(lines)} == {(("policy", "nightly"),)}


def test_every_query_names_fields_that_the_log_has(stack: Stack, lines: list[Line]) -> None:
    known = {name for line in lines if "_aws" not in line for name in fields(line)}

    for title, text in queries(stack).items():
        assert query_fields(text) <= known | _LOGS_INSIGHTS, title


def test_every_query_compares_with_values_that_the_log_has(stack: Stack, lines: list[Line]) -> None:
    records = [line for line in lines if "_aws" not in line]
    for field, unusual in {
        "status": {"deferred"},
        "level": {"CRITICAL"},
        "action": set(),
        "resource": {"web-1"},
    }.items():
        written = {record.get(field) for record in records}
        words = {word for text in queries(stack).values() for word in query_words(text, field)}

        assert words
        assert words <= written | unusual


def test_a_query_reads_the_log_that_the_function_writes(stack: Stack) -> None:
    log = stack.ref("RunLogs")
    saved = [stack.properties(name) for name in stack.resources("AWS::Logs::QueryDefinition")]

    assert {tuple(each["LogGroupNames"]) for each in saved} == {(log,)}
    assert all(each["query"].startswith(f"SOURCE '{log}' |") for each in widgets(stack, "log"))
    assert sorted(each["Name"] for each in saved) == [
        f"Snapshotter/snapshotter/{t}" for t in TITLES
    ]
    assert '"failures"' in alarms(stack)["RunFailed"]["AlarmDescription"]


@pytest.mark.parametrize("state", ["ENABLED", "DISABLED"])
def test_the_dashboard_shows_every_alarm_of_the_stack(state: str) -> None:
    stack = Stack({"ScheduleState": state})
    (widget,) = widgets(stack, "alarm")

    assert sorted(widget["alarms"]) == sorted(
        stack.attribute(name, "Arn") for name in alarms(stack)
    )


def test_the_dashboard_is_optional_keeps_its_periods_and_its_widgets_do_not_overlap() -> None:
    body = json.loads(Stack().properties("StackDashboard")["DashboardBody"])
    taken = [
        (column, row)
        for each in body["widgets"]
        for column in range(each["x"], each["x"] + each["width"])
        for row in range(each["y"], each["y"] + each["height"])
    ]

    assert Stack({"Dashboard": "false"}).resources("AWS::CloudWatch::Dashboard") == []
    # Otherwise CloudWatch chooses other periods for a range of two weeks.
    assert body["periodOverride"] == "inherit"
    assert len(taken) == len(set(taken))
    assert max(column for column, _ in taken) < 24
