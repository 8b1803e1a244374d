"""Carries out a plan, region by region: creates, copies, tags and deletes snapshots.

No region waits for another, and each write is safe to repeat.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from snapshotter.lightsail import writes
from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT
from snapshotter.lightsail.reads import list_operations, read_snapshot
from snapshotter.lightsail.records import to_json
from snapshotter.lightsail.refusals import (
    ServiceError,
    explain,
    is_busy,
    is_denied,
    is_late,
    name_is_taken,
    not_found,
)
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo, Operations, Outcome, OutcomeStatus
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import HOLD, POLICY, TIME
from snapshotter.plan.action import Action
from snapshotter.plan.copies import copy_name_taken
from snapshotter.plan.deletions import REPLACED
from snapshotter.plan.planning import Plan

Work = Callable[[Action], Iterable[Outcome]]


def apply(plan: Plan, clients: Clients, *, wait_s: float = 0) -> tuple[Outcome, ...]:
    """Carry out a plan. In each region: creates, copies into it, tags, deletes.

    After that, for at most wait_s seconds, what was created is confirmed, and then the errors of
    failed snapshots are looked up: neither costs a write its turn.
    """
    regions = dict.fromkeys(action.region for action in (*plan.actions, *plan.failures))
    clients.prepare(regions)
    with ThreadPoolExecutor(max(1, len(regions))) as pool:
        results = pool.map(partial(_apply_region, plan, clients, wait_s), regions)
        return tuple(chain.from_iterable(results))


def report_failures(plan: Plan, clients: Clients) -> tuple[Outcome, ...]:
    """Look up the errors of failed snapshots alone, for a run that writes nothing."""
    return apply(Plan(failures=plan.failures), clients)


def _apply_region(plan: Plan, clients: Clients, wait_s: float, region: str) -> list[Outcome]:
    outcomes: list[Outcome] = []

    def carry_out(actions: Iterable[Action], work: Work) -> None:
        outcomes.extend(_at_once([each for each in actions if each.region == region], work))

    carry_out(plan.creates, lambda action: (attempt(clients, action, create),))
    created = {each.snapshot for each in outcomes if each.status == "started"}
    carry_out(plan.copies, partial(_copy, clients))
    carry_out(plan.tags, lambda action: (attempt(clients, action, tag),))
    carry_out(plan.deletes, lambda action: (attempt(clients, action, delete),))
    started = [e for e in plan.creates if e.region == region and e.snapshot in created]
    outcomes.extend(_wait_for(started, clients, wait_s))
    carry_out(plan.failures, lambda action: (_report_failure(clients, action),))
    return outcomes


def _at_once(actions: Sequence[Action], work: Work) -> tuple[Outcome, ...]:
    """Work on several actions at once; outcomes in their order.

    The copies of one source are made one after another: an older one comes first, so that a run
    that ends in between leaves only newer ones to the next.
    """
    rows: dict[object, list[Action]] = {}
    for rank, action in enumerate(actions):
        row = action.source_arn if action.action == "copy" else rank
        rows.setdefault(row, []).append(action)
    if not rows:
        return ()
    with ThreadPoolExecutor(min(MOST_IN_FLIGHT, len(rows))) as pool:
        done = pool.map(lambda row: [*chain.from_iterable(map(work, row))], rows.values())
        return tuple(chain.from_iterable(done))


def _copy(clients: Clients, action: Action) -> Iterator[Outcome]:
    """Delete the failed copy that it replaces, if any; copy; then tag the copy."""
    if action.replaces:
        failed = replace(action, action="delete", reason=REPLACED, ended_in_error=True)
        deleted = attempt(clients, failed, delete)
        yield deleted
        if deleted.status != "deleted":
            return
    untagged = False

    def make(client: Client, action: Action) -> Outcome:
        nonlocal untagged
        outcome, untagged = copy(client, action)
        return outcome

    yield attempt(clients, action, make)
    if untagged:
        reason = f"a copy carries the tags of {action.copy_of}"
        yield attempt(clients, replace(action, action="tag", reason=reason), tag)


def _wait_for(started: Iterable[Action], clients: Clients, wait_s: float) -> Iterator[Outcome]:
    """Wait until what was started is ready or failed, for at most wait_s seconds in total.

    Yields an outcome as soon as there is one, and nothing for what is still pending.
    """
    pending = list(started)
    for _ in clients.deadline.pauses(wait_s if pending else 0):
        for each in tuple(pending):
            if (result := _confirm(clients, each)) is not None:
                pending.remove(each)
                yield result
        if not pending:
            return


def _confirm(clients: Clients, created: Action) -> Outcome | None:
    """Read a snapshot once; None while it is pending, or if it cannot be read now."""
    action = replace(created, action="confirm", reason="")
    try:
        found = read_snapshot(clients[action.region], action.kind, action.region, action.snapshot)
    except Exception:
        return None
    if found and found.status is Status.FAILED:
        return _report_failure(clients, action)
    if found and found.status is Status.READY:
        return action.outcome("exists", reason=f"ready: {found.state}")
    return None


def _report_failure(clients: Clients, action: Action) -> Outcome:
    """The failed outcome of a snapshot that ended in error, with its operation's error."""
    operations: Operations = ()
    why = "Lightsail reports no further detail"
    try:
        found = list_operations(clients[action.region], action.snapshot)
        operations = tuple(to_json(each) for each in found if each.get("status") == "Failed")
    except Exception as error:
        why = f"the reason could not be read: {explain(error).message}"
    last = operations[0] if operations else {}
    message = f"{action.snapshot} ended in error: {last.get('errorDetails') or why}"
    failure = ErrorInfo(last.get("errorCode") or "SnapshotFailed", message)
    return action.outcome("failed", operations=operations, error=failure)


OUT_OF_TIME = "the function ran out of time; the next run does this"


def attempt(clients: Clients, action: Action, write: Callable[..., Outcome], *args: Any) -> Outcome:
    """Call a write with the client of the action's region, the action and args. Raises nothing.

    What Lightsail refuses for now is `deferred`, since a later run plans it again.
    """
    try:
        if not clients.deadline.passed():
            client: Client = clients[action.region]
            return write(client, action, *args)
    except Exception as error:
        if not is_late(error):
            status: OutcomeStatus = "deferred" if is_busy(error) else "failed"
            return action.outcome(status, error=explain(error))
    return action.outcome("deferred", reason=OUT_OF_TIME, out_of_time=True)


def create(client: Client, action: Action) -> Outcome:
    """Create the snapshot with its tags. A name that is taken by this same snapshot is success.

    After a lost response the source can be busy with creating this snapshot, so it counts as busy
    only if the snapshot does not exist.
    """
    try:
        operations = writes.create_snapshot(
            client, action.kind, source=action.resource, name=action.snapshot, tags=action.tags
        )
    except ServiceError as error:
        found = _read(client, action) if name_is_taken(error) or is_busy(error) else None
        if found or name_is_taken(error):
            return _resolve(action, found)
        raise
    return action.result("started", operations)


def copy(client: Client, action: Action) -> tuple[Outcome, bool]:
    """Copy the snapshot. A copy of ours that exists already is success.

    Returns the outcome, and whether the copy still needs its tags: after the call, and where an
    answer was lost or another run was killed before it tagged it.
    """
    try:
        operations = writes.copy_snapshot(
            client, source=action.copy_of, source_region=action.copied_from, name=action.snapshot
        )
    except ServiceError as error:
        if not name_is_taken(error):
            raise
        found = _read(client, action)
        if found is None or POLICY in found.tags:
            return _resolve(action, found), False
        # It has no tags yet: its record names the source, or else its operation.
        theirs = found.from_arn is not None and found.from_arn != action.source_arn
        if theirs or (found.from_arn is None and not _was_copied(client, action)):
            return _name_taken(action, found), False
        reason = f"{action.reason}; it was started already"
        return action.outcome("exists", reason=reason), True
    result = action.result("started", operations)
    return result, result.status == "started"


def tag(client: Client, action: Action) -> Outcome:
    """Write all tags in one call, so that a copy has all of ours or none."""
    if action.needs_proof and not _was_copied(client, action):
        return _name_taken(action, None)
    return action.result("tagged", writes.tag_resource(client, action.snapshot, action.tags))


def delete(client: Client, action: Action) -> Outcome:
    """Delete the snapshot. One that does not exist counts as deleted; one on hold is kept.

    The role denies deleting a snapshot that is on hold or does not exist, so after a denial the
    snapshot is read to find out which. One that ended in error is read before it is deleted:
    another run may have replaced it by one of the same name.
    """
    if action.ended_in_error:
        found = _read(client, action)
        if found and found.status is not Status.FAILED:
            reason = "kept: another run replaced it after this run read the snapshot"
            return action.outcome("exists", reason=reason)
    try:
        operations = writes.delete_snapshot(client, action.kind, action.snapshot)
    except ServiceError as error:
        found = _read(client, action) if is_denied(error) else None
        if not_found(error) or (is_denied(error) and not found):
            return action.outcome("deleted", reason=f"{action.reason}; it no longer exists")
        if found and HOLD in found.tags:
            reason = f"kept: the tag {HOLD} was added after this run read the snapshot"
            return action.outcome("exists", reason=reason)
        raise
    return action.result("deleted", operations)


def _resolve(action: Action, found: Snapshot | None) -> Outcome:
    """Decide whether the snapshot that has the name is the one that the action would make."""
    if found is None or not found.is_owned_by(action.tags[POLICY] or ""):
        return _name_taken(action, found)
    if found.source_arn != action.source_arn or found.tags.get(TIME) != action.tags.get(TIME):
        return _name_taken(action, None)
    if found.status is Status.FAILED:
        error = ErrorInfo("SnapshotFailed", f"{action.snapshot} exists, but it ended in error")
        return action.outcome("failed", error=error)
    return action.outcome("exists", reason=f"{action.reason}; an earlier run took it")


def _name_taken(action: Action, found: Snapshot | None) -> Outcome:
    """A resource whose create fails has no backup; one whose copy is refused has one."""
    other_stack = found.tags.get(POLICY) if found else None
    if action.action != "create":
        return action.outcome("refused", error=copy_name_taken(action, found))
    if found and other_stack and found.source_arn == action.source_arn:
        error = ErrorInfo(
            "NameTaken",
            f"{action.snapshot}: the stack {other_stack!r} took a snapshot of {action.resource} "
            "with this name, so this stack could not take its own",
            remedy="Change the minute in ScheduleExpression of one of the two stacks, and leave "
            "the other stack's snapshot as it is",
        )
    else:
        error = ErrorInfo(
            "NameTaken",
            f"{action.snapshot}: the name is taken in {action.region} by something that is not "
            "ours, so there is no snapshot of this name",
            remedy="Delete what has the name if it is not needed; a later sweep takes a snapshot "
            "under its own time",
        )
    return action.outcome("failed", error=error)


def _was_copied(client: Client, action: Action) -> bool:
    """Return whether Lightsail made a snapshot as a copy of the action's original.

    Source: AWS's published responses of CopySnapshot. The operation's details are
    `<source region>:<source snapshot>`.
    """
    wanted = f"{action.copied_from}:{action.copy_of}"
    operations = list_operations(client, action.snapshot)
    return any(each.get("operationDetails") == wanted for each in operations)


def _read(client: Client, action: Action) -> Snapshot | None:
    return read_snapshot(client, action.kind, action.region, action.snapshot)
