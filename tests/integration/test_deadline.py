"""Runs that reach the function's timeout."""

from __future__ import annotations

import pytest

from lightsail_moto import Control
from tests.integration.conftest import Deploy
from tests.integration.deployment import Context


@pytest.mark.parametrize("remaining_ms", [29_999, 20_000, 10_000])
def test_in_the_last_thirty_seconds_due_snapshots_are_deferred_and_the_run_raises(
    lightsail: Control, deploy: Deploy, remaining_ms: int
) -> None:
    for n in range(3):
        lightsail.seed.add_instance(f"web-{n}", tags={"snapshot": None})

    message = deploy().failing({"scheduledTime": "2026-03-02T04:50:00Z"}, Context(remaining_ms))

    assert {call.operation[:3] for call in lightsail.calls} == {"Get"}
    assert message == (
        "snapshot of 2026-03-02T04:50:00Z by nightly: time ran out with 3 left to do. "
        "In all: 3 selected, 3 deferred, 3 stale. The log has a record of each outcome."
    )


def test_without_any_time_left_no_call_starts(lightsail: Control, deploy: Deploy) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})

    message = deploy().failing({}, Context(0))

    assert lightsail.calls == []
    assert "read us-east-1: the function had no time left to start another call" in message
