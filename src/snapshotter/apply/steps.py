"""Writes to resources that a restore or a drill created. Each write is safe to repeat."""

from datetime import datetime

from snapshotter.apply.results import result_of
from snapshotter.lightsail import writes
from snapshotter.lightsail.clients import Client
from snapshotter.lightsail.errors import ServiceError, not_found
from snapshotter.model.inventory import Resource
from snapshotter.model.outcome import Operations, Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.model.tags import DRILL, POLICY, SOURCE, TIME, VERIFIED
from snapshotter.model.times import to_iso
from snapshotter.plan.outcomes import outcome
from snapshotter.plan.restores import Step


def tag_disk(step: Step, instance: Resource, disk: Resource, client: Client) -> Outcome:
    """Tag a disk that was created with a drill's instance like that instance."""
    tags = {
        key: instance.tags[key] for key in (POLICY, SOURCE, TIME, DRILL) if key in instance.tags
    }
    return result_of(step, "tagged", writes.tag_resource(client, disk.name, tags))


def set_firewall(step: Step, instance: Resource, port: int | None, client: Client) -> Outcome:
    """Open the port to test, and close all others.

    It is not documented whether the service accepts an empty list of ports, so without a port to
    test they are closed one by one.
    """
    operations: Operations = ()
    if port is not None:
        operations = writes.put_public_port(client, instance.name, port)
    else:
        for each in instance.open_ports:
            operations += writes.close_public_ports(client, instance.name, each)
    return result_of(step, "exists", operations)


def verify(step: Step, point: OwnSnapshot, policy: str, now: datetime, client: Client) -> Outcome:
    """Tag the recovery point as verified. One that was deleted in the meantime is success."""
    tags = {POLICY: policy, VERIFIED: to_iso(now)}
    try:
        operations = writes.tag_resource(client, point.name, tags)
    except ServiceError as error:
        if not not_found(error):
            raise
        return outcome(step, "exists", reason=f"{step.reason}; the recovery point is deleted")
    return result_of(step, "tagged", operations)


def remove(step: Step, resource: Resource, client: Client) -> Outcome:
    """Delete a resource that a drill created. One that does not exist counts as deleted."""
    try:
        operations = writes.delete_resource(client, resource.kind, resource.name)
    except ServiceError as error:
        if not not_found(error):
            raise
        return outcome(step, "deleted", reason=f"{step.reason}; it no longer exists")
    return result_of(step, "deleted", operations)
