"""Sweeps: they confirm, retry what failed, and protect new resources within the hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lightsail_moto import Call, Control
from tests.integration.conftest import NIGHT, Deploy

HOUR = timedelta(hours=1)


def outcomes(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each["action"], each["status"], each["snapshot"]) for each in answer["outcomes"]]


def snapshots(lightsail: Control, kind: str = "InstanceSnapshot") -> dict[str, str]:
    """States by name."""
    found = lightsail.world().get("us-east-1", {}).get(kind, {})
    return {name: snapshot["state"] for name, snapshot in found.items()}


def test_failed_night_is_reported_with_its_cause_and_retried(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.end_in_error("web", error_code="DiskFull", error_details="The disk is full.")
    nightly = deploy()
    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)

    message = nightly.failing({"action": "sweep", "scheduledTime": "2026-03-02T05:50:00Z"})

    assert message.startswith(
        "sweep of 2026-03-02T05:50:00Z by nightly: 1 failed: confirm web-20260302T045000Z in "
        "us-east-1: web-20260302T045000Z ended in error: The disk is full. In all: "
    )
    lightsail.clock.advance(hours=1)
    assert outcomes(nightly.sweep(NIGHT + 2 * HOUR)) == [
        ("delete", "deleted", "web-20260302T045000Z"),
    ]
    assert snapshots(lightsail) == {"web-20260302T055000Z": "available"}


def test_failed_confirm_has_the_error_of_the_operation(lightsail: Control, deploy: Deploy) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.end_in_error("web", error_code="DiskFull", error_details="The disk is full.")
    nightly = deploy()
    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)

    _, outcome = nightly.sweep(NIGHT + HOUR, dryRun=True)["outcomes"]

    (operation,) = outcome.pop("operations")
    assert (operation["status"], operation["errorCode"]) == ("Failed", "DiskFull")
    assert outcome == {
        "region": "us-east-1",
        "resourceType": "Instance",
        "resource": "web",
        "action": "confirm",
        "snapshot": "web-20260302T045000Z",
        "status": "failed",
        "error": {
            "code": "DiskFull",
            "message": "web-20260302T045000Z ended in error: The disk is full.",
        },
    }


def test_sweep_that_is_retried_after_it_raised_succeeds(lightsail: Control, deploy: Deploy) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.end_in_error("web")
    nightly = deploy()
    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)
    event = {"action": "sweep", "scheduledTime": "2026-03-02T05:50:00Z"}
    nightly.failing(event)

    assert nightly(event)["summary"] == {
        "selected": 1,
        "created": 0,
        "copied": 0,
        "deleted": 0,
        "failed": 0,
        "deferred": 0,
        "pending": 1,
        "stale": 1,
        "refused": 0,
        "lost": 0,
        "held": 0,
    }


def test_newly_tagged_resource_is_protected_by_the_next_sweep(
    lightsail: Control, deploy: Deploy
) -> None:
    nightly = deploy()
    nightly.nightly(NIGHT)
    lightsail.seed.add_instance("new", tags={"snapshot": None})

    nightly.sweep(NIGHT + HOUR)

    assert list(snapshots(lightsail)) == ["new-20260302T055000Z"]


def test_sweeps_add_nothing_to_nights_that_succeeded(lightsail: Control, deploy: Deploy) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    nightly = deploy()
    nightly.nightly(NIGHT)

    for hour in range(1, 24):
        lightsail.clock.advance(hours=1)
        assert nightly.sweep(NIGHT + hour * HOUR)["outcomes"] == []

    assert list(snapshots(lightsail)) == ["web-20260302T045000Z"]


def test_instances_disks_and_databases_are_all_snapshotted(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.seed.add_disk("data", tags={"snapshot": None}, attached_to="web")
    lightsail.seed.add_disk("untagged", attached_to="web", path="/dev/xvdg")
    lightsail.seed.add_database("shop-db", tags={"snapshot": None})
    nightly = deploy()

    answer = nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)

    assert {each["resource"]: each["reason"] for each in answer["outcomes"]} == {
        "web": "scheduled",
        "data": "scheduled; snapshots of the instance web contain this disk too",
        "shop-db": "scheduled",
    }
    assert snapshots(lightsail) == {"web-20260302T045000Z": "available"}
    assert snapshots(lightsail, "DiskSnapshot") == {"data-20260302T045000Z": "completed"}
    assert snapshots(lightsail, "RelationalDatabaseSnapshot") == {
        "shop-db-20260302T045000Z": "available"
    }
    assert nightly.sweep(NIGHT + HOUR)["summary"] == {
        "selected": 3,
        "created": 0,
        "copied": 0,
        "deleted": 0,
        "failed": 0,
        "deferred": 0,
        "pending": 0,
        "stale": 0,
        "refused": 0,
        "lost": 0,
        "held": 0,
    }


def test_only_the_resource_types_of_the_stack_are_snapshotted(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    lightsail.seed.add_disk("data", tags={"snapshot": None})

    deploy(ResourceTypes="Disk").nightly(NIGHT)

    assert list(snapshots(lightsail, "DiskSnapshot")) == ["data-20260302T045000Z"]
    assert snapshots(lightsail) == {}
    assert {call.operation for call in lightsail.calls} == {
        "GetDisks",
        "GetDiskSnapshots",
        "CreateDiskSnapshot",
    }


def test_database_that_is_not_available_is_deferred_and_taken_by_a_later_run(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_database("db", tags={"snapshot": None}, state="backing-up")
    nightly = deploy()

    answer = nightly.nightly(NIGHT)
    lightsail.set_database_state("db", "us-east-1", "available")
    nightly.sweep(NIGHT + HOUR)

    assert outcomes(answer) == [("create", "deferred", "db-20260302T045000Z")]
    assert list(snapshots(lightsail, "RelationalDatabaseSnapshot")) == ["db-20260302T055000Z"]


@pytest.fixture
def _virtual_sleep(lightsail: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the account's clock run while the function sleeps."""
    monkeypatch.setattr("time.sleep", lambda seconds: lightsail.clock.advance(seconds=seconds))


@pytest.mark.usefixtures("_virtual_sleep")
def test_run_that_waits_reports_failed_snapshots(lightsail: Control, deploy: Deploy) -> None:
    lightsail.snapshot_seconds = 20
    for name in ("good", "bad"):
        lightsail.seed.add_instance(name, tags={"snapshot": None})
    lightsail.end_in_error("bad", error_details="It broke.")
    nightly = deploy()

    message = nightly.failing({"scheduledTime": "2026-03-02T04:50:00Z", "wait": 60})

    assert "1 failed: confirm bad-20260302T045000Z in us-east-1: " in message
    assert "1 stale" in message


@pytest.mark.usefixtures("_virtual_sleep")
def test_run_that_waits_confirms_what_became_ready(lightsail: Control, deploy: Deploy) -> None:
    lightsail.snapshot_seconds = 20
    lightsail.seed.add_instance("web", tags={"snapshot": None})

    answer = deploy()({"wait": 60})

    assert [(each["action"], each["status"]) for each in answer["outcomes"]] == [
        ("create", "started"),
        ("confirm", "exists"),
    ]
    assert answer["outcomes"][1]["reason"] == "ready: available"
    assert (answer["summary"]["pending"], answer["summary"]["stale"]) == (0, 0)


@pytest.mark.usefixtures("_virtual_sleep")
def test_waiting_ends_after_the_given_seconds(lightsail: Control, deploy: Deploy) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})

    answer = deploy()({"wait": 30})

    assert (lightsail.clock.now() - NIGHT).total_seconds() == 30
    assert answer["summary"]["pending"] == 1


def test_run_on_a_schedule_never_waits(lightsail: Control, deploy: Deploy) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})

    deploy().nightly(NIGHT)

    assert "GetInstanceSnapshot" not in {call.operation for call in lightsail.calls}


def test_source_missed_by_shifting_pages_keeps_its_own_retention(
    lightsail: Control, deploy: Deploy
) -> None:
    web = lightsail.seed.add_instance("web", tags={"snapshot": None, "snapshot:keep": "last=9"})
    nightly = deploy(Retention="last=1")
    for night in range(3):
        lightsail.clock.set(NIGHT + timedelta(days=night))
        nightly.nightly(NIGHT + timedelta(days=night))
    lightsail.clock.advance(hours=1)
    hidden: list[str] = []

    def hide_once(call: Call, phase: str) -> None:
        if call.operation == "GetInstances" and len(hidden) < 2:
            hidden.append(phase)
            (lightsail.seed.remove if phase == "before" else lightsail.seed.put_back)(web)

    stop = lightsail.on_request(hide_once)
    answer = nightly.sweep(NIGHT + timedelta(days=2, hours=1))
    stop()

    assert hidden == ["before", "after"]
    assert answer["summary"]["deleted"] == 0
    assert len(snapshots(lightsail)) == 3
