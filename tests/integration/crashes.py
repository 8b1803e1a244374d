"""Runs that are killed at one of their calls.

A BaseException raised at a request, and at every one after it, is as good as a kill here: no
code of ours may catch it, and nothing that the run would still do reaches the service.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from lightsail_moto import Call
from snapshotter.errors import SnapshotRunFailed
from tests.integration.deployment import Context, Deployment

STRIDE = 1 if os.environ.get("SOAK") else 3
"""`make test` kills at every third call, `make soak` at each."""

World = Mapping[str, Mapping[str, Mapping[str, Any]]]


class Killed(BaseException):
    """The function's process is gone."""


def kills(deployment: Deployment, events: Iterator[Mapping[str, Any]]) -> Iterator[int]:
    """Kill a run before its first call, another before its second, and so on; then after each.

    events: one for each run. In the short form only every third call is one. A run that is over
    before it could be killed ends each of the two rounds. Yields after every kill.
    """
    for first, phase in enumerate(("before", "after")):
        for call in count(first, STRIDE):
            event, death = next(events), _Death(calls=call, phase=phase)
            stop = deployment.control.on_request(death)
            # A call that is killed never tells the pacer that it is over.
            deployment.monkeypatch.setattr("snapshotter.lightsail.pacing._FIRST_IN_FLIGHT", 1000)
            try:
                deployment(event, death)
            except (Killed, SnapshotRunFailed):
                pass
            finally:
                stop()
            if not death.struck:
                break
            yield call


@dataclass
class _Death(Context):
    """Lets a run live for so many calls. As its context too, so that it does not wait then."""

    calls: int = 0
    phase: str = "before"
    struck: bool = False
    seen: Iterator[int] = field(default_factory=count)

    def __call__(self, request: Call, phase: str) -> None:
        if self.struck or (phase == self.phase and next(self.seen) == self.calls):
            self.struck = True
            raise Killed

    def get_remaining_time_in_millis(self) -> int:
        return 0 if self.struck else self.remaining_ms


def made(world: World, before: World) -> set[str]:
    """Name everything that was not there before."""
    return {
        name
        for region, kinds in world.items()
        for kind, resources in kinds.items()
        for name in resources
        if name not in before.get(region, {}).get(kind, {})
    }


def changed(world: World, before: World) -> set[str]:
    """Name everything that was there before and is gone, or is not as it was."""
    return {
        name
        for region, kinds in before.items()
        for kind, resources in kinds.items()
        for name, was in resources.items()
        if world.get(region, {}).get(kind, {}).get(name) != was
    }
