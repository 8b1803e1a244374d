"""The emulated account, seen from outside of the function."""

import json
from dataclasses import dataclass
from typing import Any

import boto3

from lightsail_moto import control
from rehearse.sam import STACK
from rehearse.servers import ACCOUNT, REGION, Servers

FLEET: dict[str, dict[str, str | None]] = {
    "web-1": {"snapshot": None, "team": "shop"},
    "orders": {"snapshot": None},
}
"""An instance and a disk that are protected, with their tags."""

TIME_PLACEHOLDER = "<aws.scheduler.scheduled-time>"


@dataclass(frozen=True)
class Account:
    """What a rehearsal reads and writes beside SAM's commands."""

    servers: Servers

    def client(self, service: str) -> Any:
        """A client of a service of ministack."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            region_name=REGION,
            endpoint_url=self.servers.aws,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="testing",  # noqa: S106
        )

    def create_fleet(self) -> None:
        """Create the fleet, and an instance that is not protected."""
        seed = control().seed
        seed.add_instance("web-1", REGION, tags=FLEET["web-1"])
        seed.add_disk("orders", REGION, tags=FLEET["orders"])
        seed.add_instance("scratch", REGION)

    def snapshots(self, region: str = REGION) -> dict[str, dict[str, Any]]:
        """Return every snapshot of a region by name: its state, tags and source."""
        types = control().world().get(region, {})
        return types.get("InstanceSnapshot", {}) | types.get("DiskSnapshot", {})

    def all_ready(self) -> bool:
        states = {each["state"] for each in self.snapshots().values()}
        return states <= {"available", "completed"}

    def stack_resources(self) -> dict[str, dict[str, Any]]:
        """Return the stack's resources by logical id."""
        answer = self.client("cloudformation").describe_stack_resources(StackName=STACK)
        return {each["LogicalResourceId"]: each for each in answer["StackResources"]}

    def stack_status(self) -> str:
        cloudformation = self.client("cloudformation")
        try:
            (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
        except cloudformation.exceptions.ClientError:
            return "DELETE_COMPLETE"
        return str(stack["StackStatus"])

    def set_schedule_time(self, name: str, moment: str) -> str:
        """Put a time where EventBridge would put it; returns the input as it was deployed."""
        scheduler = self.client("scheduler")
        schedule = scheduler.get_schedule(Name=name)
        deployed: str = schedule["Target"]["Input"]
        schedule["Target"]["Input"] = deployed.replace(TIME_PLACEHOLDER, moment)
        members = scheduler.meta.service_model.operation_model("UpdateSchedule").input_shape.members
        scheduler.update_schedule(**{key: schedule[key] for key in schedule if key in members})
        return deployed

    def environment(self, function: str) -> dict[str, str]:
        """Return the variables of the deployed function."""
        found = self.client("lambda").get_function_configuration(FunctionName=function)
        variables: dict[str, str] = found["Environment"]["Variables"]
        return variables

    def invoke_async(self, function: str, event: object) -> None:
        """Invoke as EventBridge Scheduler does, without waiting for an answer."""
        payload = json.dumps(event).encode()
        self.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=payload)

    def subscribe_queue(self, topic_arn: str) -> str:
        """Create a queue that receives what the topic does; returns its URL."""
        sqs = self.client("sqs")
        url: str = sqs.create_queue(QueueName="letters")["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        arn = attributes["Attributes"]["QueueArn"]
        self.client("sns").subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn)
        return url

    def messages(self, queue_url: str) -> list[str]:
        """Return the messages of a queue, and leave them there."""
        answer = self.client("sqs").receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        return [each["Body"] for each in answer.get("Messages", [])]

    def log_records(self, group: str) -> list[dict[str, Any]]:
        """Return the function's records in a log group."""
        answer = self.client("logs").filter_log_events(logGroupName=group)
        lines = [line for each in answer["events"] for line in each["message"].splitlines()]
        return [json.loads(line) for line in lines if line.startswith("{")]
