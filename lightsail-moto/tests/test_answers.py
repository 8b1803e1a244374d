"""What each write answers, and what is there afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest

from lightsail_moto import Control

from .support import REGION, Client, both, one_of_each, operation, read_request, without_ids

WRITES = """
create_instances instanceNames=["new"] zone=us-east-1a blueprintId=mean bundleId=nano_3_0
    CreateInstance Instance:new | +new
create_instances instanceNames=["n1","n2"] zone=us-east-1a blueprintId=x bundleId=nano_3_0
    CreateInstance Instance:n1 Instance:n2 | +n1 +n2
delete_instance instanceName=web
    DetachDisk Disk:used>web Instance:web>used DeleteInstance! Instance:web | -web
create_instance_snapshot instanceName=web instanceSnapshotName=new
    CreateInstanceSnapshot InstanceSnapshot:new>web Instance:web>new | +new
delete_instance_snapshot instanceSnapshotName=web-1
    DeleteInstanceSnapshot! InstanceSnapshot:web-1 | -web-1
create_disk diskName=new zone=us-east-1a sizeInGb=8
    CreateDisk Disk:new | +new
attach_disk diskName=data instanceName=web diskPath=/dev/xvdg
    AttachDisk Disk:data>web Instance:web>data |
detach_disk diskName=used
    DetachDisk Disk:used>web Instance:web>used |
delete_disk diskName=data
    DeleteDisk! Disk:data | -data
create_disk_snapshot diskName=data diskSnapshotName=new
    CreateDiskSnapshot DiskSnapshot:new>data Disk:data>new | +new
create_disk_snapshot instanceName=web diskSnapshotName=new
    CreateDiskSnapshot DiskSnapshot:new>web Instance:web>new | +new
delete_disk_snapshot diskSnapshotName=data-1
    DeleteDiskSnapshot! DiskSnapshot:data-1 | -data-1
create_relational_database relationalDatabaseName=new relationalDatabaseBlueprintId=mysql_5_6 \
relationalDatabaseBundleId=micro_1_0 masterDatabaseName=main masterUsername=owner
    CreateRelationalDatabase RelationalDatabase:new | +new
delete_relational_database relationalDatabaseName=db skipFinalSnapshot=true
    DeleteRelationalDatabase RelationalDatabase:db | -db
delete_relational_database relationalDatabaseName=db finalRelationalDatabaseSnapshotName=last
    DeleteRelationalDatabase RelationalDatabase:db CreateRelationalDatabaseSnapshot \
RelationalDatabase:db>last RelationalDatabaseSnapshot:last>db | -db +last
delete_relational_database relationalDatabaseName=db
    DeleteRelationalDatabase RelationalDatabase:db CreateRelationalDatabaseSnapshot \
RelationalDatabase:db>db-FinalSnapshot-1795409400000 \
RelationalDatabaseSnapshot:db-FinalSnapshot-1795409400000>db | -db +db-FinalSnapshot-1795409400000
create_relational_database_snapshot relationalDatabaseName=db relationalDatabaseSnapshotName=new
    CreateRelationalDatabaseSnapshot RelationalDatabaseSnapshot:new>db \
RelationalDatabase:db>new | +new
delete_relational_database_snapshot relationalDatabaseSnapshotName=db-1
    DeleteRelationalDatabaseSnapshot! RelationalDatabaseSnapshot:db-1 | -db-1
copy_snapshot sourceSnapshotName=web-1 sourceRegion=us-east-1 targetSnapshotName=new
    CopySnapshot InstanceSnapshot:new>us-east-1:web-1 | +new
copy_snapshot sourceSnapshotName=data-1 sourceRegion=us-east-1 targetSnapshotName=new
    CopySnapshot DiskSnapshot:new>us-east-1:data-1 | +new
create_instances_from_snapshot instanceNames=["new"] zone=us-east-1a bundleId=small_3_0 \
instanceSnapshotName=web-1
    CreateInstancesFromSnapshot Instance:new | +new +new-xvdf
create_disk_from_snapshot diskName=new zone=us-east-1a sizeInGb=32 diskSnapshotName=data-1
    CreateDiskFromSnapshot Disk:new | +new
create_relational_database_from_snapshot relationalDatabaseName=new \
relationalDatabaseSnapshotName=db-1
    CreateRelationalDatabaseFromSnapshot RelationalDatabase:new | +new
tag_resource resourceName=web-1 tags=[{"key":"x"}]
    TagResource! InstanceSnapshot:web-1 |
untag_resource resourceName=db tagKeys=["x"]
    UntagResource! RelationalDatabase:db |
enable_add_on resourceName=web addOnRequest={"addOnType":"AutoSnapshot"}
    EnableAddOn! Instance:web>EnableAddOn~-~AutoSnapshot |
disable_add_on resourceName=web addOnType=AutoSnapshot
    DisableAddOn! Instance:web>DisableAddOn~-~AutoSnapshot |
allocate_static_ip staticIpName=new
    AllocateStaticIp! StaticIp:new | +new
release_static_ip staticIpName=spare
    ReleaseStaticIp! StaticIp:spare | -spare
attach_static_ip staticIpName=spare instanceName=idle
    AttachStaticIp! StaticIp:spare>idle Instance:idle>spare |
detach_static_ip staticIpName=address
    DetachStaticIp! StaticIp:address>web Instance:web>address |
open_instance_public_ports instanceName=web portInfo={"fromPort":443,"toPort":443,"protocol":"TCP"}
    OpenInstancePublicPorts! Instance:web>443/tcp |
put_instance_public_ports instanceName=web portInfos=[{"protocol":"tcp"},{"fromPort":1,"toPort":1}]
    PutInstancePublicPorts! Instance:web>0-65535/tcp,~1/tcp |
close_instance_public_ports instanceName=web portInfo={"fromPort":22,"toPort":22,"protocol":"TCP"}
    CloseInstancePublicPorts! Instance:web>22/tcp |
create_key_pair keyPairName=new
    CreateKeyPair! KeyPair:new | +new
import_key_pair keyPairName=new publicKeyBase64=c3NoLXJzYQ==
    ImportKeyPair! KeyPair:new | +new
delete_key_pair keyPairName=deploy
    DeleteKeyPair! KeyPair:deploy | -deploy
"""
"""A request, and below it the types of its operations (! for Succeeded, else Started), each before
its resources, with details after >; then the names that are new (+) and gone (-)."""

ROWS = list(zip(*[iter(WRITES.strip().splitlines())] * 2, strict=True))


def read_operations(text: str) -> Iterator[dict[str, Any]]:
    kind = ""
    for word in text.split():
        resource_type, _, resource = word.partition(":")
        if not resource:
            kind = word
            continue
        name, _, details = resource.partition(">")
        yield operation(
            kind.removesuffix("!"),
            name,
            resource_type,
            status="Succeeded" if kind.endswith("!") else "Started",
            details=details.replace("~", " ") or None,
        )


def states(controls: Control) -> dict[str, str]:
    by_type = controls.world()[REGION].values()
    return {name: each["state"] for names in by_type for name, each in names.items()}


@both
@pytest.mark.parametrize(("request_", "expected"), ROWS, ids=[row[0][:50] for row in ROWS])
def test_a_write_answers_its_operations_and_they_and_its_resources_end_well(
    client: Client, controls: Control, request_: str, expected: str
) -> None:
    one_of_each(controls.seed)
    before = states(controls)
    method, given = read_request(request_)
    operations, _, changes = expected.partition("|")

    answer = getattr(client, method)(**given)
    answered = answer.get("operations") or [answer["operation"]]
    at_once = states(controls)
    controls.clock.advance(hours=1)
    ended = [client.get_operation(operationId=each["id"])["operation"] for each in answered]
    later = states(controls)

    assert without_ids(answered) == list(read_operations(operations))
    new = at_once.keys() - before
    gone = {f"-{name}" for name in before.keys() - at_once}
    assert {f"+{name}" for name in new} | gone == set(changes.split())
    assert {(each["status"], each["isTerminal"]) for each in ended} == {("Succeeded", True)}
    assert {later[name] for name in new} <= {"running", "available", "completed"}
    assert {name: later[name] for name in later.keys() - new} == {
        name: state for name, state in before.items() if name in later
    }
