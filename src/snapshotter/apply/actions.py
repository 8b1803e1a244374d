"""Carries out actions, several at once in each region. Each failure is one outcome."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from typing import Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

from snapshotter.apply import snapshots
from snapshotter.lightsail.clients import Client, Clients
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
A = TypeVar("A", bound=Intent)
P = ParamSpec("P")

OUT_OF_TIME = "the function ran out of time; the next run does this"


def apply(actions: Sequence[Action], clients: Clients) -> tuple[Outcome, ...]:
    """Carry out actions, several at once in each region.

    The copies of one source in a region are done one after another, in their order.
    Returns the outcomes in the order of the actions. A copy has further outcomes: one for its tags,
    and one for the failed copy that it replaces.
    """

    def carry_out(each: _Chain) -> Iterator[Outcome]:
        return chain.from_iterable(_carry_out(action, clients) for action in each.actions)

    return in_regions(_chains(actions), clients, carry_out)


class _Chain(NamedTuple):
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
    items: Sequence[T], clients: Clients, work: Callable[[T], Iterable[Outcome]]
) -> tuple[Outcome, ...]:
    """Call `work` for each item, several at once in each region; outcomes in the items' order."""
    regions = list(dict.fromkeys(item.region for item in items))
    clients.prepare(regions)
    with ExitStack() as stack:
        pools = {
            region: stack.enter_context(ThreadPoolExecutor(MOST_IN_FLIGHT)) for region in regions
        }
        futures = [
            pools[item.region].submit(lambda each: tuple(work(each)), item) for item in items
        ]
        return tuple(chain.from_iterable(future.result() for future in futures))


def planned(action: Intent) -> Outcome:
    """The outcome of an action in a dry run."""
    return outcome(action, "planned")


def _carry_out(action: Action, clients: Clients) -> Iterator[Outcome]:
    match action:
        case CreateSnapshot():
            yield attempt(clients, action, snapshots.create)
        case TagSnapshot():
            yield attempt(clients, action, snapshots.tag)
        case DeleteSnapshot():
            yield attempt(clients, action, snapshots.delete)
        case CopySnapshot():
            yield from _copy(action, clients)


def _copy(action: CopySnapshot, clients: Clients) -> Iterator[Outcome]:
    """Delete the failed copy that it replaces, if any; copy; then tag the copy."""
    untagged = False

    def copy(client: Client, action: CopySnapshot) -> Outcome:
        nonlocal untagged
        outcome, untagged = snapshots.copy(client, action)
        return outcome

    if action.replaces is not None:
        why = "it ended in error, and the recovery point is copied again"
        deleted = attempt(clients, DeleteSnapshot(action.replaces, why), snapshots.delete)
        yield deleted
        if deleted.status != "deleted":
            return
    yield attempt(clients, action, copy)
    if untagged:
        yield attempt(clients, action.then, snapshots.tag)


def attempt(
    clients: Clients,
    action: A,
    write: Callable[Concatenate[Client, A, P], Outcome],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Outcome:
    """Call `write` with a client, the action and what else it takes, if there is time left.

    An exception becomes a failed or deferred outcome.
    """
    try:
        if not clients.deadline.passed():
            return write(clients[action.region], action, *args, **kwargs)
    except Exception as error:
        if not is_late(error):
            status: OutcomeStatus = "deferred" if is_busy(error) else "failed"
            return outcome(action, status, error=_explain(action, error))
    return outcome(action, "deferred", reason=OUT_OF_TIME, out_of_time=True)


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
