"""Continues drills that earlier runs started: tags, firewall, evaluation, removal."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from snapshotter.apply import steps
from snapshotter.apply.actions import attempt, in_regions
from snapshotter.drill.connection_check import accepts_connections
from snapshotter.drill.found import Drill, find_drills, find_orphans, firewall_is_set
from snapshotter.drill.result import DrillResult, Result, evaluate, not_yet
from snapshotter.lightsail.clients import Clients
from snapshotter.lightsail.deadline import Deadline
from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.plan import Situation
from snapshotter.plan.outcomes import outcome
from snapshotter.plan.restores import Step

_DONE = ("exists", "tagged", "deleted")


def settle(situation: Situation, clients: Clients, deadline: Deadline) -> tuple[Outcome, ...]:
    """Evaluate every drill that exists, and remove those that are finished."""
    drills, orphans = find_drills(situation), find_orphans(situation)
    if not situation.settings.enable_restore:
        return tuple(_not_permitted(drill) for drill in (*drills, *orphans))
    if situation.request.dry_run:
        return tuple(_planned(drill) for drill in (*drills, *orphans))
    proceed = partial(_continue, situation=situation, clients=clients, deadline=deadline)
    remove_disk = partial(_remove_disk, clients=clients, deadline=deadline)
    return (
        *in_regions(drills, clients, lambda drill: tuple(proceed(drill))),
        *in_regions(orphans, clients, lambda drill: (remove_disk(drill),)),
    )


def _continue(
    drill: Drill, situation: Situation, clients: Clients, deadline: Deadline
) -> Iterator[Outcome]:
    """Take the next steps of one drill. The next run repeats a step that fails.

    The instance is deleted only after all its disks are tagged. No other failed step keeps a drill
    longer than its time limit.
    """
    tagged = tuple(_tag_disks(drill, clients, deadline))
    closed = tuple(_set_firewall(drill, clients, deadline))
    yield from (*tagged, *closed)
    if not _done(tagged):
        return
    if _done(closed):
        result = evaluate(drill, now=situation.now, accepts_connections=accepts_connections)
    else:
        result = not_yet(
            drill, situation.now, f"the firewall of the restored {drill.noun} is not set yet"
        )
    reported = _report(drill, result, situation, clients, deadline)
    yield reported
    settled = _done([reported]) or result.result is Result.FAILED
    if result.result is not Result.IN_PROGRESS and (settled or drill.is_over(situation.now)):
        yield _remove(drill, result, clients, deadline)


def _done(outcomes: Iterable[Outcome]) -> bool:
    return all(outcome.status in _DONE for outcome in outcomes)


def _tag_disks(drill: Drill, clients: Clients, deadline: Deadline) -> Iterator[Outcome]:
    client = clients[drill.region]
    for disk in drill.untagged:
        reason = f"it was created with {drill.name} and is deleted after it"
        step = Step(drill.region, disk.kind, disk.name, reason, action="tag")
        write = partial(steps.tag_disk, step, drill.resource, disk, client)
        yield attempt(step, deadline, write)


def _set_firewall(drill: Drill, clients: Clients, deadline: Deadline) -> Iterator[Outcome]:
    if drill.kind is not INSTANCE or firewall_is_set(drill.resource, drill.port):
        return
    what = "no port" if drill.port is None else f"only port {drill.port}"
    step = _about(drill, f"the firewall of {drill.name} has {what} open")
    write = partial(steps.set_firewall, step, drill.resource, drill.port, clients[drill.region])
    done = attempt(step, deadline, write)
    ready = drill.kind.restoring.status(drill.resource.state) is Status.READY
    # Lightsail may refuse it until the instance runs.
    yield done if ready or done.status != "failed" else replace(done, status="deferred")


def _report(
    drill: Drill, result: DrillResult, situation: Situation, clients: Clients, deadline: Deadline
) -> Outcome:
    step = _about(drill, f"restore test {result.result} as {drill.name}: {result.reason}")
    if result.result is Result.FAILED:
        return outcome(step, "failed", error=ErrorInfo("DrillFailed", _failure(drill, result)))
    if result.result is Result.IN_PROGRESS:
        return outcome(step, "exists")
    if drill.point is None:
        return outcome(step, "exists", reason=f"{step.reason}; its recovery point is deleted")
    policy, client = situation.settings.policy_name, clients[drill.region]
    verify = partial(steps.verify, step, drill.point, policy, situation.now, client)
    return attempt(step, deadline, verify)


def _failure(drill: Drill, result: DrillResult) -> str:
    return (
        f"{drill.source_name}: restore test failed: {result.reason}. The recovery point "
        f"{drill.point_name} may not be usable; restore it by hand and check it"
    )


def _remove(drill: Drill, result: DrillResult, clients: Clients, deadline: Deadline) -> Outcome:
    step = Step(drill.region, drill.kind, drill.name, f"the restore test {result.result}")
    write = partial(steps.remove, step, drill.resource, clients[drill.region])
    return attempt(step, deadline, write)


def _remove_disk(drill: Drill, clients: Clients, deadline: Deadline) -> Outcome:
    """Delete a disk whose instance no longer exists, unless it is attached to another one."""
    step = Step(drill.region, drill.kind, drill.name, "the drill that created it is finished")
    if drill.resource.attached_to:
        reason = f"not deleted: it is attached to {drill.resource.attached_to}. Detach it"
        return outcome(step, "deferred", reason=reason)
    write = partial(steps.remove, step, drill.resource, clients[drill.region])
    return attempt(step, deadline, write)


def _about(drill: Drill, reason: str) -> Step:
    """A step whose outcome names the source of the drill and its recovery point."""
    return Step(drill.region, drill.kind, drill.source_name, reason, name=drill.point_name)


def _planned(drill: Drill) -> Outcome:
    reason = f"{drill.name} would be evaluated, and removed if it is finished"
    return outcome(_about(drill, reason), "planned")


def _not_permitted(drill: Drill) -> Outcome:
    message = (
        f"{drill.name}: this stack may not delete it. A drill created it, and then EnableRestore "
        "was set to false. Delete it by hand, or set EnableRestore=true until a sweep deletes it"
    )
    step = Step(drill.region, drill.kind, drill.name, "this stack may not delete it")
    return outcome(step, "failed", error=ErrorInfo("DrillOrphaned", message))
