"""Continues drills that earlier runs started: tags, firewall, evaluation, removal."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from snapshotter.apply import steps
from snapshotter.apply.actions import attempt, in_regions
from snapshotter.drill.connection_check import accepts_connections
from snapshotter.drill.found import Drill, find_drills, find_orphans, firewall_is_set
from snapshotter.drill.result import DrillResult, Result, evaluate, not_yet
from snapshotter.lightsail.clients import Clients
from snapshotter.model.firewall import only_tcp
from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.tags import DRILL_FAILED, POLICY, RECOVERY_SECONDS, VERIFIED, Tags
from snapshotter.model.times import to_iso
from snapshotter.plan import Situation
from snapshotter.plan.outcomes import outcome
from snapshotter.plan.steps import Step

_DONE = ("exists", "tagged", "deleted")


def settle(
    situation: Situation, clients: Clients, *, elapsed_s: int | None = None
) -> tuple[Outcome, ...]:
    """Evaluate every drill that exists, and remove those that are finished.

    elapsed_s: seconds since this run started its drills, if it waits for them.
    """
    drills, orphans = find_drills(situation), find_orphans(situation)
    if not situation.settings.enable_restore:
        return tuple(map(_not_permitted, (*drills, *orphans)))
    if situation.request.dry_run:
        return tuple(map(_planned, (*drills, *orphans)))
    now = situation.now
    return (
        *in_regions(drills, clients, lambda drill: _continue(clients, drill, now, elapsed_s)),
        *in_regions(orphans, clients, lambda disk: (_remove_disk(clients, disk),)),
    )


def _continue(
    clients: Clients, drill: Drill, now: datetime, elapsed_s: int | None
) -> Iterator[Outcome]:
    """Take the next steps of one drill. The next run repeats a step that fails.

    The instance is deleted only after all its disks are tagged. No other failed step keeps a drill
    longer than its time limit.
    """
    tagged = [_tag_disk(clients, drill, disk) for disk in drill.untagged]
    closed = list(_set_firewall(clients, drill))
    yield from (*tagged, *closed)
    if not _done(tagged):
        return
    if _done(closed):
        result = evaluate(drill, now=now, accepts_connections=accepts_connections)
    else:
        reason = f"the firewall of the restored {drill.kind.noun} is not set yet"
        result = not_yet(drill, now, reason)
    reported, written = _report(clients, drill, result, _result_tags(drill, result, now, elapsed_s))
    yield reported
    if result.result is not Result.IN_PROGRESS and (written or drill.is_over(now)):
        yield _remove(clients, drill, f"the restore test {result.result}")


def _done(outcomes: Iterable[Outcome]) -> bool:
    return all(outcome.status in _DONE for outcome in outcomes)


def _tag_disk(clients: Clients, drill: Drill, disk: Resource) -> Outcome:
    reason = f"it was created with {drill.name} and is deleted after it"
    step = Step(drill.region, disk.kind, disk.name, reason, action="tag")
    return attempt(clients, step, steps.tag_disk, drill.resource, disk)


def _set_firewall(clients: Clients, drill: Drill) -> Iterator[Outcome]:
    port = drill.check.port
    if drill.kind is INSTANCE and not firewall_is_set(drill.resource, port):
        what = "no port" if port is None else f"only port {port}"
        step = _about(drill, f"the firewall of {drill.name} has {what} open")
        yield steps.set_firewall_early(clients, step, drill.resource, only_tcp(port))


def _report(
    clients: Clients, drill: Drill, result: DrillResult, tags: Tags
) -> tuple[Outcome, bool]:
    """Write the result on the recovery point. Returns the outcome, and whether it is written."""
    step = _about(drill, f"restore test {result.result} as {drill.name}: {result.reason}")
    if result.result is Result.IN_PROGRESS:
        return outcome(step, "exists"), False
    if drill.point is None:
        written = outcome(step, "exists", reason=f"{step.reason}; its recovery point is deleted")
    else:
        written = attempt(clients, step, steps.write_result, drill.point.name, tags)
    if result.result is Result.PASSED:
        return written, _done([written])
    message = (
        f"{drill.source_name}: restore test failed: {result.reason}. The recovery point "
        f"{drill.point_name} may not be usable; restore it by hand and check it"
    )
    return outcome(step, "failed", error=ErrorInfo("DrillFailed", message)), _done([written])


def _result_tags(drill: Drill, result: DrillResult, now: datetime, elapsed_s: int | None) -> Tags:
    """The tags of a finished drill: its time and, if it passed, how long it took."""
    key = DRILL_FAILED if result.result is Result.FAILED else VERIFIED
    tags = {POLICY: drill.resource.tags[POLICY], key: to_iso(now)}
    started = drill.started_at
    if key == DRILL_FAILED or started is None:
        return tags
    # A drill of this run started at its scheduled time, which is its present too.
    exact = elapsed_s if started == now else None
    seconds = round((now - started).total_seconds()) if exact is None else exact
    return {**tags, RECOVERY_SECONDS: str(max(seconds, 0))}


def _remove(clients: Clients, drill: Drill, reason: str) -> Outcome:
    step = Step(drill.region, drill.kind, drill.name, reason)
    return attempt(clients, step, steps.remove, drill.resource)


def _remove_disk(clients: Clients, disk: Drill) -> Outcome:
    """Delete a disk whose instance no longer exists, unless it is attached to another one."""
    if owner := disk.resource.attached_to:
        reason = f"not deleted: it is attached to {owner}. Detach it"
        return outcome(Step(disk.region, disk.kind, disk.name, reason), "deferred")
    return _remove(clients, disk, "the drill that created it is finished")


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
