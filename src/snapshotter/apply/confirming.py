"""Confirms what was started: ready, or ended in error, with the error of the operation."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.deadline import Deadline
from snapshotter.lightsail.reads import list_operations, read_snapshot
from snapshotter.lightsail.records import to_json
from snapshotter.lightsail.refusals import explain
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo, Operations, Outcome
from snapshotter.plan.action import Action

T = TypeVar("T")


def wait_for(
    started: Iterable[T],
    confirm: Callable[[T], Outcome | None],
    deadline: Deadline,
    wait_s: float,
) -> Iterator[tuple[T, Outcome]]:
    """Wait until what was started is ready or failed, for at most wait_s seconds in total.

    confirm: returns None for what is still pending, or cannot be read now.
    Yields each with its outcome as soon as there is one, and nothing for those still pending.
    """
    pending = list(started)
    for _ in deadline.pauses(wait_s if pending else 0):
        for each in tuple(pending):
            if (result := confirm(each)) is not None:
                pending.remove(each)
                yield each, result
        if not pending:
            return


def confirm_snapshot(clients: Clients, created: Action) -> Outcome | None:
    """Read a snapshot once; None while it is pending, or if it cannot be read now."""
    action = replace(created, action="confirm", reason="")
    try:
        found = read_snapshot(clients[action.region], action.kind, action.region, action.snapshot)
    except Exception:
        return None
    if found is not None and found.status is Status.FAILED:
        return report_failure(clients, action)
    if found is not None and found.status is Status.READY:
        return action.outcome("exists", reason=f"ready: {found.state}")
    return None


def report_failure(clients: Clients, action: Action) -> Outcome:
    """The failed outcome of a snapshot that ended in error, with its operation's error."""
    operations: Operations = ()
    why = "Lightsail reports no further detail"
    try:
        operations = tuple(
            to_json(each)
            for each in list_operations(clients[action.region], action.snapshot)
            if each.get("status") == "Failed"
        )
    except Exception as error:
        why = f"the reason could not be read: {explain(error).message}"
    last = operations[0] if operations else {}
    failure = ErrorInfo(
        last.get("errorCode") or "SnapshotFailed",
        f"{action.snapshot} ended in error: {last.get('errorDetails') or why}",
    )
    return action.outcome("failed", operations=operations, error=failure)
