"""Drills: recovery points are tested by restoring them, and everything restored is deleted."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from lightsail_moto import Control
from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.names import to_iso
from snapshotter.policy.selection import Drilling
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.crashes import changed, fewest, kills, made
from tests.integration.deployment import Deployment
from tests.integration.restoring import EAST, failing_sweep, resources
from tests.integration.restoring import swept as sweep
from tests.integration.test_telemetry import metrics

pytestmark = pytest.mark.usefixtures("waits")

HOUR = timedelta(hours=1)
DRILL_AT = NIGHT + 2 * HOUR
STAMP = "20260302T065000Z"
WEB, DB, DATA = (f"drill-{name}-{STAMP}" for name in ("web", "db", "data"))
POINT = "web-20260302T045000Z"
VERIFIED = "snapshotter:verified"

Checks = list[tuple[str, int | None]]
PROBE = "snapshotter.restore.proof.probe"


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    """The connection checks of drills. Every port accepts connections by default."""
    made: Checks = []

    def accept(address: str, check: Drilling, _: float) -> str:
        made.append((address, check.port))
        return ""

    monkeypatch.setattr(PROBE, accept)
    return made


def refuse_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PROBE, lambda *_: "port 80 does not accept a connection")


@pytest.fixture
def nightly(lightsail: Control, deploy: Deploy, checks: Checks) -> Deployment:
    """A stack with drills, two hours after it created its first snapshots."""
    asks = {"snapshot": None, "snapshot:drill": None, "team": "shop"}
    lightsail.seed.add_instance("web", tags={**asks, "snapshot:drill": "80"}, zone="b")
    lightsail.seed.add_disk("logs", attached_to="web", size_gb=32)
    lightsail.seed.add_database("db", tags=asks)
    lightsail.seed.add_disk("data", tags=asks)
    lightsail.seed.add_instance("other", tags={"snapshot": None})
    stack = deploy(EnableRestore="true", Metrics="all")
    stack.nightly(NIGHT)
    lightsail.clock.set(DRILL_AT)
    return stack


def drill(deployment: Deployment, at: Any = DRILL_AT, **event: Any) -> dict[str, Any]:
    return deployment({"action": "drill", "scheduledTime": to_iso(at), **event})


def reported(
    answer: Mapping[str, Any], action: str = "restore"
) -> set[tuple[str, str, str | None]]:
    return {
        (each["status"], each["resource"], each.get("snapshot"))
        for each in answer["outcomes"]
        if each["action"] == action
    }


def existing_drills(lightsail: Control) -> set[str]:
    world = lightsail.world()
    return {
        name
        for kinds in world.values()
        for resources in kinds.values()
        for name in resources
        if name.startswith("drill-")
    }


def test_drill_restores_the_newest_point_of_each_resource_that_asks_for_it(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    answer = drill(nightly)

    assert reported(answer) == {
        ("started", "web", POINT),
        ("started", "db", "db-20260302T045000Z"),
        ("started", "data", "data-20260302T045000Z"),
    }
    web = lightsail.world()[EAST]["Instance"]["web"]
    assert web["tags"]["snapshot:drill"] == "80"
    tags = resources(lightsail, "Instance")[WEB]["tags"]
    assert tags == {
        "snapshotter:policy": "nightly",
        "snapshotter:source": tags["snapshotter:source"],
        "snapshotter:time": to_iso(DRILL_AT),
        "snapshotter:drill": POINT,
        "snapshotter:port": "80",
        "snapshotter:to-do": "check remove",
    }
    zone = client(EAST).get_instance(instanceName=WEB)["instance"]["location"]
    assert zone["availabilityZone"] == "us-east-1b"


def test_sweeps_tag_verified_points_and_delete_everything_the_drill_created(
    lightsail: Control, nightly: Deployment, checks: Checks, client: Client
) -> None:
    before = lightsail.world()
    drill(nightly)
    address = client(EAST).get_instance(instanceName=WEB)["instance"]["publicIpAddress"]

    answer = sweep(nightly)
    verified_at = to_iso(lightsail.clock.now())
    sweep(nightly)

    assert reported(answer) == {
        ("tagged", "web", POINT),
        ("tagged", "db", "db-20260302T045000Z"),
        ("tagged", "data", "data-20260302T045000Z"),
        ("deleted", WEB, None),
        ("deleted", DB, None),
        ("deleted", DATA, None),
    }
    assert answer["summary"]["deleted"] == 0
    assert checks == [(address, 80)]
    assert existing_drills(lightsail) == set()
    assert resources(lightsail, "InstanceSnapshot")[POINT]["tags"][VERIFIED] == verified_at
    assert made(lightsail.world(), before) == set()
    assert changed(lightsail.world(), before) == {
        POINT,
        "db-20260302T045000Z",
        "data-20260302T045000Z",
    }


def test_drill_opens_the_tested_port_and_no_other(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    drill(nightly, resources=["web", "other"])

    def ports(name: str) -> list[int]:
        states = client(EAST).get_instance_port_states(instanceName=name)["portStates"]
        return [port["fromPort"] for port in states]

    assert ports(WEB) == [80]
    assert ports(f"drill-other-{STAMP}") == []
    assert ports("web") == ports("other") == [22, 80]


def test_drill_whose_port_refuses_connections_fails_after_three_hours_and_is_deleted(
    lightsail: Control, nightly: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_connections(monkeypatch)
    drill(nightly, resources=["web"])

    for _ in range(2):
        assert reported(sweep(nightly)) == {("exists", "web", POINT)}
    assert (
        "web: restore test failed: the restored instance is running, but port 80 does not accept "
        f"a connection, and the limit of 3 hours has passed. The recovery point {POINT} may not "
        "be usable. Restore it by hand and check it"
    ) in failing_sweep(nightly)
    sweep(nightly)

    assert existing_drills(lightsail) == set()
    tags = resources(lightsail, "InstanceSnapshot")[POINT]["tags"]
    assert tags["snapshotter:drill-failed"] == to_iso(DRILL_AT + 3 * HOUR)
    assert tags.keys().isdisjoint({VERIFIED, "snapshotter:recovery-seconds"})


def test_drill_that_ends_in_error_fails_and_is_deleted(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.end_in_error(POINT)
    drill(nightly, resources=["web"])

    message = "web: restore test failed: the state of the restored instance is error. "
    assert message in failing_sweep(nightly)
    sweep(nightly)

    assert existing_drills(lightsail) == set()


@pytest.mark.parametrize(
    "operation", ["PutInstancePublicPorts", "TagResource", "DeleteInstance", "DeleteDisk"]
)
def test_step_that_fails_is_repeated_by_a_later_sweep(
    lightsail: Control, nightly: Deployment, operation: str
) -> None:
    times = 2 if operation == "PutInstancePublicPorts" else 1
    refused = lightsail.inject(operation, error="InvalidInputException", times=times)
    with contextlib.suppress(SnapshotRunFailed):
        drill(nightly, resources=["web"])

    for _ in range(3):
        with contextlib.suppress(SnapshotRunFailed):
            sweep(nightly)

    assert refused.struck == times
    assert existing_drills(lightsail) == set()
    assert VERIFIED in resources(lightsail, "InstanceSnapshot")[POINT]["tags"]


def test_instance_is_not_deleted_before_its_disks_are_tagged(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.inject(
        "TagResource", error="InvalidInputException", resource=f"{WEB}-disk-1", times=3
    )
    with pytest.raises(SnapshotRunFailed):
        drill(nightly, resources=["web"])

    failing_sweep(nightly)
    failing_sweep(nightly)

    assert existing_drills(lightsail) == {WEB, f"{WEB}-disk-1"}


def test_drill_whose_firewall_cannot_be_set_fails_without_a_check_and_is_deleted(
    lightsail: Control, nightly: Deployment, checks: Checks
) -> None:
    lightsail.inject("PutInstancePublicPorts", error="InvalidInputException", times=None)
    with pytest.raises(SnapshotRunFailed):
        drill(nightly, resources=["web"])

    messages = [failing_sweep(nightly) for _ in range(3)]
    sweep(nightly)

    assert "the firewall of the restored instance is not set yet, and the limit" in messages[-1]
    assert (existing_drills(lightsail), checks) == (set(), [])


def test_drill_that_never_becomes_ready_fails_after_three_hours_and_is_deleted(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.restore_seconds = 86_400
    drill(nightly, resources=["db"])

    sweep(nightly)
    sweep(nightly)
    message = "the state of the restored database is creating, and the limit of 3 hours has passed"
    assert message in failing_sweep(nightly)

    assert existing_drills(lightsail) == set()


def test_repeated_event_starts_no_second_drill(lightsail: Control, nightly: Deployment) -> None:
    drill(nightly)
    before = existing_drills(lightsail)

    again = drill(nightly)

    assert {status for status, *_ in reported(again)} == {"exists"}
    assert existing_drills(lightsail) == before


def test_late_repeated_event_does_not_test_the_same_point_again(
    lightsail: Control, nightly: Deployment
) -> None:
    drill(nightly)
    sweep(nightly)
    sweep(nightly)

    again = drill(nightly)

    assert {status for status, *_ in reported(again)} == {"exists"}
    assert existing_drills(lightsail) == set()


def test_drill_whose_response_is_lost_is_recognised(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.inject("CreateInstancesFromSnapshot", drop_connection=True, when="after")

    assert reported(drill(nightly, resources=["web"])) == {("exists", "web", POINT)}


def test_resource_of_a_drill_is_never_protected_or_counted(
    lightsail: Control, nightly: Deployment
) -> None:
    tags = {"snapshot": None, "snapshotter:drill": "x", "snapshotter:policy": "nightly"}
    lightsail.seed.add_instance("drill-by-hand", tags=tags)

    answer = nightly({"dryRun": True})

    assert answer["summary"]["selected"] == 4
    assert "drill-by-hand" not in {each["resource"] for each in answer["outcomes"]}


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("drill-x", {"snapshotter:drill": "x", "snapshotter:policy": "another"}),
        ("drill-x", {"snapshotter:drill": "x"}),
        ("mine", {"snapshotter:drill": "x", "snapshotter:policy": "nightly"}),
        ("drill-x", {"snapshotter:policy": "nightly"}),
        ("drill-x", {}),
    ],
)
def test_resource_that_lacks_a_mark_of_our_drills_is_never_changed(
    lightsail: Control, nightly: Deployment, name: str, tags: dict[str, str]
) -> None:
    lightsail.seed.add_instance(name, tags=tags)
    lightsail.seed.add_disk(f"{name}-disk-1")
    lightsail.seed.add_disk(f"{name}-disk-2", attached_to=name, path="/dev/xvdg")
    before = lightsail.world()

    sweep(nightly)

    assert lightsail.world() == before


def test_disk_that_somebody_attached_to_a_drill_is_kept(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    drill(nightly, resources=["web"])
    lightsail.clock.advance(minutes=6)
    lightsail.seed.add_disk("rescue", zone="b")
    client(EAST).attach_disk(diskName="rescue", instanceName=WEB, diskPath="/dev/xvdz")

    sweep(nightly)
    sweep(nightly)

    assert existing_drills(lightsail) == set()
    assert resources(lightsail, "Disk")["rescue"]["attachedTo"] is None


def test_disk_of_a_drill_that_is_attached_elsewhere_is_reported_and_kept(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    drill(nightly, resources=["web"])
    sweep(nightly)
    lightsail.seed.add_instance("rescuer", zone="b")
    client(EAST).attach_disk(diskName=f"{WEB}-disk-1", instanceName="rescuer", diskPath="/dev/xvdz")

    answer = sweep(nightly)

    assert reported(answer) == {("deferred", f"{WEB}-disk-1", None)}
    assert resources(lightsail, "Disk")[f"{WEB}-disk-1"]["attachedTo"] == "rescuer"


def test_disks_of_drills_are_deleted_if_disks_are_not_protected_too(
    lightsail: Control, deploy: Deploy, checks: Checks
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None, "snapshot:drill": None})
    lightsail.seed.add_disk("logs", attached_to="web", tags={"snapshot": None})
    nightly = deploy(EnableRestore="true", ResourceTypes="Instance")
    nightly.nightly(NIGHT)
    lightsail.clock.set(DRILL_AT)
    drill(nightly)

    sweep(nightly)
    sweep(nightly)

    assert existing_drills(lightsail) == set()
    assert VERIFIED in resources(lightsail, "InstanceSnapshot")[POINT]["tags"]
    assert resources(lightsail, "DiskSnapshot") == {}


def test_recovery_point_is_kept_while_a_drill_tests_it(
    lightsail: Control, deploy: Deploy, checks: Checks
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None, "snapshot:drill": None})
    lightsail.restore_seconds = 7_000
    nightly = deploy(EnableRestore="true", Retention="last=1")
    nightly.nightly(NIGHT)
    lightsail.clock.set(DRILL_AT)
    drill(nightly)
    nightly.nightly(DRILL_AT)

    sweep(nightly)
    sweep(nightly)

    assert VERIFIED in resources(lightsail, "InstanceSnapshot")[POINT]["tags"]
    assert len(resources(lightsail, "InstanceSnapshot")) == 2


def test_verified_point_is_kept_until_a_newer_one_is_verified(
    lightsail: Control, deploy: Deploy, checks: Checks
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None, "snapshot:drill": None})
    nightly = deploy(EnableRestore="true", Retention="last=1")
    snapshots = []
    for night in range(4):
        at = NIGHT + timedelta(days=night)
        lightsail.clock.set(at)
        nightly.nightly(at)
        sweep(nightly)
        if night in (0, 2):
            drill(nightly, lightsail.clock.now())
        sweep(nightly)
        sweep(nightly)
        snapshots.append({name[4:12] for name in resources(lightsail, "InstanceSnapshot")})

    assert snapshots == [
        {"20260302"},
        {"20260302", "20260303"},
        {"20260304"},
        {"20260304", "20260305"},
    ]


def test_dry_runs_report_what_they_would_do_and_change_nothing(
    lightsail: Control, nightly: Deployment, checks: Checks
) -> None:
    before = lightsail.world()
    planned = drill(nightly, dryRun=True)
    assert {status for status, *_ in reported(planned)} == {"planned"}
    assert lightsail.world() == before
    drill(nightly)
    lightsail.clock.advance(hours=1)
    before = lightsail.world()

    answer = nightly.sweep(lightsail.clock.now(), dryRun=True)

    assert {status for status, *_ in reported(answer)} == {"planned"}
    assert (lightsail.world(), checks) == (before, [])


def test_orphaned_drill_is_reported_after_enable_restore_is_set_to_false(
    lightsail: Control, nightly: Deployment, deploy: Deploy
) -> None:
    drill(nightly, resources=["db"])

    assert (
        f"{DB}: a drill made it, and this stack may not delete it any more. Delete it by hand, or "
        "set EnableRestore=true until a sweep has deleted it"
    ) in failing_sweep(deploy())


def test_metrics_count_drills_and_measure_the_age_of_the_oldest_proof(
    lightsail: Control,
    nightly: Deployment,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    refuse_connections(monkeypatch)
    drill(nightly)
    started = metrics(capsys.readouterr().out)[EAST]
    sweep(nightly)
    passed = metrics(capsys.readouterr().out)[EAST]
    sweep(nightly)
    capsys.readouterr()
    failing_sweep(nightly)
    failed = metrics(capsys.readouterr().out)[EAST]

    assert (started["DrillsPassed"], started["DrillsFailed"]) == (0, 0)
    assert "OldestProofAge" not in started
    assert (passed["DrillsPassed"], passed["DrillsFailed"]) == (2, 0)
    assert (failed["DrillsPassed"], failed["DrillsFailed"], failed["SnapshotsFailed"]) == (0, 1, 0)
    # No drill of web has passed, so its first recovery point counts.
    assert failed["OldestProofAge"] == 5


def test_killed_at_any_call_a_drill_is_completed_and_changes_nothing_else(
    lightsail: Control, nightly: Deployment
) -> None:
    """The start is killed; Lambda retries the same event; the sweeps follow."""
    lightsail.page_size = 1000
    runs = 0

    def events() -> Iterator[dict[str, Any]]:
        for _ in count():
            lightsail.clock.advance(hours=1)
            yield a_drill(lightsail)

    for _ in kills(nightly, events()):
        runs += 1
        assert_one_drill(lightsail)
        nightly(a_drill(lightsail))
        assert_one_drill(lightsail)
        assert_sweeps_delete_the_drill(lightsail, nightly)

    # Six lists, a restore, a read of it and its firewall; before and after each.
    assert runs >= fewest(9, 2)


@pytest.mark.parametrize(
    ("earlier", "calls", "writes"),
    [
        pytest.param(0, 9, 3, id="tags-the-disk-and-the-point-and-deletes-the-instance"),
        pytest.param(1, 7, 1, id="deletes-the-disk"),
    ],
)
def test_killed_at_any_call_a_sweep_of_a_drill_is_completed_by_the_next_sweeps(
    lightsail: Control, nightly: Deployment, earlier: int, calls: int, writes: int
) -> None:
    """Six of the calls are lists."""
    lightsail.page_size = 1000
    runs = 0

    def events() -> Iterator[dict[str, Any]]:
        for _ in count():
            assert_sweeps_delete_the_drill(lightsail, nightly)
            lightsail.clock.advance(hours=1)
            nightly(a_drill(lightsail))
            for _ in range(earlier):
                sweep(nightly)
            lightsail.clock.advance(hours=1)
            at = to_iso(lightsail.clock.now())
            yield {"action": "sweep", "scheduledTime": at}

    for _ in kills(nightly, events()):
        runs += 1
        assert_sweeps_delete_the_drill(lightsail, nightly)

    assert runs >= fewest(calls, writes)


def a_drill(lightsail: Control) -> dict[str, Any]:
    return {"action": "drill", "scheduledTime": to_iso(lightsail.clock.now()), "resources": ["web"]}


def assert_one_drill(lightsail: Control) -> None:
    """Assert that at most one drill of a resource exists."""
    drills = [name for name in resources(lightsail, "Instance") if name.startswith("drill-web-")]
    assert len(drills) <= 1


def assert_sweeps_delete_the_drill(lightsail: Control, deployment: Deployment) -> None:
    """Assert that two sweeps delete all drills, and the owner's resources are unchanged."""
    for _ in range(2):
        with contextlib.suppress(SnapshotRunFailed):
            sweep(deployment)
    assert existing_drills(lightsail) == set()
    owners = lightsail.world()[EAST]
    assert set(owners["Instance"]) == {"web", "other"}
    assert {name: disk["attachedTo"] for name, disk in owners["Disk"].items()} == {
        "logs": "web",
        "data": None,
    }
    assert set(owners["RelationalDatabase"]) == {"db"}


def test_failed_drill_of_one_resource_stops_no_other(
    lightsail: Control, nightly: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    lightsail.inject("CreateRelationalDatabaseFromSnapshot", error="ServiceException", times=None)

    assert "db" in nightly.failing({"action": "drill", "scheduledTime": to_iso(DRILL_AT)})

    assert existing_drills(lightsail) == {WEB, f"{WEB}-disk-1", DATA}
