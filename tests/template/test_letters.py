"""Letters: who sends them, when, and what the role and the topic allow for them."""

import json
from datetime import UTC, datetime
from fnmatch import fnmatchcase

import pytest

from snapshotter.inputs.event import RunAction, parse_event
from tests.support.monitoring import alarms
from tests.support.role import Role
from translate.stack import Stack

EMAIL = {"NotificationEmail": "backups@example.com"}
KEY = "arn:aws:kms:us-east-1:123456789012:key/0b1c"
TOPIC = "arn:aws:sns:us-east-1:123456789012:snapshotter-AlarmTopic"
BY_THE_FUNCTION = {"RunFailed", "ResourceStale", "AttentionNeeded"}
DIRECT = {"NoRunCompleted", "FailedRunKept", "UndeliveredRunKept"}
"""Alarms that mean that the function itself does not run."""

FOR_LETTERS = {
    "AWS::SNS::Topic": ["AlarmTopic"],
    "AWS::SNS::TopicPolicy": ["AlarmTopicPolicy"],
    "AWS::SNS::Subscription": ["AlarmMailbox"],
    "AWS::Lambda::Permission": ["LetterPermission"],
}
SCHEDULE = "AWS::Scheduler::Schedule"


@pytest.fixture
def stack() -> Stack:
    return Stack(EMAIL)


@pytest.fixture
def role() -> Role:
    return Role.from_template(EMAIL)


def test_with_an_e_mail_address_there_is_a_topic_with_a_subscription(stack: Stack) -> None:
    assert {kind: stack.resources(kind) for kind in FOR_LETTERS} == FOR_LETTERS
    assert stack.ref("AlarmTopic") == stack.environment()["TOPIC_ARN"] == TOPIC
    assert stack.properties("AlarmTopic") == {"DisplayName": "Snapshotter"}
    assert stack.properties("AlarmMailbox") == {
        "TopicArn": TOPIC,
        "Protocol": "email",
        "Endpoint": "backups@example.com",
    }


def test_without_one_there_is_no_topic_no_digest_and_no_permission() -> None:
    stack, role = Stack(), Role.from_template()

    assert {name for kind in FOR_LETTERS for name in stack.resources(kind)} == set()
    assert "DigestSchedule" not in stack.resources(SCHEDULE)
    assert stack.environment()["TOPIC_ARN"] == ""
    assert all({"AlarmActions", "OKActions"}.isdisjoint(alarm) for alarm in alarms(stack).values())
    assert role.actions("sns") | role.actions("kms") == set()
    assert "logs:FilterLogEvents" not in role.actions("logs")


def test_only_alarms_that_mean_that_the_function_does_not_run_go_to_the_topic(
    stack: Stack,
) -> None:
    function = stack.attribute("SnapshotFunction", "Arn")
    sent = {
        name: (alarm["AlarmActions"], alarm.get("OKActions"))
        for name, alarm in alarms(stack).items()
    }

    assert sent == {
        **dict.fromkeys(BY_THE_FUNCTION, ([function], [function])),
        **dict.fromkeys(DIRECT, ([TOPIC], None)),
    }


@pytest.mark.parametrize("state", ["ENABLED", "DISABLED"])
def test_only_these_alarms_can_publish(state: str) -> None:
    stack = Stack(EMAIL | {"ScheduleState": state})
    (statement,) = stack.properties("AlarmTopicPolicy")["PolicyDocument"]["Statement"]
    existing = [name for name in alarms(stack) if name in DIRECT]

    assert statement == {
        "Sid": "PublishAlarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
        "Condition": {
            "StringEquals": {"aws:SourceAccount": stack.account},
            "ArnEquals": {
                "aws:SourceArn": [stack.attribute(name, "Arn") for name in existing],
            },
        },
    }


def test_the_alarms_of_the_stack_can_invoke_the_function(stack: Stack) -> None:
    permission = stack.properties("LetterPermission")
    pattern = permission.pop("SourceArn")
    another = Stack(EMAIL, name="another")

    assert permission == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": stack.ref("SnapshotFunction"),
        "Principal": "lambda.alarms.cloudwatch.amazonaws.com",
        "SourceAccount": stack.account,
    }
    for name in BY_THE_FUNCTION:
        assert fnmatchcase(stack.attribute(name, "Arn"), pattern)
        assert not fnmatchcase(another.attribute(name, "Arn"), pattern)


def test_the_digest_asks_for_a_letter_if_something_needs_attention(stack: Stack) -> None:
    target = stack.properties("DigestSchedule")["Target"]
    sent = target["Input"].replace("<aws.scheduler.scheduled-time>", "2026-11-23T07:00:00Z")
    now = datetime(2026, 11, 23, 7, 0, 9, tzinfo=UTC)
    request = parse_event(
        json.loads(sent), now=now, regions=("us-east-1",), restores=False, letters=True
    )

    assert (request.action, request.send) == (RunAction.REPORT, "attention")
    assert request.scheduled_time == now.replace(second=0)


@pytest.mark.parametrize(
    ("parameters", "scheduled"),
    [
        (EMAIL, True),
        (EMAIL | {"DigestExpression": "cron(30 6 ? * MON-FRI *)"}, True),
        (EMAIL | {"DigestExpression": ""}, False),
        ({"DigestExpression": "cron(0 7 * * ? *)"}, False),
    ],
)
def test_the_digest_is_scheduled_with_an_address_and_an_expression(
    parameters: dict[str, str], scheduled: bool
) -> None:
    assert ("DigestSchedule" in Stack(parameters).resources(SCHEDULE)) is scheduled


def test_the_role_publishes_to_this_topic_only(role: Role) -> None:
    def may_publish(topic: str) -> bool:
        return role.allows("sns:Publish", region="us-east-1", resources=[topic])

    assert may_publish(TOPIC)
    assert not may_publish(TOPIC + "2")
    assert not may_publish("*")
    assert role.actions("sns") == {"sns:Publish"}


def test_the_role_reads_the_functions_own_log_only(role: Role, stack: Stack) -> None:
    def may_read(log: str) -> bool:
        return role.allows("logs:FilterLogEvents", region="us-east-1", resources=[log])

    log = stack.attribute("RunLogs", "Arn")
    assert may_read(log)
    assert not may_read(log.replace("RunLogs", "Other"))
    assert not may_read("*")


def test_there_is_no_key_unless_one_is_given(role: Role) -> None:
    stack = Stack(EMAIL | {"NotificationKeyArn": KEY})

    assert stack.properties("AlarmTopic")["KmsMasterKeyId"] == KEY
    assert role.actions("kms") == set()
    assert "AWS::KMS::Key" not in {each["Type"] for each in stack.template["Resources"].values()}
    # Without a topic there is nothing to encrypt.
    assert Role.from_template({"NotificationKeyArn": KEY}).actions("kms") == set()


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey"])
def test_the_role_uses_the_key_only_through_sns(action: str) -> None:
    role = Role.from_template(EMAIL | {"NotificationKeyArn": KEY})

    def may_use(key: str = KEY, **other: str) -> bool:
        return role.allows(action, region="us-east-1", resources=[key], other=other)

    assert may_use(**{"kms:ViaService": "sns.us-east-1.amazonaws.com"})
    assert not may_use(**{"kms:ViaService": "s3.us-east-1.amazonaws.com"})
    assert not may_use()
    assert not may_use(KEY + "2", **{"kms:ViaService": "sns.us-east-1.amazonaws.com"})
