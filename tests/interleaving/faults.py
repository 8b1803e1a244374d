"""Faults that are planted in the code, to show that the exploration finds them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from snapshotter.apply import writing
from snapshotter.lightsail import writes
from snapshotter.model.kinds import Status
from snapshotter.model.resource import DONE, StaticAddress
from snapshotter.model.snapshot import Series, Snapshot
from snapshotter.model.tags import DRILL, HOLD, POLICY, TO_DO
from snapshotter.plan import copies, creates, deletions, planning
from snapshotter.restore import proof, steps
from snapshotter.restore.made import Made
from tests.interleaving.seeds import ADDRESS


@dataclass(frozen=True)
class Fault:
    """other: is called in place of a function, with that function first.

    world: the name of one that shows it.
    """

    name: str
    world: str
    owner: Any
    function: str
    other: Callable[..., Any]
    quick: bool = False

    def planted(self) -> AbstractContextManager[Any]:
        real = getattr(self.owner, self.function)

        def instead(*given: Any, **named: Any) -> Any:
            return self.other(real, *given, **named)

        other = property(instead) if isinstance(real, property) else instead
        return patch.object(self.owner, self.function, other)


def _true(*_: Any) -> bool:
    return True


def _false(*_: Any) -> bool:
    return False


def _nothing(*_: Any) -> tuple[()]:
    return ()


def _without_holds(real: Any, series: Series) -> Any:
    released = [
        replace(each, tags={key: each.tags[key] for key in each.tags if key != HOLD})
        for each in series.snapshots
    ]
    return real(replace(series, snapshots=tuple(released)))


def _with_pending(_: Any, series: Series) -> Any:
    return series.with_status(Status.READY, Status.PENDING)


def _of_the_stack(_: Any, __: Series, situation: Any) -> Any:
    return situation.settings.retention, ""


def _newest_first(real: Any, *given: Any) -> Any:
    return reversed(list(real(*given)))


def _refused(real: Any, action: Any, found: Any, situation: Any) -> Any:
    return action.outcome("refused") if found else real(action, found, situation)


def _of_any_kind(_: Any, series: Series, region: str, unowned: Any, situation: Any) -> Any:
    for point in series.ready:
        found = unowned.get(copies._name_of_copy(point))
        if found and found.from_arn == point.source_arn:
            yield replace(copies._to(region, point, situation), action="tag")


def _under_another_name(create: Any, client: Any, action: Any) -> Any:
    result = create(client, action)
    if result.status == "exists":
        return create(client, replace(action, snapshot=f"{action.snapshot}-2"))
    return result


def _ownership_first(tag_resource: Any, client: Any, name: str, tags: Any) -> Any:
    tag_resource(client, name, {POLICY: tags[POLICY]})
    return tag_resource(client, name, tags)


def _unread(delete: Any, client: Any, action: Any) -> Any:
    return delete(client, replace(action, ended_in_error=False))


def _unproven(tag: Any, client: Any, action: Any) -> Any:
    return tag(client, replace(action, needs_proof=False))


def _by_their_tag_alone(_: Any, inventory: Any, *__: Any) -> Any:
    for there in inventory.regions.values():
        yield from (Made(each, there) for each in there.resources if DRILL in each.tags)


def _remove_first(real: Any, resource: Any) -> Any:
    return tuple(sorted(real(resource), key=lambda word: word != "remove"))


def _marked_done_first(proceed: Any, run: Any, made: Any) -> Any:
    tags = {TO_DO: DONE, POLICY: made.resource.tags[POLICY]}
    writes.tag_resource(run.clients[made.region], made.resource.name, tags)
    return proceed(run, made)


def _with_failed(real: Any, series: Series, *given: Any) -> Any:
    """Judge failed snapshots like recovery points."""
    judged = [replace(each, status=Status.READY) for each in series.snapshots]
    return real(replace(series, snapshots=tuple(judged)), *given)


def _of_web(*_: Any) -> StaticAddress:
    return StaticAddress(ADDRESS, "192.0.2.1", "web")


def _no_reason(*_: Any) -> str:
    return ""


def _period(days: int) -> Callable[..., Any]:
    period = timedelta(days=days)
    return lambda real, *given, **named: real(*given, **{**named, "period": period})


ALONE = "a night"
COPYING = "a night while a copy is pending"
LOST = "a night after the tag was lost"
CHANGED_LONG_AGO = "a night long after a change of policy"
CHANGED = "a night after a change of policy"
LOOKALIKE = "a disk's snapshot has the name of a copy"
HELD = "a prune while somebody holds a point"
DELETED = "a prune while somebody deletes a point"
SHRUNK = "a prune while somebody shrinks the policy"
TWICE = "a night is delivered twice at once"
WAITING = "two sweeps while a copy becomes ready"
FAILED = "two sweeps replace a failed copy"
FAILED_NIGHT = "two sweeps follow a failed night"
UNTAGGED = "two sweeps tag an untagged copy"
TAKEN = "two sweeps copy while somebody takes the copy's name"

DRILLED = "two sweeps remove a drill"
MOVED = "two sweeps complete a restore with takeOver"
FAILED_CHANGE = "a night after a change of policy and a failed night"
COOLING_OFF = (deletions, "evaluate_with_cooling_off")

FAULTS = (
    Fault("nothing is pruned", ALONE, planning, "plan_deletions", _nothing),
    Fault("ownership is not looked at", ALONE, Snapshot, "is_owned_by", _true),
    Fault("pending points count", TWICE, Series, "ready", _with_pending),
    Fault("holds are forgotten", HELD, Snapshot, "held", _false),
    Fault(
        "a failed held one goes",
        HELD,
        deletions,
        "_replaced_failures",
        _without_holds,
        quick=True,
    ),
    Fault("a delete does not look for a hold", HELD, writing, "is_denied", _false),
    Fault("a denied delete of what is gone fails", DELETED, writing, "is_denied", _false),
    Fault("cooling-off is too short", CHANGED, *COOLING_OFF, _period(1), quick=True),
    Fault("there is no cooling-off", SHRUNK, *COOLING_OFF, _period(0)),
    Fault("a policy is never over", CHANGED_LONG_AGO, *COOLING_OFF, _period(90)),
    Fault("what is lost is pruned", LOST, deletions, "policy_in_force", _of_the_stack),
    Fault("an original that is copied goes", COPYING, deletions, "_in_use", _nothing),
    Fault("a name that is taken is evaded", TWICE, writing, "create", _under_another_name),
    Fault("a failed copy is deleted unread", FAILED, writing, "delete", _unread),
    Fault("a failed copy stays", FAILED, copies, "_unless_taken", _refused),
    Fault("a failed night is not made good", FAILED_NIGHT, creates, "_why_due", _no_reason),
    Fault("copies stay untagged", UNTAGGED, planning, "plan_repairs", _nothing),
    Fault("a copy's tags come in two calls", UNTAGGED, writes, "tag_resource", _ownership_first),
    Fault("any kind has a copy's name", LOOKALIKE, copies, "_repairs", _of_any_kind, quick=True),
    Fault("a copy is tagged unproven", TAKEN, writing, "tag", _unproven),
    Fault("whatever has a copy's name is tagged", TAKEN, writing, "_is_copy_of", _true),
    Fault("a denied delete of a drill that is gone fails", DRILLED, proof, "is_denied", _false),
    Fault("whatever has a drill's tag goes", DRILLED, steps, "find_made", _by_their_tag_alone),
    Fault("an address is not read before it moves", MOVED, steps, "read_address", _of_web),
    Fault("an address is not attached again", MOVED, steps, "_attach_again", _nothing),
    Fault("a drill is removed before its result", DRILLED, steps, "words_of", _remove_first),
    Fault("a restore is marked as done first", MOVED, steps, "proceed", _marked_done_first),
    Fault("a failed night counts as a point", FAILED_CHANGE, deletions, "_evaluate", _with_failed),
    Fault("a newer copy comes first", WAITING, copies, "_lacking", _newest_first),
)
