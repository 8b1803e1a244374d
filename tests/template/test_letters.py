"""Letters: who sends them, when, and what the role and the topic allow for them."""

from fnmatch import fnmatchcase

import pytest

from tests.support.monitoring import alarms
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


def test_with_an_e_mail_address_there_is_a_topic_with_a_subscription(stack: Stack) -> None:
    assert {kind: stack.resources(kind) for kind in FOR_LETTERS} == FOR_LETTERS
    assert stack.ref("AlarmTopic") == stack.environment()["TOPIC_ARN"] == TOPIC
    assert stack.properties("AlarmTopic") == {"DisplayName": "Snapshotter"}
    assert stack.properties("AlarmMailbox") == {
        "TopicArn": TOPIC,
        "Protocol": "email",
        "Endpoint": "backups@example.com",
    }


def test_without_one_there_is_no_topic_and_no_digest() -> None:
    stack = Stack()

    assert {name for kind in FOR_LETTERS for name in stack.resources(kind)} == set()
    assert "DigestSchedule" not in stack.resources(SCHEDULE)
    assert stack.environment()["TOPIC_ARN"] == ""
    assert all({"AlarmActions", "OKActions"}.isdisjoint(alarm) for alarm in alarms(stack).values())


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


def test_the_topic_is_encrypted_only_with_a_key_that_is_given(stack: Stack) -> None:
    encrypted = Stack(EMAIL | {"NotificationKeyArn": KEY})

    assert encrypted.properties("AlarmTopic")["KmsMasterKeyId"] == KEY
    assert "KmsMasterKeyId" not in stack.properties("AlarmTopic")
    assert "AWS::KMS::Key" not in {each["Type"] for each in stack.template["Resources"].values()}
