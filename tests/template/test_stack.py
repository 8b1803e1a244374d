"""The resources of the stack, after SAM has translated the template."""

from typing import Any

import pytest

from snapshotter.inputs.settings import Settings
from translate import TEMPLATE
from translate.stack import Stack, translated

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
GIVEN = {
    "PolicyName": "nightly",
    "Selection": "tagged",
    "SelectionTagKey": "backup",
    "SelectionTagValue": "yes",
    "ResourceTypes": "Instance, Disk",
    "Regions": "us-east-1,eu-central-1",
    "ScheduleTimezone": "Europe/Berlin",
    "ScheduleState": "DISABLED",
    "SweepExpression": "rate(2 hours)",
    "DigestExpression": "",
    "Retention": "daily=14",
    "CoolingOffDays": "14",
    "CopyToRegions": "us-west-2,eu-west-1",
    "CopyRetention": "weekly=4",
    "RecoveryPointObjectiveHours": "30",
    "EnableRestore": "true",
    "Metrics": "all",
}
"""Parameters that the function reads, from variables of the same names in upper snake case."""

OTHER_VARIABLES = {
    "TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:snapshotter-AlarmTopic",
    "STACK_NAME": "snapshotter",
    "POWERTOOLS_SERVICE_NAME": "snapshotter",
    "POWERTOOLS_METRICS_NAMESPACE": "Snapshotter",
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
}
TYPES = {
    "AWS::CloudWatch::Alarm": {
        *("RunFailed", "ResourceStale", "NoRunCompleted", "AttentionNeeded"),
        *("FailedRunKept", "UndeliveredRunKept"),
    },
    "AWS::CloudWatch::Dashboard": {"StackDashboard"},
    "AWS::IAM::ManagedPolicy": {
        *("ReadPolicy", "ProtectPolicy", "CopyPolicy", "RestorePolicy", "DrillPolicy"),
        "NotifyPolicy",
    },
    "AWS::IAM::Role": {"FunctionRole", "ScheduleRole"},
    "AWS::Lambda::EventInvokeConfig": {"SnapshotFunctionEventInvokeConfig"},
    "AWS::Lambda::Function": {"SnapshotFunction"},
    "AWS::Lambda::Permission": {"LetterPermission"},
    "AWS::Logs::LogGroup": {"RunLogs"},
    "AWS::Logs::QueryDefinition": {
        *("LastNightQuery", "FailuresQuery", "OneResourceQuery", "WhyDeletedQuery"),
    },
    "AWS::SNS::Subscription": {"AlarmMailbox"},
    "AWS::SNS::Topic": {"AlarmTopic"},
    "AWS::SNS::TopicPolicy": {"AlarmTopicPolicy"},
    "AWS::SQS::Queue": {"FailedRuns", "UndeliveredRuns"},
    "AWS::Scheduler::Schedule": {
        *("SnapshotFunctionNightly", "SnapshotFunctionSweep", "DrillSchedule", "DigestSchedule"),
    },
}
NAMES = {"Name", "FunctionName", "RoleName", "QueueName", "LogGroupName", "GroupName", "AlarmName"}
NAMES |= {"TopicName", "DashboardName", "ManagedPolicyName"}


@pytest.fixture
def stack() -> Stack:
    return Stack()


def test_the_template_is_small_enough_to_be_passed_inline() -> None:
    assert len(TEMPLATE.read_bytes()) < 51_200


def test_the_stack_has_these_resources_and_no_others() -> None:
    found: dict[str, set[str]] = {}
    for name, each in translated()["Resources"].items():
        found.setdefault(each["Type"], set()).add(name)

    assert found == TYPES


def test_no_resource_has_a_fixed_name_so_two_stacks_cannot_collide(stack: Stack) -> None:
    named = {
        (logical_id, name)
        for logical_id in stack.template["Resources"]
        for name in NAMES & set(stack.properties(logical_id))
    }

    assert named == {
        # The function that they configure, and a name that is required and has the stack's in it.
        ("SnapshotFunctionEventInvokeConfig", "FunctionName"),
        ("LetterPermission", "FunctionName"),
        *((query, "Name") for query in TYPES["AWS::Logs::QueryDefinition"]),
    }


def test_the_function_has_the_tested_python_and_the_longest_timeout(stack: Stack) -> None:
    function = stack.properties("SnapshotFunction")
    python = (TEMPLATE.parent / ".python-version").read_text().strip()

    assert function["Runtime"] == f"python{python}"
    assert function["Architectures"] == ["arm64"]
    assert function["Handler"] == "snapshotter.handler.lambda_handler"
    assert function["Timeout"] == 900


def test_every_parameter_and_nothing_else_is_passed_to_the_function() -> None:
    environment = Stack(GIVEN | {"NotificationEmail": "backups@example.com"}).environment()
    settings = {str(field.alias) for field in Settings.model_fields.values()}
    by_variable = {name.replace("_", "").lower(): value for name, value in environment.items()}

    assert {name: by_variable[name.lower()] for name in GIVEN} == GIVEN
    assert {name: environment[name] for name in OTHER_VARIABLES} == OTHER_VARIABLES
    assert len(environment) == len(GIVEN) + len(OTHER_VARIABLES)
    assert settings == {
        name for name in environment if not name.startswith(("POWERTOOLS_", "PYDANTIC_"))
    }


def test_empty_policy_and_regions_are_those_of_the_stack() -> None:
    environment = Stack(region="eu-west-1", name="backups").environment()

    assert (environment["POLICY_NAME"], environment["REGIONS"]) == ("backups", "eu-west-1")


def test_a_failed_run_is_retried_within_the_hour_and_then_kept(stack: Stack) -> None:
    config = stack.properties("SnapshotFunctionEventInvokeConfig")
    timeout = stack.properties("SnapshotFunction")["Timeout"]

    assert config["MaximumRetryAttempts"] == 2
    assert 3 * timeout < config["MaximumEventAgeInSeconds"] == 3600
    assert config["DestinationConfig"] == {
        "OnFailure": {"Destination": stack.attribute("FailedRuns", "Arn")}
    }


@pytest.mark.parametrize("logical_id", sorted(TYPES["AWS::SQS::Queue"]))
def test_a_queue_is_encrypted_and_keeps_messages_for_14_days(stack: Stack, logical_id: str) -> None:
    assert stack.properties(logical_id) == {
        "SqsManagedSseEnabled": True,
        "MessageRetentionPeriod": 14 * 24 * 60 * 60,
    }


def test_the_log_outlives_the_stack_and_its_records_expire() -> None:
    logs = translated()["Resources"]["RunLogs"]
    stack = Stack({"LogRetentionDays": "30", "LogLevel": "DEBUG"})

    # Not that of a stack whose creation fails.
    assert logs["DeletionPolicy"] == "RetainExceptOnCreate"
    assert logs["UpdateReplacePolicy"] == "Retain"
    assert stack.properties("RunLogs") == {"RetentionInDays": "30"}
    assert stack.properties("SnapshotFunction")["LoggingConfig"] == {
        "LogFormat": "JSON",
        "ApplicationLogLevel": "DEBUG",
        "SystemLogLevel": "INFO",
        "LogGroup": stack.ref("RunLogs"),
    }


@pytest.mark.parametrize(
    ("logical_id", "service", "condition"),
    [
        ("FunctionRole", "lambda.amazonaws.com", {}),
        (
            "ScheduleRole",
            "scheduler.amazonaws.com",
            {"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}},
        ),
    ],
)
def test_a_role_is_assumed_by_one_service_and_bounded_by_the_parameter(
    stack: Stack, logical_id: str, service: str, condition: dict[str, Any]
) -> None:
    role = stack.properties(logical_id)
    bounded = Stack({"PermissionsBoundaryArn": BOUNDARY}).properties(logical_id)

    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
            **condition,
        }
    ]
    assert (bounded["PermissionsBoundary"], role.get("PermissionsBoundary")) == (BOUNDARY, None)


def test_every_output_is_described_and_can_be_resolved(stack: Stack) -> None:
    declared = stack.template["Outputs"]
    outputs = {name: stack.resolve(each["Value"]) for name, each in declared.items()}

    assert all(each["Description"].endswith(".") for each in declared.values())
    assert outputs["FunctionName"] in outputs["InvokeByHand"]
    assert all(isinstance(value, str) and "\n" not in value for value in outputs.values())
