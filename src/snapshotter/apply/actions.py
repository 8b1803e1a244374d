"""Carries out actions, several at once in each region. Each failure is one outcome."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol, TypeVar

from snapshotter.apply import snapshots
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.deadline import Deadline
from snapshotter.lightsail.errors import explain, is_busy, is_denied, is_late
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT
from snapshotter.model.outcome import ErrorInfo, Outcome, OutcomeStatus
from snapshotter.plan import (
    Action,
    CopySnapshot,
    CreateSnapshot,
    DeleteSnapshot,
    Intent,
    TagSnapshot,
)
from snapshotter.plan.outcomes import outcome


class Regional(Protocol):
    """Anything that is in a region."""

    @property
    def region(self) -> str: ...


T = TypeVar("T", bound=Regional)

OUT_OF_TIME = "the function ran out of time; the next run does this"


def apply(actions: Sequence[Action], clients: Clients, deadline: Deadline) -> tuple[Outcome, ...]:
    """Carry out actions, several at once in each region.

    The copies of one source in a region are done one after another, in their order.
    Returns the outcomes in the order of the actions. A copy has further outcomes: one for its tags,
    and one for the failed copy that it replaces.
    """

    def carry_out(chain: _Chain) -> tuple[Outcome, ...]:
        done = (_carry_out(action, clients, deadline) for action in chain.actions)
        return tuple(each for outcomes in done for each in outcomes)

    return in_regions(_chains(actions), clients, carry_out)


@dataclass(frozen=True, slots=True)
class _Chain:
    """Actions in one region that are done one after another."""

    region: str
    actions: tuple[Action, ...]


def _chains(actions: Sequence[Action]) -> list[_Chain]:
    chains: dict[object, list[Action]] = {}
    for rank, action in enumerate(actions):
        key: object = rank
        if isinstance(action, CopySnapshot):
            key = (action.original.source_arn, action.region)
        chains.setdefault(key, []).append(action)
    return [_Chain(each[0].region, tuple(each)) for each in chains.values()]


def in_regions(
    items: Sequence[T], clients: Clients, work: Callable[[T], tuple[Outcome, ...]]
) -> tuple[Outcome, ...]:
    """Call `work` for each item, several at once in each region; outcomes in the items' order."""
    regions = list(dict.fromkeys(item.region for item in items))
    clients.prepare(regions)
    with ExitStack() as stack:
        pools = {
            region: stack.enter_context(ThreadPoolExecutor(MOST_IN_FLIGHT)) for region in regions
        }
        futures = [pools[item.region].submit(work, item) for item in items]
        return tuple(chain.from_iterable(future.result() for future in futures))


def planned(action: Intent) -> Outcome:
    """The outcome of an action in a dry run."""
    return outcome(action, "planned")


def _carry_out(action: Action, clients: Clients, deadline: Deadline) -> tuple[Outcome, ...]:
    client = clients[action.region]
    match action:
        case CreateSnapshot():
            return (attempt(action, deadline, lambda: snapshots.create(action, client)),)
        case TagSnapshot():
            return (attempt(action, deadline, lambda: snapshots.tag(action, client)),)
        case DeleteSnapshot():
            return (attempt(action, deadline, lambda: snapshots.delete(action, client)),)
        case CopySnapshot():
            return _copy(action, clients, deadline)


def _copy(action: CopySnapshot, clients: Clients, deadline: Deadline) -> tuple[Outcome, ...]:
    """Delete the failed copy that it replaces, if any; copy; then tag the copy."""
    client = clients[action.region]
    done: list[Outcome] = []
    untagged = False

    def copy() -> Outcome:
        nonlocal untagged
        outcome, untagged = snapshots.copy(action, client)
        return outcome

    if action.replaces is not None:
        delete = DeleteSnapshot(
            action.replaces, "it ended in error, and the recovery point is copied again"
        )
        done += _carry_out(delete, clients, deadline)
    if all(outcome.status == "deleted" for outcome in done):
        done.append(attempt(action, deadline, copy))
    if untagged:
        done += _carry_out(action.then, clients, deadline)
    return tuple(done)


def attempt(action: Intent, deadline: Deadline, write: Callable[[], Outcome]) -> Outcome:
    """Call `write` if there is time left. An exception becomes a failed or deferred outcome."""
    if deadline.passed():
        return outcome(action, "deferred", reason=OUT_OF_TIME, out_of_time=True)
    try:
        return write()
    except Exception as error:
        if is_late(error):
            return outcome(action, "deferred", reason=OUT_OF_TIME, out_of_time=True)
        status: OutcomeStatus = "deferred" if is_busy(error) else "failed"
        return outcome(action, status, error=_explain(action, error))


def _explain(action: Intent, error: Exception) -> ErrorInfo:
    """Explain an error; if the role denied a copy, name the parameters that allow it."""
    why = explain(error)
    if isinstance(action, CopySnapshot) and is_denied(error):
        hint = (
            "the role allows copies only to the regions in CopyToRegions and Regions, and none "
            "while CopyToRegions is empty"
        )
        return replace(why, message=f"{why.message} ({hint})")
    return why
