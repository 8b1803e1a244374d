"""Where Lambda enters."""

import logging
import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from snapshotter.inputs.event import ReportEvent, parse_event
from snapshotter.inputs.settings import Settings, from_env
from snapshotter.lightsail.clients import Clients, known_regions, new_session
from snapshotter.lightsail.pacing import Deadline
from snapshotter.report.telemetry import emit_metrics, log_report
from snapshotter.run import report_status, run

logger = Logger(service="snapshotter", use_rfc3339=True)
# At INFO botocore logs in every run where it found its credentials.
logging.getLogger("botocore").setLevel(logging.WARNING)


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Keep the recovery points of one account's Lightsail resources.

    event and answer: as docs/reference.md describes them.

    Raises:
        InvalidSettings, InvalidEvent: before any call to AWS, naming every fault.
        SnapshotRunFailed: after everything is done and reported, if any of it failed.
    """
    session = new_session()
    settings = from_env(os.environ, known_regions(session))
    request = parse_event(event, now=datetime.now(UTC), settings=settings)
    clients = Clients(session, Deadline(context.get_remaining_time_in_millis))
    if isinstance(request, ReportEvent):
        return _report(settings, request, clients, context)
    report = run(settings, request, clients)
    log_report(logger, report)
    emit_metrics(report, everything=settings.all_metrics)
    if not report.ended_well:
        raise report.failure()
    return report.answer()


def _report(
    settings: Settings, request: ReportEvent, clients: Clients, context: LambdaContext
) -> dict[str, Any]:
    """Report, and send the report as a letter if that is asked for."""
    # A nightly run needs none of this.
    from snapshotter import notify
    from snapshotter.report.letter import Sender, is_due, write_letter

    topic = settings.topic_arn
    subscriptions = notify.confirmed_subscriptions(topic) if topic else None
    report = report_status(settings, request, clients, subscriptions)
    sends = is_due(report, request, settings)
    log_group = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME", "") if sends else ""
    failures = notify.recent_failures(log_group, request.scheduled_time) if sends else ()
    region, account = context.invoked_function_arn.split(":")[3:5]
    sender = Sender(settings.stack_name, account, region, context.function_name)
    letter = write_letter(report, sender, settings, failures=failures, alarm=request.alarm)
    if sends:
        notify.publish(topic, letter.subject, letter.text)
    logger.info("report made", extra={"summary": report.summary, "sent": sends})
    return report.answer(f"Subject: {letter.subject}\n\n{letter.text}")
