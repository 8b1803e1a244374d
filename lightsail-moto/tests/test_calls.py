"""The record of requests, how IAM would see them, and the callbacks for them."""

from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from lightsail_moto import Call, Control
from lightsail_moto.exceptions import AccessDenied, ConnectionDropped

from .support import (
    ACCOUNT,
    NOW,
    OTHER,
    REGION,
    Client,
    MakeClient,
    both,
    one_of_each,
    read_request,
    refused,
)


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


AUTHORISED = {
    "create_instance_snapshot instanceName=web instanceSnapshotName=n1": ["web"],
    "create_disk_snapshot instanceName=web diskSnapshotName=n1": ["web"],
    "create_disk_snapshot diskName=data diskSnapshotName=n1": ["data"],
    "create_relational_database_snapshot relationalDatabaseName=db "
    "relationalDatabaseSnapshotName=n1": ["*"],
    "delete_instance_snapshot instanceSnapshotName=web-1": ["web-1"],
    "delete_disk_snapshot diskSnapshotName=data-1": ["data-1"],
    "delete_relational_database_snapshot relationalDatabaseSnapshotName=db-1": ["db-1"],
    "copy_snapshot sourceSnapshotName=web-1 sourceRegion=us-east-1 targetSnapshotName=n1": ["*"],
    "tag_resource resourceName=web-1 tags=[]": ["web-1"],
    "untag_resource resourceName=db tagKeys=[]": ["db"],
    "attach_static_ip staticIpName=spare instanceName=idle": ["idle", "spare"],
    "detach_static_ip staticIpName=address": ["address"],
    "attach_disk diskName=data instanceName=web diskPath=/dev/xvdg": ["data", "web"],
    "detach_disk diskName=used": ["used"],
    "put_instance_public_ports instanceName=web portInfos=[]": ["web"],
    "delete_instance instanceName=web": ["web"],
    "delete_disk diskName=data": ["data"],
    "delete_relational_database relationalDatabaseName=db skipFinalSnapshot=true": ["db"],
    "delete_key_pair keyPairName=deploy": ["deploy"],
    "get_instance instanceName=web": ["*"],
    "get_domains": ["*"],
}


@pytest.mark.parametrize(("request_", "resources"), AUTHORISED.items())
def test_a_request_is_authorised_on_its_resources(
    client: Client, controls: Control, request_: str, resources: list[str]
) -> None:
    one_of_each(controls.seed)
    stored = dict(controls.backends[REGION].store.names)
    before = {name: dict(resource.tags) for name, resource in stored.items()}
    method, given = read_request(request_)

    getattr(client, method)(**given)

    call = controls.calls[-1]
    named = [name for name in resources if name != "*"]
    assert call.action == f"lightsail:{call.operation}"
    assert call.resources == (tuple(stored[name].arn for name in named) or ("*",))
    assert call.resource_tags == {stored[name].arn: before[name] for name in named}
    assert (call.request_tags, call.tag_keys) == ({}, ())


def test_request_tags_and_tags_before_the_call_are_noted(client: Client, controls: Control) -> None:
    arn = controls.seed.add_disk("data", tags={"a": "1"}).arn
    tags: Any = [{"key": "a"}, {"key": "b", "value": "2"}]

    client.tag_resource(resourceName="data", tags=tags)
    client.untag_resource(resourceName="data", tagKeys=["b"])
    refused(client.delete_disk, diskName="gone")

    tagging, untagging, missing = controls.calls
    assert (tagging.request_tags, tagging.tag_keys) == ({"a": None, "b": "2"}, ("a", "b"))
    assert tagging.resource_tags == {arn: {"a": "1"}}
    assert (untagging.request_tags, untagging.tag_keys) == ({}, ("b",))
    assert untagging.resource_tags == {arn: {"a": None, "b": "2"}}
    assert (missing.resources, missing.resource_tags) == ((), {})


@both
def test_callbacks_run_before_and_after_the_effect(client: Client, controls: Control) -> None:
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
    client: Client, controls: Control
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
