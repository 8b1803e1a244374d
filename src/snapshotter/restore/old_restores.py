"""Creates a resource from a snapshot, safe to repeat, and confirms it."""

from snapshotter.apply.actions import attempt
from snapshotter.apply.confirm import confirming
from snapshotter.lightsail import writes
from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.errors import ServiceError, is_busy, name_is_taken
from snapshotter.lightsail.reads import read_resource
from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.plan.outcomes import outcome, result_of
from snapshotter.plan.restores import RestoreResource, arguments, resolve_existing


def restore(client: Client, action: RestoreResource) -> Outcome:
    """Create the resource. A name that is taken by this restore's own resource is success."""
    try:
        operations = writes.create_from_snapshot(client, action.kind, arguments(action))
    except ServiceError as error:
        if name_is_taken(error):
            return resolve_existing(action, _read(client, action))
        if is_busy(error) and (found := _read(client, action)):
            return resolve_existing(action, found)
        raise
    return result_of(action, "started", operations)


def start(clients: Clients, action: RestoreResource) -> tuple[Outcome, Resource | None]:
    """Create the resource. Returns the outcome and the new instance, if it can be read already."""
    started = attempt(clients, action, restore)
    if started.status != "started" or clients.deadline.passed():
        return started, None
    return started, read_instance(clients, action)


def read_instance(clients: Clients, action: RestoreResource) -> Resource | None:
    """Read the new instance, for the steps after its creation.

    None for other kinds, or where it cannot be read now: a later run does the steps then.
    """
    return _read_now(clients, action) if action.kind is INSTANCE else None


def confirm_restored(clients: Clients, action: RestoreResource) -> Outcome | None:
    """Read a resource once; None while it is pending, or if it cannot be read now."""
    found = _read_now(clients, action)
    status = action.kind.restoring.status(found.state) if found else Status.PENDING
    if found is None or status not in (Status.READY, Status.FAILED):
        return None
    if status is Status.READY:
        return outcome(confirming(action), "exists", reason=f"ready: {found.state}")
    message = (
        f"{found.name}: restore failed, its state is {found.state}: delete it and restore again"
    )
    return outcome(confirming(action), "failed", error=ErrorInfo("RestoreFailed", message))


def _read_now(clients: Clients, action: RestoreResource) -> Resource | None:
    try:
        return _read(clients[action.region], action)
    except Exception:
        return None


def _read(client: Client, action: RestoreResource) -> Resource | None:
    """Read the resource with the new name; None if there is none, or it is of another type."""
    return read_resource(client, action.kind, action.region, action.target)
