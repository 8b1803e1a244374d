"""The process dies at any request: the next runs leave the very world of a run that lived.

The function sends requests of several regions, and several of one region, at the same time, so
the n-th request is another one in every run. That is no hindrance: the promise is made for every
request in every order, and what was struck is told where it is broken.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from moto import mock_aws

from lightsail_moto import Control, control, reset, serve
from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.times import to_iso
from tests.failure.crash_world import EAST, EUROPE, PARAMETERS, WEST, CrashWorld, snapshots
from tests.failure.forms import SEED, SOAK
from tests.failure.victim import KILLED, Killer, Victims, settle
from tests.integration.conftest import NIGHT
from tests.integration.deployment import Deployment
from tests.support.role import Role
from translate.stack import Stack

HOUR = timedelta(hours=1)
SAMPLE = 3
SWEEPS = 3
PHASES = ("before", "after")
World = dict[str, Any]
Death = tuple[int, str]
"""At which request of a delivery, and in which phase of it."""


class Theatre:
    """An account behind a server, a function in processes beside it, and the runs that follow."""

    def __init__(self, url: str, victims: Victims, patch: pytest.MonkeyPatch) -> None:
        self._url = url
        self._victims = victims
        self._patch = patch
        self._stack = Stack(PARAMETERS)
        self._role = Role.from_template(self._stack.parameters)
        self._environment = {
            **self._stack.environment(),
            "AWS_REGION": self._stack.region,
            "AWS_ENDPOINT_URL_LIGHTSAIL": url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
        }

    def world_after(self, action: str, *deaths: Death) -> tuple[World, str]:
        """The world after an event whose first deliveries died, and the sweeps that followed.

        Returns it with a word about what was under way when the function died.
        """
        reset()
        lightsail = control()
        CrashWorld(lightsail, NIGHT)
        event = {"action": action, "scheduledTime": to_iso(NIGHT)}
        struck = [self._kill(lightsail, event, *death) for death in deaths]
        with mock_aws_as_it_is():
            deployment = Deployment(self._stack, self._role, lightsail, self._patch)
            lenient(deployment, event)
            for hours in range(1, SWEEPS + 1):
                lightsail.clock.advance(hours=1)
                at = to_iso(NIGHT + hours * HOUR)
                lenient(deployment, {"action": "sweep", "scheduledTime": at})
        return lightsail.world(), f"killed {', then '.join(struck)}; seed {SEED}"

    @cache  # noqa: B019
    def world_of_a_life(self, action: str) -> World:
        """The world where nobody died."""
        return self.world_after(action)[0]

    @cache  # noqa: B019
    def requests_of(self, action: str) -> int:
        """How many requests a run that lives makes."""
        reset()
        CrashWorld(control(), NIGHT)
        event = {"action": action, "scheduledTime": to_iso(NIGHT)}
        assert self._victims.invoke(event, self._environment) in (0, 1)
        return len(control().calls)

    def _kill(self, lightsail: Control, event: Mapping[str, str], number: int, phase: str) -> str:
        killer = Killer(lightsail, number, phase)
        code = self._victims.invoke(event, self._environment, killer)
        settle(self._url)
        killer.rest()
        if killer.struck is None:
            return f"nobody: there was no request {number}"
        assert code == KILLED
        return f"{phase} request {number}, {killer.struck.operation} {killer.struck.parameters}"


@contextlib.contextmanager
def mock_aws_as_it_is() -> Iterator[None]:
    """Answer boto3 in this process from the world that is there."""
    mocked = mock_aws()
    mocked.start(reset=False)
    try:
        yield
    finally:
        mocked.stop(remove_data=False)


def lenient(deployment: Deployment, event: dict[str, str]) -> None:
    with contextlib.suppress(SnapshotRunFailed):
        deployment(event)


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    with pytest.MonkeyPatch.context() as patch, serve() as url, Victims() as victims:
        yield Theatre(url, victims, patch)


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("action", ["snapshot", "sweep"])
def test_death_at_any_request_leaves_the_world_of_a_run_that_lived(
    theatre: Theatre, action: str, phase: str
) -> None:
    print(f"seed {SEED}")  # noqa: T201
    lived = theatre.world_of_a_life(action)
    every = range(1, theatre.requests_of(action) + 1)
    draw = random.Random(f"{SEED} {action} {phase}")

    for number in every if SOAK else draw.sample(every, SAMPLE):
        world, how = theatre.world_after(action, (number, phase))
        assert world == lived, how


@pytest.mark.parametrize("action", ["snapshot", "sweep"])
def test_deaths_of_the_retries_too_leave_the_world_of_a_run_that_lived(
    theatre: Theatre, action: str
) -> None:
    print(f"seed {SEED}")  # noqa: T201
    lived = theatre.world_of_a_life(action)
    count = theatre.requests_of(action)
    draw = random.Random(f"{SEED} {action} retries")

    for _ in range(40 if SOAK else 1):
        deaths = [(draw.randint(10, count), draw.choice(PHASES)) for _ in range(3)]
        world, how = theatre.world_after(action, *deaths)
        assert world == lived, how


def test_world_of_a_run_that_lived_is_whole(theatre: Theatre) -> None:
    lived = theatre.world_of_a_life("snapshot")

    names = {(region, name): record for region, name, record in snapshots(lived)}
    stamps = {days: f"{NIGHT - timedelta(days=days):%Y%m%dT%H%M%SZ}" for days in range(10)}
    east = {(EAST, f"{name}-{stamps[0]}") for name in ("web", "api", "new", "db", "data", "kept")}
    assert east | {(EUROPE, f"{name}-{stamps[0]}") for name in ("shop", "logs")} <= set(names)
    assert {name for _, name in names if name.startswith("web")} == {
        *(f"web-{stamps[days]}" for days in (0, 1)),
        *(f"web-{stamps[days]}-{EAST}" for days in (0, 1)),
    }
    assert {name for _, name in names if name.startswith(("logs", "gone"))} == {
        *(f"logs-{stamps[days]}" for days in (0, 2)),
        *(f"gone-{stamps[days]}" for days in (1, 2)),
    }
    assert {(EAST, "mine"), (WEST, "mine"), (EAST, f"kept-{stamps[9]}")} <= set(names)
    assert {record["state"] for record in names.values()} == {"available", "completed"}
    assert [name for (_, name), record in names.items() if not record["tags"]] == ["mine"]
