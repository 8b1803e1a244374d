"""The function's time runs out: no write begins too late, the run reports, retries go on."""

from __future__ import annotations

import json
from collections import Counter
from logging import LogRecord
from threading import local
from typing import Any

import pytest

from lightsail_moto import Call, Control
from lightsail_moto.exceptions import ConnectionDropped
from snapshotter.lightsail.deadline import WRITE_RESERVE_S
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT
from snapshotter.model.times import to_iso
from tests.integration.conftest import NIGHT, Deploy
from tests.integration.deployment import Context
from tests.support.soak import SOAK
from tests.support.virtual_time import VirtualTime, virtual_time

FLEET, TIMEOUT_S = (2_000, 900) if SOAK else (400, 180)
"""More instances than two invocations can take snapshots of, at a second for each call."""
EVENT = {"action": "snapshot", "scheduledTime": to_iso(NIGHT)}
LONGEST_ATTEMPT_S = 20
"""Five seconds to connect and fifteen to read, as the function's clients are set."""


class VirtualContext(Context):
    """Lambda's context of one invocation, in virtual time."""

    def __init__(self, time: VirtualTime, seconds: float) -> None:
        super().__init__()
        self._time = time
        self._ends_s = time.now_s() + seconds
        self._thread = local()

    def get_remaining_time_in_millis(self) -> int:
        self._thread.last_s = self.left_s()
        return int(self.left_s() * 1000)

    def left_s(self) -> float:
        return self._ends_s - self._time.now_s()

    def last_s(self) -> float:
        """The answer that this thread got last, on which it began its call."""
        last: float = self._thread.last_s
        return last


def metrics(out: str) -> list[dict[str, Any]]:
    """The records in CloudWatch's embedded metric format."""
    return [json.loads(line) for line in out.splitlines() if '"_aws"' in line]


def outcomes(records: list[LogRecord]) -> dict[str, int]:
    """How many outcomes were logged, by action and status."""
    return Counter(f"{r.action} {r.status}" for r in records if hasattr(r, "status"))  # type: ignore[attr-defined]


class Writes:
    """Lets each call take a second, and records how much time each write had.

    late: how many writes arrived within the reserve, begun before it.
    """

    def __init__(self, lightsail: Control, time: VirtualTime) -> None:
        self._time = time
        self.begun_s: list[float] = []
        self.late = 0
        lightsail.on_request(self._on_request)

    def new_context(self) -> VirtualContext:
        self.context = VirtualContext(self._time, TIMEOUT_S)
        return self.context

    def _on_request(self, call: Call, phase: str) -> None:
        if phase == "after":
            self._time.advance(1)
        elif not call.operation.startswith("Get"):
            self.begun_s.append(self.context.last_s())
            self.late += self.context.left_s() <= WRITE_RESERVE_S


def test_fleet_too_large_for_one_run_is_completed_by_the_retries_with_one_snapshot_each(
    lightsail: Control,
    deploy: Deploy,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lightsail.page_size = FLEET
    names = [f"web-{number:04}" for number in range(FLEET)]
    for name in names:
        lightsail.seed.add_instance(name, tags={"snapshot": None})
    nightly = deploy(Metrics="all")

    with virtual_time() as time:
        writes = Writes(lightsail, time)
        for _ in range(2):
            caplog.clear()
            message = nightly.failing(EVENT, writes.new_context())

            assert "time ran out with" in message
            assert [r.getMessage() for r in caplog.records].count("run failed") == 1
            logged = outcomes(caplog.records)
            assert sum(logged.values()) == FLEET
            assert set(logged) <= {"create started", "create exists", "create deferred"}
            assert writes.context.left_s() > 0
            _, numbers = metrics(capsys.readouterr().out)
            assert numbers["SnapshotsCreated"] == [logged["create started"]]
        last = nightly(EVENT, writes.new_context())

    assert last["summary"]["failed"] == last["summary"]["deferred"] == 0
    assert min(writes.begun_s) > WRITE_RESERVE_S
    # While a write is on its way, each other call in flight takes its second.
    assert writes.late < 2 * MOST_IN_FLIGHT
    assert Counter(
        call.parameters["instanceName"]
        for call in lightsail.calls
        if call.operation == "CreateInstanceSnapshot"
    ) == dict.fromkeys(names, 1)
    assert sorted(lightsail.world()["us-east-1"]["InstanceSnapshot"]) == [
        f"{name}-20260302T045000Z" for name in names
    ]


@pytest.mark.parametrize("fault", ["throttled", "hanging"])
@pytest.mark.parametrize("operation", ["GetInstances", "CreateInstanceSnapshot"])
@pytest.mark.parametrize("seconds", range(35, 235, 5 if SOAK else 60))
def test_call_that_never_succeeds_near_the_end_leaves_time_for_the_report(
    lightsail: Control,
    deploy: Deploy,
    capsys: pytest.CaptureFixture[str],
    operation: str,
    fault: str,
    seconds: int,
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    if fault == "throttled":
        lightsail.inject(operation, error="ThrottlingException", times=None)

    with virtual_time() as time:

        def hang(call: Call, phase: str) -> None:
            if (call.operation, phase, fault) == (operation, "before", "hanging"):
                time.advance(LONGEST_ATTEMPT_S)
                raise ConnectionDropped("the connection hangs")

        lightsail.on_request(hang)
        context = VirtualContext(time, seconds)
        deploy().failing(EVENT, context)

    assert context.left_s() >= 5
    assert metrics(capsys.readouterr().out)
