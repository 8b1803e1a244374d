"""The one place that writes to Lightsail. One failure is one outcome; it stops nothing else."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain

from snapshotter import writes
from snapshotter.clients import Clients
from snapshotter.deadline import Deadline
from snapshotter.failures import explain, is_busy, is_late
from snapshotter.model import ErrorInfo, Outcome, OutcomeStatus
from snapshotter.pacing import MOST_IN_FLIGHT
from snapshotter.plan import Action, CopySnapshot, CreateSnapshot, DeleteSnapshot, TagSnapshot

OUT_OF_TIME = "the function's time was up; the next run does it"


def apply(actions: Sequence[Action], clients: Clients, deadline: Deadline) -> tuple[Outcome, ...]:
    """Carry out actions, some at once in each region, and say what became of each.

    The outcomes stand in the order of the actions; a copy has a second one for its tags.
    """
    regions = list(dict.fromkeys(action.region for action in actions))
    clients.prepare(regions)
    with ExitStack() as stack:
        pools = {
            region: stack.enter_context(ThreadPoolExecutor(MOST_IN_FLIGHT)) for region in regions
        }
        futures = [
            pools[action.region].submit(_carry_out, action, clients, deadline) for action in actions
        ]
        return tuple(chain.from_iterable(future.result() for future in futures))


def planned(action: Action) -> Outcome:
    """What a dry run says of an action."""
    return writes.outcome(action, "planned")


def _carry_out(action: Action, clients: Clients, deadline: Deadline) -> tuple[Outcome, ...]:
    client = clients[action.region]
    match action:
        case CreateSnapshot():
            return (_attempt(action, deadline, lambda: writes.create(action, client)),)
        case TagSnapshot():
            return (_attempt(action, deadline, lambda: writes.tag(action, client)),)
        case DeleteSnapshot():
            return (_attempt(action, deadline, lambda: writes.delete(action, client)),)
        case CopySnapshot():
            return _copy(action, clients, deadline)


def _copy(action: CopySnapshot, clients: Clients, deadline: Deadline) -> tuple[Outcome, ...]:
    """Make room where a failed copy has the name, copy, and tag what was copied."""
    client = clients[action.region]
    done: list[Outcome] = []
    untagged = False

    def copy() -> Outcome:
        nonlocal untagged
        outcome, untagged = writes.copy(action, client)
        return outcome

    if action.replaces is not None:
        delete = DeleteSnapshot(action.replaces, "it ended in error and is copied again")
        done += _carry_out(delete, clients, deadline)
    if all(outcome.status == "deleted" for outcome in done):
        done.append(_attempt(action, deadline, copy))
    if untagged:
        done += _carry_out(action.then, clients, deadline)
    return tuple(done)


def _attempt(action: Action, deadline: Deadline, write: Callable[[], Outcome]) -> Outcome:
    if deadline.passed():
        return writes.outcome(action, "deferred", reason=OUT_OF_TIME, out_of_time=True)
    try:
        return write()
    except Exception as error:
        if is_late(error):
            return writes.outcome(action, "deferred", reason=OUT_OF_TIME, out_of_time=True)
        status: OutcomeStatus = "deferred" if is_busy(error) else "failed"
        return writes.outcome(action, status, error=_explain(action, error))


def _explain(action: Action, error: Exception) -> ErrorInfo:
    """Name the parameter where it is the stack's own role that refused."""
    why = explain(error)
    if isinstance(action, CopySnapshot) and why.code.startswith("AccessDenied"):
        hint = f"{why.message} (the stack copies only to its CopyToRegions and Regions, and not at"
        return replace(why, message=f"{hint} all while CopyToRegions is empty)")
    return why
