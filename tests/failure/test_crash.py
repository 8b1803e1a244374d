"""The function is killed at any request; the runs after it do the rest.

The function sends requests at the same time, so the n-th request differs from run to run. The
promise covers every request in every order; a failed test names the request.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

import pytest
from moto import mock_aws

from lightsail_moto import Control, control, reset, serve
from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.times import to_iso
from tests.failure.crash_scenario import ADDRESS, PARAMETERS, CrashScenario
from tests.failure.killable_process import KILLED, ForkServer, Killer, wait_until_idle
from tests.failure.managed import EAST, EUROPE, WEST
from tests.integration.conftest import NIGHT
from tests.integration.deployment import Deployment
from tests.support.role import Role
from tests.support.soak import SEED, SOAK
from translate.stack import Stack

SAMPLE = 1
SWEEPS = 3
PHASES = ("before", "after")
ACTIONS = ("snapshot", "sweep", "restore")
Resources = dict[str, Any]
Event = dict[str, Any]


class Kill(NamedTuple):
    """The request of a delivery at which the function is killed, and in which phase of it."""

    request: int
    phase: str


class Harness:
    """An account behind a server, and the function in a process and in this one."""

    def __init__(self, url: str, server: ForkServer, patch: pytest.MonkeyPatch) -> None:
        self._url = url
        self._server = server
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

    def resources_after(self, action: str, *kills: Kill) -> tuple[Resources, str]:
        """Deliver an event until it is not killed, then run the hourly sweeps.

        Returns the resources of the account, and at which requests the function was killed.
        """
        reset()
        lightsail = control()
        CrashScenario(lightsail, NIGHT)
        event: Event = {"action": action, "scheduledTime": to_iso(NIGHT)}
        if action == "restore":
            event |= {"resource": "web", "takeOver": True}
        killed = [self._kill(lightsail, event, kill) for kill in kills]
        with mock_aws_without_reset():
            deployment = Deployment(self._stack, self._role, lightsail, self._patch)
            run(deployment, event)
            for _ in range(SWEEPS):
                at = lightsail.clock.advance(hours=1)
                run(deployment, {"action": "sweep", "scheduledTime": to_iso(at)})
        return lightsail.world(), f"killed {', then '.join(killed)}; seed {SEED}"

    @cache  # noqa: B019
    def without_kills(self, action: str) -> tuple[Resources, int]:
        """The resources if no run is killed, and the number of requests of the first run."""
        resources, _ = self.resources_after(action)
        return resources, sum(call.at == NIGHT for call in control().calls)

    def _kill(self, lightsail: Control, event: Event, kill: Kill) -> str:
        killer = Killer(lightsail, *kill)
        code = self._server.invoke(event, self._environment, killer)
        wait_until_idle(self._url)
        killer.stop()
        if killer.call is None:
            return f"nothing: there was no request {kill.request}"
        assert code == KILLED
        return f"{kill.phase} request {kill.request}, {killer.call.operation} " + str(
            killer.call.parameters
        )


@contextlib.contextmanager
def mock_aws_without_reset() -> Iterator[None]:
    """Let boto3 in this process reach the account that the server has."""
    mocked = mock_aws()
    mocked.start(reset=False)
    try:
        yield
    finally:
        mocked.stop(remove_data=False)


def run(deployment: Deployment, event: Event) -> None:
    """Run the function; an action in it may fail."""
    with contextlib.suppress(SnapshotRunFailed):
        deployment(event)


@pytest.fixture(scope="module")
def harness() -> Iterator[Harness]:
    with pytest.MonkeyPatch.context() as patch, serve() as url, ForkServer() as server:
        yield Harness(url, server, patch)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("action", ACTIONS)
def test_killed_at_any_request_the_next_runs_converge(
    harness: Harness, action: str, phase: str
) -> None:
    expected, requests = harness.without_kills(action)
    numbers = range(1, requests + 1)
    draw = random.Random(f"{SEED} {action} {phase}")

    for number in numbers if SOAK else draw.sample(numbers, SAMPLE):
        resources, killed = harness.resources_after(action, Kill(number, phase))
        assert resources == expected, killed


@pytest.mark.parametrize("action", ACTIONS if SOAK else ACTIONS[:1])
def test_killed_again_in_both_retries_the_next_runs_converge(harness: Harness, action: str) -> None:
    expected, requests = harness.without_kills(action)
    draw = random.Random(f"{SEED} {action} retries")

    for _ in range(40 if SOAK else 1):
        kills = [Kill(draw.randint(10, requests), draw.choice(PHASES)) for _ in range(3)]
        resources, killed = harness.resources_after(action, *kills)
        assert resources == expected, killed


def test_runs_that_are_not_killed_do_all_there_is_to_do_and_touch_nothing_else(
    harness: Harness,
) -> None:
    resources, _ = harness.without_kills("snapshot")
    records = {
        (region, name): record
        for region, types in resources.items()
        for kind, found in types.items()
        for name, record in found.items()
        if kind.endswith("Snapshot")
    }
    stamps = [f"{NIGHT - timedelta(days=days):%Y%m%dT%H%M%SZ}" for days in range(10)]

    taken = {(EAST, f"{name}-{stamps[0]}") for name in ("web", "api", "new", "db", "data", "kept")}
    taken |= {(EUROPE, f"{name}-{stamps[0]}") for name in ("shop", "logs")}
    assert taken <= set(records)
    assert {name for _, name in records if name.startswith("web")} == {
        *(f"web-{stamps[days]}" for days in (0, 1)),
        *(f"web-{stamps[days]}-{EAST}" for days in (0, 1)),
    }
    assert {name for _, name in records if name.startswith(("logs", "gone"))} == {
        *(f"logs-{stamps[days]}" for days in (0, 2)),
        *(f"gone-{stamps[days]}" for days in (1, 2)),
    }
    assert {name for _, name in records if name.startswith(("lost", "shrunk"))} == {
        *(f"lost-{stamps[days]}" for days in (1, 2, 3, 4)),
        *(f"shrunk-{stamps[days]}" for days in (0, 1, 2, 3, 4)),
    }
    assert {(EAST, "mine"), (WEST, "mine"), (EAST, f"kept-{stamps[9]}")} <= set(records)
    assert {record["state"] for record in records.values()} == {"available", "completed"}
    assert [name for (_, name), record in records.items() if not record["tags"]] == ["mine"]


def test_restore_that_is_not_killed_moves_the_address_to_the_new_instance(harness: Harness) -> None:
    resources, _ = harness.without_kills("restore")
    made = f"web-restored-{NIGHT - timedelta(days=1):%Y%m%dT%H%M%SZ}"

    assert [name for name in resources[EAST]["Instance"] if name.startswith("web")] == ["web", made]
    assert resources[EAST]["Instance"][made]["tags"]["snapshotter:to-do"] == "done"
    assert resources[EAST]["StaticIp"][ADDRESS]["attachedTo"] == made
