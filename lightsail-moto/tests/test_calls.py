"""The record of requests, and the callbacks for them."""

from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Call, Control
from lightsail_moto.exceptions import AccessDenied, ConnectionDropped

from .support import ACCOUNT, NOW, OTHER, REGION, MakeClient, both, refused


@both
def test_every_request_is_recorded_with_its_outcome(
    make_client: MakeClient, controls: Control
) -> None:
    make_client().get_instances()
    refused(make_client(OTHER).get_disk, diskName="none")

    first, second = controls.calls
    assert (first.number, first.operation, first.region) == (1, "GetInstances", REGION)
    assert (first.account_id, first.parameters, first.outcome) == (ACCOUNT, {}, "ok")
    assert (first.access_key, first.at) == ("AKIAIOSFODNN7EXAMPLE", NOW)
    assert first.finished_s is not None
    assert 0 <= first.finished_s - first.started_s < 5
    assert (second.number, second.region) == (2, OTHER)
    assert (second.parameters, second.outcome) == ({"diskName": "none"}, "NotFoundException")


def _last(controls: Control) -> dict[str, Any]:
    call = controls.calls[-1]
    return {
        "action": call.action,
        "resources": call.resources,
        "request_tags": call.request_tags,
        "tag_keys": call.tag_keys,
        "resource_tags": call.resource_tags,
    }


def _seen(action: str, *resources: str, **more: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"request_tags": {}, "tag_keys": (), "resource_tags": {}}
    return nothing | {"action": f"lightsail:{action}", "resources": resources} | more


def test_a_create_is_authorised_on_its_source_with_the_request_tags(
    client: LightsailClient, controls: Control
) -> None:
    arn = controls.seed.add_instance("web", tags={"team": "web"}).arn

    client.create_instance_snapshot(
        instanceName="web", instanceSnapshotName="web-1", tags=[{"key": "a"}]
    )

    assert _last(controls) == _seen(
        "CreateInstanceSnapshot",
        arn,
        request_tags={"a": None},
        tag_keys=("a",),
        resource_tags={arn: {"team": "web"}},
    )


def test_a_delete_and_a_tagging_are_authorised_on_the_snapshot_as_it_was_before(
    client: LightsailClient, controls: Control
) -> None:
    arn = controls.seed.add_snapshot("data-1", controls.seed.add_disk("data"), tags={"a": "1"}).arn

    client.tag_resource(resourceName="data-1", tags=[{"key": "b", "value": "2"}])
    tagging = _last(controls)
    client.untag_resource(resourceName="data-1", tagKeys=["b"])
    untagging = _last(controls)
    client.delete_disk_snapshot(diskSnapshotName="data-1")

    before = {arn: {"a": "1"}}
    tags = {"request_tags": {"b": "2"}, "tag_keys": ("b",)}
    assert tagging == _seen("TagResource", arn, resource_tags=before, **tags)
    assert untagging == _seen(
        "UntagResource", arn, tag_keys=("b",), resource_tags={arn: {"a": "1", "b": "2"}}
    )
    assert _last(controls) == _seen("DeleteDiskSnapshot", arn, resource_tags=before)


def test_moving_an_address_is_authorised_on_the_address_and_attaching_it_on_the_instance_too(
    client: LightsailClient, controls: Control
) -> None:
    web = controls.seed.add_instance("web", tags={"team": "web"}, static_ip="address").arn
    address = controls.seed.add_static_ip("address").arn

    client.detach_static_ip(staticIpName="address")
    detached = _last(controls)
    client.attach_static_ip(staticIpName="address", instanceName="web")

    assert detached == _seen("DetachStaticIp", address, resource_tags={address: {}})
    assert _last(controls) == _seen(
        "AttachStaticIp", web, address, resource_tags={web: {"team": "web"}, address: {}}
    )


def test_reads_copies_and_database_snapshots_are_authorised_on_the_wildcard_only(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_database("db")
    controls.seed.add_snapshot("web-1", controls.seed.add_instance("web"))

    client.get_instance(instanceName="web")
    read = _last(controls)
    client.copy_snapshot(
        sourceSnapshotName="web-1", sourceRegion=REGION, targetSnapshotName="web-2"
    )
    copy = _last(controls)
    client.create_relational_database_snapshot(
        relationalDatabaseName="db", relationalDatabaseSnapshotName="db-1"
    )

    assert read == _seen("GetInstance", "*")
    assert copy == _seen("CopySnapshot", "*")
    assert _last(controls) == _seen("CreateRelationalDatabaseSnapshot", "*")


def test_a_missing_resource_has_no_arn(client: LightsailClient, controls: Control) -> None:
    refused(client.delete_disk_snapshot, diskSnapshotName="gone")

    assert _last(controls) == _seen("DeleteDiskSnapshot")


@both
def test_callbacks_run_before_and_after_the_effect(
    client: LightsailClient, controls: Control
) -> None:
    controls.seed.add_disk("data")
    seen: list[tuple[str, str, str | None, int]] = []

    def note(call: Call, phase: str) -> None:
        disks = controls.world()[REGION].get("Disk", {})
        seen.append((call.operation, phase, call.outcome, len(disks)))

    stop = controls.on_request(note)
    client.create_disk(diskName="more", availabilityZone="us-east-1a", sizeInGb=8)
    refused(client.delete_disk, diskName="none")
    stop()
    client.get_disks()

    assert seen == [
        ("CreateDisk", "before", None, 1),
        ("CreateDisk", "after", "ok", 2),
        ("DeleteDisk", "before", None, 2),
        ("DeleteDisk", "after", "NotFoundException", 2),
    ]


@both
def test_an_error_raised_by_a_callback_before_the_effect_is_the_answer(
    client: LightsailClient, controls: Control
) -> None:
    answers: list[Exception] = [AccessDenied("Not you."), ConnectionDropped()]

    def refuse(call: Call, phase: str) -> None:
        raise answers.pop(0)

    stop = controls.on_request(refuse)
    request: Any = {"diskName": "data", "availabilityZone": "us-east-1a", "sizeInGb": 8}

    assert refused(client.create_disk, **request)[::2] == ("AccessDeniedException", "Not you.")
    with pytest.raises(ConnectionClosedError):
        client.create_disk(**request)
    stop()
    assert controls.world() == {}
    assert [call.outcome for call in controls.calls] == ["AccessDeniedException", "dropped"]
