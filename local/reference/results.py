"""What a run returns and writes: the answer, error codes, log fields, metrics."""

import inspect
import io
import json
import re
from contextlib import redirect_stdout
from functools import cache
from typing import Any, get_args, get_type_hints

from aws_lambda_powertools import Logger

from reference.markdown import code, table
from reference.source import descriptions, error_codes
from snapshotter import errors
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.report.answer import Report, to_record
from snapshotter.report.measures import Measures
from snapshotter.report.telemetry import NAMESPACE, emit_metrics, log_report


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
    counts = descriptions(Report)
    summary = table(
        *("`summary`", "counts"), rows=((code(name), counts.get(name)) for name in report().summary)
    )
    hints, words = get_type_hints(Outcome), descriptions(Outcome)
    members = (
        table(f"`{name}`", "meaning", rows=((code(e), words.get(e)) for e in get_args(hints[name])))
        for name in ("action", "status")
    )
    example = f"```json\n{json.dumps(report().answer(), indent=2)}\n```\n"
    return "\n".join([example, summary, *members])


def codes() -> str:
    unread = "composed when it occurs"
    readable = {
        each: [text for text in sorted({*texts}) if re.search(r"\w", text)]
        for each, texts in error_codes().items()
    }
    rows = (
        (code(each), "<br>".join(map(code, texts)) or unread)
        for each, texts in sorted(readable.items())
    )
    raised = (
        (code(name), (kind.__doc__ or "").partition("\n\n")[0])
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and not kind.__subclasses__()
    )
    return table("code", "messages", rows=rows) + "\n" + table("error", "meaning", rows=raised)


# Once a process: Powertools keeps the stream of a logger's first instance.
@cache
def log() -> str:
    output = io.StringIO()
    logger = Logger(service="reference", stream=output, level="INFO")
    logger.info("")
    log_report(logger, report())
    plain, outcome, *_, run = (set(json.loads(line)) for line in output.getvalue().splitlines())
    where = {
        name: ["outcomes"] * (name in outcome) + ["runs"] * (name in run) for name in outcome | run
    }
    words = descriptions(to_record) | descriptions(log_report)
    return table(
        *("field", "in records of", "meaning"),
        rows=(
            (code(name), " and ".join(where[name]), words.get(name))
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
    words = descriptions(emit_metrics)
    return f"Namespace `{NAMESPACE}`.\n\n" + table(
        *("metric", "dimensions", "unit", "meaning"),
        rows=(
            (
                code(metric["Name"]),
                ", ".join(map(code, *each["Dimensions"])),
                metric["Unit"],
                words.get(metric["Name"]),
            )
            for each in described
            for metric in each["Metrics"]
        ),
    )
