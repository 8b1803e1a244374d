"""The function's time runs out: nothing begins too late, all is told, the next run goes on."""

from __future__ import annotations

import json
from collections import Counter
from logging import LogRecord
from threading import local
from typing import Any

import pytest

from lightsail_moto import Call, Control
from lightsail_moto.exceptions import ConnectionDropped
from snapshotter.lightsail.deadline import WRITE_RESERVE_S as RESERVE_S
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT
from snapshotter.model.times import to_iso
from tests.failure.forms import SOAK
from tests.failure.virtual_time import VirtualTime, virtual_time
from tests.integration.conftest import NIGHT, Deploy
from tests.integration.deployment import Context

FLEET = 2_000
EVENT = {"action": "snapshot", "scheduledTime": to_iso(NIGHT)}
LONGEST_ATTEMPT_S = 20
"""Five seconds to connect and fifteen to read, as the function's clients are set."""


class RunningContext(Context):
    """Lambda's context of one invocation, by virtual time."""

    def __init__(self, time: VirtualTime, seconds: float) -> None:
        super().__init__()
        self._time = time
        self._ends_s = time.now_s() + seconds
        self._thread = local()

    def get_remaining_time_in_millis(self) -> int:
        self._thread.told_s = self.left_s()
        return int(self.left_s() * 1000)

    def left_s(self) -> float:
        return self._ends_s - self._time.now_s()

    def told_s(self) -> float:
        """What this thread was told when it last asked: a call goes out on that."""
        told: float = self._thread.told_s
        return told


def metrics(out: str) -> list[dict[str, Any]]:
    """What went out in CloudWatch's embedded metric format, a line each."""
    return [json.loads(line) for line in out.splitlines() if '"_aws"' in line]


def told(records: list[LogRecord]) -> dict[str, int]:
    """How many outcomes were logged, by action and status, and how many ends of runs."""
    outcomes = [each for each in records if hasattr(each, "status")]
    ends = [each for each in records if each.getMessage() == "run failed"]
    return {
        **Counter(f"{each.action} {each.status}" for each in outcomes),  # type: ignore[attr-defined]
        "run failed": len(ends),
    }


def is_write(call: Call) -> bool:
    return not call.operation.startswith("Get")


class Watch:
    """Every call takes a second, and the beginning of each write is noted."""

    def __init__(self, lightsail: Control, time: VirtualTime) -> None:
        self._time = time
        self.begun_s: list[float] = []
        self.late = 0
        self.context = RunningContext(time, 0)
        lightsail.on_request(self._on_request)

    def invocation(self) -> RunningContext:
        self.context = RunningContext(self._time, 900)
        return self.context

    def _on_request(self, call: Call, phase: str) -> None:
        if phase == "after":
            self._time.pass_s(1)
        elif is_write(call):
            self.begun_s.append(self.context.told_s())
            self.late += self.context.left_s() <= RESERVE_S


def test_fleet_too_large_for_one_run_is_taken_by_its_retries_with_one_snapshot_each(
    lightsail: Control,
    deploy: Deploy,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lightsail.page_size = FLEET
    names = [f"web-{number:04}" for number in range(FLEET)]
    for name in names:
        lightsail.seed.add_instance(name, tags={"snapshot": None})
    nightly = deploy()

    with virtual_time() as time:
        watch = Watch(lightsail, time)
        for _ in range(2):
            caplog.clear()
            said = nightly.failing(EVENT, watch.invocation())

            assert "time ran out with" in said
            logged = told(caplog.records)
            assert logged.pop("run failed") == 1
            assert sum(logged.values()) == FLEET
            assert set(logged) <= {"create started", "create exists", "create deferred"}
            assert watch.context.left_s() > 0
            (numbers,) = metrics(capsys.readouterr().out)
            assert numbers["SnapshotsCreated"] == [logged["create started"]]
        last = nightly(EVENT, watch.invocation())

    assert last["summary"]["failed"] == last["summary"]["deferred"] == 0
    assert min(watch.begun_s) > RESERVE_S
    # Whatever else is under way takes its second while a call is on its way out.
    assert watch.late < 2 * MOST_IN_FLIGHT
    assert creates_of(lightsail) == dict.fromkeys(names, 1)
    assert sorted(lightsail.world()["us-east-1"]["InstanceSnapshot"]) == [
        f"{name}-20260302T045000Z" for name in names
    ]


def creates_of(lightsail: Control) -> Counter[str]:
    return Counter(
        call.parameters["instanceName"]
        for call in lightsail.calls
        if call.operation == "CreateInstanceSnapshot"
    )


@pytest.mark.parametrize("trouble", ["throttled", "hanging"])
@pytest.mark.parametrize("operation", ["GetInstances", "CreateInstanceSnapshot"])
@pytest.mark.parametrize("seconds", range(35, 235, 5 if SOAK else 60))
def test_call_that_never_succeeds_near_the_end_leaves_time_for_the_report(
    lightsail: Control,
    deploy: Deploy,
    capsys: pytest.CaptureFixture[str],
    operation: str,
    trouble: str,
    seconds: int,
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    if trouble == "throttled":
        lightsail.inject(operation, error="ThrottlingException", times=None)

    with virtual_time() as time:

        def hang(call: Call, phase: str) -> None:
            if (call.operation, phase, trouble) == (operation, "before", "hanging"):
                time.pass_s(LONGEST_ATTEMPT_S)
                raise ConnectionDropped("it hung")

        lightsail.on_request(hang)
        context = RunningContext(time, seconds)
        deploy().failing(EVENT, context)

    assert context.left_s() >= 5
    assert metrics(capsys.readouterr().out)
