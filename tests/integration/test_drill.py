"""Drills: recovery points are proven by restoring them for a while, and nothing is left behind."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from lightsail_moto import Control
from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.times import to_iso
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.crashes import STRIDE, changed, kills, made
from tests.integration.deployment import Deployment
from tests.integration.test_telemetry import metrics

EAST, WEST = "us-east-1", "us-west-2"
HOUR = timedelta(hours=1)
DRILL_AT = NIGHT + 2 * HOUR
STAMP = "20260302T065000Z"
WEB, DB, DATA = (f"drill-{name}-{STAMP}" for name in ("web", "db", "data"))
POINT = "web-20260302T045000Z"
VERIFIED = "snapshotter:verified"

Knocks = list[tuple[str, int]]


@pytest.fixture
def knocks(monkeypatch: pytest.MonkeyPatch) -> Knocks:
    """What drills knocked on; every port answers unless a test says otherwise."""
    heard: Knocks = []

    def hear(address: str, port: int) -> bool:
        heard.append((address, port))
        return True

    answer(monkeypatch, hear)
    return heard


def answer(monkeypatch: pytest.MonkeyPatch, how: Callable[[str, int], bool]) -> None:
    monkeypatch.setattr("snapshotter.drill.connection_check.answers", how)


@pytest.fixture
def nightly(lightsail: Control, deploy: Deploy, knocks: Knocks) -> Deployment:
    """A stack that drills, two hours after it took its first snapshots."""
    asks = {"snapshot": None, "snapshot:drill": None, "team": "shop"}
    lightsail.seed.add_instance("web", tags={**asks, "snapshot:drill": "80"}, zone="b")
    lightsail.seed.add_disk("logs", attached_to="web", size_gb=32)
    lightsail.seed.add_database("db", tags=asks)
    lightsail.seed.add_disk("data", tags=asks)
    lightsail.seed.add_instance("other", tags={"snapshot": None})
    stack = deploy(EnableRestore="true")
    stack.nightly(NIGHT)
    lightsail.clock.set(DRILL_AT)
    return stack


def drill(deployment: Deployment, at: Any = DRILL_AT, **event: Any) -> dict[str, Any]:
    return deployment({"action": "drill", "scheduledTime": to_iso(at), **event})


def sweep(deployment: Deployment, **event: Any) -> dict[str, Any]:
    """An hour goes by, and the sweep comes."""
    deployment.control.clock.advance(hours=1)
    return deployment.sweep(deployment.control.clock.now(), **event)


def failing_sweep(deployment: Deployment) -> str:
    deployment.control.clock.advance(hours=1)
    at = to_iso(deployment.control.clock.now())
    return deployment.failing({"action": "sweep", "scheduledTime": at})


def there(lightsail: Control, kind: str, region: str = EAST) -> dict[str, Mapping[str, Any]]:
    return dict(lightsail.world().get(region, {}).get(kind, {}))


def told(answer: Mapping[str, Any], action: str = "restore") -> set[tuple[str, str, str | None]]:
    return {
        (each["status"], each["resource"], each.get("snapshot"))
        for each in answer["outcomes"]
        if each["action"] == action
    }


def left_of_drills(lightsail: Control) -> set[str]:
    world = lightsail.world()
    return {
        name
        for kinds in world.values()
        for resources in kinds.values()
        for name in resources
        if name.startswith("drill-")
    }


def test_every_resource_that_asks_for_it_is_restored_under_a_drill_s_name(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    answer = drill(nightly)

    assert told(answer) == {
        ("started", "web", POINT),
        ("started", "db", "db-20260302T045000Z"),
        ("started", "data", "data-20260302T045000Z"),
    }
    web = lightsail.world()[EAST]["Instance"]["web"]
    assert web["tags"]["snapshot:drill"] == "80"
    tags = there(lightsail, "Instance")[WEB]["tags"]
    assert tags == {
        "snapshotter:policy": "nightly",
        "snapshotter:source": tags["snapshotter:source"],
        "snapshotter:time": to_iso(DRILL_AT),
        "snapshotter:drill": POINT,
        "snapshotter:port": "80",
    }
    zone = client(EAST).get_instance(instanceName=WEB)["instance"]["location"]
    assert zone["availabilityZone"] == "us-east-1b"


def test_next_sweeps_write_the_proof_and_remove_all_that_the_drill_made(
    lightsail: Control, nightly: Deployment, knocks: Knocks
) -> None:
    before = lightsail.world()
    drill(nightly)

    answer = sweep(nightly)
    proof = to_iso(lightsail.clock.now())
    sweep(nightly)

    assert told(answer) == {
        ("tagged", "web", POINT),
        ("tagged", "db", "db-20260302T045000Z"),
        ("tagged", "data", "data-20260302T045000Z"),
        ("deleted", WEB, None),
        ("deleted", DB, None),
        ("deleted", DATA, None),
    }
    assert answer["summary"]["deleted"] == 0
    assert knocks == [("198.51.100.1", 80)]
    assert left_of_drills(lightsail) == set()
    assert there(lightsail, "InstanceSnapshot")[POINT]["tags"][VERIFIED] == proof
    assert made(lightsail.world(), before) == set()
    assert changed(lightsail.world(), before) == {
        POINT,
        "db-20260302T045000Z",
        "data-20260302T045000Z",
    }


def test_drill_opens_the_port_that_it_tests_and_no_other(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    drill(nightly, resources=["web", "other"])

    def ports(name: str) -> list[int]:
        states = client(EAST).get_instance_port_states(instanceName=name)["portStates"]
        return [port["fromPort"] for port in states]

    assert ports(WEB) == [80]
    assert ports(f"drill-other-{STAMP}") == []
    assert ports("web") == ports("other") == [22, 80]


def test_port_that_cannot_be_set_at_once_is_set_by_the_next_sweep(
    lightsail: Control, nightly: Deployment, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    answer(monkeypatch, lambda *_: False)
    lightsail.inject("PutInstancePublicPorts", error="InvalidInputException")
    drill(nightly, resources=["web"])

    sweep(nightly)

    states = client(EAST).get_instance_port_states(instanceName=WEB)["portStates"]
    assert [port["fromPort"] for port in states] == [80]


def test_instance_whose_port_does_not_answer_fails_after_three_hours_and_is_removed(
    lightsail: Control, nightly: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, lambda *_: False)
    drill(nightly, resources=["web"])

    for _ in range(2):
        assert told(sweep(nightly)) == {("exists", "web", POINT)}
    said = failing_sweep(nightly)
    assert "but port 80 does not answer, 3 hours after the drill began" in said
    sweep(nightly)

    assert left_of_drills(lightsail) == set()
    assert VERIFIED not in there(lightsail, "InstanceSnapshot")[POINT]["tags"]


def test_drill_that_ends_in_error_has_failed_and_is_removed(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.end_in_error(POINT)
    drill(nightly, resources=["web"])

    assert f"the drill {WEB} has failed: it ended in error" in failing_sweep(nightly)
    sweep(nightly)

    assert left_of_drills(lightsail) == set()


@pytest.mark.parametrize(
    "operation", ["PutInstancePublicPorts", "TagResource", "DeleteInstance", "DeleteDisk"]
)
def test_step_that_is_refused_is_told_and_done_by_a_later_sweep(
    lightsail: Control, nightly: Deployment, operation: str
) -> None:
    times = 2 if operation == "PutInstancePublicPorts" else 1
    refused = lightsail.inject(operation, error="InvalidInputException", times=times)
    drill(nightly, resources=["web"])

    for _ in range(3):
        with contextlib.suppress(SnapshotRunFailed):
            sweep(nightly)

    assert refused.struck == times
    assert left_of_drills(lightsail) == set()
    assert VERIFIED in there(lightsail, "InstanceSnapshot")[POINT]["tags"]


def test_instance_is_not_deleted_before_its_disk_may_be_too(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.inject("TagResource", error="InvalidInputException", resource=f"{WEB}-disk-1")
    drill(nightly, resources=["web"])

    failing_sweep(nightly)

    assert left_of_drills(lightsail) == {WEB, f"{WEB}-disk-1"}


def test_drill_whose_firewall_cannot_be_set_is_removed_all_the_same(
    lightsail: Control, nightly: Deployment, knocks: Knocks
) -> None:
    lightsail.inject("PutInstancePublicPorts", error="InvalidInputException", times=None)
    drill(nightly, resources=["web"])

    for _ in range(3):
        failing_sweep(nightly)
    sweep(nightly)

    assert (left_of_drills(lightsail), knocks) == (set(), [])


def test_restore_that_never_ends_is_given_up(lightsail: Control, nightly: Deployment) -> None:
    lightsail.restore_seconds = 86_400
    drill(nightly, resources=["db"])

    sweep(nightly)
    sweep(nightly)
    assert "it is creating, 3 hours after the drill began" in failing_sweep(nightly)

    assert left_of_drills(lightsail) == set()


def test_drill_delivered_twice_is_one_drill(lightsail: Control, nightly: Deployment) -> None:
    drill(nightly)
    before = left_of_drills(lightsail)

    again = drill(nightly)

    assert {status for status, *_ in told(again)} == {"exists"}
    assert left_of_drills(lightsail) == before


def test_drill_delivered_late_does_not_prove_the_same_point_again(
    lightsail: Control, nightly: Deployment
) -> None:
    drill(nightly)
    sweep(nightly)
    sweep(nightly)

    again = drill(nightly)

    assert {status for status, *_ in told(again)} == {"exists"}
    assert left_of_drills(lightsail) == set()


def test_drill_whose_answer_is_lost_is_recognised(lightsail: Control, nightly: Deployment) -> None:
    lightsail.inject("CreateInstancesFromSnapshot", drop_connection=True, when="after")

    assert told(drill(nightly, resources=["web"])) == {("exists", "web", POINT)}


def test_drill_is_never_protected_nor_counted(lightsail: Control, nightly: Deployment) -> None:
    client_tags = {"snapshot": None, "snapshotter:drill": "x", "snapshotter:policy": "nightly"}
    lightsail.seed.add_instance("drill-by-hand", tags=client_tags)

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
def test_what_is_not_altogether_a_drill_of_ours_is_never_removed(
    lightsail: Control, nightly: Deployment, name: str, tags: dict[str, str]
) -> None:
    lightsail.seed.add_instance(name, tags=tags)
    lightsail.seed.add_disk(f"{name}-disk-1")
    lightsail.seed.add_disk(f"{name}-disk-2", attached_to=name, path="/dev/xvdg")
    before = lightsail.world()

    sweep(nightly)

    assert lightsail.world() == before


def test_disk_that_somebody_attached_to_a_drill_is_let_go(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    drill(nightly, resources=["web"])
    lightsail.clock.advance(minutes=6)
    lightsail.seed.add_disk("rescue", zone="b")
    client(EAST).attach_disk(diskName="rescue", instanceName=WEB, diskPath="/dev/xvdz")

    sweep(nightly)
    sweep(nightly)

    assert left_of_drills(lightsail) == set()
    assert there(lightsail, "Disk")["rescue"]["attachedTo"] is None


def test_disk_of_a_drill_that_somebody_uses_is_told_and_left(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    drill(nightly, resources=["web"])
    sweep(nightly)
    lightsail.seed.add_instance("rescuer", zone="b")
    client(EAST).attach_disk(diskName=f"{WEB}-disk-1", instanceName="rescuer", diskPath="/dev/xvdz")

    answer = sweep(nightly)

    assert told(answer) == {("deferred", f"{WEB}-disk-1", None)}
    assert there(lightsail, "Disk")[f"{WEB}-disk-1"]["attachedTo"] == "rescuer"


def test_disks_of_drills_are_removed_also_where_disks_are_not_protected(
    lightsail: Control, deploy: Deploy, knocks: Knocks
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None, "snapshot:drill": None})
    lightsail.seed.add_disk("logs", attached_to="web", tags={"snapshot": None})
    nightly = deploy(EnableRestore="true", ResourceTypes="Instance")
    nightly.nightly(NIGHT)
    lightsail.clock.set(DRILL_AT)
    drill(nightly)

    sweep(nightly)
    sweep(nightly)

    assert left_of_drills(lightsail) == set()
    assert VERIFIED in there(lightsail, "InstanceSnapshot")[POINT]["tags"]
    assert there(lightsail, "DiskSnapshot") == {}


def test_recovery_point_stays_while_a_drill_is_about_to_prove_it(
    lightsail: Control, deploy: Deploy, knocks: Knocks
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

    assert VERIFIED in there(lightsail, "InstanceSnapshot")[POINT]["tags"]
    assert len(there(lightsail, "InstanceSnapshot")) == 2


def test_proven_point_stays_until_a_newer_one_is_proven(
    lightsail: Control, deploy: Deploy, knocks: Knocks
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
        snapshots.append({name[4:12] for name in there(lightsail, "InstanceSnapshot")})

    assert snapshots == [
        {"20260302"},
        {"20260302", "20260303"},
        {"20260304"},
        {"20260304", "20260305"},
    ]


def test_event_can_name_what_is_drilled_whether_it_asks_for_it_or_not(
    lightsail: Control, nightly: Deployment
) -> None:
    drill(nightly, resources=["other"])

    assert left_of_drills(lightsail) == {f"drill-other-{STAMP}"}


def test_resource_without_a_recovery_point_waits_for_one(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.seed.add_instance("new", tags={"snapshot": None, "snapshot:drill": None})

    assert ("deferred", "new", None) in told(drill(nightly))


def test_tag_that_cannot_be_understood_is_told_and_stops_no_backup(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.seed.add_instance("new", tags={"snapshot": None, "snapshot:drill": "http"})

    said = nightly.failing({"action": "drill"})
    assert "the tag 'snapshot:drill' has the value 'http': it is no port" in said
    failing_sweep(nightly)

    assert any(name.startswith("new-") for name in there(lightsail, "InstanceSnapshot"))
    assert not any(name.startswith("drill-new") for name in left_of_drills(lightsail))


def test_dry_runs_say_what_they_would_do_and_do_nothing(
    lightsail: Control, nightly: Deployment, knocks: Knocks
) -> None:
    before = lightsail.world()
    planned = drill(nightly, dryRun=True)
    assert {status for status, *_ in told(planned)} == {"planned"}
    assert lightsail.world() == before
    drill(nightly)
    lightsail.clock.advance(hours=1)
    before = lightsail.world()

    answer = nightly.sweep(lightsail.clock.now(), dryRun=True)

    assert {status for status, *_ in told(answer)} == {"planned"}
    assert (lightsail.world(), knocks) == (before, [])


def test_drill_left_behind_by_a_stack_that_may_not_restore_any_more_is_told(
    lightsail: Control, nightly: Deployment, deploy: Deploy
) -> None:
    drill(nightly, resources=["db"])

    said = failing_sweep(deploy())

    assert f"{DB} was left behind when EnableRestore was switched off: delete it" in said


def test_drills_are_counted_and_the_age_of_the_oldest_proof_is_measured(
    lightsail: Control,
    nightly: Deployment,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer(monkeypatch, lambda *_: False)
    drill(nightly)
    started = metrics(capsys.readouterr().out)[EAST]
    sweep(nightly)
    passed = metrics(capsys.readouterr().out)[EAST]
    sweep(nightly)
    failing_sweep(nightly)
    failed = metrics(capsys.readouterr().out)[EAST]

    assert (started["DrillsPassed"], started["DrillsFailed"]) == (0, 0)
    assert "OldestProofAge" not in started
    assert (passed["DrillsPassed"], passed["DrillsFailed"]) == (2, 0)
    assert (failed["DrillsPassed"], failed["DrillsFailed"], failed["SnapshotsFailed"]) == (0, 1, 0)
    # Nobody has proven web since its first recovery point.
    assert failed["OldestProofAge"] == 5


def test_killed_at_any_call_a_drill_leaves_nothing_behind_and_touches_nothing_else(
    lightsail: Control, nightly: Deployment
) -> None:
    """The start is killed; the same event comes again, as Lambda brings it; the sweeps follow."""
    lightsail.page_size = 1000
    runs = 0

    def events() -> Iterator[dict[str, Any]]:
        for _ in count():
            lightsail.clock.advance(hours=1)
            yield a_drill(lightsail)

    for _ in kills(nightly, events()):
        runs += 1
        one_each(lightsail)
        nightly(a_drill(lightsail))
        one_each(lightsail)
        quiet_after_sweeps(lightsail, nightly)

    # Six lists, a restore, a look at it and its firewall; before and after each.
    assert runs >= 18 // STRIDE


@pytest.mark.parametrize(
    ("earlier", "calls"),
    [
        pytest.param(0, 9, id="which-marks-the-disk-writes-the-proof-and-deletes-the-instance"),
        pytest.param(1, 7, id="which-deletes-the-disk"),
    ],
)
def test_killed_at_any_call_a_sweep_that_ends_a_drill_is_mended_by_the_next_ones(
    lightsail: Control, nightly: Deployment, earlier: int, calls: int
) -> None:
    """Six of the calls are the lists."""
    lightsail.page_size = 1000
    runs = 0

    def events() -> Iterator[dict[str, Any]]:
        for _ in count():
            quiet_after_sweeps(lightsail, nightly)
            lightsail.clock.advance(hours=1)
            nightly(a_drill(lightsail))
            for _ in range(earlier):
                sweep(nightly)
            lightsail.clock.advance(hours=1)
            at = to_iso(lightsail.clock.now())
            yield {"action": "sweep", "scheduledTime": at}

    for _ in kills(nightly, events()):
        runs += 1
        quiet_after_sweeps(lightsail, nightly)

    assert runs >= 2 * calls // STRIDE


def a_drill(lightsail: Control) -> dict[str, Any]:
    return {"action": "drill", "scheduledTime": to_iso(lightsail.clock.now()), "resources": ["web"]}


def one_each(lightsail: Control) -> None:
    """No point is being proven twice at a time."""
    drills = [name for name in there(lightsail, "Instance") if name.startswith("drill-web-")]
    assert len(drills) <= 1


def quiet_after_sweeps(lightsail: Control, deployment: Deployment) -> None:
    """Whatever was going on is over after two sweeps, and the owner's things are as they were."""
    for _ in range(2):
        with contextlib.suppress(SnapshotRunFailed):
            sweep(deployment)
    assert left_of_drills(lightsail) == set()
    owners = lightsail.world()[EAST]
    assert set(owners["Instance"]) == {"web", "other"}
    assert {name: disk["attachedTo"] for name, disk in owners["Disk"].items()} == {
        "logs": "web",
        "data": None,
    }
    assert set(owners["RelationalDatabase"]) == {"db"}


def test_failing_drill_of_one_resource_stops_no_other(
    lightsail: Control, nightly: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    lightsail.inject("CreateRelationalDatabaseFromSnapshot", error="ServiceException", times=None)

    assert "db" in nightly.failing({"action": "drill", "scheduledTime": to_iso(DRILL_AT)})

    assert left_of_drills(lightsail) == {WEB, f"{WEB}-disk-1", DATA}
