"""Carries out the actions of a plan, region by region, and confirms what was started."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import chain

from snapshotter.apply.writing import attempt, copy, create, delete, tag
from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT
from snapshotter.lightsail.reads import list_operations, read_snapshot
from snapshotter.lightsail.records import to_json
from snapshotter.lightsail.refusals import explain
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ErrorInfo, Operations, Outcome
from snapshotter.plan.action import Action
from snapshotter.plan.deletions import REPLACED
from snapshotter.plan.planning import Plan

Work = Callable[[Action], Iterable[Outcome]]


def apply(plan: Plan, clients: Clients, *, wait_s: float = 0) -> tuple[Outcome, ...]:
    """Carry out a plan. In each region: creates, copies into it, tags, deletes.

    After that, for at most wait_s seconds, what was created is confirmed, and then the errors of
    failed snapshots are looked up: neither costs a write its turn.
    """
    everything = (*plan.actions, *plan.failures)
    regions = tuple(dict.fromkeys(action.region for action in everything))
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

    def work_on(row: list[Action]) -> tuple[Outcome, ...]:
        return tuple(chain.from_iterable(map(work, row)))

    if not rows:
        return ()
    with ThreadPoolExecutor(min(MOST_IN_FLIGHT, len(rows))) as pool:
        return tuple(chain.from_iterable(pool.map(work_on, rows.values())))


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
    failure = ErrorInfo(
        last.get("errorCode") or "SnapshotFailed",
        f"{action.snapshot} ended in error: {last.get('errorDetails') or why}",
    )
    return action.outcome("failed", operations=operations, error=failure)
