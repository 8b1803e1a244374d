"""Copies in other regions: made once, tagged, pruned by their own retention."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import pytest

from lightsail_moto import Control
from snapshotter.errors import SnapshotRunFailed
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.deployment import Deployment
from tests.support.soak import SOAK

EAST: Final = "us-east-1"
WEST: Final = "us-west-2"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NAME = "web-20260302T045000Z"
COPY = f"{NAME}-us-east-1"


def snapshots_in(lightsail: Control, region: str = WEST) -> dict[str, Mapping[str, Any]]:
    """Instance snapshots of a region, by name."""
    return dict(lightsail.world().get(region, {}).get("InstanceSnapshot", {}))


def outcomes(answer: Mapping[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(each["action"], each["status"], each.get("snapshot")) for each in answer["outcomes"]]


def run_ignoring_failure(deployment: Deployment, event: Mapping[str, Any]) -> None:
    """Invoke a run that may fail; later ones retry what failed."""
    with contextlib.suppress(SnapshotRunFailed):
        deployment(event)


def test_point_is_copied_once_it_is_ready_and_its_copy_carries_its_tags_and_the_policy_of_copies(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None, "team": "shop"})
    nightly = deploy(CopyToRegions=WEST, CopyRetention="last=2")
    nightly.nightly(NIGHT)
    assert snapshots_in(lightsail) == {}
    lightsail.clock.advance(hours=1)

    answer = nightly.sweep(NIGHT + HOUR)

    assert outcomes(answer) == [("copy", "started", COPY), ("tag", "tagged", COPY)]
    assert answer["summary"]["copied"] == 1
    original = snapshots_in(lightsail, EAST)[NAME]
    assert {name: copy["tags"] for name, copy in snapshots_in(lightsail).items()} == {
        COPY: {**original["tags"], "snapshotter:retention": "last=2"}
    }
    lightsail.clock.advance(hours=1)
    assert nightly.sweep(NIGHT + 2 * HOUR)["outcomes"] == []


def test_disks_are_copied_and_databases_are_passed_over(lightsail: Control, deploy: Deploy) -> None:
    lightsail.seed.add_disk("data", tags={"snapshot": None})
    lightsail.seed.add_database("db", tags={"snapshot": None})
    nightly = deploy(CopyToRegions=WEST)
    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)

    answer = nightly.sweep(NIGHT + HOUR)

    assert list(lightsail.world()[WEST]) == ["DiskSnapshot"]
    assert outcomes(answer) == [
        ("copy", "started", "data-20260302T045000Z-us-east-1"),
        ("tag", "tagged", "data-20260302T045000Z-us-east-1"),
    ]


def test_mutual_copies_of_namesakes_do_not_clash_and_are_never_copied_again(
    lightsail: Control, deploy: Deploy
) -> None:
    for region in (EAST, WEST):
        lightsail.seed.add_instance("web", region, tags={"snapshot": None})
    nightly = deploy(Regions=f"{EAST},{WEST}", CopyToRegions=f"{EAST},{WEST}")
    nightly.nightly(NIGHT)
    for hour in range(1, 6):
        lightsail.clock.advance(hours=1)
        nightly.sweep(NIGHT + hour * HOUR)

    assert set(snapshots_in(lightsail, EAST)) == {NAME, f"{NAME}-us-west-2"}
    assert set(snapshots_in(lightsail, WEST)) == {NAME, f"{NAME}-us-east-1"}


@pytest.mark.parametrize("knows_source", [True, False])
def test_copy_left_untagged_by_a_crash_is_found_and_tagged_as_any_other(
    lightsail: Control, deploy: Deploy, client: Client, knows_source: bool
) -> None:
    lightsail.copies_carry_source = knows_source
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    nightly = deploy(CopyToRegions=WEST, CopyRetention="last=2")
    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)
    client(WEST).copy_snapshot(sourceSnapshotName=NAME, sourceRegion=EAST, targetSnapshotName=COPY)

    answer = nightly.sweep(NIGHT + HOUR)

    assert outcomes(answer) == [("tag", "tagged", COPY)]
    original = snapshots_in(lightsail, EAST)[NAME]
    assert snapshots_in(lightsail)[COPY]["tags"] == {
        **original["tags"],
        "snapshotter:retention": "last=2",
    }


@pytest.mark.parametrize("knows_source", [True, False])
def test_foreign_snapshot_with_the_name_of_a_copy_is_refused_and_left_alone(
    lightsail: Control, deploy: Deploy, knows_source: bool
) -> None:
    lightsail.copies_carry_source = knows_source
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    other = lightsail.seed.add_instance("other", WEST)
    lightsail.seed.add_snapshot(COPY, other)
    nightly = deploy(CopyToRegions=WEST)
    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)

    answer = nightly.sweep(NIGHT + HOUR)

    assert (answer["summary"]["failed"], answer["summary"]["refused"]) == (0, 1)
    (outcome,) = answer["outcomes"]
    assert (outcome["status"], outcome["error"]["code"]) == ("refused", "NameTaken")
    assert snapshots_in(lightsail)[COPY]["tags"] == {}


def test_copy_whose_answer_is_lost_is_found_and_tagged(lightsail: Control, deploy: Deploy) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    nightly = deploy(CopyToRegions=WEST)
    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)
    lightsail.inject("CopySnapshot", drop_connection=True, when="after")

    answer = nightly.sweep(NIGHT + HOUR)

    assert outcomes(answer) == [("copy", "exists", COPY), ("tag", "tagged", COPY)]
    assert list(snapshots_in(lightsail)) == [COPY]


def test_without_copies_nothing_is_read_or_written_elsewhere(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None})

    deploy().nightly(NIGHT)

    assert {call.region for call in lightsail.calls} == {EAST}


def test_resource_can_have_its_own_copy_regions(lightsail: Control, deploy: Deploy) -> None:
    both = "us-west-2 eu-west-1 us-east-1"
    lightsail.seed.add_instance("web", tags={"snapshot": None, "snapshot:copy-to": both})
    lightsail.seed.add_instance("api", tags={"snapshot": None, "snapshot:copy-to": "none"})
    nightly = deploy(CopyToRegions="us-west-2,eu-west-1")
    nightly.nightly(NIGHT)
    lightsail.clock.advance(hours=1)

    nightly.sweep(NIGHT + HOUR)

    assert [list(snapshots_in(lightsail, region)) for region in (WEST, "eu-west-1")] == [
        [COPY],
        [COPY],
    ]


def test_ten_nights_with_slow_copies_a_failure_and_a_denied_region_are_copied_once_each(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.page_size = 20
    lightsail.copy_seconds = 3 * 3600
    lightsail.seed.add_instance("web", tags={"snapshot": None})
    nightly = deploy(CopyToRegions=WEST, Retention="daily=3", CopyRetention="daily=8")
    made: Counter[str] = Counter()
    lightsail.on_request(
        lambda call, phase: (
            made.update([call.parameters["targetSnapshotName"]])
            if (call.operation, phase) == ("CopySnapshot", "after") and call.outcome in (None, "ok")
            else None
        )
    )
    names = []

    for night in range(10):
        at = NIGHT + night * DAY
        names.append(f"web-{at:%Y%m%dT%H%M%SZ}")
        if night == 3:
            lightsail.end_in_error(f"{names[-1]}-us-east-1")
        if night == 5:
            lightsail.deny(WEST)
        if night == 7:
            lightsail.allow(WEST)
        lightsail.clock.set(at)
        run_ignoring_failure(nightly, {"action": "snapshot", "scheduledTime": at.isoformat()})
        for hour in range(1, 24, 2) if SOAK else (1, 3, 5, 23):
            lightsail.clock.set(at + hour * HOUR)
            when = (at + hour * HOUR).isoformat()
            run_ignoring_failure(nightly, {"action": "sweep", "scheduledTime": when})

    copies = snapshots_in(lightsail)
    assert set(copies) == {f"{name}-us-east-1" for name in names[-8:]}
    assert {copy["state"] for copy in copies.values()} == {"available"}
    assert {copy["tags"]["snapshotter:policy"] for copy in copies.values()} == {"nightly"}
    assert set(snapshots_in(lightsail, EAST)) == set(names[-3:])
    assert made == {f"{name}-us-east-1": 2 if night == 3 else 1 for night, name in enumerate(names)}
