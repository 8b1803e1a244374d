"""What a run returns and writes: the answer, error codes, log fields, metrics."""

import inspect
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from reference import code, table
from snapshotter import errors
from snapshotter.model.outcome import ACTIONS, CODES, STATUSES, ErrorInfo, Outcome
from snapshotter.report import answer as answers
from snapshotter.report.answer import COUNTS, Measures, Report
from snapshotter.report.telemetry import FIELDS, METRICS, NAMESPACE, emit_metrics, log_report
from translate.stack import Stack


def report() -> Report:
    """Return a report in which every member has a value."""
    outcome = Outcome(
        *("create", "failed", "us-east-1", "Instance", "web-1", "web-1-20261123T045000Z"),
        reason="scheduled",
        operations=({"status": "Failed"},),
        error=ErrorInfo("OperationFailed", "Lightsail's message"),
    )
    numbers: dict[str, Any] = dict.fromkeys(inspect.signature(Measures).parameters, 1)
    measures = Measures(**numbers)
    time = "2026-11-23T04:50:00Z"
    return Report("snapshotter", "snapshot", time, False, (outcome,), {"us-east-1": measures})


def answer() -> str:
    counts = table("`summary`", "counts", rows=_described(COUNTS))
    actions = table("`action`", "meaning", rows=_described(ACTIONS))
    statuses = table("`status`", "meaning", rows=_described(STATUSES))
    example = f"```json\n{json.dumps(report().answer(), indent=2)}\n```\n"
    return "\n".join([example, counts, actions, statuses])


def _described(meanings: Mapping[Any, str]) -> Iterator[tuple[str, str]]:
    return ((code(name), meaning) for name, meaning in meanings.items())


def codes() -> str:
    raised = (
        (code(name), (kind.__doc__ or "").partition("\n\n")[0])
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and not kind.__subclasses__()
    )
    ours = table("code", "meaning", rows=_described(CODES))
    return ours + "\n" + table("error", "meaning", rows=raised)


# Once a process: Powertools keeps the stream of a logger's first instance.
@cache
def log() -> str:
    output = io.StringIO()
    logger = Logger(service="reference", stream=output, level="INFO")
    logger.info("")
    log_report(logger, report())
    plain, outcome, *_, run = (set(json.loads(line)) for line in output.getvalue().splitlines())
    meanings = answers.FIELDS | FIELDS
    where = {
        name: ["outcomes"] * (name in outcome) + ["runs"] * (name in run) for name in outcome | run
    }
    return table(
        *("field", "in records of", "meaning"),
        rows=(
            (code(name), " and ".join(where[name]), meanings.get(name))
            for name in sorted(where.keys() - plain)
        ),
    )


def metrics() -> str:
    output = io.StringIO()
    with redirect_stdout(output):
        emit_metrics(report(), everything=True)
    described = [
        each
        for line in output.getvalue().splitlines()
        for each in json.loads(line)["_aws"]["CloudWatchMetrics"]
    ]
    return f"Namespace `{NAMESPACE}`.\n\n" + table(
        *("metric", "dimensions", "unit", "meaning"),
        rows=(
            (
                code(metric["Name"]),
                ", ".join(map(code, *each["Dimensions"])),
                metric["Unit"],
                METRICS.get(metric["Name"]),
            )
            for each in described
            for metric in each["Metrics"]
        ),
    )


def alarms() -> str:
    stack = Stack()
    rows = (
        (code(name), stack.properties(name)["AlarmDescription"])
        for name in stack.resources("AWS::CloudWatch::Alarm")
    )
    return table("alarm", "meaning, and what to do", rows=rows)


def queries() -> str:
    stack = Stack()
    saved = map(stack.properties, stack.resources("AWS::Logs::QueryDefinition"))
    rows = (
        (code(each["Name"].rpartition("/")[2]), each["QueryString"].splitlines()[0].strip("# "))
        for each in saved
    )
    return table("query", "shows", rows=rows)
