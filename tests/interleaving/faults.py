"""Faults that are planted in the code, to show that the explorer finds them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from snapshotter.apply import snapshots, steps
from snapshotter.drill import found, settle
from snapshotter.lightsail import writes
from snapshotter.model import series
from snapshotter.model.inventory import StaticAddress
from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.series import OwnSnapshot, Series
from snapshotter.model.tags import DRILL, POLICY, TO_DO
from snapshotter.plan import make, prunes
from snapshotter.plan.steps import DONE
from snapshotter.restore import steps as restore_steps
from tests.interleaving.seeds import EAST


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


def _without_second_look(delete: Any, client: Any, action: Any) -> Any:
    ready = replace(action.own.snapshot, status=Status.READY)
    return delete(client, replace(action, own=replace(action.own, snapshot=ready)))


def _under_another_name(create: Any, client: Any, action: Any) -> Any:
    result = create(client, action)
    if result.status == "exists":
        return create(client, replace(action, name=f"{action.name}-2"))
    return result


def _ownership_first(tag_resource: Any, client: Any, name: str, tags: Any) -> Any:
    tag_resource(client, name, {POLICY: tags[POLICY]})
    return tag_resource(client, name, tags)


def _removed_first(proceed: Any, clients: Any, drill: Any, *given: Any) -> Any:
    if not drill.untagged:
        yield settle._remove(clients, drill, "")
    yield from proceed(clients, drill, *given)


def _removed_before_its_disks(proceed: Any, clients: Any, drill: Any, *given: Any) -> Any:
    if drill.kind is INSTANCE:
        yield settle._remove(clients, drill, "")
    yield from proceed(clients, drill, *given)


def _by_their_tag_alone(_: Any, situation: Any) -> Any:
    for read in situation.inventory.regions.values():
        yield from (each for each in read.resources if DRILL in each.tags)


def _marked_done_first(proceed: Any, clients: Any, restored: Any, *given: Any) -> Any:
    tags = {TO_DO: DONE, POLICY: restored.resource.tags[POLICY]}
    writes.tag_resource(clients[EAST], restored.resource.name, tags)
    yield from proceed(clients, restored, *given)


HELD = "a prune while somebody holds a point"
SHRUNK = "a prune while somebody shrinks the policy"
TWICE = "a night is delivered twice at once"
FAILED = "two sweeps replace a failed copy"
UNTAGGED = "two sweeps tag an untagged copy"
TAKEN = "two sweeps copy while somebody takes the copy's name"
DRILLED = "two sweeps remove a drill"
MOVED = "two sweeps complete a restore with takeOver"

FAULTS = (
    Fault("holds are forgotten", HELD, OwnSnapshot, "held", lambda *_: False, quick=True),
    Fault(
        "there is no cooling-off",
        SHRUNK,
        prunes,
        "evaluate_cooling_off",
        lambda real, *given, **named: real(*given, **{**named, "period": timedelta(0)}),
        quick=True,
    ),
    Fault(
        "pending points count",
        TWICE,
        Series,
        "of",
        lambda real, points, *statuses: real(points, *statuses, Status.PENDING),
    ),
    Fault(
        "ownership is not looked at",
        TWICE,
        series,
        "own",
        lambda _, snapshot, __: series.read(snapshot),
    ),
    Fault(
        "a name that is taken is evaded",
        TWICE,
        snapshots,
        "create",
        _under_another_name,
        quick=True,
    ),
    Fault(
        "a failed copy is deleted without a second look",
        FAILED,
        snapshots,
        "delete",
        _without_second_look,
    ),
    Fault("copies stay untagged", UNTAGGED, make, "plan_repairs", lambda *_: (), quick=True),
    Fault("a copy's tags come in two calls", UNTAGGED, writes, "tag_resource", _ownership_first),
    Fault(
        "a copy without a source is ours",
        TAKEN,
        snapshots,
        "tag",
        lambda tag, action, client: tag(replace(action, needs_proof=False), client),
    ),
    Fault(
        "whatever has a copy's name is tagged",
        TAKEN,
        snapshots,
        "_resolve_existing_copy",
        lambda resolve, *given: (resolve(*given)[0], True),
    ),
    Fault(
        "a drill is removed before its result is written",
        DRILLED,
        settle,
        "_continue",
        _removed_first,
    ),
    Fault(
        "a drill is removed before its disks are tagged",
        DRILLED,
        settle,
        "_continue",
        _removed_before_its_disks,
    ),
    Fault("whatever has a drill's tag is removed", DRILLED, found, "_all", _by_their_tag_alone),
    Fault(
        "a restore is marked as done before its steps",
        MOVED,
        restore_steps,
        "proceed",
        _marked_done_first,
    ),
    Fault(
        "an address is not read before it moves",
        MOVED,
        steps,
        "read_address",
        lambda *_: StaticAddress("web-ip", EAST, "web"),
    ),
)
