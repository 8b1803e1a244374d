"""Letters through the handler, to a topic of SNS, with what the function's own log has."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from lightsail_moto import Control
from snapshotter import notify
from snapshotter.handler import logger
from snapshotter.model.names import to_iso
from snapshotter.model.tags import ownership
from tests.integration.conftest import NIGHT, Deploy
from tests.integration.deployment import Deployment
from tests.integration.history import DAY, TAGGED
from tests.support.context import Context

LOG_GROUP = "snapshotter-RunLogs"
TUESDAY = NIGHT + timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)
SIGNATURE = """\
Stack snapshotter in account 123456789012, us-east-1
https://us-east-1.console.aws.amazon.com/lambda/home?region=us-east-1#/functions/snapshotter
"""

Letters = Callable[[], list[tuple[str, str]]]
WriteLog = Callable[..., None]


@pytest.fixture
def stack(lightsail: Control, deploy: Deploy, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A stack that sends letters, and an empty log of its function."""
    boto3.client("logs").create_log_group(logGroupName=LOG_GROUP)
    monkeypatch.setenv("AWS_LAMBDA_LOG_GROUP_NAME", LOG_GROUP)
    return deploy(NotificationEmail="ops@example.com")


@pytest.fixture
def letters(stack: Deployment) -> Letters:
    """The subjects and texts that arrived at the stack's topic since the last call."""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name=stack.stack.environment()["TOPIC_ARN"].split(":")[-1])["TopicArn"]
    queue = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])

    def arrived() -> list[tuple[str, str]]:
        received = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        found = []
        for message in received.get("Messages", []):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            body = json.loads(message["Body"])
            found.append((body["Subject"], body["Message"]))
        return found

    return arrived


@pytest.fixture
def write_log(lightsail: Control, stack: Deployment) -> WriteLog:
    """Write lines to the function's log, as of a time. The account's clock shows NOW then.

    CloudWatch Logs rejects events of more than 14 days ago.
    """
    lightsail.clock.set(NOW)
    logs = boto3.client("logs")

    def write(*lines: str, at: datetime = NOW) -> None:
        stream = f"stream-{at:%H%M%S}"
        logs.create_log_stream(logGroupName=LOG_GROUP, logStreamName=stream)
        events = [{"timestamp": int(at.timestamp() * 1000), "message": line} for line in lines]
        logs.put_log_events(logGroupName=LOG_GROUP, logStreamName=stream, logEvents=events)

    return write


def add_web(lightsail: Control, *, hours: float = 5) -> None:
    """A protected instance with a recovery point of this age."""
    web = lightsail.seed.add_instance("web", tags=TAGGED)
    at = lightsail.clock.now() - timedelta(hours=hours)
    tags = ownership("nightly", web.arn, at)
    lightsail.seed.add_snapshot("web-point", web, tags=tags, created_at=at)


def report_at(stack: Deployment, at: datetime = NIGHT, **event: Any) -> dict[str, Any]:
    return stack({"action": "report", "scheduledTime": to_iso(at), **event})


def alarm(state: str, name: str = "snapshotter-ResourceStale") -> dict[str, Any]:
    """The event of an alarm that changes its state. Source: AWS, alarms and Lambda functions."""
    return {
        "source": "aws.cloudwatch",
        "alarmArn": f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}",
        "accountId": "123456789012",
        "time": "2026-03-02T04:50:00.000+0000",
        "region": "us-east-1",
        "alarmData": {
            "alarmName": name,
            "state": {
                "value": state,
                "reason": "Threshold Crossed: 5 out of the last 6 datapoints",
                "timestamp": "2026-03-02T04:50:00.000+0000",
            },
            "previousState": {"value": "OK" if state == "ALARM" else "ALARM"},
            "configuration": {"metrics": []},
        },
    }


FINE = "Fine: 1 of 1 resource. Newest backups are 5 hours old.\n\n" + SIGNATURE


def test_alarm_sends_a_letter_that_names_the_account_and_the_function_to_the_topic(
    lightsail: Control, stack: Deployment, letters: Letters
) -> None:
    add_web(lightsail, hours=72)
    arn = "arn:aws:lambda:us-east-1:210987654321:function:backups-SnapshotFunction-1A2B3C"
    context = Context(function_name="backups-SnapshotFunction-1A2B3C", invoked_function_arn=arn)

    answer = stack(alarm("ALARM"), context, now=NIGHT)

    subject = "Snapshotter: web has no good backup since 27 February"
    text = (
        "The alarm snapshotter-ResourceStale is on.\n"
        "\n"
        "web (instance, us-east-1) has had no good backup for 3 days.\n"
        "  Last recovery point: Friday, 27 February 2026, 04:50 UTC\n"
        "  Why: no snapshot was taken since.\n"
        "  What to do: look at web in the Lightsail console and in the function's log.\n"
        "  The function tries again every hour.\n"
        "\n"
        "Stack snapshotter in account 210987654321, us-east-1\n"
        "https://us-east-1.console.aws.amazon.com/lambda/home?region=us-east-1"
        "#/functions/backups-SnapshotFunction-1A2B3C\n"
    )
    assert letters() == [(subject, text)]
    assert answer["letter"] == f"Subject: {subject}\n\n{text}"


def test_topic_without_a_confirmed_subscription_is_reported_and_the_letter_is_sent_all_the_same(
    lightsail: Control, stack: Deployment
) -> None:
    add_web(lightsail)
    boto3.client("sns").create_topic(Name=stack.stack.environment()["TOPIC_ARN"].split(":")[-1])

    answer = report_at(stack, TUESDAY, send=True)

    assert [each["what"] for each in answer["attention"]] == [
        "web (instance, us-east-1) has had no good backup for 29 hours.",
        "The topic has no confirmed subscription, so letters and alarms reach nobody.",
    ]


def test_digest_of_the_week_is_sent_once_by_the_stack_s_own_schedule(
    lightsail: Control, deploy: Deploy, letters: Letters
) -> None:
    """In its own time zone, where it is already Monday."""
    monday = datetime(2026, 3, 1, 12, tzinfo=UTC)
    lightsail.clock.set(monday - DAY)
    add_web(lightsail)
    auckland = deploy(
        NotificationEmail="ops@example.com",
        RecoveryPointObjectiveHours="100",
        DigestExpression="cron(0 1,13 * * ? *)",
        ScheduleTimezone="Pacific/Auckland",
    )

    sent = []
    for hours in (-12, 0, 12, 24):
        lightsail.clock.set(monday + timedelta(hours=hours))
        report_at(auckland, lightsail.clock.now(), send="attention")
        sent += [hours] * len(letters())

    assert sent == [0]


def test_letter_has_the_failures_of_the_last_24_hours_from_the_function_s_own_log(
    lightsail: Control,
    stack: Deployment,
    letters: Letters,
    write_log: WriteLog,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_web(lightsail)
    lightsail.inject(
        "CreateInstanceSnapshot",
        error="InvalidInputException",
        message="The instance is in an invalid state.",
    )
    output = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", output)
    stack.failing({"scheduledTime": to_iso(NOW)})
    run = output.getvalue().splitlines()
    write_log(*(line.replace("web-20", "old-20") for line in run), at=NOW - timedelta(hours=25))
    write_log(*run, at=NOW - timedelta(hours=4))
    write_log(*run, at=NOW - timedelta(hours=3))
    write_log(*(line.replace("web-20", "api-20") for line in run), at=NOW)

    stack(alarm("ALARM", "snapshotter-RunFailed"), now=NOW + timedelta(minutes=5))

    ((subject, text),) = letters()
    assert subject == (
        f"Snapshotter: create api-{NOW:%Y%m%dT%H%M%SZ}: The instance is in an invalid state "
        "(and 1 more)"
    )
    assert text == (
        "The alarm snapshotter-RunFailed is on.\n"
        "\n"
        "Nothing needs attention now.\n"
        "\n"
        "Failed in the last 24 hours:\n"
        f"  create api-{NOW:%Y%m%dT%H%M%SZ}: The instance is in an invalid state.\n"
        f"  create web-{NOW:%Y%m%dT%H%M%SZ}: The instance is in an invalid state.\n"
        "\n" + FINE
    )


def test_each_way_in_which_a_run_fails_is_in_the_letter_and_no_other_line_of_the_log(
    lightsail: Control, stack: Deployment, letters: Letters, write_log: WriteLog
) -> None:
    add_web(lightsail)
    odd: list[Any] = [None, 7, [], "text", {}, {"a": 1}]
    failed = {"level": "ERROR", "status": "failed", "action": "read", "region": "us-west-2"}
    disk, rate = {"message": "web-1 ended in error: no\n disk"}, {"message": "Rate exceeded"}
    late = {"run": "sweep", "scheduledTime": "2026-03-02T03:50:00Z", "summary": {"failed": 0}}
    records: list[Any] = [
        *odd,
        *({"level": "ERROR", "message": each} for each in odd),
        *({**failed, "error": {"message": each}} for each in odd if each != "text"),
        *({**failed, "error": each} for each in odd),
        {**failed, "dryRun": True, "error": {"message": "a name that nobody has"}},
        {"level": "ERROR", "message": "run failed", "summary": None},
        {"level": "ERROR", "errorType": "SnapshotRunFailed", "errorMessage": "2 failed"},
        {"type": "platform.report", "record": {"status": "success"}},
        {"level": "ERROR", "errorType": "KeyError", "errorMessage": "'location'"},
        {"type": "platform.report", "record": {"requestId": "52fdfc07", "status": "timeout"}},
        {"level": "ERROR", "message": "run failed", **late},
        {**failed, "action": "confirm", "snapshot": "web-1", "error": disk},
        {**failed, "error": rate},
    ]
    write_log("START RequestId", "{", " ", "[" * 9_000, *map(json.dumps, records))

    report_at(stack, NOW + timedelta(seconds=1), send=True)

    ((subject, text),) = letters()
    assert subject == "Snapshotter: read us-west-2: Rate exceeded (and 4 more)"
    assert text == (
        "Nothing needs attention now.\n\n"
        "Failed in the last 24 hours:\n"
        "  read us-west-2: Rate exceeded\n"
        "  web-1 ended in error: no disk\n"
        "  sweep of 2026-03-02T03:50:00Z: time ran out\n"
        "  the function was stopped during a run: timeout\n"
        "  KeyError: 'location'\n\n" + FINE
    )


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("fault", ["no-log-group", "no-answer", "more-than-can-be-read"])
def test_log_that_cannot_be_read_stops_no_letter(
    lightsail: Control,
    stack: Deployment,
    letters: Letters,
    write_log: WriteLog,
    silent: str,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    add_web(lightsail)
    write_log("a line")
    if fault == "no-log-group":
        boto3.client("logs").delete_log_group(logGroupName=LOG_GROUP)
    elif fault == "no-answer":
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", silent)
        monkeypatch.setattr(notify, "_CONFIG", notify._CONFIG.merge(Config(read_timeout=0.2)))
    else:
        monkeypatch.setattr(notify, "_SECONDS", -1.0)

    report_at(stack, NOW, send=True)

    unread = "The log of the last 24 hours could not be read, so failures in it are not listed."
    ((_, text),) = letters()
    assert text == f"Nothing needs attention now.\n\n{unread}\n\n{FINE}"


def test_topic_that_refuses_fails_the_invocation(lightsail: Control, stack: Deployment) -> None:
    add_web(lightsail)

    with pytest.raises(ClientError, match="NotFound"):
        report_at(stack, send=True)


@pytest.mark.parametrize("fault", [{"http_status": 503}, {"drop_connection": True}], ids=str)
def test_alarm_while_lightsail_is_down_sends_a_letter_that_names_the_error(
    lightsail: Control,
    stack: Deployment,
    letters: Letters,
    monkeypatch: pytest.MonkeyPatch,
    fault: dict[str, Any],
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    lightsail.inject(times=None, **fault)

    stack(alarm("ALARM", "snapshotter-RunFailed"), now=NIGHT)

    ((subject, text),) = letters()
    assert subject == "Snapshotter: us-east-1 cannot be read"
    assert text.startswith("The alarm snapshotter-RunFailed is on.\n\nus-east-1 cannot be read: ")
