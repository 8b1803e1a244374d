"""What is refused, with which code; nothing has changed afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest

from lightsail_moto import Control

from .support import REGION, Client, both, one_of_each, read_request, refused

INVALID = "InvalidInputException"
REFUSALS = """
create_instances instanceNames=["new"] zone=us-east-1a blueprintId=x bundleId=nano_3_0
    zone=eu-west-1a
    instanceNames=["new","new"] -> NameExists
    instanceNames=["deploy"] -> NameExists
    keyPairName=gone -> NotFoundException
    addOns=[{"addOnType":"Odd"}]
    ipAddressType=ipv6
    bundleId=nano_ipv6_3_0
    bundleId=nano_ipv6_3_0 ipAddressType=ipv4
    bundleId=nano_ipv6_3_0 ipAddressType=dualstack
create_instances_from_snapshot instanceNames=["new"] zone=us-east-1a \
instanceSnapshotName=web-1 bundleId=small_3_0
    bundleId=micro_3_0
    zone=eu-west-1a
    instanceNames=["web"] -> NameExists
    instanceNames=["new","data"] -> NameExists
    instanceSnapshotName=data-1 -> NotFoundException
    sourceInstanceName=web
    keyPairName=gone -> NotFoundException
    tags=[{"key":"aws:x"}]
    attachedDiskMapping={"other":[]}
    attachedDiskMapping={"new":[{"originalDiskPath":"/x","newDiskName":"y1"}]}
    attachedDiskMapping={"new":[{"originalDiskPath":"/dev/xvdf"}]}
    attachedDiskMapping={"new":[{"originalDiskPath":"/dev/xvdf","newDiskName":"db"}]} -> NameExists
    ipAddressType=ipv6
    bundleId=small_ipv6_3_0
    bundleId=small_ipv6_3_0 ipAddressType=ipv4
    bundleId=small_ipv6_3_0 ipAddressType=dualstack
create_disk diskName=new zone=us-east-1a sizeInGb=8
    sizeInGb=7
    sizeInGb=16001
    diskName=web-1 -> NameExists
create_disk_from_snapshot diskName=new zone=us-east-1a sizeInGb=32 diskSnapshotName=data-1
    sizeInGb=31
create_relational_database_from_snapshot relationalDatabaseName=new \
relationalDatabaseSnapshotName=db-1
    relationalDatabaseBundleId=micro_2_0
    sourceRelationalDatabaseName=db
    zone=eu-west-1a
create_relational_database_from_snapshot relationalDatabaseName=new sourceRelationalDatabaseName=db
    .
copy_snapshot sourceSnapshotName=web-1 sourceRegion=us-east-1 targetSnapshotName=new
    sourceSnapshotName=db-1
    sourceRegion=us-west-1
    sourceRegion=the-moon-1
    sourceRegion=eu-west-1 -> NotFoundException
    sourceResourceName=web
    targetSnapshotName=_
    targetSnapshotName=spare -> NameExists
    sourceSnapshotName=gone -> NotFoundException
copy_snapshot sourceResourceName=web sourceRegion=us-east-1 targetSnapshotName=new
    .
    restoreDate=2026-11-23 -> NotFoundException
    useLatestRestorableAutoSnapshot=true -> NotFoundException
create_disk_snapshot diskName=data diskSnapshotName=new
    instanceName=web
    diskName=gone -> NotFoundException
    diskSnapshotName=web -> NameExists
    diskSnapshotName=db -> NameExists
    diskSnapshotName=db-1 -> NameExists
    diskSnapshotName=address -> NameExists
create_disk_snapshot diskSnapshotName=new
    .
create_relational_database_snapshot relationalDatabaseName=db relationalDatabaseSnapshotName=new
    relationalDatabaseSnapshotName=db.2
    relationalDatabaseSnapshotName=db_2
    relationalDatabaseSnapshotName=data -> NameExists
create_instance_snapshot instanceName=gone instanceSnapshotName=new
    . -> NotFoundException
delete_relational_database relationalDatabaseName=db skipFinalSnapshot=true
    finalRelationalDatabaseSnapshotName=last
attach_disk diskName=data instanceName=web diskPath=/dev/xvdg
    diskName=used
    diskPath=/dev/xvdf
    diskName=far
delete_disk diskName=used
    .
detach_disk diskName=data
    .
attach_static_ip staticIpName=spare instanceName=idle
    staticIpName=address
    staticIpName=gone -> NotFoundException
    instanceName=web
    instanceName=six
    instanceName=stopped
release_static_ip staticIpName=address
    .
detach_static_ip staticIpName=spare
    .
delete_key_pair keyPairName=deploy
    expectedFingerprint=00:11
    keyPairName=LightsailDefaultKeyPair -> NotFoundException
create_key_pair keyPairName=LightsailDefaultKeyPair
    . -> NameExists
enable_add_on resourceName=web addOnRequest={"addOnType":"AutoSnapshot"}
    resourceName=db
    resourceName=windows
    resourceName=gone -> NotFoundException
    addOnRequest={"addOnType":"AutoSnapshot","autoSnapshotAddOnRequest":{"snapshotTimeOfDay":"24:00"}}
delete_auto_snapshot resourceName=web date=2026-11-23
    . -> NotFoundException
delete_instance instanceName=windows
    .
tag_resource resourceName=data tags=[{"key":"new"}]
    resourceName=full
    resourceName=gone -> NotFoundException
    resourceArn=arn:aws:lightsail:us-east-1:123456789012:Disk/1
get_disk diskName=web
    . -> NotFoundException
get_operation operationId=no-such-id
    . -> NotFoundException
get_instances
    pageToken=garbage
    pageToken=W10=
    pageToken=MQ==
"""
"""A request, and below it changes that make it refused; for another code than INVALID after ->."""


def rows() -> Iterator[tuple[str, dict[str, Any], str]]:
    method = ""
    valid: dict[str, Any] = {}
    for line in REFUSALS.strip().splitlines():
        request, _, code = line.partition(" -> ")
        if line.startswith(" "):
            yield method, valid | read_request(request.replace(".", method, 1))[1], code or INVALID
        else:
            method, valid = read_request(request)


PORT: dict[str, Any] = {"fromPort": 443, "toPort": 443, "protocol": "tcp"}
BAD_PORTS: list[dict[str, Any]] = [
    {"protocol": "-1"},
    {"protocol": "gre"},
    {"fromPort": 444},
    {"fromPort": -1},
    {"toPort": 65536},
    {"protocol": "icmp"},
    {"cidrs": ["192.0.2.300/24"]},
    {"cidrs": ["192.0.2.0/33"]},
    {"cidrs": ["2001:db8::/64"]},
    {"ipv6Cidrs": ["192.0.2.0/24"]},
    {"cidrListAliases": ["office"]},
]
FIFTY = [{"key": f"k{number}", "value": "v"} for number in range(50)]
BAD_TAGS = [
    [*FIFTY, {"key": "one-more"}],
    [{"key": "k" * 129}],
    [{"key": ""}],
    [{"key": "k", "value": "v" * 257}],
    [{"key": "aws:created"}],
    [{"key": "k", "value": "AWS:created"}],
    [{"key": "k"}, {"key": "k", "value": "v"}],
    [{"key": "k", "value": "a,b"}],
]
BAD_NAMES = ["", "a", "a" * 256, "-web", "web-", ".web", "web_", "we b", "web:1", "web+1", "wéb"]
SNAPSHOT, WEB = {"diskName": "data", "diskSnapshotName": "new"}, {"instanceName": "web"}
ROWS: list[tuple[str, dict[str, Any], str]] = [
    *rows(),
    *(("create_disk_snapshot", SNAPSHOT | {"diskSnapshotName": n}, INVALID) for n in BAD_NAMES),
    *(("create_disk_snapshot", SNAPSHOT | {"tags": tags}, INVALID) for tags in BAD_TAGS),
    *(("tag_resource", {"resourceName": "data", "tags": tags}, INVALID) for tags in BAD_TAGS),
    *(
        (f"{verb}_instance_public_ports", WEB | ports, INVALID)
        for bad in BAD_PORTS
        for verb, ports in (
            ("open", {"portInfo": PORT | bad}),
            ("put", {"portInfos": [PORT, PORT | bad]}),
        )
    ),
]


@pytest.mark.parametrize(("method", "given", "code"), ROWS, ids=lambda value: str(value)[:60])
def test_a_request_is_refused_and_changes_nothing(
    client: Client, controls: Control, method: str, given: dict[str, Any], code: str
) -> None:
    seed = controls.seed
    one_of_each(seed)
    seed.add_disk("far", zone="b")
    seed.add_disk("full", tags={tag["key"]: "v" for tag in FIFTY})
    seed.add_instance("six", bundle_id="nano_ipv6_3_0")
    seed.add_instance("stopped", state="stopped")
    windows = seed.add_instance("windows", blueprint_id="windows_server_2022")
    windows.add_ons = [{"name": "StopInstanceOnIdle", "status": "Enabled"}]
    before = controls.world(), client.get_instances()["instances"]

    error, fine_code, _ = refused(getattr(client, method), **given)

    assert code in (error, fine_code)
    assert (controls.world(), client.get_instances()["instances"]) == before
    assert client.get_operations()["operations"] == []


UNFINISHED = """
create_instances_from_snapshot instanceNames=["new"] zone=us-east-1a \
instanceSnapshotName=web-1 bundleId=small_3_0
create_disk_from_snapshot diskName=new zone=us-east-1a sizeInGb=32 diskSnapshotName=data-1
create_relational_database_from_snapshot relationalDatabaseName=new \
relationalDatabaseSnapshotName=db-1
copy_snapshot sourceSnapshotName=web-1 sourceRegion=us-east-1 targetSnapshotName=new
"""


@pytest.mark.parametrize("state", ["pending", "error"])
@pytest.mark.parametrize("request_", UNFINISHED.strip().splitlines())
def test_only_a_finished_snapshot_is_restored_or_copied(
    client: Client, controls: Control, request_: str, state: str
) -> None:
    one_of_each(controls.seed)
    for snapshot in ("web-1", "data-1", "db-1"):
        controls.set_snapshot_state(snapshot, REGION, state)
    method, given = read_request(request_)

    assert refused(getattr(client, method), **given)[0] == INVALID


MESSAGES = {
    "create_disk diskName=web zone=us-east-1a sizeInGb=8": ("Some names are already in use: web"),
    "create_disk diskName=a zone=us-east-1a sizeInGb=8": (
        "a is not a valid resource name. Resource names must be at least 2 characters long "
        "and contain only alphanumerics, -, _, and ."
    ),
    "get_static_ip staticIpName=gone": "The StaticIp does not exist: gone",
    "get_instances pageToken=x": "The page token is not valid.",
    "delete_instance instanceName=addons": (
        "You cannot delete the Instance addons with addons. "
        "Specify the forceDeleteAddons parameter."
    ),
    "create_instance_snapshot instanceName=stopping instanceSnapshotName=new": (
        "The Instance stopping is stopping. Please try again in a few minutes."
    ),
    "create_relational_database_snapshot relationalDatabaseName=db "
    "relationalDatabaseSnapshotName=x1": (
        "Cannot create a snapshot because the database db is not currently in the available state."
    ),
}


@both
@pytest.mark.parametrize(("request_", "message"), MESSAGES.items())
def test_a_refusal_has_the_known_words(
    client: Client, controls: Control, request_: str, message: str
) -> None:
    one_of_each(controls.seed)
    controls.seed.add_instance("stopping", state="stopping")
    addons = controls.seed.add_instance("addons")
    addons.add_ons = [{"name": "StopInstanceOnIdle", "status": "Enabled"}]
    controls.set_database_state("db", REGION, "a-new-word")
    method, given = read_request(request_)

    assert refused(getattr(client, method), **given)[2] == message
