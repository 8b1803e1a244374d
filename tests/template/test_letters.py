"""Letters: what a stack has for them, and who can send and cause them."""

from fnmatch import fnmatchcase

import pytest

from tests.support.monitoring import alarms
from translate.stack import Stack

EMAIL = {"NotificationEmail": "backups@example.com"}
KEY = "arn:aws:kms:us-east-1:123456789012:key/0b1c"
TOPIC = "arn:aws:sns:us-east-1:123456789012:snapshotter-AlarmTopic"
BY_THE_FUNCTION = ("RunFailed", "ResourceStale", "AttentionNeeded")
DIRECT = ("NoRunCompleted", "FailedRunKept", "UndeliveredRunKept")
"""Alarms that mean that the function itself does not run."""

FOR_LETTERS = {
    "AWS::SNS::Topic": "AlarmTopic",
    "AWS::SNS::TopicPolicy": "AlarmTopicPolicy",
    "AWS::SNS::Subscription": "AlarmMailbox",
    "AWS::Lambda::Permission": "LetterPermission",
}


def existing(stack: Stack) -> list[str]:
    return [name for kind in FOR_LETTERS for name in stack.resources(kind)]


def test_with_an_e_mail_address_there_is_a_topic_with_a_subscription() -> None:
    stack = Stack(EMAIL)

    assert existing(stack) == list(FOR_LETTERS.values())
    assert stack.environment()["TOPIC_ARN"] == TOPIC
    assert stack.properties("AlarmTopic") == {"DisplayName": "Snapshotter"}
    assert stack.properties("AlarmMailbox") == {
        "TopicArn": TOPIC,
        "Protocol": "email",
        "Endpoint": "backups@example.com",
    }


def test_without_one_there_is_no_topic_and_no_alarm_does_anything() -> None:
    assert existing(Stack()) == []
    assert Stack().environment()["TOPIC_ARN"] == ""
    for alarm in alarms(Stack()).values():
        assert {"AlarmActions", "OKActions"}.isdisjoint(alarm)


def test_the_topic_is_encrypted_only_with_a_key_that_is_given() -> None:
    topic = Stack(EMAIL | {"NotificationKeyArn": KEY}).properties("AlarmTopic")

    assert topic == {"DisplayName": "Snapshotter", "KmsMasterKeyId": KEY}


def test_only_alarms_that_mean_that_the_function_does_not_run_go_to_the_topic() -> None:
    stack = Stack(EMAIL)
    function = [stack.attribute("SnapshotFunction", "Arn")]

    assert {name: (e["AlarmActions"], e.get("OKActions")) for name, e in alarms(stack).items()} == {
        **dict.fromkeys(BY_THE_FUNCTION, (function, function)),
        **dict.fromkeys(DIRECT, ([TOPIC], None)),
    }


@pytest.mark.parametrize("state", ["ENABLED", "DISABLED"])
def test_only_these_alarms_can_publish(state: str) -> None:
    stack = Stack(EMAIL | {"ScheduleState": state})
    (statement,) = stack.properties("AlarmTopicPolicy")["PolicyDocument"]["Statement"]
    sources = [stack.attribute(name, "Arn") for name in DIRECT if name in alarms(stack)]

    assert statement == {
        "Sid": "PublishAlarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
        "Condition": {
            "StringEquals": {"aws:SourceAccount": stack.account},
            "ArnEquals": {"aws:SourceArn": sources},
        },
    }


def test_the_alarms_of_the_stack_and_no_others_can_invoke_the_function() -> None:
    stack, another = Stack(EMAIL), Stack(EMAIL, name="another")
    permission = stack.properties("LetterPermission")
    pattern = permission.pop("SourceArn")

    assert permission == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": stack.ref("SnapshotFunction"),
        "Principal": "lambda.alarms.cloudwatch.amazonaws.com",
        "SourceAccount": stack.account,
    }
    for name in BY_THE_FUNCTION:
        assert fnmatchcase(stack.attribute(name, "Arn"), pattern)
        assert not fnmatchcase(another.attribute(name, "Arn"), pattern)
