"""The resources of the stack, after SAM has translated the template."""

from typing import Any

import pytest

from snapshotter.inputs.settings import Settings
from translate import TEMPLATE
from translate.stack import Stack, translated

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}
ALL_GIVEN = {
    "PolicyName": "nightly",
    "SelectionTagKey": "backup",
    "SelectionTagValue": "yes",
    "ResourceTypes": "Instance, Disk",
    "Regions": "us-east-1,eu-central-1",
    "ScheduleTimezone": "Europe/Berlin",
    "Retention": "daily=14",
    "CoolingOffDays": "14",
    "CopyToRegions": "us-west-2,eu-west-1",
    "CopyRetention": "weekly=4",
    "RecoveryPointObjectiveHours": "30",
    "EnableRestore": "true",
    "NotificationEmail": "backups@example.com",
    "Metrics": "all",
}


@pytest.fixture
def stack() -> Stack:
    return Stack()


def resources(kind: str) -> list[str]:
    """Return the logical ids of all resources of a kind."""
    return [name for name, each in translated()["Resources"].items() if each["Type"] == kind]


def test_the_template_is_small_enough_to_be_passed_inline() -> None:
    assert len(TEMPLATE.read_bytes()) < 51_200


def test_the_stack_has_these_resources_and_no_others() -> None:
    assert {name: each["Type"] for name, each in translated()["Resources"].items()} == {
        "SnapshotFunction": "AWS::Lambda::Function",
        "SnapshotFunctionEventInvokeConfig": "AWS::Lambda::EventInvokeConfig",
        "SnapshotFunctionNightly": "AWS::Scheduler::Schedule",
        "SnapshotFunctionSweep": "AWS::Scheduler::Schedule",
        "DrillSchedule": "AWS::Scheduler::Schedule",
        "DigestSchedule": "AWS::Scheduler::Schedule",
        "FunctionRole": "AWS::IAM::Role",
        "ReadPolicy": "AWS::IAM::ManagedPolicy",
        "ProtectPolicy": "AWS::IAM::ManagedPolicy",
        "CopyPolicy": "AWS::IAM::ManagedPolicy",
        "RestorePolicy": "AWS::IAM::ManagedPolicy",
        "DrillPolicy": "AWS::IAM::ManagedPolicy",
        "NotifyPolicy": "AWS::IAM::ManagedPolicy",
        "ScheduleRole": "AWS::IAM::Role",
        "RunLogs": "AWS::Logs::LogGroup",
        "FailedRuns": "AWS::SQS::Queue",
        "UndeliveredRuns": "AWS::SQS::Queue",
        "RunFailed": "AWS::CloudWatch::Alarm",
        "ResourceStale": "AWS::CloudWatch::Alarm",
        "NoRunCompleted": "AWS::CloudWatch::Alarm",
        "AttentionNeeded": "AWS::CloudWatch::Alarm",
        "FailedRunKept": "AWS::CloudWatch::Alarm",
        "UndeliveredRunKept": "AWS::CloudWatch::Alarm",
        "AlarmTopic": "AWS::SNS::Topic",
        "AlarmTopicPolicy": "AWS::SNS::TopicPolicy",
        "AlarmMailbox": "AWS::SNS::Subscription",
        "LetterPermission": "AWS::Lambda::Permission",
        "StackDashboard": "AWS::CloudWatch::Dashboard",
        "LastNightQuery": "AWS::Logs::QueryDefinition",
        "FailuresQuery": "AWS::Logs::QueryDefinition",
        "OneResourceQuery": "AWS::Logs::QueryDefinition",
        "WhyDeletedQuery": "AWS::Logs::QueryDefinition",
    }


@pytest.mark.parametrize("logical_id", translated()["Resources"])
def test_no_resource_has_a_fixed_name_so_two_stacks_cannot_collide(
    logical_id: str, stack: Stack
) -> None:
    names = {"Name", "FunctionName", "RoleName", "QueueName", "LogGroupName", "GroupName"}
    names |= {"AlarmName", "TopicName", "DashboardName", "ManagedPolicyName"}
    if logical_id in ("SnapshotFunctionEventInvokeConfig", "LetterPermission"):
        names.remove("FunctionName")  # the function that it configures
    if logical_id in resources("AWS::Logs::QueryDefinition"):
        names.remove("Name")  # required, and contains the stack's

    assert names.isdisjoint(stack.properties(logical_id))


def test_the_function_has_the_tested_python_and_the_longest_timeout(stack: Stack) -> None:
    function = stack.properties("SnapshotFunction")

    assert (
        function["Runtime"] == f"python{(TEMPLATE.parent / '.python-version').read_text().strip()}"
    )
    assert function["Architectures"] == ["arm64"]
    assert function["Handler"] == "snapshotter.handler.lambda_handler"
    assert function["Timeout"] == 900


def test_the_environment_has_exactly_the_settings(stack: Stack) -> None:
    settings = {str(field.alias) for field in Settings.model_fields.values()}

    assert set(stack.environment()) == settings | POWERTOOLS


def test_every_parameter_is_passed_to_the_function() -> None:
    assert Stack(ALL_GIVEN).environment() == {
        "POLICY_NAME": "nightly",
        "SELECTION": "tagged",
        "SELECTION_TAG_KEY": "backup",
        "SELECTION_TAG_VALUE": "yes",
        "RESOURCE_TYPES": "Instance, Disk",
        "REGIONS": "us-east-1,eu-central-1",
        "SCHEDULE_TIMEZONE": "Europe/Berlin",
        "RETENTION": "daily=14",
        "COOLING_OFF_DAYS": "14",
        "COPY_TO_REGIONS": "us-west-2,eu-west-1",
        "COPY_RETENTION": "weekly=4",
        "RECOVERY_POINT_OBJECTIVE_HOURS": "30",
        "ENABLE_RESTORE": "true",
        "METRICS": "all",
        "TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:snapshotter-AlarmTopic",
        "STACK_NAME": "snapshotter",
        "POWERTOOLS_SERVICE_NAME": "snapshotter",
        "POWERTOOLS_METRICS_NAMESPACE": "Snapshotter",
    }


def test_empty_policy_and_regions_are_those_of_the_stack() -> None:
    environment = Stack(region="eu-west-1", name="backups").environment()

    assert (environment["POLICY_NAME"], environment["REGIONS"]) == ("backups", "eu-west-1")


def test_a_failed_run_is_retried_within_the_hour_and_then_kept(stack: Stack) -> None:
    config = stack.properties("SnapshotFunctionEventInvokeConfig")
    queue = stack.attribute("FailedRuns", "Arn")
    timeout = stack.properties("SnapshotFunction")["Timeout"]

    assert config["MaximumRetryAttempts"] == 2
    assert 3 * timeout < config["MaximumEventAgeInSeconds"] == 3600
    assert config["DestinationConfig"] == {"OnFailure": {"Destination": queue}}


@pytest.mark.parametrize("logical_id", resources("AWS::SQS::Queue"))
def test_a_queue_is_encrypted_and_keeps_messages_for_14_days(stack: Stack, logical_id: str) -> None:
    queue = stack.properties(logical_id)

    assert queue == {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 14 * 24 * 60 * 60}


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


@pytest.mark.parametrize("logical_id", resources("AWS::IAM::Role"))
def test_a_role_has_the_permissions_boundary_of_the_parameter(logical_id: str) -> None:
    bounded = Stack({"PermissionsBoundaryArn": BOUNDARY}).properties(logical_id)

    assert bounded["PermissionsBoundary"] == BOUNDARY
    assert "PermissionsBoundary" not in Stack().properties(logical_id)


def trust(stack: Stack, logical_id: str) -> dict[str, Any]:
    """Return the one statement of a role's trust policy."""
    (statement,) = stack.properties(logical_id)["AssumeRolePolicyDocument"]["Statement"]
    return dict(statement)


def test_only_lambda_assumes_the_functions_role(stack: Stack) -> None:
    assert trust(stack, "FunctionRole") == {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }


def test_only_schedules_of_this_account_assume_the_schedules_role(stack: Stack) -> None:
    assert trust(stack, "ScheduleRole") == {
        "Effect": "Allow",
        "Principal": {"Service": "scheduler.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": stack.account}},
    }


def test_every_output_is_described_and_can_be_resolved(stack: Stack) -> None:
    outputs = {
        name: stack.resolve(each["Value"]) for name, each in stack.template["Outputs"].items()
    }

    assert all(each["Description"].endswith(".") for each in stack.template["Outputs"].values())
    assert outputs["FunctionName"] in outputs["InvokeByHand"]
    assert all(isinstance(value, str) and "\n" not in value for value in outputs.values())
