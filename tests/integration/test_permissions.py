"""The role allows the calls of the code, and no others."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from lightsail_moto import Call, Control
from snapshotter.errors import SnapshotRunFailed
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.deployment import CALLED

EAST, WEST = "us-east-1", "us-west-2"


def test_role_allows_exactly_the_actions_that_the_code_calls(
    lightsail: Control, deploy: Deploy
) -> None:
    """Every test checks each call against the role; this one finds permissions without use."""
    CALLED.clear()
    seed = lightsail.seed
    seed.add_instance("web", tags={"snapshot": None})
    seed.add_disk("data", tags={"snapshot": None})
    seed.add_database("db", tags={"snapshot": None})
    nightly = deploy(CopyToRegions=WEST, Retention="last=1")
    for night in range(3):
        at = NIGHT + timedelta(days=night)
        lightsail.clock.set(at)
        for operation in ("Instance", "Disk", "RelationalDatabase"):
            lightsail.inject(
                f"Create{operation}Snapshot", drop_connection=True, when="after", times=1
            )
        nightly.nightly(at)
        lightsail.clock.advance(hours=1)
        nightly.sweep(at + timedelta(hours=1))
    lightsail.end_in_error("web")
    at = NIGHT + timedelta(days=3)
    nightly.nightly(at)
    lightsail.clock.set(at + timedelta(hours=1))
    with suppress(SnapshotRunFailed):
        nightly.sweep(at + timedelta(hours=1))

    assert nightly.role.actions("lightsail") == CALLED


def test_enable_restore_adds_exactly_the_actions_that_restores_and_drills_call(
    lightsail: Control, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("snapshotter.drill.settle.accepts_connections", lambda *_: True)
    seed, drilled = lightsail.seed, {"snapshot": None, "snapshot:drill": None}
    seed.add_instance("web", tags={**drilled, "snapshot:drill": "443"})
    seed.add_disk("logs", attached_to="web")
    seed.add_instance("api", tags=drilled)
    seed.add_disk("data", tags=drilled)
    seed.add_database("db", tags=drilled)
    without, nightly = deploy(), deploy(EnableRestore="true")
    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)
    CALLED.clear()
    for number, operation in enumerate(("Instances", "Disk", "RelationalDatabase")):
        resource = ("web", "data", "db")[number]
        lightsail.inject(f"Create{operation}FromSnapshot", drop_connection=True, when="after")
        nightly({"action": "restore", "resource": resource})
    for resource, bundle in (("web", "micro_3_0"), ("db", "small_2_0")):
        event = {"resource": resource, "bundleId": bundle, "availabilityZone": "us-east-1b"}
        nightly({"action": "restore", "as": f"{resource}-2", **event})
    nightly({"action": "drill"})
    for _ in range(2):
        lightsail.clock.advance(hours=1)
        nightly.sweep(lightsail.clock.now())

    added = nightly.role.actions("lightsail") - without.role.actions("lightsail")
    assert added == CALLED - without.role.actions("lightsail")
    assert without.role.actions("lightsail") < nightly.role.actions("lightsail")


def test_hold_that_is_added_during_a_run_stops_the_delete(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    web = lightsail.seed.add_instance("web", tags={"snapshot": None})
    ours = {"snapshotter:policy": "nightly", "snapshotter:source": web.arn}
    for days, name in ((1, "newer"), (2, "older")):
        at = NIGHT - timedelta(days=days)
        lightsail.seed.add_snapshot(name, web, tags=ours, created_at=at)

    def hold(call: Call, phase: str) -> None:
        if (call.operation, phase) == ("CreateInstanceSnapshot", "before"):
            nightly.running = False
            client(EAST).tag_resource(resourceName="older", tags=[{"key": "snapshotter:hold"}])
            nightly.running = True

    nightly = deploy(Retention="last=1")
    lightsail.on_request(hold)
    answer = nightly.nightly(NIGHT)

    assert [(each["action"], each["status"]) for each in answer["outcomes"]] == [
        ("create", "started"),
        ("delete", "exists"),
    ]
    assert answer["outcomes"][1]["reason"] == (
        "kept: the tag snapshotter:hold was added after this run read the snapshot"
    )
    assert "older" in lightsail.world()[EAST]["InstanceSnapshot"]
