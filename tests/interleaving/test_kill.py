"""A process of the function that is really killed. The exploration covers every other death."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lightsail_moto import Call, control, serve
from snapshotter.model.names import to_iso
from tests.support.accounts import DAY, HOUR, OURS, SELECTED, WEST, add_point, name_of
from tests.support.invariants import read_records
from tests.support.runtime_api import AVAILABLE, FunctionError, RuntimeApi
from translate.stack import Stack


@pytest.mark.skipif(not AVAILABLE, reason="awslambdaric runs on Linux, with Python 3.12 or later")
def test_killed_between_a_copy_and_its_tags_the_retry_does_the_rest() -> None:
    night = datetime.now(UTC).replace(microsecond=0)
    event = {"action": "snapshot", "scheduledTime": to_iso(night)}
    stack = Stack({"PolicyName": OURS, "CopyToRegions": WEST})

    with serve() as url, RuntimeApi() as api:
        account = control()
        web = account.seed.add_instance("web", tags=SELECTED)
        point = add_point(account, web, night - DAY)

        def kill(call: Call, phase: str) -> None:
            if (call.operation, phase) == ("CopySnapshot", "after"):
                stop()
                api.kill()

        stop = account.on_request(kill)
        environment = {**stack.environment(), "AWS_ENDPOINT_URL_LIGHTSAIL": url}
        killed = api.invoke(event, env=environment)
        untagged = [each.name for each in read_records(account).values() if not each.tags]
        retried = api.invoke(event, env=environment)
        account.clock.advance(HOUR)
        found = read_records(account).values()

    assert killed.error == FunctionError("Runtime.ExitError", "Runtime exited with status -9")
    assert untagged == [f"{point.name}-us-east-1"]
    assert retried.error is None
    assert [each.name for each in found if each.is_point] == [
        point.name,
        name_of("web", night),
        f"{point.name}-us-east-1",
    ]
