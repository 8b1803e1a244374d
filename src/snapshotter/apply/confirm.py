"""Confirms what was created: ready, or ended in error, with the error of the operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.errors import explain
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT
from snapshotter.lightsail.reads import list_operations, read_snapshot
from snapshotter.lightsail.records import to_json
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.plan import CreateSnapshot
from snapshotter.plan.outcomes import outcome
from snapshotter.plan.steps import Step

if TYPE_CHECKING:
    from snapshotter.plan.restores import RestoreResource

T = TypeVar("T")


def report_failures(failed: Iterable[OwnSnapshot], clients: Clients) -> tuple[Outcome, ...]:
    """One failed outcome for each snapshot that ended in error, with its operation's error."""
    with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
        return tuple(pool.map(partial(_failure, clients), failed))


def wait_for(
    created: Iterable[T],
    confirm: Callable[[Clients, T], Outcome | None],
    clients: Clients,
    wait_s: float,
) -> Iterator[tuple[T, Outcome]]:
    """Wait until what was created is ready or failed, for at most wait_s seconds in total.

    confirm: returns None for what is still pending, or cannot be read now.
    Yields each with its outcome as soon as there is one, and nothing for those still pending.
    """
    pending = list(created)
    for _ in clients.deadline.pauses(wait_s if pending else 0):
        for each in tuple(pending):
            if (result := confirm(clients, each)) is not None:
                pending.remove(each)
                yield each, result
        if not pending:
            return


def confirm_snapshot(clients: Clients, created: CreateSnapshot) -> Outcome | None:
    """Read a snapshot once; None while it is pending, or if it cannot be read now."""
    kind, region, name = created.kind, created.region, created.name
    try:
        snapshot = read_snapshot(clients[region], kind, region, name)
    except Exception:
        return None
    if snapshot is not None and snapshot.status is Status.FAILED:
        return _failure(clients, created)
    if snapshot is not None and snapshot.status is Status.READY:
        return outcome(confirming(created), "exists", reason=f"ready: {snapshot.state}")
    return None


def confirming(what: CreateSnapshot | OwnSnapshot | RestoreResource) -> Step:
    """A step whose outcome is about the result of something that was started."""
    return Step(what.region, what.kind, what.source_name, "", what.name, "confirm")


def _failure(clients: Clients, snapshot: CreateSnapshot | OwnSnapshot) -> Outcome:
    name = snapshot.name
    try:
        operations = tuple(
            to_json(each)
            for each in list_operations(clients[snapshot.region], name)
            if each.get("status") == "Failed"
        )
    except Exception as error:
        operations, why = (), explain(error).message
    else:
        why = "Lightsail reports no further detail"
    last = operations[0] if operations else {}
    failure = ErrorInfo(
        last.get("errorCode") or "SnapshotFailed",
        f"{name} ended in error: {last.get('errorDetails') or why}",
    )
    return outcome(confirming(snapshot), "failed", operations=operations, error=failure)
