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
    ("SnapshotsCreated", _COUNT, "created"),  # snapshots started
    ("SnapshotsFailed", _COUNT, "failed"),  # failed outcomes, those of drills apart
    ("SnapshotsDeleted", _COUNT, "deleted"),  # snapshots deleted
    ("SnapshotsCopied", _COUNT, "copied"),  # copies started
    ("DrillsPassed", _COUNT, "drills_passed"),  # restore tests that passed
    # restore tests that failed, did not start or could not be removed
    ("DrillsFailed", _COUNT, "drills_failed"),
)
_OF_REGIONS = (
    ("ResourcesSelected", _COUNT, "selected"),  # resources to protect
    # protected resources without a recovery point within the objective
    ("ResourcesStale", _COUNT, "stale"),
    ("SnapshotsPending", _COUNT, "pending"),  # snapshots and copies not ready yet
    ("CopiesPending", _COUNT, "copies_pending"),  # copies not ready yet
    ("RecoveryPoints", _COUNT, "recovery_points"),  # ready snapshots of this policy
    # sizes of their sources; more than what is billed
    ("SnapshotStorage", _GB, "storage_gb"),
    # hours since the newest recovery point of the resource that is worst off
    ("OldestRecoveryPointAge", _HOURS, "oldest_age_hours"),
    # hours since the newest copy of the resource that is worst off
    ("NewestCopyAge", _HOURS, "newest_copy_age_hours"),
    # hours since the last passed drill of the resource that is worst off
    ("OldestProofAge", _HOURS, "oldest_proof_age_hours"),
)
"""Name, unit and measure of each metric by region; one whose measure is None is left out."""

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
    counts = {"summary": report.summary}  # counts of outcomes
    getattr(logger, level)(f"run {how}", extra=counts)


def emit_metrics(report: Report, *, everything: bool) -> None:
    """Write the run's metrics in CloudWatch's embedded metric format; none for a dry run.

    Those that alarms need are under the policy alone, and only of a run that knows all resources.
    everything: all others too, by policy and region.
    """
    if report.dry_run:
        return
    if not report.partial:
        for_alarms = [
            # 1 for each full run, also if something failed
            ("RunsCompleted", _COUNT, 1),
            ("ResourcesStale", _COUNT, report.summary["stale"]),
            # what else the report lists under attention
            ("AttentionNeeded", _COUNT, report.attention),
        ]
        _emit({"policy": report.policy}, for_alarms)
    wanted = _OF_ACTIONS if report.partial else (*_OF_ACTIONS, *_OF_REGIONS)
    for region, measures in report.measures.items() if everything else ():
        numbers = ((name, unit, getattr(measures, each)) for name, unit, each in wanted)
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
