"""Log records and metrics of a run."""

from collections.abc import Iterable, Iterator, Mapping

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
    keys = {
        "policy": report.policy,  # PolicyName
        "run": report.action,  # action of the run
        "scheduledTime": report.scheduled_time,  # the time that the run is for
        "dryRun": report.dry_run,  # true if nothing was written
    }
    logger.append_keys(**keys)
    for outcome in report.outcomes:
        level = _LEVELS.get(outcome.status, "info")
        subject = outcome.snapshot or outcome.resource or outcome.region
        text = f"{outcome.action} {outcome.status}: {subject}"
        getattr(logger, level)(text, extra=to_record(outcome))
    if not report.partial and not report.summary["selected"]:
        logger.warning("nothing is selected, so nothing is protected")
    level = "info" if report.ended_well else "error"
    how = "ended well" if report.ended_well else "failed"
    summary = report.summary  # counts of outcomes
    getattr(logger, level)(f"run {how}", extra={"summary": summary})


def emit_metrics(report: Report, *, everything: bool) -> None:
    """Write the run's metrics in CloudWatch's embedded metric format; none for a dry run.

    Those that alarms need are under the policy alone, and only of a run that knows all resources.
    everything: all others too, by policy and region.
    """
    if report.dry_run:
        return
    if not report.partial:
        _emit({"policy": report.policy}, _for_alarms(report))
    if not everything:
        return
    for region, measures in report.measures.items():
        dimensions = {"policy": report.policy, "region": region}
        _emit(dimensions, _numbers(measures, partial=report.partial))
    for outcome in report.failed:
        if outcome.action == "read" and outcome.region is not None:
            dimensions = {"policy": report.policy, "region": outcome.region}
            _emit(dimensions, [("SnapshotsFailed", MetricUnit.Count, 1)])


def _emit(dimensions: Mapping[str, str], numbers: Iterable[tuple[str, MetricUnit, float]]) -> None:
    # Without a service: it would be one more dimension.
    metrics = EphemeralMetrics(namespace=NAMESPACE, service="")
    for name, value in dimensions.items():
        metrics.add_dimension(name, value)
    for metric, unit, number in numbers:
        metrics.add_metric(metric, unit, number)
    metrics.flush_metrics()


def _for_alarms(report: Report) -> Iterator[tuple[str, MetricUnit, float]]:
    # 1 for each full run, also if something failed
    yield "RunsCompleted", MetricUnit.Count, 1
    # protected resources without a recovery point within the objective
    yield "ResourcesStale", MetricUnit.Count, report.summary["stale"]
    # what else the report lists under attention
    yield "AttentionNeeded", MetricUnit.Count, report.attention


def _numbers(measures: Measures, *, partial: bool) -> Iterator[tuple[str, MetricUnit, float]]:
    count = MetricUnit.Count
    # snapshots started
    yield "SnapshotsCreated", count, measures.created
    # failed outcomes, those of drills apart
    yield "SnapshotsFailed", count, measures.failed
    # snapshots deleted
    yield "SnapshotsDeleted", count, measures.deleted
    # copies started
    yield "SnapshotsCopied", count, measures.copied
    if measures.drills is not None:
        # restore tests that passed
        yield "DrillsPassed", count, measures.drills.passed
        # restore tests that failed, did not start or could not be removed
        yield "DrillsFailed", count, measures.drills.failed
    if partial:
        return
    # resources to protect
    yield "ResourcesSelected", count, measures.selected
    # of these, without a recovery point within the objective
    yield "ResourcesStale", count, measures.stale
    # snapshots and copies not ready yet
    yield "SnapshotsPending", count, measures.pending
    # copies not ready yet
    yield "CopiesPending", count, measures.copies_pending
    # ready snapshots of this policy
    yield "RecoveryPoints", count, measures.recovery_points
    # sizes of their sources; more than what is billed
    yield "SnapshotStorage", MetricUnit.Gigabytes, measures.storage_gb
    # CloudWatch has no unit for hours.
    if measures.oldest_age_hours is not None:
        # hours since the newest recovery point of the resource that is worst off
        yield "OldestRecoveryPointAge", MetricUnit.NoUnit, measures.oldest_age_hours
    if measures.newest_copy_age_hours is not None:
        # hours since the newest copy of the resource that is worst off
        yield "NewestCopyAge", MetricUnit.NoUnit, measures.newest_copy_age_hours
    if measures.drills is not None and measures.drills.oldest_proof_age_hours is not None:
        # hours since the last passed drill of the resource that is worst off
        yield "OldestProofAge", MetricUnit.NoUnit, measures.drills.oldest_proof_age_hours
