"""Where Lambda enters."""

import logging
import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from snapshotter.inputs.event import RunAction, parse_event
from snapshotter.inputs.settings import from_env
from snapshotter.lightsail.clients import Clients, known_regions, new_session
from snapshotter.lightsail.deadline import Deadline
from snapshotter.report.telemetry import emit_metrics, log_report
from snapshotter.run import run

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
    regions = known_regions(session)
    settings = from_env(os.environ, regions)
    request = parse_event(
        event,
        now=datetime.now(UTC),
        regions=settings.regions,
        elsewhere=settings.copy_to_regions,
        restores=settings.enable_restore,
    )
    deadline = Deadline(context.get_remaining_time_in_millis)
    report = run(settings, request, Clients(session, deadline), deadline, regions)
    log_report(logger, report)
    if not report.dry_run:
        partial = (
            request.action is RunAction.DRILL
            or request.resources is not None
            or request.regions != settings.regions
        )
        emit_metrics(report, partial=partial)
    if not report.ended_well:
        raise report.failure()
    return report.answer()
