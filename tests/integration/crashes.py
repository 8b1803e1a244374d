"""Runs that are killed at one of their calls.

A BaseException raised at a request and at every later one has the effect of a kill: the function
does not catch it, and none of its later requests reaches the service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from lightsail_moto import Call
from snapshotter.errors import SnapshotRunFailed
from tests.integration.deployment import Context, Deployment
from tests.support.soak import SOAK

_STRIDE = 8
_LONG = (("before", 1, False), ("after", 1, False))
_SHORT = (("before", _STRIDE, False), ("after", 1, True))
"""Phase, stride, and whether only writes count."""

World = Mapping[str, Mapping[str, Mapping[str, Any]]]


class Killed(BaseException):
    """The process of the function is killed."""


def kills(deployment: Deployment, events: Iterator[Mapping[str, Any]]) -> Iterator[int]:
    """Kill one run before its first call, the next before its second, and so on; then after each.

    The short form kills after each write, which leaves all states of the account that a kill can
    leave, and before every eighth call.

    events: one for each run. Yields after every kill. Each of the two rounds ends with a run that
    makes fewer calls and is not killed.
    """
    rounds = _LONG if SOAK else _SHORT
    for phase, stride, writes in rounds:
        for call in count(0, stride):
            event, kill = next(events), _Kill(call=call, phase=phase, writes=writes)
            stop = deployment.control.on_request(kill)
            # A killed call stays in flight for the pacer.
            deployment.monkeypatch.setattr("snapshotter.lightsail.pacing._FIRST_IN_FLIGHT", 1000)
            try:
                deployment(event, kill)
            except (Killed, SnapshotRunFailed):
                pass
            finally:
                stop()
            if not kill.done:
                break
            yield call


def fewest(calls: int, writes: int) -> int:
    """How many kills a run that makes at least so many calls takes at least."""
    return 2 * calls if SOAK else calls // _STRIDE + writes


@dataclass
class _Kill(Context):
    """Kills a run at a call, counted from 0. It is the context too: a killed run does not wait."""

    call: int = 0
    phase: str = "before"
    writes: bool = False
    done: bool = False
    seen: Iterator[int] = field(default_factory=count)

    def __call__(self, request: Call, phase: str) -> None:
        if self.done or (self._counts(request, phase) and next(self.seen) == self.call):
            self.done = True
            raise Killed

    def _counts(self, request: Call, phase: str) -> bool:
        return phase == self.phase and not (self.writes and request.operation.startswith("Get"))

    def get_remaining_time_in_millis(self) -> int:
        return 0 if self.done else self.remaining_ms


def made(world: World, before: World) -> set[str]:
    """The names of the resources that are new."""
    return {
        name
        for region, kinds in world.items()
        for kind, resources in kinds.items()
        for name in resources
        if name not in before.get(region, {}).get(kind, {})
    }


def changed(world: World, before: World) -> set[str]:
    """The names of the resources that are changed or gone."""
    return {
        name
        for region, kinds in before.items()
        for kind, resources in kinds.items()
        for name, was in resources.items()
        if world.get(region, {}).get(kind, {}).get(name) != was
    }
