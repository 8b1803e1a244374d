"""Sends letters to the stack's topic, and reads in the function's own log what failed.

Imported only where there is a letter to write.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config

PERIOD = timedelta(hours=24)
_SECONDS = 5.0
_CONFIG = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})


def publish(topic_arn: str, subject: str, text: str) -> None:
    """Publish a letter. An error of the service is raised: the invocation must fail."""
    boto3.client("sns", region_name=topic_arn.split(":")[3]).publish(
        TopicArn=topic_arn, Subject=subject, Message=text
    )


def recent_failures(log_group: str, now: datetime) -> Sequence[str] | None:
    """What failed in the 24 hours before now, one sentence each, the latest first.

    Returns None where the log cannot be read within a few seconds.
    """
    try:
        records = list(_records(log_group, now))
    except Exception:
        return None
    return tuple(dict.fromkeys(text for each in reversed(records) if (text := _sentence(each))))


def _records(log_group: str, now: datetime) -> Iterator[Mapping[str, Any]]:
    until = time.monotonic() + _SECONDS
    pages = boto3.client("logs", config=_CONFIG).get_paginator("filter_log_events")
    for page in pages.paginate(
        logGroupName=log_group,
        startTime=_milliseconds(now - PERIOD),
        endTime=_milliseconds(now),
        filterPattern='{ $.level = "ERROR" }',
    ):
        for event in page["events"]:
            yield json.loads(event["message"])
        if time.monotonic() > until:
            raise TimeoutError


def _sentence(record: Mapping[str, Any]) -> str:
    """An outcome that failed, or an error that ended a run; empty for all other records."""
    error = record.get("error")
    if record.get("status") == "failed" and isinstance(error, Mapping):
        subject = record.get("snapshot") or record.get("resource") or record.get("region")
        return f"{record.get('action')} {subject}: {error.get('message')}"
    if record.get("errorType") not in (None, "SnapshotRunFailed"):
        return f"{record['errorType']}: {record.get('errorMessage')}"
    return ""


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
