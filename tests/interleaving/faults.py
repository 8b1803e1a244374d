"""Faults that are planted in the code, to show that the explorer finds them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from snapshotter.apply import snapshots, steps
from snapshotter.drill import found, settle
from snapshotter.drill.result import DrillResult, Result
from snapshotter.lightsail import writes
from snapshotter.model import series
from snapshotter.model.inventory import StaticAddress
from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.series import OwnSnapshot, Series
from snapshotter.model.tags import DRILL, POLICY, TO_DO
from snapshotter.plan import make, prunes
from snapshotter.plan.restores import DONE
from snapshotter.restore import steps as restore_steps
from tests.interleaving.seeds import EAST

Plant = Callable[[ExitStack], None]


@dataclass(frozen=True)
class Fault:
    """plant: puts it in place until the stack is left. world: the name of one that shows it."""

    name: str
    world: str
    plant: Plant
    quick: bool = False


def _instead(owner: Any, name: str, make_other: Callable[[Any], Any]) -> Plant:
    """Replace an attribute by what is made of it."""

    def plant(stack: ExitStack) -> None:
        stack.enter_context(patch.object(owner, name, make_other(getattr(owner, name))))

    return plant


def _constant(value: Any) -> Callable[[Any], Any]:
    return lambda _: lambda *_, **__: value


def _with_pending(of: Any) -> Any:
    def other(self: Series, *statuses: Status) -> tuple[OwnSnapshot, ...]:
        found: tuple[OwnSnapshot, ...] = of(self, *statuses, Status.PENDING)
        return found

    return other


def _without_second_look(delete: Any) -> Any:
    def other(action: Any, client: Any) -> Any:
        ready = replace(action.own.snapshot, status=Status.READY)
        return delete(replace(action, own=replace(action.own, snapshot=ready)), client)

    return other


def _under_another_name(create: Any) -> Any:
    def other(action: Any, client: Any) -> Any:
        result = create(action, client)
        if result.status == "exists":
            return create(replace(action, name=f"{action.name}-2"), client)
        return result

    return other


def _without_proof(tag: Any) -> Any:
    return lambda action, client: tag(replace(action, needs_proof=False), client)


def _tags_whatever_has_the_name(resolve: Any) -> Any:
    return lambda action, client: (resolve(action, client)[0], True)


def _ownership_first(tag_resource: Any) -> Any:
    def other(client: Any, name: str, tags: Any) -> Any:
        tag_resource(client, name, {POLICY: tags[POLICY]})
        return tag_resource(client, name, tags)

    return other


def _removed_before_reported(proceed: Any) -> Any:
    def other(drill: Any, situation: Any, clients: Any, deadline: Any) -> Any:
        passed = DrillResult(Result.PASSED, "")
        if not drill.untagged:
            yield settle._remove(drill, passed, clients, deadline)
        yield from proceed(drill, situation, clients, deadline)

    return other


def _removed_before_disks_are_tagged(proceed: Any) -> Any:
    def other(drill: Any, situation: Any, clients: Any, deadline: Any) -> Any:
        if drill.kind is INSTANCE:
            yield settle._remove(drill, DrillResult(Result.PASSED, ""), clients, deadline)
        yield from proceed(drill, situation, clients, deadline)

    return other


def _by_their_tag_alone(_: Any) -> Any:
    def other(situation: Any) -> Any:
        for read in situation.inventory.regions.values():
            yield from (each for each in read.resources if DRILL in each.tags)

    return other


def _marked_done_first(proceed: Any) -> Any:
    def other(restored: Any, policy: Any, now: Any, clients: Any, deadline: Any) -> Any:
        writes.tag_resource(clients[EAST], restored.resource.name, {TO_DO: DONE, POLICY: policy})
        yield from proceed(restored, policy, now, clients, deadline)

    return other


DELIVERED_TWICE = "a night is delivered twice at once"
UNTAGGED = "two sweeps tag an untagged copy"
TAKEN = "two sweeps copy while somebody takes the copy's name"
MOVE = "two sweeps complete a restore with takeOver"
DRILL_ENDS = "two sweeps remove a drill"

FAULTS = (
    Fault(
        "holds are forgotten",
        "a prune while somebody holds a point",
        _instead(OwnSnapshot, "held", lambda _: property(lambda _: False)),
        quick=True,
    ),
    Fault(
        "there is no cooling-off",
        "a prune while somebody shrinks the policy",
        _instead(
            prunes,
            "evaluate_cooling_off",
            lambda real: lambda *given, **by: real(*given, **{**by, "period": timedelta(0)}),
        ),
        quick=True,
    ),
    Fault("pending points count", DELIVERED_TWICE, _instead(Series, "of", _with_pending)),
    Fault(
        "ownership is not looked at",
        DELIVERED_TWICE,
        _instead(series, "own", lambda _: lambda snapshot, _: series.read(snapshot)),
    ),
    Fault(
        "a name that is taken is evaded",
        DELIVERED_TWICE,
        _instead(snapshots, "create", _under_another_name),
        quick=True,
    ),
    Fault(
        "a failed copy is deleted without a second look",
        "two sweeps replace a failed copy",
        _instead(snapshots, "delete", _without_second_look),
    ),
    Fault("copies stay untagged", UNTAGGED, _instead(make, "plan_repairs", _constant(())), True),
    Fault(
        "a copy's tags come in two calls",
        UNTAGGED,
        _instead(writes, "tag_resource", _ownership_first),
    ),
    Fault("a copy without a source is ours", TAKEN, _instead(snapshots, "tag", _without_proof)),
    Fault(
        "whatever has a copy's name is tagged",
        TAKEN,
        _instead(snapshots, "_resolve_existing_copy", _tags_whatever_has_the_name),
    ),
    Fault(
        "a drill is removed before its result is written",
        DRILL_ENDS,
        _instead(settle, "_continue", _removed_before_reported),
    ),
    Fault(
        "a drill is removed before its disks are tagged",
        DRILL_ENDS,
        _instead(settle, "_continue", _removed_before_disks_are_tagged),
    ),
    Fault(
        "a restore is marked as done before its steps",
        MOVE,
        _instead(restore_steps, "proceed", _marked_done_first),
    ),
    Fault(
        "an address is not read before it moves",
        MOVE,
        _instead(steps, "read_address", _constant(StaticAddress("web-ip", "us-east-1", "web"))),
    ),
    Fault(
        "whatever has a drill's tag is removed",
        DRILL_ENDS,
        _instead(found, "_all", _by_their_tag_alone),
    ),
)
