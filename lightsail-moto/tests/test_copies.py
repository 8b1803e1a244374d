"""Copies of snapshots."""

from typing import Any

import pytest
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import (
    NOW,
    OTHER,
    REGION,
    MakeClient,
    both,
    operation,
    refused,
    without_ids,
)


@both
@pytest.mark.parametrize(
    ("kind", "ready"), [("InstanceSnapshot", "available"), ("DiskSnapshot", "completed")]
)
def test_a_copy_is_answered_by_the_target_region_with_one_operation_and_is_untagged(
    make_client: MakeClient, controls: Control, kind: str, ready: str
) -> None:
    seed = controls.seed
    source = seed.add_instance("src") if kind == "InstanceSnapshot" else seed.add_disk("src")
    seed.add_snapshot("src-1", source, tags={"policy": "x"})

    answer = make_client(OTHER).copy_snapshot(
        sourceSnapshotName="src-1", sourceRegion=REGION, targetSnapshotName="src-1-us-east-1"
    )
    pending = controls.world()[OTHER]
    controls.clock.advance(seconds=600)

    details = f"{REGION}:src-1"
    assert without_ids(answer["operations"]) == [
        operation("CopySnapshot", "src-1-us-east-1", kind, region=OTHER, details=details)
    ]
    size = controls.world()[REGION][kind]["src-1"]["sizeInGb"]
    copy = {"state": "pending", "tags": {}, "from": "src", "sizeInGb": size}
    assert pending == {kind: {"src-1-us-east-1": copy}}
    assert controls.world()[OTHER] == {kind: {"src-1-us-east-1": copy | {"state": ready}}}


def test_a_copy_has_its_own_arn_and_time_and_the_source_of_its_source(
    make_client: MakeClient, controls: Control
) -> None:
    original = controls.seed.add_snapshot("web-1", controls.seed.add_instance("web"))
    controls.clock.advance(hours=1)
    there = make_client(OTHER)
    there.copy_snapshot(
        sourceSnapshotName="web-1", sourceRegion=REGION, targetSnapshotName="web-1-copy"
    )

    copy = there.get_instance_snapshot(instanceSnapshotName="web-1-copy")["instanceSnapshot"]

    assert copy["arn"] != original.arn
    assert f":{OTHER}:" in copy["arn"]
    assert (copy["createdAt"] - NOW).total_seconds() == 3600
    assert (copy["fromInstanceName"], copy["fromInstanceArn"]) == ("web", original.source_arn)
    assert copy["isFromAutoSnapshot"] is False


def test_copies_do_not_name_their_source_where_the_control_is_off(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_snapshot("web-1", controls.seed.add_instance("web"))
    controls.copies_carry_source = False

    client.copy_snapshot(
        sourceSnapshotName="web-1", sourceRegion=REGION, targetSnapshotName="web-1-copy"
    )

    copy = client.get_instance_snapshot(instanceSnapshotName="web-1-copy")["instanceSnapshot"]
    assert "fromInstanceName" not in copy
    assert "fromInstanceArn" not in copy


def test_what_cannot_be_copied_is_refused(make_client: MakeClient, controls: Control) -> None:
    seed = controls.seed
    web = seed.add_instance("web")
    seed.add_snapshot("web-1", web)
    seed.add_snapshot("pending", web, state="pending")
    seed.add_snapshot("broken", web, state="error")
    seed.add_snapshot("db-1", seed.add_database("db"))
    seed.add_instance("taken", OTHER)
    there = make_client(OTHER)

    def copy(**changes: Any) -> tuple[str, str | None]:
        wanted = {
            "sourceSnapshotName": "web-1",
            "sourceRegion": REGION,
            "targetSnapshotName": "copy",
        }
        return refused(there.copy_snapshot, **wanted | changes)[:2]

    invalid = ("InvalidInputException", None)
    assert copy(sourceSnapshotName="pending") == invalid
    assert copy(sourceSnapshotName="broken") == invalid
    assert copy(sourceSnapshotName="db-1") == invalid
    assert copy(sourceRegion="us-west-1") == invalid
    assert copy(sourceRegion="the-moon-1") == invalid
    assert copy(sourceResourceName="web") == invalid
    assert copy(targetSnapshotName="no good") == invalid
    assert copy(targetSnapshotName="taken") == ("InvalidInputException", "NameExists")
    assert copy(sourceSnapshotName="missing") == ("NotFoundException", "DoesNotExist")
    assert "InstanceSnapshot" not in controls.world()[OTHER]


def test_a_copy_remains_when_its_source_is_deleted(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_snapshot("web-1", controls.seed.add_instance("web"))
    client.copy_snapshot(
        sourceSnapshotName="web-1", sourceRegion=REGION, targetSnapshotName="web-1-copy"
    )
    client.delete_instance_snapshot(instanceSnapshotName="web-1")

    controls.clock.advance(minutes=10)

    snapshots = controls.world()[REGION]["InstanceSnapshot"]
    assert {name: each["state"] for name, each in snapshots.items()} == {"web-1-copy": "available"}


def test_an_automatic_snapshot_is_copied_as_a_manual_one(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_instance("web")
    controls.auto_snapshot_in_progress("web")
    wanted: dict[str, Any] = {
        "sourceResourceName": "web",
        "sourceRegion": REGION,
        "targetSnapshotName": "kept",
    }
    unfinished = refused(client.copy_snapshot, useLatestRestorableAutoSnapshot=True, **wanted)
    controls.clock.advance(hours=1)

    undated = refused(client.copy_snapshot, **wanted)
    answer = client.copy_snapshot(restoreDate="2026-11-23", **wanted)

    assert unfinished[0] == "NotFoundException"
    assert undated[0] == "InvalidInputException"
    assert answer["operations"][0]["operationDetails"] == f"{REGION}:web"
    copy = client.get_instance_snapshot(instanceSnapshotName="kept")["instanceSnapshot"]
    assert (copy["isFromAutoSnapshot"], copy["fromInstanceName"]) == (True, "web")
