"""The health of instances."""

from typing import Any

from lightsail_moto import Control

from .support import REGION, Client


def health(client: Client, *, asked: bool = True) -> list[Any]:
    """The statuses of an instance by each of the two reads, which agree; None where absent."""
    newer: Any = client  # the stubs lag behind the model
    (listed,) = newer.get_instances(includeHealthStatus=asked)["instances"]
    one = newer.get_instance(instanceName="web", includeHealthStatus=asked)["instance"]
    assert listed == one
    return [
        listed[member]["status"] if member in listed else None
        for member in ("instanceStatus", "systemStatus")
    ]


def test_health_is_absent_unless_it_is_asked_for_and_reported(
    client: Client, controls: Control
) -> None:
    controls.seed.add_instance("web")

    assert health(client) == ["ok", "ok"]
    assert health(client, asked=False) == [None, None]
    controls.health_reported = False
    assert health(client) == [None, None]


def test_health_follows_the_state_until_it_is_set(client: Client, controls: Control) -> None:
    controls.create_seconds, controls.health_seconds = 60, 120
    client.create_instances(
        instanceNames=["web"],
        availabilityZone="us-east-1a",
        blueprintId="wordpress",
        bundleId="nano_3_0",
    )
    seen = [health(client)]
    for seconds in (60, 119, 1):
        controls.clock.advance(seconds=seconds)
        seen.append(health(client))
    controls.set_instance_health("web", REGION, "impaired", "insufficient-data")
    controls.clock.advance(days=1)
    seen.append(health(client))
    controls.set_instance_health("web", REGION, None)
    controls.set_instance_state("web", REGION, "stopped")
    seen.append(health(client))

    assert seen == [
        ["not-applicable"] * 2,
        ["initializing"] * 2,
        ["initializing"] * 2,
        ["ok"] * 2,
        ["impaired", "insufficient-data"],
        ["not-applicable"] * 2,
    ]
