"""Tags that vanish, tags that cannot be understood and times that are wrong lose no backup."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from lightsail_moto import Control
from snapshotter.errors import InvalidEvent
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.history import (
    DAY,
    EAST,
    HOUR,
    TAGGED,
    WEST,
    Tags,
    add_history,
    having,
    name_of,
    nightly_at,
    nights,
    points,
    run_night,
    set_tags,
    sweep_at,
)

KEEP_30: Tags = {"snapshot": None, "snapshot:keep": "daily=30"}


def lost(count: int) -> dict[str, str]:
    """The outcome that reports web as lost."""
    return {
        "region": EAST,
        "resourceType": "Instance",
        "resource": "web",
        "action": "select",
        "status": "lost",
        "reason": f'web is no longer protected: its tag "snapshot" is gone. Its {count} recovery '
        'points are kept; no new ones are made. Put the tag back, or set it to "off" if that is '
        "intended",
    }


def test_tag_removed_and_put_back_after_forty_nights_has_lost_no_recovery_point(
    lightsail: Control, deploy: Deploy, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    web = lightsail.seed.add_instance("web", tags=KEEP_30)
    add_history(lightsail, web, retention="daily=30")
    stack = deploy(Retention="daily=3")
    set_tags(client, {"team": "shop"})

    for night in (1, 2, 7, 8, 40):
        for answer in run_night(stack, night):
            assert answer["outcomes"] == [lost(30)]
            assert (answer["summary"]["lost"], answer["summary"]["failed"]) == (1, 0)
    assert ("WARNING", "select lost: web") in {(r.levelname, r.message) for r in caplog.records}
    assert points(lightsail) == nights("web", -29, 0)

    set_tags(client, KEEP_30)
    answer = sweep_at(stack, NIGHT + 40 * DAY + 2 * HOUR)

    newest = name_of("web", NIGHT + 40 * DAY + 2 * HOUR)
    assert [(each["status"], each["snapshot"]) for each in answer["outcomes"]] == [
        ("started", newest)
    ]
    assert points(lightsail) == {*nights("web", -29, 0), newest}


def test_copies_of_a_lost_resource_are_kept_in_every_region(
    lightsail: Control, deploy: Deploy
) -> None:
    web = lightsail.seed.add_instance("web")
    add_history(lightsail, web, retention=None, copies_to=WEST)
    stack = deploy(Retention="daily=3", CopyToRegions=WEST, CopyRetention="last=1")

    for answer in run_night(stack, 1):
        assert answer["outcomes"] == [lost(60)]

    assert points(lightsail) == nights("web", -29, 0)
    assert points(lightsail, WEST) == {f"{name}-{EAST}" for name in nights("web", -29, 0)}


def test_lost_resource_that_an_event_names_is_reported_and_keeps_its_points(
    lightsail: Control, deploy: Deploy
) -> None:
    web = lightsail.seed.add_instance("web")
    add_history(lightsail, web, retention=None)
    event = {"action": "sweep", "scheduledTime": "2026-03-02T05:50:00Z", "resources": ["web"]}

    message = deploy(Retention="daily=3").failing({**event, "endCoolingOff": True})

    assert "web: no resource of this name that carries the tag snapshot was found" in message
    assert points(lightsail) == nights("web", -29, 0)


def test_resource_without_tag_and_without_recovery_points_is_not_lost(
    lightsail: Control, deploy: Deploy
) -> None:
    web = lightsail.seed.add_instance("web")
    lightsail.seed.add_snapshot("by-hand", web)

    answer = sweep_at(deploy(), NIGHT)

    assert answer["outcomes"] == []
    assert answer["summary"]["lost"] == 0


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        pytest.param("", {"snapshot": "off"}, id="off-word"),
        pytest.param("gold", {"snapshot": "silver"}, id="another-selection-value"),
    ],
)
def test_protection_ended_on_purpose_keeps_what_its_owner_asked_for_last(
    lightsail: Control, deploy: Deploy, value: str, tags: Tags
) -> None:
    web = lightsail.seed.add_instance("web", tags={**tags, "snapshot:keep": "daily=30"})
    add_history(lightsail, web, retention="daily=30")
    stack = deploy(Retention="daily=3", SelectionTagValue=value)

    for night in (1, 8, 40):
        for answer in run_night(stack, night):
            assert answer["outcomes"] == []
    assert points(lightsail) == nights("web", -29, 0)

    answer = sweep_at(stack, NIGHT + 40 * DAY + 2 * HOUR, resources=["web"], endCoolingOff=True)
    assert answer["summary"]["deleted"] == 27
    assert points(lightsail) == nights("web", -2, 0)


@pytest.mark.parametrize(
    ("tags", "meant"),
    [
        pytest.param({"snapshot": None, "snapshot:kept": "daily=60"}, "snapshot:keep", id="word"),
        pytest.param({"snapshot": None, "Snapshot:Keep": "daily=60"}, "snapshot:keep", id="case"),
        pytest.param({"snapshot": None, "snapshot:copyto": WEST}, "snapshot:copy-to", id="copies"),
        pytest.param({"snapshot": None, "snapshot:dril": None}, "snapshot:drill", id="drills"),
    ],
)
def test_slip_in_a_key_is_refused_and_nothing_is_pruned_or_copied(
    lightsail: Control, deploy: Deploy, tags: Tags, meant: str
) -> None:
    web = lightsail.seed.add_instance("web", tags=tags)
    add_history(lightsail, web, retention=None)
    stack = deploy(Retention="daily=3", CopyToRegions=WEST)

    for answer in run_night(stack, 1):
        (refused,) = having(answer, "refused")
        assert f"{meant} was probably meant" in refused["error"]["message"]
        assert answer["summary"]["failed"] == 0
    assert points(lightsail) == nights("web", -29, 1)
    assert points(lightsail, WEST) == set()


def test_selection_key_in_another_case_is_refused_and_the_resource_is_not_protected(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"Snapshot": "yes"})

    answer = nightly_at(deploy(), NIGHT)

    assert [(each["action"], each["status"]) for each in answer["outcomes"]] == [
        ("select", "refused")
    ]
    assert 'the key that selects is "snapshot"' in answer["outcomes"][0]["error"]["message"]


@pytest.mark.parametrize(
    ("copy_to", "wish"),
    [
        pytest.param("", "eu-west-1", id="stack-without-copies"),
        pytest.param("", f"{EAST} none", id="none-beside-a-region"),
        pytest.param(WEST, "eu-west-1", id="region-that-the-stack-does-not-have"),
        pytest.param(WEST, f"{WEST} mars-north-1", id="region-that-does-not-exist"),
    ],
)
def test_copies_to_a_region_outside_the_stack_are_refused_and_the_region_is_not_read(
    lightsail: Control, deploy: Deploy, copy_to: str, wish: str
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None, "snapshot:copy-to": wish})
    lightsail.seed.add_instance("api", tags=TAGGED)
    stack = deploy(CopyToRegions=copy_to)

    for answer in run_night(stack, 1):
        assert [each["resource"] for each in having(answer, "refused")] == ["web"]
        assert answer["summary"]["failed"] == 0

    assert {call.region for call in lightsail.calls} <= {EAST, copy_to}
    stamp = name_of("", NIGHT + DAY)
    assert points(lightsail) == {f"web{stamp}", f"api{stamp}"}
    assert points(lightsail, WEST) == ({f"api{stamp}-{EAST}"} if copy_to else set())


def test_drill_tag_on_an_ordinary_server_does_not_end_its_protection(
    lightsail: Control, deploy: Deploy
) -> None:
    ours = {"snapshotter:drill": "80", "snapshotter:policy": "nightly"}
    lightsail.seed.add_instance("web", tags={**TAGGED, **ours})
    lightsail.seed.add_instance("drill-hall", tags={**TAGGED, "snapshotter:drill": "80"})

    answer = nightly_at(deploy(EnableRestore="true"), NIGHT)

    assert {each["resource"] for each in having(answer, "started")} == {"web", "drill-hall"}


def test_tag_that_cannot_be_understood_fails_no_run_and_is_a_warning_in_the_log(
    lightsail: Control, deploy: Deploy, caplog: pytest.LogCaptureFixture
) -> None:
    lightsail.seed.add_instance("odd", tags={"snapshot": None, "snapshot:keep": "for ever"})
    lightsail.seed.add_instance("far", tags={"snapshot": None, "snapshot:copy-to": "mars-north-1"})
    lightsail.seed.add_instance("web", tags=TAGGED)
    caplog.set_level(logging.INFO)

    answer = nightly_at(deploy(), NIGHT)

    assert points(lightsail) == {name_of(name, NIGHT) for name in ("odd", "far", "web")}
    assert (answer["summary"]["refused"], answer["summary"]["failed"]) == (2, 0)
    errors = {each["resource"]: each["error"] for each in having(answer, "refused")}
    assert {name: error["code"] for name, error in errors.items()} == {
        "odd": "InvalidTag",
        "far": "InvalidTag",
    }
    assert errors["odd"]["message"].startswith(
        'odd: the tag "snapshot:keep" has the value "for ever": "for" is not a rule; "ever" is '
        "not a rule. Accepted: one or more words"
    )
    levels = {record.message: record.levelname for record in caplog.records}
    assert levels["delete refused: odd"] == "WARNING"
    assert levels["copy refused: far"] == "WARNING"
    assert levels["run ended well"] == "INFO"


def test_with_selection_all_everything_is_protected_that_is_not_excluded(
    lightsail: Control, deploy: Deploy
) -> None:
    seed = lightsail.seed
    for name, tags in {"web": {}, "api": TAGGED, "off": {"snapshot": "off"}}.items():
        seed.add_instance(name, tags=tags)
    seed.add_disk("free")
    seed.add_disk("attached", attached_to="web")
    seed.add_disk("tagged", tags=TAGGED, attached_to="web", path="/dev/xvdg")
    seed.add_disk("excluded", tags={"snapshot": "never"})
    seed.add_disk("beside-off", attached_to="off")
    seed.add_database("db")

    answer = nightly_at(deploy(Selection="all"), NIGHT)

    assert {each["resource"] for each in having(answer, "started")} == {
        "web",
        "api",
        "free",
        "tagged",
        "beside-off",
        "db",
    }
    assert len(answer["outcomes"]) == 6


def test_with_selection_all_drills_and_their_disks_are_never_protected(
    lightsail: Control, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("snapshotter.restore.proof.probe", lambda *_: "no answer")
    lightsail.seed.add_instance("web", tags={"snapshot:drill": "80"})
    lightsail.seed.add_disk("logs", attached_to="web")
    stack = deploy(Selection="all", EnableRestore="true")
    nightly_at(stack, NIGHT)
    lightsail.clock.set(NIGHT + HOUR)
    stack({"action": "drill", "scheduledTime": (NIGHT + HOUR).isoformat()})
    drills = {
        name for kind in lightsail.world()[EAST].values() for name in kind if "drill-" in name
    }

    untagged = nightly_at(stack, NIGHT + HOUR + timedelta(minutes=5))
    sweep_at(stack, NIGHT + 2 * HOUR)
    tagged = nightly_at(stack, NIGHT + 2 * HOUR + timedelta(minutes=5))

    assert drills == {"drill-web-20260302T055000Z", "drill-web-20260302T055000Z-disk-1"}
    assert drills <= {name for kind in lightsail.world()[EAST].values() for name in kind}
    for answer in (untagged, tagged):
        assert [each["resource"] for each in having(answer, "started")] == ["web"]


@pytest.mark.parametrize("action", ["snapshot", "sweep"])
def test_recovery_point_cannot_claim_a_time_of_more_than_24_hours_ago(
    lightsail: Control, deploy: Deploy, action: str
) -> None:
    lightsail.seed.add_instance("web", tags=TAGGED)
    event: dict[str, Any] = {"action": action, "scheduledTime": "2024-03-02T04:50:00Z"}

    with pytest.raises(InvalidEvent, match="it is more than 24 hours in the past"):
        deploy()(event, now=NIGHT)

    assert lightsail.calls == []


def test_event_delivered_again_within_24_hours_is_the_same_run(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags=TAGGED)
    stack = deploy()
    nightly_at(stack, NIGHT)
    lightsail.clock.set(NIGHT + 23 * HOUR)

    answer = stack({"scheduledTime": NIGHT.isoformat()}, now=NIGHT + 23 * HOUR)

    assert [each["status"] for each in answer["outcomes"]] == ["exists"]
    assert points(lightsail) == nights("web", 0, 0)
