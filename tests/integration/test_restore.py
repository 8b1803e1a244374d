"""Restores: a recovery point becomes a new resource beside its source, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from lightsail_moto import Call, Control
from snapshotter.errors import InvalidEvent
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.crashes import STRIDE, World, changed, kills, made
from tests.integration.deployment import Deployment

EAST, WEST = "us-east-1", "us-west-2"
HOUR = timedelta(hours=1)
NAME = "web-20260302T045000Z"
RESTORED = "web-restored-20260302T045000Z"
TAGS = {"snapshot": None, "snapshot:keep": "daily=3", "team": "shop", "key-only": None}


@pytest.fixture
def nightly(lightsail: Control, deploy: Deploy) -> Deployment:
    """A stack that restores, an hour after it took and copied its first snapshots."""
    lightsail.seed.add_instance("web", tags=TAGS, bundle_id="small_3_0", zone="b")
    lightsail.seed.add_disk("logs", attached_to="web", size_gb=32)
    lightsail.seed.add_disk("data", tags=TAGS, size_gb=64, zone="c")
    lightsail.seed.add_database("db", tags=TAGS, bundle_id="small_2_0")
    stack = deploy(EnableRestore="true", CopyToRegions=WEST)
    stack.nightly(NIGHT)
    lightsail.clock.advance(hours=1)
    stack.sweep(NIGHT + HOUR)
    lightsail.clock.advance(hours=1)
    return stack


def there(lightsail: Control, kind: str, region: str = EAST) -> dict[str, Mapping[str, Any]]:
    return dict(lightsail.world().get(region, {}).get(kind, {}))


def restore(deployment: Deployment, **event: Any) -> dict[str, Any]:
    """Restore, and return the one outcome."""
    (outcome,) = deployment({"action": "restore", **event})["outcomes"]
    return dict(outcome)


def refusal(deployment: Deployment, **event: Any) -> str:
    return deployment.failing({"action": "restore", **event})


def test_instance_is_restored_with_its_disks_and_tags_where_its_source_is(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    outcome = restore(nightly, resource="web")

    assert (outcome["action"], outcome["status"], outcome["resource"], outcome["snapshot"]) == (
        "restore",
        "started",
        RESTORED,
        NAME,
    )
    assert outcome["reason"] == "the recovery point of web of 2026-03-02T04:50:00Z"
    assert outcome["operations"][0]["operationType"] == "CreateInstancesFromSnapshot"
    assert there(lightsail, "Instance")[RESTORED]["tags"] == {
        "snapshot:keep": "daily=3",
        "team": "shop",
        "key-only": None,
        "snapshotter:restored": NAME,
    }
    assert there(lightsail, "Disk")[f"{RESTORED}-disk-1"]["attachedTo"] == RESTORED
    made = client(EAST).get_instance(instanceName=RESTORED)["instance"]
    assert (made["bundleId"], made["location"]["availabilityZone"]) == ("small_3_0", "us-east-1b")


def test_disk_is_restored_as_large_as_it_was(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    restore(nightly, resource="data", **{"as": "data-2"})

    made = client(EAST).get_disk(diskName="data-2")["disk"]
    assert (made["sizeInGb"], made["location"]["availabilityZone"]) == (64, "us-east-1c")


def test_database_is_restored_with_the_bundle_that_is_asked_for(
    nightly: Deployment, client: Client
) -> None:
    restore(nightly, resource="db", bundleId="medium_2_0", availabilityZone="us-east-1c")

    made = client(EAST).get_relational_database(
        relationalDatabaseName="db-restored-20260302T045000Z"
    )["relationalDatabase"]
    assert made["relationalDatabaseBundleId"] == "medium_2_0"
    assert made["location"]["availabilityZone"] == "us-east-1c"


def test_restored_resource_is_protected_only_where_that_is_asked_for(
    lightsail: Control, nightly: Deployment
) -> None:
    restore(nightly, resource="web", **{"as": "web-2", "protect": True})
    restore(nightly, resource="web", **{"as": "web-3"})

    lightsail.clock.advance(hours=1)
    answer = nightly.sweep(NIGHT + 3 * HOUR)

    assert there(lightsail, "Instance")["web-2"]["tags"]["snapshot"] is None
    assert [each["resource"] for each in answer["outcomes"] if each["action"] == "create"] == [
        "web-2"
    ]


@pytest.mark.parametrize("event", [{"region": WEST}, {"snapshot": f"{NAME}-us-east-1"}])
def test_copy_is_restored_where_it_lies(
    lightsail: Control, nightly: Deployment, event: dict[str, str]
) -> None:
    event = event if "snapshot" in event else {**event, "resource": "web"}

    assert restore(nightly, **event)["reason"].startswith("the copy of the recovery point of web")

    assert there(lightsail, "Instance", WEST)[RESTORED]["tags"]["team"] == "shop"


def test_copy_is_restored_while_its_source_s_region_is_out_of_reach(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.deny(EAST)

    assert 'say by "region" in which one to look' in refusal(nightly, resource="web")
    assert restore(nightly, resource="web", region=WEST)["status"] == "started"


def test_newest_point_at_or_before_a_moment_is_restored(
    lightsail: Control, nightly: Deployment
) -> None:
    day = timedelta(days=1)
    lightsail.clock.set(NIGHT + day)
    nightly.nightly(NIGHT + day)
    lightsail.clock.advance(hours=1)

    outcome = restore(nightly, resource="web", asOf="2026-03-03T05:49:59+01:00")

    assert outcome["snapshot"] == NAME
    assert restore(nightly, resource="web")["snapshot"] == "web-20260303T045000Z"
    assert "the oldest is web-20260302T045000Z of 2026-03-02T04:50:00Z" in refusal(
        nightly, resource="web", asOf="2026-03-02T04:49:59Z"
    )


def test_restore_asked_for_again_is_the_same_restore(
    lightsail: Control, nightly: Deployment
) -> None:
    restore(nightly, resource="web")
    before = lightsail.world()
    lightsail.clock.advance(hours=1)

    again = restore(nightly, resource="web")

    assert (again["status"], again["resource"]) == ("exists", RESTORED)
    assert again["reason"].endswith("it had been restored already and is running")
    assert there(lightsail, "Instance").keys() == before[EAST]["Instance"].keys()


@pytest.mark.parametrize(
    ("operation", "resource"),
    [
        ("CreateInstancesFromSnapshot", "web"),
        ("CreateDiskFromSnapshot", "data"),
        ("CreateRelationalDatabaseFromSnapshot", "db"),
    ],
)
def test_restore_whose_answer_is_lost_is_recognised(
    lightsail: Control, nightly: Deployment, operation: str, resource: str
) -> None:
    lightsail.inject(operation, drop_connection=True, when="after")

    assert restore(nightly, resource=resource)["status"] == "exists"


def test_restore_that_lightsail_reports_as_failed_is_failed(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.inject("CreateInstancesFromSnapshot", failed_operation=("NoCapacity", "no room"))

    assert "no room" in refusal(nightly, resource="web")


def test_restore_that_ended_in_error_is_told_when_it_is_asked_for_again(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.end_in_error(NAME)
    restore(nightly, resource="web")
    lightsail.clock.advance(hours=1)

    said = refusal(nightly, resource="web")

    assert f"{RESTORED} was restored before, and ended in error: delete it" in said


@pytest.mark.parametrize("end", ["running", "error"])
def test_person_at_the_console_can_wait_for_the_restore(
    lightsail: Control, nightly: Deployment, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(
        "snapshotter.lightsail.deadline.Deadline.sleep",
        lambda _, seconds: lightsail.clock.advance(seconds=60 * seconds),
    )
    event = {"action": "restore", "resource": "web", "wait": 60}
    if end == "error":
        lightsail.end_in_error(NAME)
        assert f"{RESTORED} ended in error" in nightly.failing(event)
    else:
        restored, confirmed = nightly(event)["outcomes"]
        assert restored["status"] == "started"
        assert (confirmed["action"], confirmed["status"]) == ("confirm", "exists")
        assert confirmed["reason"] == "ready: running"


def test_dry_run_says_what_it_would_restore_and_makes_nothing(
    lightsail: Control, nightly: Deployment
) -> None:
    before = lightsail.world()

    outcome = restore(nightly, resource="web", dryRun=True)

    assert (outcome["status"], outcome["resource"]) == ("planned", RESTORED)
    assert lightsail.world() == before


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param({"resource": "nobody"}, "there is no recovery point of 'nobody' in", id="who"),
        pytest.param({"snapshot": "nothing"}, "there is no snapshot named 'nothing'", id="what"),
        pytest.param(
            {"snapshot": "by-hand"}, 'To restore it all the same, add "foreign": true', id="theirs"
        ),
        pytest.param({"snapshot": "unfinished"}, "is pending, not available", id="pending"),
        pytest.param(
            {"resource": "web", "as": "web"}, "'web', or that of a disk of it", id="taken"
        ),
        pytest.param({"resource": "data", "as": "by-hand"}, "is taken in us-east-1", id="snapshot"),
        pytest.param(
            {"resource": "web", "bundleId": "nano_3_0"},
            "'nano_3_0' has a disk of 20 GB, and web-20260302T045000Z needs 60 GB: give one of "
            "small_3_0, medium_3_0",
            id="small-bundle",
        ),
        pytest.param({"resource": "db", "bundleId": "huge"}, "'huge' is no bundle of", id="bundle"),
        pytest.param({"resource": "data", "bundleId": "nano_3_0"}, "leave bundleId out", id="disk"),
        pytest.param(
            {"resource": "web", "availabilityZone": "us-west-2a"},
            "'us-west-2a' is not a zone of us-east-1",
            id="zone",
        ),
        pytest.param({"resource": "db", "as": "db_2"}, "letters, digits and hyphens", id="name"),
    ],
)
def test_what_cannot_be_restored_is_refused_with_what_to_do(
    lightsail: Control, nightly: Deployment, event: dict[str, Any], said: str
) -> None:
    web = lightsail.seed.add_instance("other")
    lightsail.seed.add_snapshot("by-hand", web)
    ours = {"snapshotter:policy": "nightly"}
    lightsail.seed.add_snapshot("unfinished", web, tags=ours, state="pending")
    before = lightsail.world()

    assert said in refusal(nightly, **event)

    assert lightsail.world() == before


def test_snapshot_of_someone_else_is_restored_where_that_is_wanted(
    lightsail: Control, nightly: Deployment
) -> None:
    other = lightsail.seed.add_instance("other", tags={"team": "x"})
    lightsail.seed.add_snapshot("by-hand", other, tags={"team": "x"})

    restore(nightly, snapshot="by-hand", foreign=True, **{"as": "other-2"})

    assert there(lightsail, "Instance")["other-2"]["tags"] == {
        "team": "x",
        "snapshotter:restored": "by-hand",
    }


def test_namesakes_in_two_regions_have_to_be_told_apart(
    lightsail: Control, nightly: Deployment
) -> None:
    other = lightsail.seed.add_instance("web", WEST)
    ours = {"snapshotter:policy": "nightly", "snapshotter:source": other.arn}
    lightsail.seed.add_snapshot("web-other", other, tags=ours)

    said = refusal(nightly, resource="web")

    assert "has recovery points in us-east-1 and in us-west-2: say which is meant" in said


def test_name_that_is_taken_in_the_meantime_is_not_mistaken_for_ours(
    lightsail: Control, nightly: Deployment
) -> None:
    def take(call: Call, phase: str) -> None:
        if (call.operation, phase) == ("CreateInstancesFromSnapshot", "before"):
            lightsail.seed.add_instance(RESTORED)

    lightsail.on_request(take)

    assert f"{RESTORED!r}, or that of a disk" in refusal(nightly, resource="web")
    assert there(lightsail, "Instance")[RESTORED]["tags"] == {}


@pytest.mark.parametrize("action", ["restore", "drill"])
def test_stack_that_may_not_restore_says_how_to_let_it(
    lightsail: Control, deploy: Deploy, action: str
) -> None:
    event = {"action": action} | ({"resource": "web"} if action == "restore" else {})

    with pytest.raises(InvalidEvent, match="deploy it again with the parameter EnableRestore=true"):
        deploy()(event)

    assert lightsail.calls == []


def test_killed_at_any_call_a_restore_is_made_once_and_touches_nothing_else(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.page_size = 1000
    order = {"action": "restore", "resource": "web", "bundleId": "small_3_0"}
    order |= {"availabilityZone": "us-east-1a"}
    names: list[str] = []
    before: list[World] = []

    def events() -> Iterator[dict[str, Any]]:
        for number in count():
            names.append(f"web-{number}")
            before.append(lightsail.world())
            yield {**order, "as": names[-1]}

    for _ in kills(nightly, events()):
        outcome = restore(nightly, **{**order, "as": names[-1]})
        assert outcome["status"] in ("started", "exists")
        assert made(lightsail.world(), before[-1]) == {names[-1], f"{names[-1]}-disk-1"}
        assert changed(lightsail.world(), before[-1]) == set()

    assert len(names) > 20 // STRIDE
