"""Writes to resources that a restore or a drill created, for `attempt`. Each is safe to repeat."""

from dataclasses import replace

from snapshotter.apply.actions import attempt
from snapshotter.lightsail import writes
from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.errors import ServiceError, not_found
from snapshotter.lightsail.reads import read_address
from snapshotter.model.firewall import Firewall
from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo, Operations, Outcome
from snapshotter.model.tags import DRILL, POLICY, SOURCE, TIME, TO_DO, Tags
from snapshotter.plan.outcomes import outcome, result_of
from snapshotter.plan.steps import Step

NOT_MOVED = "AddressNotMoved"


def tag_disk(client: Client, step: Step, instance: Resource, disk: Resource) -> Outcome:
    """Tag a disk that was created with a drill's instance like that instance."""
    tags = {
        key: instance.tags[key] for key in (POLICY, SOURCE, TIME, DRILL) if key in instance.tags
    }
    return result_of(step, "tagged", writes.tag_resource(client, disk.name, tags))


def set_firewall(client: Client, step: Step, instance: Resource, wanted: Firewall) -> Outcome:
    """Replace the firewall of an instance.

    It is not documented whether the service accepts an empty list of ports, so a firewall that
    lets nothing in is set by closing the ports one by one.
    """
    operations: Operations = ()
    if wanted.rules:
        operations = writes.put_public_ports(client, instance.name, wanted)
    elif instance.network is not None:
        for ports in sorted(instance.network.firewall.ports):
            operations += writes.close_public_ports(client, instance.name, ports)
    return result_of(step, "exists", operations)


def set_firewall_early(
    clients: Clients, step: Step, instance: Resource, wanted: Firewall
) -> Outcome:
    """Replace the firewall. Lightsail may refuse that until the instance runs: it is deferred."""
    done = attempt(clients, step, set_firewall, instance, wanted)
    runs = instance.kind.restoring.status(instance.state) is Status.READY
    return done if runs or done.status != "failed" else replace(done, status="deferred")


def move_address(client: Client, step: Step, address: str, old_instance: str | None) -> Outcome:
    """Attach a static address to the instance of the step, and detach it from the old one first.

    It is read right before, since another run may have moved it. An address of a third instance
    is not touched.
    """
    instance, found = step.source_name, read_address(client, address)
    if found is None:
        return _not_moved(step, address, "there is none of this name")
    if found.attached_to == instance:
        return outcome(step, "exists")
    operations: Operations = ()
    if found.attached_to is not None:
        if found.attached_to != old_instance:
            why = f"it is attached to {found.attached_to}, which is not its source"
            return _not_moved(step, address, why)
        operations = writes.detach_address(client, address)
    operations += writes.attach_address(client, address, instance)
    return result_of(step, "exists", operations)


def _not_moved(step: Step, address: str, why: str) -> Outcome:
    message = f"{step.source_name}: it cannot take over the static address {address}: {why}"
    return outcome(step, "failed", error=ErrorInfo(NOT_MOVED, message))


def write_to_do(client: Client, step: Step, instance: Resource, left: str) -> Outcome:
    """Write on a restored instance which steps are left."""
    tags = {POLICY: instance.tags.get(POLICY), TO_DO: left}
    return result_of(step, "tagged", writes.tag_resource(client, instance.name, tags))


def write_result(client: Client, step: Step, point: str, tags: Tags) -> Outcome:
    """Write the result of a drill on its recovery point. One that was deleted is success."""
    try:
        operations = writes.tag_resource(client, point, tags)
    except ServiceError as error:
        if not not_found(error):
            raise
        return outcome(step, "exists", reason=f"{step.reason}; the recovery point is deleted")
    return result_of(step, "tagged", operations)


def remove(client: Client, step: Step, resource: Resource) -> Outcome:
    """Delete a resource that a drill created. One that does not exist counts as deleted."""
    try:
        operations = writes.delete_resource(client, resource.kind, resource.name)
    except ServiceError as error:
        if not not_found(error):
            raise
        return outcome(step, "deleted", reason=f"{step.reason}; it no longer exists")
    return result_of(step, "deleted", operations)
