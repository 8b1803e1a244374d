"""What a drill proves: a server that answers, how long its recovery takes, and what has failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from lightsail_moto import Control
from lightsail_moto.models.environment import Environment
from snapshotter.model.names import to_iso
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.deployment import Context, Deployment
from tests.integration.restoring import EAST, failing_sweep, resources
from tests.integration.restoring import swept as sweep
from tests.integration.test_drill import (
    DRILL_AT,
    HOUR,
    POINT,
    WEB,
    drill,
    existing_drills,
    reported,
)
from tests.support.web_server import web_server

pytestmark = pytest.mark.usefixtures("waits")

DAY = timedelta(days=1)
Tagged = Callable[[str], Deployment]


@pytest.fixture
def tagged(lightsail: Control, deploy: Deploy, monkeypatch: pytest.MonkeyPatch) -> Tagged:
    """Deploy a stack with an instance on this machine that asks for a drill in these words."""
    monkeypatch.setattr(Environment, "new_ip_address", lambda _: "127.0.0.1")

    def deployed(words: str) -> Deployment:
        lightsail.seed.add_instance("web", tags={"snapshot": None, "snapshot:drill": words})
        stack = deploy(EnableRestore="true")
        stack.nightly(NIGHT)
        lightsail.clock.set(DRILL_AT)
        return stack

    return deployed


def results(lightsail: Control, point: str = POINT) -> dict[str, str]:
    """The tags of drills on a recovery point, without their prefix."""
    tags = resources(lightsail, "InstanceSnapshot")[point]["tags"]
    names = ("verified", "drill-failed", "recovery-seconds")
    return {name: tags[key] for name in names if (key := f"snapshotter:{name}") in tags}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_drill_passes_once_the_server_answers_a_request(
    lightsail: Control, tagged: Tagged, client: Client, scheme: str
) -> None:
    with web_server(tls=scheme == "https") as server:
        stack = tagged(f"{scheme}:{server.port}/200/health")
        drill(stack)
        states = client(EAST).get_instance_port_states(instanceName=WEB)["portStates"]

        assert ("tagged", "web", POINT) in reported(sweep(stack))

    assert [each["fromPort"] for each in states] == [server.port]
    assert server.requested == ["/200/health"]
    assert results(lightsail) == {
        "verified": to_iso(DRILL_AT + HOUR),
        "recovery-seconds": "3600",
    }
    sweep(stack)
    assert existing_drills(lightsail) == set()


@dataclass
class Clock(Context):
    """The function's time passes with the clock of the account."""

    control: Control | None = None
    ends: datetime | None = None

    def get_remaining_time_in_millis(self) -> int:
        assert self.control is not None
        assert self.ends is not None
        return int((self.ends - self.control.clock.now()).total_seconds() * 1000)


def test_drill_that_waits_measures_the_seconds_of_a_recovery(
    lightsail: Control, tagged: Tagged
) -> None:
    lightsail.restore_seconds = 42
    stack = tagged("")
    context = Clock(control=lightsail, ends=DRILL_AT + timedelta(minutes=15))

    event = {"action": "drill", "scheduledTime": to_iso(DRILL_AT), "wait": 300}
    answer = stack(event, context)

    assert ("tagged", "web", POINT) in reported(answer)
    assert results(lightsail) == {"verified": to_iso(DRILL_AT), "recovery-seconds": "45"}


def attention(stack: Deployment) -> list[Mapping[str, Any]]:
    now = to_iso(stack.control.clock.now())
    return list(stack({"action": "report", "scheduledTime": now})["attention"])


def test_failed_drill_needs_attention_until_a_later_one_of_its_series_passes(
    lightsail: Control, tagged: Tagged
) -> None:
    stack = tagged("")
    lightsail.end_in_error(POINT)
    drill(stack)
    assert attention(stack) == []
    failing_sweep(stack)

    failed = {
        "what": "web (instance, us-east-1): its last restore test failed on 2 March.",
        "do": f"Restore {POINT} by hand and check it.",
        "details": [f"The recovery point {POINT} may not be usable."],
        "region": EAST,
        "resourceType": "Instance",
        "resource": "web",
    }
    assert attention(stack) == [failed]
    lightsail.clock.set(NIGHT + DAY)
    stack.nightly(NIGHT + DAY)
    lightsail.clock.set(DRILL_AT + DAY)
    assert attention(stack) == [failed]

    drill(stack, DRILL_AT + DAY)
    sweep(stack)
    assert results(lightsail, "web-20260303T045000Z")["recovery-seconds"] == "3600"
    assert attention(stack) == []


def test_drill_that_failed_is_not_repeated_when_its_event_is_delivered_late(
    lightsail: Control, tagged: Tagged
) -> None:
    stack = tagged("")
    lightsail.end_in_error(POINT)
    drill(stack)
    failing_sweep(stack)
    sweep(stack)

    again = drill(stack)

    assert reported(again) == {("exists", "web", POINT)}
    assert existing_drills(lightsail) == set()


def test_drill_passes_only_once_lightsail_reports_its_health_as_ok(
    lightsail: Control, tagged: Tagged
) -> None:
    stack = tagged("")
    drill(stack)
    lightsail.set_instance_health(WEB, EAST, "impaired")

    (waiting,) = [e for e in sweep(stack)["outcomes"] if e["action"] == "restore"]
    assert waiting["reason"].endswith(
        "the restored instance is running, but its status check is impaired"
    )
    lightsail.set_instance_health(WEB, EAST, "ok")
    assert ("tagged", "web", POINT) in reported(sweep(stack))


def test_drill_whose_server_comes_without_its_disks_fails_and_leaves_nothing(
    lightsail: Control, tagged: Tagged, client: Client
) -> None:
    lightsail.seed.add_instance("shop", tags={"snapshot": None, "snapshot:drill": None})
    lightsail.seed.add_disk("logs", attached_to="shop")
    stack = tagged("")
    drill(stack, resources=["shop"])
    (name,) = [each for each in existing_drills(lightsail) if each.endswith("-disk-1")]
    client(EAST).detach_disk(diskName=name)
    client(EAST).delete_disk(diskName=name)

    sweep(stack)
    sweep(stack)
    message = failing_sweep(stack)

    why = "shop: restore test failed: the restored instance is running, but not all disks of the"
    assert f"{why} restored instance exist, and the limit of 3 hours has passed" in message
    assert existing_drills(lightsail) == set()
