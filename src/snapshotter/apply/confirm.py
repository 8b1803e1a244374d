"""Confirms snapshots: ready, or ended in error, with the error of the operation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.deadline import Deadline
from snapshotter.lightsail.errors import explain
from snapshotter.lightsail.operations import operations_of
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT
from snapshotter.lightsail.reads import read_snapshot
from snapshotter.lightsail.records import to_json
from snapshotter.model.kinds import KINDS, Kind, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.series import OwnSnapshot


def report_failures(failed: Iterable[OwnSnapshot], clients: Clients) -> tuple[Outcome, ...]:
    """One failed outcome for each snapshot that ended in error, with its operation's error."""
    with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
        return tuple(
            pool.map(
                lambda own: _failure(own.kind, own.region, own.source_name, own.name, clients),
                failed,
            )
        )


def wait_for(
    created: Sequence[Outcome], clients: Clients, deadline: Deadline, *, wait_s: float
) -> tuple[Outcome, ...]:
    """Wait for the snapshots that this run started.

    created: the outcomes of creates that were started. wait_s: at most this many seconds.
    Returns an outcome for each that became ready or failed, and none for those still pending.
    """
    pending = list(created)
    done: list[Outcome] = []
    for _ in deadline.pauses(wait_s if pending else 0):
        seen = [(outcome, _confirmed(outcome, clients)) for outcome in pending]
        done += [result for _, result in seen if result is not None]
        pending = [outcome for outcome, result in seen if result is None]
        if not pending:
            break
    return tuple(done)


def _confirmed(created: Outcome, clients: Clients) -> Outcome | None:
    """Read a snapshot once; None while it is pending, or if it cannot be read now."""
    kind = KINDS[created.resource_type or ""]
    region, name = created.region or "", created.snapshot or ""
    resource = created.resource or ""
    try:
        snapshot = read_snapshot(clients[region], kind, region, name)
    except Exception:
        return None
    if snapshot is None:
        return None
    if snapshot.status is Status.FAILED:
        return _failure(kind, region, resource, name, clients)
    if snapshot.status is Status.READY:
        return _confirm(kind, region, resource, name, reason=f"ready: {snapshot.state}")
    return None


def _failure(kind: Kind, region: str, resource: str, name: str, clients: Clients) -> Outcome:
    try:
        operations = tuple(
            to_json(each)
            for each in operations_of(clients[region], name)
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
    return _confirm(kind, region, resource, name, operations=operations, error=failure)


def _confirm(
    kind: Kind,
    region: str,
    resource: str,
    name: str,
    *,
    reason: str | None = None,
    operations: tuple[Any, ...] = (),
    error: ErrorInfo | None = None,
) -> Outcome:
    return Outcome(
        action="confirm",
        status="failed" if error else "exists",
        region=region,
        resource_type=kind.name,
        resource=resource,
        snapshot=name,
        reason=reason,
        operations=operations,
        error=error,
    )
