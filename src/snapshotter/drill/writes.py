"""What a run writes about a drill, each step of it safe to be done again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from snapshotter.drill.found import Drill
from snapshotter.failures import not_found
from snapshotter.kinds import Kind
from snapshotter.model import ActionName, Outcome, PortRange, Resource
from snapshotter.plan.outcomes import outcome
from snapshotter.series import OwnSnapshot
from snapshotter.tags import DRILL, POLICY, SOURCE, TIME, VERIFIED, to_records
from snapshotter.times import to_iso
from snapshotter.writes import call, judged

if TYPE_CHECKING:
    from mypy_boto3_lightsail import LightsailClient


@dataclass(frozen=True, slots=True)
class Step:
    """One write about a drill. `name` is the recovery point, where the step is about that."""

    region: str
    kind: Kind
    source_name: str
    reason: str
    name: str | None = None
    action: ActionName = "restore"


def about(drill: Drill, reason: str) -> Step:
    """Make a step that speaks of what the drill proves: the source, and its recovery point."""
    return Step(drill.region, drill.kind, drill.source_name, reason, name=drill.point_name)


def tag_disk(step: Step, drill: Drill, disk: Resource, client: LightsailClient) -> Outcome:
    """Mark a disk that came with a drill's instance as the drill's, as the instance is marked."""
    handed = {
        key: drill.resource.tags[key]
        for key in (POLICY, SOURCE, TIME, DRILL)
        if key in drill.resource.tags
    }
    answer = call(client, "tag_resource", resourceName=disk.name, tags=to_records(handed))
    return judged(step, "tagged", answer)


def firewall_is_set(resource: Resource, port: int | None) -> bool:
    """Tell whether an instance lets through the port that is tested, and nothing else."""
    wanted = () if port is None else (PortRange(port, port, "tcp"),)
    return resource.open_ports == wanted


def set_firewall(
    step: Step, resource: Resource, port: int | None, client: LightsailClient
) -> Outcome:
    """Open the port that is tested, and close all others.

    Whether the service takes an empty list of ports for "none" is not documented; closing one
    after the other is.
    """
    answers: list[Any] = []
    if port is not None:
        ports = [{"fromPort": port, "toPort": port, "protocol": "tcp"}]
        named: dict[str, Any] = {"instanceName": resource.name, "portInfos": ports}
        answers.append(call(client, "put_instance_public_ports", **named))
    else:
        for each in resource.open_ports:
            info = {"fromPort": each.first, "toPort": each.last, "protocol": each.protocol}
            named = {"instanceName": resource.name, "portInfo": info}
            answers.append(call(client, "close_instance_public_ports", **named))
    operations = [answer["operation"] for answer in answers if "operation" in answer]
    return judged(step, "exists", {"operations": operations})


def verify(
    step: Step, point: OwnSnapshot, policy: str, now: datetime, client: LightsailClient
) -> Outcome:
    """Write on the recovery point that it was proven; one that is gone needs no proof."""
    tags = to_records({POLICY: policy, VERIFIED: to_iso(now)})
    try:
        answer = call(client, "tag_resource", resourceName=point.name, tags=tags)
    except ClientError as error:
        if not not_found(error):
            raise
        return outcome(step, "exists", reason=f"{step.reason}; it is gone by now")
    return judged(step, "tagged", answer)


def remove(step: Step, drill: Drill, client: LightsailClient) -> Outcome:
    """Delete what a drill has made; what is not there is deleted."""
    kind, how = drill.kind, drill.kind.restoring
    named = {kind.source_argument: drill.name, how.delete_flag: True}
    try:
        answer = call(client, how.delete_method, **named)
    except ClientError as error:
        if not not_found(error):
            raise
        return outcome(step, "deleted", reason=f"{step.reason}; it was gone already")
    return judged(step, "deleted", answer)
