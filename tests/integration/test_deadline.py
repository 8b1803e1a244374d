"""The function's time runs out: no write begins too late, the run reports, retries go on."""

from __future__ import annotations

import json
from collections import Counter
from logging import LogRecord
from typing import Any

import pytest

from lightsail_moto import Call, Control
from snapshotter.lightsail.pacing import WRITE_RESERVE_S
from snapshotter.model.names import to_iso
from tests.integration.conftest import NIGHT, Deploy
from tests.integration.deployment import Context
from tests.support.accounts import SELECTED, name_of
from tests.support.soak import SOAK
from tests.support.virtual_time import VirtualContext, virtual_time

EVENT = {"action": "snapshot", "scheduledTime": to_iso(NIGHT)}


def metrics(out: str) -> list[dict[str, Any]]:
    """The records in CloudWatch's embedded metric format."""
    return [json.loads(line) for line in out.splitlines() if '"_aws"' in line]


def outcomes(records: list[LogRecord]) -> dict[str, int]:
    """How many outcomes were logged, by action and status."""
    return Counter(f"{r.action} {r.status}" for r in records if hasattr(r, "status"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("remaining_ms", [29_999, 20_000, 10_000])
def test_in_the_last_thirty_seconds_due_snapshots_are_deferred_and_the_run_raises(
    lightsail: Control, deploy: Deploy, remaining_ms: int
) -> None:
    for n in range(3):
        lightsail.seed.add_instance(f"web-{n}", tags=SELECTED)

    message = deploy().failing({"scheduledTime": "2026-03-02T04:50:00Z"}, Context(remaining_ms))

    assert {call.operation[:3] for call in lightsail.calls} == {"Get"}
    assert message == (
        "snapshot of 2026-03-02T04:50:00Z by nightly: time ran out with 3 left to do. "
        "In all: 3 selected, 3 deferred, 3 stale. The log has a record of each outcome."
    )


def test_without_any_time_left_no_call_starts(lightsail: Control, deploy: Deploy) -> None:
    lightsail.seed.add_instance("web", tags=SELECTED)

    message = deploy().failing({}, Context(0))

    assert lightsail.calls == []
    assert "read us-east-1: the function had no time left to start another call" in message


def test_fleet_too_large_for_one_run_is_completed_by_the_retries_with_one_snapshot_each(
    lightsail: Control,
    deploy: Deploy,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At two requests a second, each invocation has time for a part of them."""
    lightsail.page_size = 1000
    names = [f"web-{number:03}" for number in range(600 if SOAK else 150)]
    for name in names:
        lightsail.seed.add_instance(name, tags=SELECTED)
    nightly = deploy(Metrics="all")
    left_s: list[float] = []

    def note(call: Call, phase: str) -> None:
        if phase == "before" and call.operation == "CreateInstanceSnapshot":
            left_s.append(context.left_s())

    lightsail.on_request(note)
    lightsail.rate_limit(2)
    with virtual_time() as time:
        runs = 0
        while len(lightsail.world()["us-east-1"].get("InstanceSnapshot", ())) < len(names):
            runs += 1
            caplog.clear()
            context = VirtualContext(time, 30 + 0.2 * len(names))
            nightly_message = None
            try:
                nightly(EVENT, context)
            except Exception as error:
                nightly_message = str(error)
            logged = outcomes(caplog.records)
            assert sum(logged.values()) == len(names)
            assert set(logged) <= {"create started", "create exists", "create deferred"}
            assert ("create deferred" in logged) == ("time ran out" in (nightly_message or ""))
            assert context.left_s() > 0
            _, numbers = metrics(capsys.readouterr().out)
            assert numbers["SnapshotsCreated"] == [logged["create started"]]

    assert runs > 2
    assert min(left_s) > WRITE_RESERVE_S
    made = Counter(
        call.parameters["instanceName"]
        for call in lightsail.calls
        if call.operation == "CreateInstanceSnapshot" and call.outcome == "ok"
    )
    assert made == dict.fromkeys(names, 1)
    assert sorted(lightsail.world()["us-east-1"]["InstanceSnapshot"]) == [
        name_of(name, NIGHT) for name in names
    ]


@pytest.mark.parametrize(
    "fault", [{"error": "ThrottlingException"}, {"timeout_s": 15.0}], ids=["throttled", "hanging"]
)
@pytest.mark.parametrize("operation", ["GetInstances", "CreateInstanceSnapshot"])
@pytest.mark.parametrize("seconds", range(35, 235, 5 if SOAK else 60))
def test_call_that_never_succeeds_near_the_end_leaves_time_for_the_report(
    lightsail: Control,
    deploy: Deploy,
    capsys: pytest.CaptureFixture[str],
    operation: str,
    fault: dict[str, Any],
    seconds: int,
) -> None:
    lightsail.seed.add_instance("web", tags=SELECTED)
    lightsail.inject(operation, **fault, times=None)

    with virtual_time() as time:
        # Throttled answers take time too: without, the clock would stand still.
        lightsail.latency_s = 0.1
        context = VirtualContext(time, seconds)
        deploy().failing(EVENT, context)

    assert context.left_s() >= 5
    assert metrics(capsys.readouterr().out)
