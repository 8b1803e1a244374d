"""Carries out the actions of a plan, region by region. No region waits for another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import chain

from snapshotter.apply import writing
from snapshotter.apply.attempt import attempt
from snapshotter.apply.confirming import confirm_snapshot, report_failure, wait_for
from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT
from snapshotter.model.outcome import Outcome
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

    def carry_out(actions: Iterable[Action], work: Work) -> tuple[Outcome, ...]:
        done = _at_once([each for each in actions if each.region == region], work)
        outcomes.extend(done)
        return done

    carry_out(plan.creates, partial(_once, clients, writing.create))
    created = {each.snapshot for each in outcomes if each.status == "started"}
    carry_out(plan.copies, partial(_copy, clients))
    carry_out(plan.tags, partial(_once, clients, writing.tag))
    carry_out(plan.deletes, partial(_once, clients, writing.delete))
    started = [e for e in plan.creates if e.region == region and e.snapshot in created]
    waited = wait_for(started, partial(confirm_snapshot, clients), clients.deadline, wait_s)
    outcomes.extend(outcome for _, outcome in waited)
    carry_out(plan.failures, lambda action: (report_failure(clients, action),))
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


def _once(clients: Clients, write: Callable[..., Outcome], action: Action) -> tuple[Outcome, ...]:
    return (attempt(clients, action, write),)


def _copy(clients: Clients, action: Action) -> Iterator[Outcome]:
    """Delete the failed copy that it replaces, if any; copy; then tag the copy."""
    if action.replaces:
        failed = replace(action, action="delete", reason=REPLACED, ended_in_error=True)
        deleted = attempt(clients, failed, writing.delete)
        yield deleted
        if deleted.status != "deleted":
            return
    untagged = False

    def copy(client: Client, action: Action) -> Outcome:
        nonlocal untagged
        outcome, untagged = writing.copy(client, action)
        return outcome

    yield attempt(clients, action, copy)
    if untagged:
        reason = f"a copy carries the tags of {action.copy_of}"
        yield attempt(clients, replace(action, action="tag", reason=reason), writing.tag)
