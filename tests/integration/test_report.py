"""The report through the handler: it shows what the next sweep deletes, and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lightsail_moto import Control, control, reset
from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.names import to_iso
from snapshotter.model.tags import ownership
from tests.integration.conftest import NIGHT, Deploy
from tests.integration.deployment import Deployment
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
)
from tests.support.role import Role
from tests.support.soak import SOAK
from translate.stack import Stack

SUMMARY = {
    **dict.fromkeys(("protected", "lost", "off", "untagged", "gone", "unknown", "stale"), 0),
    **dict.fromkeys(("recoveryPoints", "copies", "storageGb", "held"), 0),
}


def report_at(deployment: Deployment, **event: Any) -> dict[str, Any]:
    return deployment({"action": "report", "scheduledTime": to_iso(NIGHT), **event})


def described(answer: Mapping[str, Any], name: str = "web") -> dict[str, Any]:
    """The one resource of a name."""
    (found,) = (each for each in answer["resources"] if each["resource"] == name)
    return dict(found)


def world(lightsail: Control) -> set[tuple[str, str]]:
    """Region and name of every snapshot."""
    return {
        (region, name)
        for region, kinds in lightsail.world().items()
        for kind, named in kinds.items()
        if kind.endswith("Snapshot")
        for name in named
    }


def test_every_resource_is_reported_with_its_protection(lightsail: Control, deploy: Deploy) -> None:
    seed = lightsail.seed
    web = seed.add_instance("web", tags=TAGGED)
    vanished = seed.add_instance("vanished")
    gone = seed.add_instance("gone", tags=TAGGED)
    for source in (web, vanished, gone):
        add_history(lightsail, source, retention=None, ages=[0])
    seed.remove(gone)
    seed.add_instance("plain")
    seed.add_disk("stopped", tags={"snapshot": "off"})
    seed.add_database("shop", tags=TAGGED)

    answer = report_at(deploy())

    protections = {
        (each["region"], each["resourceType"], each["resource"]): each["protection"]
        for each in answer["resources"]
    }
    assert protections == {
        (EAST, "Instance", "web"): "protected",
        (EAST, "Instance", "vanished"): "lost",
        (EAST, "Instance", "plain"): "untagged",
        (EAST, "Disk", "stopped"): "off",
        (EAST, "RelationalDatabase", "shop"): "protected",
        (EAST, "Instance", "gone"): "gone",
    }
    assert {key: answer[key] for key in ("policy", "action", "scheduledTime", "summary")} == {
        "policy": "nightly",
        "action": "report",
        "scheduledTime": "2026-03-02T04:50:00Z",
        "summary": SUMMARY
        | {"protected": 2, "lost": 1, "off": 1, "untagged": 1, "gone": 1, "stale": 1}
        | {"recoveryPoints": 3, "storageGb": 60},
    }
    assert [each["resource"] for each in answer["attention"]] == ["shop", "vanished"]
    assert answer["letter"].startswith(
        "Subject: Snapshotter: shop has no good backup yet (and 1 more)\n\nshop (database, "
    )


def test_resource_is_reported_with_all_its_points_and_copies_by_reads_alone(
    lightsail: Control, deploy: Deploy, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a metric. And a restore that is stuck in a region of copies needs attention."""
    seed = lightsail.seed
    to_do = {"snapshotter:to-do": "firewall", "snapshotter:policy": "nightly"}
    seed.add_instance("stuck", WEST, tags=to_do, created_at=NIGHT - DAY)
    web = seed.add_instance("web", tags={"snapshot": None, "snapshot:keep": "last=1"})
    ours = {**ownership("nightly", web.arn, NIGHT - 5 * HOUR)}
    newest = seed.add_snapshot("new", web, tags=ours, created_at=NIGHT - 5 * HOUR)
    older = NIGHT - 30 * HOUR
    proof = {
        "snapshotter:verified": "2026-03-01T12:00:00Z",
        "snapshotter:recovery-seconds": "700",
        "snapshotter:drill-failed": "2026-03-01T18:00:00Z",
    }
    seed.add_snapshot("proven", web, tags={**ownership("nightly", web.arn, older), **proof})
    hold = {**ownership("nightly", web.arn, older - HOUR), "snapshotter:hold": "audit"}
    seed.add_snapshot("held", web, tags=hold)
    seed.add_snapshot("old", web, tags=ownership("nightly", web.arn, older - DAY))
    seed.add_snapshot("copy", newest, WEST, tags=ours)

    copies = {"CopyToRegions": WEST, "CopyRetention": "last=3"}
    answer = report_at(deploy(**copies, EnableRestore="true", Metrics="all"))

    def point(name: str, time: str, *, keep: bool, reason: str, **more: Any) -> dict[str, Any]:
        return {
            "snapshot": name,
            "region": EAST,
            "time": time,
            "status": "ready",
            "sizeGb": 20,
            "keep": keep,
            "reason": reason,
            "held": False,
            **more,
        }

    assert described(answer) == {
        "region": EAST,
        "resourceType": "Instance",
        "resource": "web",
        "protection": "protected",
        "retention": "last=1",
        "newest": "2026-03-01T23:50:00Z",
        "ageHours": 5.0,
        "verified": "2026-03-01T12:00:00Z",
        "recoverySeconds": 700,
        "stale": False,
        "points": [
            point("new", "2026-03-01T23:50:00Z", keep=True, reason="newest, last"),
            point(
                "proven",
                "2026-02-28T22:50:00Z",
                keep=True,
                reason="verified",
                verified="2026-03-01T12:00:00Z",
            ),
            point("held", "2026-02-28T21:50:00Z", keep=True, reason="hold", held=True),
            point("old", "2026-02-27T22:50:00Z", keep=False, reason="not kept by last=1"),
            point("copy", "2026-03-01T23:50:00Z", keep=True, reason="newest, last", region=WEST),
        ],
    }
    assert "Last restore test that passed: web on 1 March, in 12 minutes." in answer["letter"]
    found = [(each["region"], each["resource"]) for each in answer["attention"]]
    assert found == [(EAST, "web"), (WEST, "stuck")]
    assert {call.operation[:3] for call in lightsail.calls} == {"Get"}
    assert '"_aws"' not in capsys.readouterr().out


def test_retention_in_the_event_shows_what_it_would_keep_and_changes_nothing(
    lightsail: Control, deploy: Deploy
) -> None:
    web = lightsail.seed.add_instance("web", tags=TAGGED)
    add_history(lightsail, web, retention=None, ages=range(4))
    seed = lightsail.seed
    seed.add_snapshot("now", web, tags=ownership("nightly", web.arn, NIGHT), state="pending")
    stack = deploy(Retention="daily=3")

    trial = described(report_at(stack, retention="last=1"))["points"]
    plain = described(report_at(stack))["points"]

    would_keep = {each["snapshot"]: (each["keep"], each.pop("wouldKeep")) for each in trial}
    assert would_keep == {
        "now": (True, True),
        name_of("web", NIGHT): (True, True),
        name_of("web", NIGHT - 1 * DAY): (True, False),
        name_of("web", NIGHT - 2 * DAY): (True, False),
        name_of("web", NIGHT - 3 * DAY): (False, False),
    }
    assert trial == plain


def test_report_of_some_resources_names_those_that_nobody_has(
    lightsail: Control, deploy: Deploy
) -> None:
    for name in ("web", "api"):
        lightsail.seed.add_instance(name, tags=TAGGED)
    lightsail.deny(WEST)

    answer = report_at(deploy(Regions=f"{EAST},{WEST}"), resources=["web", "unknown"], dryRun=True)

    assert [each["resource"] for each in answer["resources"]] == ["web"]
    assert [(each.get("region"), each.get("resource")) for each in answer["attention"]] == [
        (WEST, None),
        (None, "unknown"),
        (EAST, "web"),
    ]


def test_report_never_raises_for_what_it_finds(lightsail: Control, deploy: Deploy) -> None:
    web = lightsail.seed.add_instance("web", tags=TAGGED)
    tags = ownership("nightly", web.arn, NIGHT)
    lightsail.seed.add_snapshot("failed", web, tags=tags, state="error")
    for region in (EAST, WEST):
        lightsail.deny(region, ["GetOperationsForResource"] if region == EAST else None)

    answer = report_at(deploy(Regions=f"{EAST},{WEST}"), regions=[EAST, WEST])

    assert [each["what"] for each in answer["attention"]] == [
        "us-west-2 cannot be read: The caller is not authorized to perform: "
        "lightsail:GetInstanceSnapshots.",
        "web (instance, us-east-1) has no good backup yet.",
    ]


STATES = st.sampled_from(["available"] * 6 + ["pending", "error", "puzzled"])
POINT = st.fixed_dictionaries(
    {
        "hours": st.integers(-3, 24 * 40),
        "state": STATES,
        "copy": st.sampled_from([None, None, "available", "pending", "error"]),
        "retention": st.sampled_from([None, "daily=30", "last=2", "nonsense"]),
        "tag": st.sampled_from([None] * 4 + ["snapshotter:hold", "snapshotter:verified"]),
    }
)
SOURCE_TAGS = st.sampled_from(
    [
        TAGGED,
        TAGGED,
        {"snapshot": None, "snapshot:keep": "daily=3"},
        {"snapshot": None, "snapshot:keep": "x"},
        {"snapshot": None, "snapshot:copy-to": "none"},
        {"snapshot": "off"},
        {},
        None,
    ]
)
FLEET = st.lists(
    st.tuples(SOURCE_TAGS, st.lists(POINT, max_size=8, unique_by=lambda point: point["hours"])),
    min_size=1,
    max_size=3,
)


def add_fleet(lightsail: Control, fleet: list[tuple[Tags | None, list[dict[str, Any]]]]) -> None:
    """Add instances with snapshots and copies. One without tags does not exist any more."""
    seed = lightsail.seed
    for number, (tags, points) in enumerate(fleet):
        source = seed.add_instance(f"web-{number}", tags=tags or {})
        for point in points:
            at = NIGHT - timedelta(hours=point["hours"])
            name = name_of(source.name, at)
            ours: dict[str, str | None] = {**ownership("nightly", source.arn, at)}
            if point["tag"]:
                ours[point["tag"]] = to_iso(at)
            if point["retention"]:
                ours["snapshotter:retention"] = point["retention"]
            taken = min(at, NIGHT)
            made = seed.add_snapshot(
                name, source, tags=ours, state=point["state"], created_at=taken
            )
            if point["copy"]:
                seed.add_snapshot(
                    f"{name}-{EAST}", made, WEST, tags=ours, state=point["copy"], created_at=taken
                )
        if tags is None:
            seed.remove(source)


@pytest.mark.usefixtures("lightsail")
@given(fleet=FLEET)
@settings(
    max_examples=30 if SOAK else 8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_next_sweep_deletes_exactly_what_the_report_does_not_keep_for_the_same_reasons(
    fleet: list[tuple[Tags | None, list[dict[str, Any]]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = {"PolicyName": "nightly", "Retention": "daily=5 weekly=2", "CopyToRegions": WEST}
    stack = Stack(parameters)
    reset()
    lightsail = control()
    lightsail.clock.set(NIGHT)
    add_fleet(lightsail, fleet)
    role = Role.from_template(stack.parameters)
    deployed = Deployment(stack, role, lightsail, monkeypatch)
    before = world(lightsail)

    points = [p for each in report_at(deployed)["resources"] for p in each["points"]]
    planned = having(deployed.sweep(NIGHT, dryRun=True), "planned")
    with_errors = any(point["status"] == "failed" for point in points)
    try:
        deployed.sweep(NIGHT)
    except SnapshotRunFailed:
        assert with_errors
    after = world(lightsail)

    dropped = {(p["region"], p["snapshot"]): p["reason"] for p in points if not p["keep"]}
    assert {(p["region"], p["snapshot"]) for p in points} == before
    assert before - after == set(dropped)
    assert {
        (each["region"], each["snapshot"]): each["reason"]
        for each in planned
        if each["action"] == "delete"
    } == dropped
