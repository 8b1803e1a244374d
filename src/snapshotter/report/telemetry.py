"""Everything that leaves the function beside its answer: log records and metrics."""

from collections.abc import Iterable, Iterator

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from snapshotter.report.answer import Report, to_record
from snapshotter.report.measures import Measures

NAMESPACE = "Snapshotter"
_LEVELS = {
    "failed": "error",
    "deferred": "warning",
    "refused": "warning",
    "lost": "warning",
    "held": "warning",
}


def log_report(logger: Logger, report: Report) -> None:
    """Write one record for each outcome and one for the run."""
    logger.append_keys(policy=report.policy, run=report.action, scheduledTime=report.scheduled_time)
    for outcome in report.outcomes:
        level = _LEVELS.get(outcome.status, "info")
        subject = outcome.snapshot or outcome.resource or outcome.region
        text = f"{outcome.action} {outcome.status}: {subject}"
        getattr(logger, level)(text, extra=to_record(outcome))
    if report.measures and not report.summary["selected"]:
        logger.warning("nothing is selected: no resource carries the selection tag")
    level = "info" if report.ended_well else "error"
    how = "ended well" if report.ended_well else "failed"
    extra = {"summary": report.summary, "dryRun": report.dry_run}
    getattr(logger, level)(f"run {how}", extra=extra)


def emit_metrics(report: Report, *, partial: bool) -> None:
    """Write the run's numbers in CloudWatch's embedded metric format, region by region.

    Each stands under policy and region, and under the policy alone, where alarms look.
    partial: the event left regions or resources out, so that the run knows only what it did
    and not how the whole stands.
    """
    for region, measures in report.measures.items():
        _emit(report.policy, region, _numbers(measures, partial=partial))
    for outcome in report.failed:
        if outcome.action == "read" and outcome.region is not None:
            _emit(report.policy, outcome.region, [("SnapshotsFailed", MetricUnit.Count, 1)])


def _emit(policy: str, region: str, numbers: Iterable[tuple[str, MetricUnit, float]]) -> None:
    # Without a service: it would be a third dimension, and split every metric.
    metrics = EphemeralMetrics(namespace=NAMESPACE, service="")
    metrics.add_dimension("policy", policy)
    metrics.add_dimension("region", region)
    metrics.add_dimensions(policy=policy)
    for name, unit, value in numbers:
        metrics.add_metric(name, unit, value)
    metrics.flush_metrics()


def _numbers(measures: Measures, *, partial: bool) -> Iterator[tuple[str, MetricUnit, float]]:
    count = MetricUnit.Count
    yield "SnapshotsCreated", count, measures.created
    yield "SnapshotsFailed", count, measures.failed
    yield "SnapshotsDeleted", count, measures.deleted
    yield "SnapshotsCopied", count, measures.copied
    if measures.drills is not None:
        yield "DrillsPassed", count, measures.drills.passed
        yield "DrillsFailed", count, measures.drills.failed
    if partial:
        return
    yield "RunsCompleted", count, 1
    yield "ResourcesSelected", count, measures.selected
    yield "ResourcesStale", count, measures.stale
    yield "SnapshotsPending", count, measures.pending
    yield "CopiesPending", count, measures.copies_pending
    yield "RecoveryPoints", count, measures.recovery_points
    yield "SnapshotStorage", MetricUnit.Gigabytes, measures.storage_gb
    # CloudWatch has no unit for hours.
    if measures.oldest_age_hours is not None:
        yield "OldestRecoveryPointAge", MetricUnit.NoUnit, measures.oldest_age_hours
    if measures.newest_copy_age_hours is not None:
        yield "NewestCopyAge", MetricUnit.NoUnit, measures.newest_copy_age_hours
    if measures.drills is not None and measures.drills.oldest_proof_age_hours is not None:
        yield "OldestProofAge", MetricUnit.NoUnit, measures.drills.oldest_proof_age_hours
