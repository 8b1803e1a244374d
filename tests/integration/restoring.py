"""What the tests of restores share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lightsail_moto import Control
from snapshotter.model.names import to_iso
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.deployment import Deployment

EAST, WEST = "us-east-1", "us-west-2"
NAME = "web-20260302T045000Z"
"""The recovery point of web."""

RESTORED = "web-restored-20260302T045000Z"


def backed_up(lightsail: Control, deploy: Deploy, **parameters: str) -> Deployment:
    """A stack that may restore, two hours after it took its first snapshots, with their copies."""
    stack = deploy(EnableRestore="true", **parameters)
    stack.nightly(NIGHT)
    swept(stack)
    lightsail.clock.advance(hours=1)
    return stack


def resources(lightsail: Control, kind: str, region: str = EAST) -> dict[str, Mapping[str, Any]]:
    return dict(lightsail.world().get(region, {}).get(kind, {}))


def event(deployment: Deployment, **keys: Any) -> dict[str, Any]:
    """An event that restores, at the present time of the account."""
    now = to_iso(deployment.control.clock.now())
    return {"action": "restore", "scheduledTime": now, **keys}


def outcomes(deployment: Deployment, **keys: Any) -> list[dict[str, Any]]:
    return list(deployment(event(deployment, **keys))["outcomes"])


def restore(deployment: Deployment, **keys: Any) -> dict[str, Any]:
    """Restore one resource; return the outcome of that, without those of its next steps."""
    return outcomes(deployment, **keys)[0]


def refusal(deployment: Deployment, **keys: Any) -> str:
    """Request a restore that must fail; return the message of the error."""
    return deployment.failing(event(deployment, **keys))


def swept(deployment: Deployment) -> dict[str, Any]:
    """Run the sweep of the next hour."""
    deployment.control.clock.advance(hours=1)
    return deployment.sweep(deployment.control.clock.now())


def sweep(deployment: Deployment) -> list[dict[str, Any]]:
    """Run the sweep of the next hour; return the outcomes that are about restores."""
    return [each for each in swept(deployment)["outcomes"] if is_about_restores(each)]


def failing_sweep(deployment: Deployment) -> str:
    """Run the sweep of the next hour, which must fail; return the message of the error."""
    deployment.control.clock.advance(hours=1)
    now = to_iso(deployment.control.clock.now())
    return deployment.failing({"action": "sweep", "scheduledTime": now})


def is_about_restores(outcome: Mapping[str, Any]) -> bool:
    to_do = "steps left of the restore" in outcome.get("reason", "")
    return outcome["action"] == "restore" or to_do


def to_do(lightsail: Control, name: str = RESTORED, region: str = EAST) -> str:
    return str(resources(lightsail, "Instance", region)[name]["tags"]["snapshotter:to-do"])


def owner_of(client: Client) -> str | None:
    return client(EAST).get_static_ip(staticIpName="web-ip")["staticIp"].get("attachedTo")
