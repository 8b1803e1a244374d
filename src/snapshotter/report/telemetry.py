"""Log records and metrics of a run."""

from collections.abc import Iterable, Mapping

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from snapshotter.report.answer import Report, to_record

NAMESPACE = "Snapshotter"
_COUNT, _GB = MetricUnit.Count, MetricUnit.Gigabytes
# CloudWatch has no unit for hours.
_HOURS = MetricUnit.NoUnit
_OF_ACTIONS = (
    ("SnapshotsCreated", _COUNT, "created", "snapshots started"),
    ("SnapshotsFailed", _COUNT, "failed", "failed outcomes, those of drills apart"),
    ("SnapshotsDeleted", _COUNT, "deleted", "snapshots deleted"),
    ("SnapshotsCopied", _COUNT, "copied", "copies started"),
    ("DrillsPassed", _COUNT, "drills_passed", "restore tests that passed"),
    ("DrillsFailed", _COUNT, "drills_failed", "restore tests that failed at any step"),
)
_OF_REGIONS = (
    ("ResourcesSelected", _COUNT, "selected", "resources to protect"),
    ("ResourcesStale", _COUNT, "stale", "resources without a recovery point within the objective"),
    ("SnapshotsPending", _COUNT, "pending", "snapshots and copies not ready yet"),
    ("CopiesPending", _COUNT, "copies_pending", "copies not ready yet"),
    ("RecoveryPoints", _COUNT, "recovery_points", "ready snapshots of this policy"),
    ("SnapshotStorage", _GB, "storage_gb", "sizes of their sources; more than what is billed"),
    (
        "OldestRecoveryPointAge",
        _HOURS,
        "oldest_age_hours",
        "hours since the last point, at worst",
    ),
    ("NewestCopyAge", _HOURS, "newest_copy_age_hours", "hours since the last copy, at worst"),
    ("OldestProofAge", _HOURS, "oldest_proof_age_hours", "hours since a drill passed, at worst"),
)
"""Name, unit, measure and meaning of each metric by region; without the measure it is left out."""

METRICS = {name: meaning for name, _, _, meaning in (*_OF_ACTIONS, *_OF_REGIONS)} | {
    "RunsCompleted": "1 for each full run, also if something failed",
    "AttentionNeeded": "what else the report lists under attention",
}
"""Each metric, for docs/reference.md."""

FIELDS = {
    "policy": "PolicyName",
    "run": "action of the run",
    "scheduledTime": "the time that the run is for",
    "dryRun": "true if nothing was written",
    "summary": "counts of outcomes",
}
"""The fields of a run's log records, beside those of `answer.FIELDS`."""

_LEVELS = {"failed": "error"} | dict.fromkeys(("deferred", "refused", "lost", "held"), "warning")


def log_report(logger: Logger, report: Report) -> None:
    """Write one record for each outcome and one for the run."""
    values = (report.policy, report.action, report.scheduled_time, report.dry_run)
    logger.append_keys(**dict(zip(FIELDS, values, strict=False)))
    for outcome in report.outcomes:
        level = _LEVELS.get(outcome.status, "info")
        subject = outcome.snapshot or outcome.resource or outcome.region
        text = f"{outcome.action} {outcome.status}: {subject}"
        getattr(logger, level)(text, extra=to_record(outcome))
    unread = any(each.action == "read" for each in report.failed)
    if not (report.partial or unread or report.summary["selected"]):
        logger.warning("nothing is selected, so nothing is protected")
    level, how = ("info", "ended well") if report.ended_well else ("error", "failed")
    getattr(logger, level)(f"run {how}", extra={"summary": report.summary})


def emit_metrics(report: Report, *, everything: bool) -> None:
    """Write the run's metrics in CloudWatch's embedded metric format; none for a dry run.

    Those that alarms need are under the policy alone, and only of a run that knows all resources.
    everything: all others too, by policy and region.
    """
    if report.dry_run:
        return
    if not report.partial:
        for_alarms = [
            ("RunsCompleted", _COUNT, 1),
            ("ResourcesStale", _COUNT, report.summary["stale"]),
            ("AttentionNeeded", _COUNT, report.attention),
        ]
        _emit({"policy": report.policy}, for_alarms)
    wanted = _OF_ACTIONS if report.partial else (*_OF_ACTIONS, *_OF_REGIONS)
    for region, measures in report.measures.items() if everything else ():
        numbers = ((name, unit, getattr(measures, each)) for name, unit, each, _ in wanted)
        _emit({"policy": report.policy, "region": region}, numbers)
    for outcome in report.failed if everything else ():
        if outcome.action == "read" and outcome.region is not None:
            place = {"policy": report.policy, "region": outcome.region}
            _emit(place, [("SnapshotsFailed", _COUNT, 1)])


def _emit(
    dimensions: Mapping[str, str], numbers: Iterable[tuple[str, MetricUnit, float | None]]
) -> None:
    # Without a service: it would be one more dimension.
    metrics = EphemeralMetrics(namespace=NAMESPACE, service="")
    for name, value in dimensions.items():
        metrics.add_dimension(name, value)
    for metric, unit, number in numbers:
        if number is not None:
            metrics.add_metric(metric, unit, number)
    metrics.flush_metrics()
