"""The rehearsal's account, seen by boto3 from outside of the function."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import boto3

from rehearse.processes import ACCOUNT, PATIENCE_S, REGION, Servers
from rehearse.sam import STACK

PLACEHOLDER = "<aws.scheduler.scheduled-time>"


class Account:
    """Clients of the emulator and of Lightsail's stand-in, and what a rehearsal asks of them."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers

    def client(self, service: str, region: str = REGION) -> Any:
        url = self._servers.lightsail if service == "lightsail" else self._servers.aws
        return boto3.client(
            service,  # type: ignore[call-overload]
            region_name=region,
            endpoint_url=url,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="rehearsal",  # noqa: S106
        )

    def order_fleet(self) -> None:
        """Order an instance and a disk to be protected, and an instance that is not."""
        lightsail, zone = self.client("lightsail"), f"{REGION}a"
        protected = [{"key": "snapshot"}, {"key": "team", "value": "shop"}]
        machine = {"blueprintId": "ubuntu_24_04", "bundleId": "nano_3_0"}
        lightsail.create_instances(
            instanceNames=["web-1"], availabilityZone=zone, tags=protected, **machine
        )
        lightsail.create_instances(instanceNames=["scratch"], availabilityZone=zone, **machine)
        lightsail.create_disk(
            diskName="orders", availabilityZone=zone, sizeInGb=8, tags=[{"key": "snapshot"}]
        )

    def snapshots(self, region: str = REGION) -> dict[str, dict[str, Any]]:
        """Return every instance and disk snapshot of a region by name."""
        lightsail = self.client("lightsail", region)
        found: dict[str, dict[str, Any]] = {}
        for kind in ("instance", "disk"):
            for page in lightsail.get_paginator(f"get_{kind}_snapshots").paginate():
                found |= {each["name"]: each for each in page[f"{kind}Snapshots"]}
        return dict(sorted(found.items()))

    def all_ready(self, region: str = REGION) -> bool:
        """Tell whether every snapshot of a region is finished."""
        states = {each["state"] for each in self.snapshots(region).values()}
        return states <= {"available", "completed"}

    def stack_resources(self) -> dict[str, dict[str, Any]]:
        """Return the stack's resources by logical id."""
        answer = self.client("cloudformation").describe_stack_resources(StackName=STACK)
        return {each["LogicalResourceId"]: each for each in answer["StackResources"]}

    def stack_is_there(self) -> bool:
        cloudformation = self.client("cloudformation")
        try:
            (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
        except cloudformation.exceptions.ClientError:
            return False
        return bool(stack["StackStatus"] != "DELETE_COMPLETE")

    def put_time_into_schedule(self, name: str, moment: str) -> dict[str, Any]:
        """Write a time where EventBridge would; returns the schedule as it was deployed."""
        scheduler = self.client("scheduler")
        deployed: dict[str, Any] = scheduler.get_schedule(Name=name)
        keys = ["Name", "GroupName", "ScheduleExpression", "ScheduleExpressionTimezone", "State"]
        kept = {key: deployed[key] for key in [*keys, "FlexibleTimeWindow"] if key in deployed}
        told = deployed["Target"]["Input"].replace(PLACEHOLDER, moment)
        scheduler.update_schedule(**kept, Target={**deployed["Target"], "Input": told})
        return deployed

    def send(self, function: str, event: object) -> None:
        """Invoke as EventBridge Scheduler does: hand over the event and wait for nothing."""
        payload = json.dumps(event).encode()
        self.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=payload)

    def messages(self, queue_url: str) -> list[str]:
        """Return what lies in a queue, and leave it there."""
        answer = self.client("sqs").receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        return [each["Body"] for each in answer.get("Messages", [])]

    def log_records(self, group: str) -> list[dict[str, Any]]:
        """Return the function's records in a log group."""
        answer = self.client("logs").filter_log_events(logGroupName=group)
        lines = [line for each in answer["events"] for line in each["message"].splitlines()]
        return [json.loads(line) for line in lines if line.startswith("{")]


def awaited(found: Callable[[], Any], *, within_s: float = PATIENCE_S) -> Any:
    """Ask until the answer is true, or the time is over; returns the last answer."""
    end = time.monotonic() + within_s
    while not (answer := found()) and time.monotonic() < end:
        time.sleep(0.5)
    return answer
