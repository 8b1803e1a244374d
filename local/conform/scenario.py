"""The requests of a run: create, refuse, read, copy, delete. `statements` read what came of them.

One instance, one disk, one address, and a handful of snapshots, two of them copies. Each step has
a name of its own, by which the statements find its answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from conform.run import Run, Stopped, state_of

BLUEPRINT = "amazon_linux_2023"
DISK_GB = 8
KEY_ONLY = {"key": "key-only"}
COLOUR = {"key": "colour", "value": "blue"}
ANOTHER_COLOUR = {"key": "colour", "value": "green"}
PORTS = [
    {"fromPort": 22, "toPort": 22, "protocol": "tcp", "cidrs": ["203.0.113.0/24"]},
    {"fromPort": 443, "toPort": 443, "protocol": "tcp"},
    {"fromPort": 8, "toPort": -1, "protocol": "icmp"},
]
HTTPS = {"fromPort": 443, "toPort": 443, "protocol": "TCP"}


def is_in(*states: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a resource is in one of these states."""
    return lambda resource: state_of(resource) in states


@dataclass(frozen=True)
class Plans:
    """The bundles that a run uses, as Lightsail describes them; database is None for none."""

    instance: Mapping[str, Any]
    database: Mapping[str, Any] | None = None


def scenario(run: Run, plans: Plans, probes: Callable[[Run], None] | None = None) -> None:
    """Make all requests.

    probes: asks the deployed role, while there is something to ask for.

    Raises:
        Stopped: a step was refused that the others need.
    """
    create(run, plans.instance["bundleId"])
    requests_that_are_refused(run)
    snapshots(run)
    lists(run)
    tags(run)
    copies(run)
    network(run)
    if plans.database is not None:
        database(run, plans.database["bundleId"])
    if probes is not None:
        probes(run)
    delete(run)


def cheapest(run: Run, *, database: bool) -> Plans:
    """The plans with the lowest prices: of Linux with an IPv4 address, and of a database."""

    def fits(bundle: Mapping[str, Any]) -> bool:
        linux = "LINUX_UNIX" in bundle.get("supportedPlatforms", ())
        return linux and bool(bundle.get("publicIpv4AddressCount", 1))

    def is_active(bundle: Mapping[str, Any]) -> bool:
        return bool(bundle.get("isActive", True))

    instance = _cheapest(run, "get-bundles", "GetBundles", fits)
    if not database:
        return Plans(instance)
    listed = ("get-database-bundles", "GetRelationalDatabaseBundles")
    return Plans(instance, _cheapest(run, *listed, is_active))


def _cheapest(
    run: Run, step: str, operation: str, fits: Callable[[Mapping[str, Any]], bool]
) -> Mapping[str, Any]:
    listed = run.pages(step, operation, ours=fits).answer["bundles"]
    if not listed:
        raise Stopped(f"{step}: no bundle can be used")
    lowest: Mapping[str, Any] = min(listed, key=lambda bundle: float(bundle["price"]))
    # The others are not part of the transcript.
    listed[:] = [lowest]
    return lowest


def create(run: Run, bundle: str) -> None:
    def here(region: Mapping[str, Any]) -> bool:
        return region["name"] in (run.account.region, run.account.copy_region)

    run.pages("get-regions", "GetRegions", ours=here)
    zones = run.pages("get-zones", "GetRegions", ours=here, includeAvailabilityZones=True)
    zone = next(
        zone["zoneName"]
        for region in zones.answer["regions"]
        if region["name"] == run.account.region
        for zone in region["availabilityZones"]
    )
    run.must(
        "create-instance",
        "CreateInstances",
        instanceNames=[run.name("instance")],
        availabilityZone=zone,
        blueprintId=BLUEPRINT,
        bundleId=bundle,
        tags=[run.tag, COLOUR, KEY_ONLY],
    )
    run.must(
        "create-disk",
        "CreateDisk",
        diskName=run.name("disk"),
        availabilityZone=zone,
        sizeInGb=DISK_GB,
        tags=[run.tag, COLOUR],
    )
    run.must("allocate-static-ip", "AllocateStaticIp", staticIpName=run.name("address"))
    instance, disk = run.name("instance"), run.name("disk")
    run.until("wait-instance", "GetInstance", is_in("running"), instanceName=instance)
    run.until("wait-disk", "GetDisk", is_in("available"), diskName=disk)
    attach = {"diskName": disk, "instanceName": instance, "diskPath": "/dev/xvdf"}
    run.must("attach-disk", "AttachDisk", **attach)
    run.until("wait-attached", "GetDisk", is_in("in-use"), diskName=disk)
    run.must("get-instance", "GetInstance", instanceName=instance)


def requests_that_are_refused(run: Run) -> None:
    """None of these creates anything, unless a statement does not hold."""
    disk, instance = run.name("disk"), run.name("instance")

    def snapshot(step: str, name: str, *tags: Mapping[str, str], **source: str) -> None:
        source = source or {"diskName": disk}
        given = {"diskSnapshotName": name, "tags": [run.tag, *tags], **source}
        run.call(step, "CreateDiskSnapshot", **given)

    snapshot("refused-name", f"{run.name('bad')} name")
    snapshot("refused-taken-by-instance", instance)
    snapshot("refused-taken-by-address", run.name("address"))
    snapshot("refused-missing-source", run.name("orphan"), diskName=run.name("missing"))
    many = [{"key": f"key-{number}", "value": "x"} for number in range(50)]
    snapshot("refused-51-tags", run.name("tags"), *many)
    snapshot("refused-aws-tag", run.name("aws"), {"key": "aws:x", "value": "x"})
    snapshot("refused-two-sources", run.name("two"), diskName=disk, instanceName=instance)
    missing = {"instanceSnapshotName": run.name("missing")}
    run.call("refused-missing-snapshot", "GetInstanceSnapshot", **missing)
    run.call("refused-missing-delete", "DeleteInstanceSnapshot", **missing)
    run.call("refused-missing-operation", "GetOperation", operationId="0" * 8)


def snapshots(run: Run) -> None:
    instance, disk = run.name("instance"), run.name("disk")
    of_instance, of_disk = run.name("instance-1"), run.name("disk-1")
    first = run.must(
        "create-instance-snapshot",
        "CreateInstanceSnapshot",
        instanceName=instance,
        instanceSnapshotName=of_instance,
        tags=[run.tag, KEY_ONLY],
    )
    pending = {"targetSnapshotName": run.name("early"), "sourceRegion": run.account.region}
    early = run.call("copy-pending", "CopySnapshot", sourceSnapshotName=of_instance, **pending)
    if not early.error:
        run.call("tag-copy-pending", "TagResource", resourceName=run.name("early"), tags=[run.tag])
    run.call(
        "create-second-snapshot",
        "CreateInstanceSnapshot",
        instanceName=instance,
        instanceSnapshotName=run.name("instance-2"),
        tags=[run.tag],
    )
    second = {"instanceSnapshotName": run.name("instance-2")}
    run.call("delete-pending-snapshot", "DeleteInstanceSnapshot", **second)
    create = ("CreateDiskSnapshot", {"tags": [run.tag]})
    names = {"diskName": disk, "diskSnapshotName": of_disk}
    run.must("create-disk-snapshot", create[0], **names, **create[1])
    names = {"instanceName": instance, "diskSnapshotName": run.name("system_disk.1")}
    run.call("create-system-disk-snapshot", create[0], **names, **create[1])
    names = {"diskName": disk, "diskSnapshotName": of_disk.replace("disk-1", "DISK-1")}
    run.call("create-name-in-capitals", create[0], **names, **create[1])
    run.until(
        "wait-instance-snapshot",
        "GetInstanceSnapshot",
        is_in("available", "error"),
        instanceSnapshotName=of_instance,
    )
    run.until(
        "wait-disk-snapshot",
        "GetDiskSnapshot",
        is_in("completed", "error"),
        diskSnapshotName=of_disk,
    )
    run.until(
        "wait-operation",
        "GetOperation",
        is_in("Succeeded", "Completed", "Failed"),
        operationId=first.operations[0]["id"],
    )


def lists(run: Run) -> None:
    run.pages("get-instances", "GetInstances")
    run.pages("get-disks", "GetDisks")
    run.pages("get-instance-snapshots", "GetInstanceSnapshots")
    run.pages("get-disk-snapshots", "GetDiskSnapshots")
    run.pages("get-databases", "GetRelationalDatabases")
    run.pages("get-database-snapshots", "GetRelationalDatabaseSnapshots")
    run.pages(
        "get-operations-for-resource",
        "GetOperationsForResource",
        resourceName=run.name("instance-1"),
    )
    run.must("get-auto-snapshots", "GetAutoSnapshots", resourceName=run.name("instance"))


def tags(run: Run) -> None:
    name = run.name("instance-1")
    run.must("tag-resource", "TagResource", resourceName=name, tags=[COLOUR])
    run.must("get-tagged", "GetInstanceSnapshot", instanceSnapshotName=name)
    run.must("tag-resource-again", "TagResource", resourceName=name, tags=[ANOTHER_COLOUR])
    run.must("get-tagged-again", "GetInstanceSnapshot", instanceSnapshotName=name)
    run.must("untag-resource", "UntagResource", resourceName=name, tagKeys=["colour"])
    run.must("get-untagged", "GetInstanceSnapshot", instanceSnapshotName=name)


def copies(run: Run) -> None:
    """One copy in each Region; that of the disk, which is empty, goes to the other one.

    A copy is created without tags, so it is tagged at once.
    """
    here, there = run.account.region, run.account.copy_region
    given = {"sourceRegion": here, "targetSnapshotName": run.name("instance-copy")}
    copy = ("CopySnapshot", {"sourceSnapshotName": run.name("instance-1")})
    run.must("copy-instance-snapshot", copy[0], **given, **copy[1])
    name = {"instanceSnapshotName": run.name("instance-copy")}
    run.must("get-copy", "GetInstanceSnapshot", **name)
    tagged = {"resourceName": run.name("instance-copy"), "tags": [run.tag]}
    run.must("tag-copy", "TagResource", **tagged)
    run.call("copy-taken-name", copy[0], **given, **copy[1])
    given = {"sourceRegion": here, "targetSnapshotName": run.name("disk-copy")}
    source = {"sourceSnapshotName": run.name("disk-1")}
    run.must("copy-disk-snapshot", "CopySnapshot", region=there, **given, **source)
    tagged = {"resourceName": run.name("disk-copy"), "tags": [run.tag]}
    run.must("tag-copy-there", "TagResource", region=there, **tagged)
    run.call(
        "delete-copied-source",
        "DeleteInstanceSnapshot",
        instanceSnapshotName=copy[1]["sourceSnapshotName"],
    )
    run.until("wait-copy", "GetInstanceSnapshot", is_in("available", "error"), **name)
    run.until(
        "wait-copy-there",
        "GetDiskSnapshot",
        is_in("completed", "error"),
        region=there,
        diskSnapshotName=run.name("disk-copy"),
    )


def network(run: Run) -> None:
    instance = {"instanceName": run.name("instance")}
    address = {"staticIpName": run.name("address")}
    run.must("put-ports", "PutInstancePublicPorts", portInfos=PORTS, **instance)
    run.must("get-ports", "GetInstance", **instance)
    run.must("close-port", "CloseInstancePublicPorts", portInfo=HTTPS, **instance)
    run.must("get-ports-after-close", "GetInstance", **instance)
    run.call("put-no-ports", "PutInstancePublicPorts", portInfos=[], **instance)
    run.call("get-no-ports", "GetInstance", **instance)
    run.must("attach-static-ip", "AttachStaticIp", **address, **instance)
    run.call("attach-static-ip-again", "AttachStaticIp", **address, **instance)
    run.pages("get-static-ips", "GetStaticIps")
    run.must("get-with-address", "GetInstance", **instance)
    run.must("detach-static-ip", "DetachStaticIp", **address)
    run.must("get-detached", "GetStaticIp", **address)
    restored = {
        "instanceSnapshotName": run.name("instance-copy"),
        "instanceNames": [run.name("restored")],
        "availabilityZone": run.seen("create-instance").request["availabilityZone"],
        "bundleId": run.seen("create-instance").request["bundleId"],
        "tags": [run.tag],
    }
    create = "CreateInstancesFromSnapshot"
    run.call("refused-key-pair", create, keyPairName=run.name("missing"), **restored)
    run.call("refused-address-type", create, ipAddressType="ipv6", **restored)


def database(run: Run, bundle: str) -> None:
    name, snapshot = run.name("database"), run.name("database-1")
    run.must(
        "create-database",
        "CreateRelationalDatabase",
        relationalDatabaseName=name,
        relationalDatabaseBlueprintId="mysql_8_0",
        relationalDatabaseBundleId=bundle,
        masterDatabaseName="conformance",
        masterUsername="conformance",
        tags=[run.tag],
    )
    named = {"relationalDatabaseName": name}
    run.until("wait-database", "GetRelationalDatabase", is_in("available"), **named)
    taken = {"relationalDatabaseSnapshotName": snapshot}
    run.must(
        "create-database-snapshot",
        "CreateRelationalDatabaseSnapshot",
        tags=[run.tag],
        **named,
        **taken,
    )
    run.must("get-database-in-snapshot", "GetRelationalDatabase", **named)
    run.until(
        "wait-database-snapshot", "GetRelationalDatabaseSnapshot", is_in("available"), **taken
    )
    run.call(
        "copy-database-snapshot",
        "CopySnapshot",
        sourceSnapshotName=snapshot,
        sourceRegion=run.account.region,
        targetSnapshotName=run.name("database-copy"),
    )
    run.must("delete-database-snapshot", "DeleteRelationalDatabaseSnapshot", **taken)
    run.until("wait-database-again", "GetRelationalDatabase", is_in("available"), **named)
    run.must("delete-database", "DeleteRelationalDatabase", skipFinalSnapshot=True, **named)


def delete(run: Run) -> None:
    """What statements need; `cleanup` deletes all the rest."""
    name = {"instanceSnapshotName": run.name("instance-copy")}
    run.must("delete-instance-snapshot", "DeleteInstanceSnapshot", **name)
    run.call("get-deleted", "GetInstanceSnapshot", **name)
    disk = {"diskSnapshotName": run.name("disk-1")}
    run.must("delete-disk-snapshot", "DeleteDiskSnapshot", **disk)
    run.must("delete-instance", "DeleteInstance", instanceName=run.name("instance"))
    run.until("wait-detached", "GetDisk", is_in("available"), diskName=run.name("disk"))
    run.must("delete-disk", "DeleteDisk", diskName=run.name("disk"))
    run.must("release-static-ip", "ReleaseStaticIp", staticIpName=run.name("address"))
