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
from snapshotter.model.firewall import only_tcp
from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.tags import DRILL_FAILED, POLICY, RECOVERY_SECONDS, VERIFIED, Tags
from snapshotter.model.times import to_iso
from snapshotter.plan import Situation
from snapshotter.plan.outcomes import outcome
from snapshotter.plan.restores import Step

_DONE = ("exists", "tagged", "deleted")


def settle(
    situation: Situation, clients: Clients, deadline: Deadline, *, elapsed_s: int | None = None
) -> tuple[Outcome, ...]:
    """Evaluate every drill that exists, and remove those that are finished.

    elapsed_s: seconds since this run started its drills, if it waits for them.
    """
    drills, orphans = find_drills(situation), find_orphans(situation)
    if not situation.settings.enable_restore:
        return tuple(_not_permitted(drill) for drill in (*drills, *orphans))
    if situation.request.dry_run:
        return tuple(_planned(drill) for drill in (*drills, *orphans))
    proceed = partial(
        _continue, situation=situation, clients=clients, deadline=deadline, elapsed_s=elapsed_s
    )
    remove_disk = partial(_remove_disk, clients=clients, deadline=deadline)
    return (
        *in_regions(drills, clients, lambda drill: tuple(proceed(drill))),
        *in_regions(orphans, clients, lambda drill: (remove_disk(drill),)),
    )


def _continue(
    drill: Drill,
    situation: Situation,
    clients: Clients,
    deadline: Deadline,
    elapsed_s: int | None,
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
    tags = _result_tags(drill, result, situation, elapsed_s)
    reported, written = _report(drill, result, tags, clients, deadline)
    yield reported
    over = written or drill.is_over(situation.now)
    if result.result is not Result.IN_PROGRESS and over:
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
    port = drill.check.port
    if drill.kind is not INSTANCE or firewall_is_set(drill.resource, port):
        return
    what = "no port" if port is None else f"only port {port}"
    step = _about(drill, f"the firewall of {drill.name} has {what} open")
    write = partial(steps.set_firewall, step, drill.resource, only_tcp(port), clients[drill.region])
    done = attempt(step, deadline, write)
    ready = drill.kind.restoring.status(drill.resource.state) is Status.READY
    # Lightsail may refuse it until the instance runs.
    yield done if ready or done.status != "failed" else replace(done, status="deferred")


def _report(
    drill: Drill, result: DrillResult, tags: Tags, clients: Clients, deadline: Deadline
) -> tuple[Outcome, bool]:
    """Write the result on the recovery point. Returns the outcome, and whether it is written."""
    step = _about(drill, f"restore test {result.result} as {drill.name}: {result.reason}")
    if result.result is Result.IN_PROGRESS:
        return outcome(step, "exists"), False
    if drill.point is None:
        written = outcome(step, "exists", reason=f"{step.reason}; its recovery point is deleted")
    else:
        write = partial(steps.write_result, step, drill.point, tags, clients[drill.region])
        written = attempt(step, deadline, write)
    if result.result is Result.FAILED:
        failure = ErrorInfo("DrillFailed", _failure(drill, result))
        return outcome(step, "failed", error=failure), _done([written])
    return written, _done([written])


def _result_tags(
    drill: Drill, result: DrillResult, situation: Situation, elapsed_s: int | None
) -> Tags:
    """The tags of a finished drill: its time and, if it passed, how long it took."""
    owner = {POLICY: situation.settings.policy_name}
    now = to_iso(situation.now)
    if result.result is Result.FAILED:
        return {**owner, DRILL_FAILED: now}
    started = drill.started_at
    if started is None:
        return {**owner, VERIFIED: now}
    # A drill of this run started at its scheduled time, which is its present too.
    exact = elapsed_s if started == situation.now else None
    seconds = round((situation.now - started).total_seconds()) if exact is None else exact
    return {**owner, VERIFIED: now, RECOVERY_SECONDS: str(max(seconds, 0))}


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
