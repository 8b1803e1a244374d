"""Carry drills on from wherever the run before left them: judge them, and take them down."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from snapshotter.apply import attempt, in_regions
from snapshotter.clients import Clients
from snapshotter.deadline import Deadline
from snapshotter.drill import probe, writes
from snapshotter.drill.found import Drill, find_drills, find_orphans
from snapshotter.drill.judge import Result, Verdict, judge, not_yet
from snapshotter.drill.writes import Step, about
from snapshotter.kinds import INSTANCE, Status
from snapshotter.model import ErrorInfo, Outcome
from snapshotter.plan import Situation
from snapshotter.plan.outcomes import outcome

_DONE = ("exists", "tagged", "deleted")


def settle(situation: Situation, clients: Clients, deadline: Deadline) -> tuple[Outcome, ...]:
    """Judge every drill that is under way, and remove those that are over."""
    drills, orphans = find_drills(situation), find_orphans(situation)
    if not situation.settings.enable_restore:
        return tuple(_left_behind(drill) for drill in (*drills, *orphans))
    if situation.request.dry_run:
        return tuple(_planned(drill) for drill in (*drills, *orphans))
    carry_on = partial(_carry_on, situation=situation, clients=clients, deadline=deadline)
    take_away = partial(_take_away, clients=clients, deadline=deadline)
    return (
        *in_regions(drills, clients, lambda drill: tuple(carry_on(drill))),
        *in_regions(orphans, clients, lambda drill: (take_away(drill),)),
    )


def _carry_on(
    drill: Drill, situation: Situation, clients: Clients, deadline: Deadline
) -> Iterator[Outcome]:
    """Do whatever comes next for one drill. A step that fails is done again by the next run.

    The instance goes only after all its disks are marked; nothing else keeps a drill whose time
    is up.
    """
    marked = tuple(_mark_disks(drill, clients, deadline))
    closed = tuple(_close_up(drill, clients, deadline))
    yield from (*marked, *closed)
    if not _done(marked):
        return
    if _done(closed):
        verdict = judge(drill, now=situation.now, answers=probe.answers)
    else:
        verdict = not_yet(drill, situation.now, "its firewall is not as it should be")
    told = _tell(drill, verdict, situation, clients, deadline)
    yield told
    settled = _done([told]) or verdict.result is Result.FAILED
    if verdict.result is not Result.UNDER_WAY and (settled or drill.is_over(situation.now)):
        yield _take_down(drill, verdict, clients, deadline)


def _done(outcomes: Iterable[Outcome]) -> bool:
    return all(outcome.status in _DONE for outcome in outcomes)


def _mark_disks(drill: Drill, clients: Clients, deadline: Deadline) -> Iterator[Outcome]:
    client = clients[drill.region]
    for disk in drill.untagged:
        reason = f"it came with {drill.name} and goes with it"
        step = Step(drill.region, disk.kind, disk.name, reason, action="tag")
        yield attempt(step, deadline, partial(writes.tag_disk, step, drill, disk, client))


def _close_up(drill: Drill, clients: Clients, deadline: Deadline) -> Iterator[Outcome]:
    if drill.kind is not INSTANCE or writes.firewall_is_set(drill.resource, drill.port):
        return
    what = "nothing" if drill.port is None else f"nothing but port {drill.port}"
    step = about(drill, f"the firewall of {drill.name} lets {what} through")
    write = partial(writes.set_firewall, step, drill.resource, drill.port, clients[drill.region])
    done = attempt(step, deadline, write)
    ready = drill.kind.restoring.status(drill.resource.state) is Status.READY
    # An instance that is not up yet may not take it yet.
    yield done if ready or done.status != "failed" else replace(done, status="deferred")


def _tell(
    drill: Drill, verdict: Verdict, situation: Situation, clients: Clients, deadline: Deadline
) -> Outcome:
    step = about(drill, f"the drill {drill.name} {_word(verdict)}: {verdict.reason}")
    if verdict.result is Result.FAILED:
        return outcome(step, "failed", error=ErrorInfo("DrillFailed", step.reason))
    if verdict.result is Result.UNDER_WAY:
        return outcome(step, "exists")
    if drill.point is None:
        return outcome(step, "exists", reason=f"{step.reason}; its recovery point is gone by now")
    verify = partial(
        writes.verify,
        step,
        drill.point,
        situation.settings.policy_name,
        situation.now,
        clients[drill.region],
    )
    return attempt(step, deadline, verify)


def _word(verdict: Verdict) -> str:
    return "is under way" if verdict.result is Result.UNDER_WAY else f"has {verdict.result}"


def _take_down(drill: Drill, verdict: Verdict, clients: Clients, deadline: Deadline) -> Outcome:
    step = Step(drill.region, drill.kind, drill.name, f"the drill has {verdict.result}")
    return attempt(step, deadline, partial(writes.remove, step, drill, clients[drill.region]))


def _take_away(drill: Drill, clients: Clients, deadline: Deadline) -> Outcome:
    """Delete a disk whose instance is gone, unless somebody has attached it to another one."""
    step = Step(drill.region, drill.kind, drill.name, "the drill that it came with is over")
    if drill.resource.attached_to:
        reason = f"it is attached to {drill.resource.attached_to}: detach it"
        return outcome(step, "deferred", reason=reason)
    return attempt(step, deadline, partial(writes.remove, step, drill, clients[drill.region]))


def _planned(drill: Drill) -> Outcome:
    return outcome(
        about(drill, f"{drill.name} would be judged, and removed once it is over"), "planned"
    )


def _left_behind(drill: Drill) -> Outcome:
    message = (
        f"the drill {drill.name} was left behind when EnableRestore was switched off: delete it, "
        "or deploy the stack with EnableRestore=true until a sweep has removed it"
    )
    step = Step(drill.region, drill.kind, drill.name, "this stack may not delete it")
    return outcome(step, "failed", error=ErrorInfo("DrillLeftBehind", message))
