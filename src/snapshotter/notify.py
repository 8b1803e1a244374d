"""Sends letters to the stack's topic, and reads in the function's own log what failed.

Imported only for reports.
"""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config

_PERIOD = timedelta(hours=24)
_SECONDS = 5.0
_CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2})
# Source of `record.status`: AWS, Lambda Telemetry API, platform.report.
_PATTERN = '{ $.level = "ERROR" || $.record.status = "timeout" || $.record.status = "error" }'


def publish(topic_arn: str, subject: str, text: str) -> None:
    """Publish a letter. An error of the service is raised: the invocation must fail."""
    boto3.client("sns", region_name=_region(topic_arn)).publish(
        TopicArn=topic_arn, Subject=subject, Message=text
    )


def confirmed_subscriptions(topic_arn: str) -> int | None:
    """How many subscriptions of a topic are confirmed; None where that cannot be read.

    Source: SNS, ListSubscriptionsByTopic. Others have a word like `PendingConfirmation` for an ARN.
    """
    try:
        sns = boto3.client("sns", region_name=_region(topic_arn), config=_CONFIG)
        page = sns.list_subscriptions_by_topic(TopicArn=topic_arn)
        found = [each["SubscriptionArn"].startswith("arn:") for each in page["Subscriptions"]]
        return sum(found) or (None if page.get("NextToken") else 0)
    except Exception:
        return None


def recent_failures(log_group: str, now: datetime) -> Sequence[str] | None:
    """What failed in the 24 hours before now, one sentence each, the latest first.

    Returns None where the log cannot be read within a few seconds.
    """
    try:
        lines = list(_lines(log_group, now))
    except Exception:
        return None
    return tuple(dict.fromkeys(text for each in reversed(lines) if (text := _failure(each))))


def _lines(log_group: str, now: datetime) -> Iterator[str]:
    until = time.monotonic() + _SECONDS
    pages = boto3.client("logs", config=_CONFIG).get_paginator("filter_log_events")
    for page in pages.paginate(
        logGroupName=log_group,
        startTime=_milliseconds(now - _PERIOD),
        endTime=_milliseconds(now),
        filterPattern=_PATTERN,
    ):
        yield from (event.get("message", "") for event in page["events"])
        if time.monotonic() > until:
            raise TimeoutError


def _failure(line: str) -> str:
    """The failure that a line of the log is about, on one line; empty if it is about none.

    Anybody's code may have written a line, so an odd one is about none.
    """
    try:
        return " ".join(_sentence(json.loads(line)).split())
    except Exception:
        return ""


def _sentence(record: Any) -> str:
    match record:
        case {"dryRun": True}:
            return ""
        case {"status": "failed", "error": {"message": str(message)}}:
            subject = record.get("snapshot") or record.get("resource") or record.get("region")
            about = (
                "" if message.startswith(f"{subject}") else f"{record.get('action')} {subject}: "
            )
            return f"{about}{message}"
        case {"message": "run failed", "summary": {"failed": 0}}:
            return f"{record.get('run')} of {record.get('scheduledTime')}: time ran out"
        # What failed in such a run has records of its own.
        case {"errorType": "SnapshotRunFailed"}:
            return ""
        case {"errorType": error, "errorMessage": message}:
            return f"{error}: {message}"
        case {"record": {"status": "timeout" | "error" as status}}:
            return f"the function was stopped during a run: {status}"
    return ""


def _region(arn: str) -> str:
    return arn.split(":")[3]


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
