"""Creates a resource from a snapshot, safe to repeat, and waits until it is ready."""

from collections.abc import Iterable, Iterator

from snapshotter.apply.results import result_of
from snapshotter.lightsail import writes
from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.deadline import Deadline
from snapshotter.lightsail.errors import ServiceError, is_busy, name_is_taken
from snapshotter.lightsail.reads import read_resource
from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.plan.restores import RestoreResource, arguments, resolve_existing


def restore(action: RestoreResource, client: Client) -> Outcome:
    """Create the resource. A name that is taken by this restore's own resource is success."""
    try:
        operations = writes.create_from_snapshot(client, action.kind, arguments(action))
    except ServiceError as error:
        if name_is_taken(error):
            return resolve_existing(action, read_restored(action, client))
        if is_busy(error) and (found := read_restored(action, client)):
            return resolve_existing(action, found)
        raise
    return result_of(action, "started", operations)


def wait_for(
    actions: Iterable[RestoreResource], clients: Clients, deadline: Deadline, *, wait_s: float
) -> Iterator[tuple[RestoreResource, Outcome]]:
    """Wait until the resources are ready or failed, for at most wait_s seconds in total.

    Yields each with its outcome as soon as it is; none for those that are still pending.
    """
    pending = list(actions)
    for _ in deadline.pauses(wait_s if pending else 0):
        for action in tuple(pending):
            if (result := _confirmed(action, clients)) is not None:
                pending.remove(action)
                yield action, result
        if not pending:
            return


def _confirmed(action: RestoreResource, clients: Clients) -> Outcome | None:
    """Read a resource once; None while it is pending, or if it cannot be read now."""
    try:
        found = read_restored(action, clients[action.region])
    except Exception:
        return None
    status = action.kind.restoring.status(found.state) if found else Status.PENDING
    if found is None or status not in (Status.READY, Status.FAILED):
        return None
    failed = status is Status.FAILED
    message = (
        f"{found.name}: restore failed, its state is {found.state}: delete it and restore again"
    )
    return Outcome(
        action="confirm",
        status="failed" if failed else "exists",
        region=action.region,
        resource_type=action.kind.name,
        resource=action.target,
        snapshot=action.name,
        reason=None if failed else f"ready: {found.state}",
        error=ErrorInfo("RestoreFailed", message) if failed else None,
    )


def read_restored(action: RestoreResource, client: Client) -> Resource | None:
    """Read the resource with the new name; None if there is none, or it is of another type."""
    return read_resource(client, action.kind, action.region, action.target)
