"""The requests of a run: create, refuse, read, copy, delete. `statements` read what came of them.

One instance, one disk, one address, and a handful of snapshots, two of them copies. Each step has
a name of its own, by which the statements find its answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from conform.run import Run, Stopped
from conform.transcript import is_in

BLUEPRINT = "amazon_linux_2023"
DISK_GB = 8
KEY_ONLY = {"key": "key-only"}
COLOUR = {"key": "colour", "value": "blue"}
ANOTHER_COLOUR = COLOUR | {"value": "green"}
PORTS = [
    {"fromPort": 22, "toPort": 22, "protocol": "tcp", "cidrs": ["203.0.113.0/24"]},
    {"fromPort": 443, "toPort": 443, "protocol": "tcp"},
    {"fromPort": 8, "toPort": -1, "protocol": "icmp"},
]
HTTPS = {"fromPort": 443, "toPort": 443, "protocol": "TCP"}


def scenario(run: Run, plans: Plans) -> None:
    """Make all requests.

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
    restores_that_are_refused(run)
    if plans.database is not None:
        database(run, plans.database["bundleId"])
    delete(run)


@dataclass(frozen=True)
class Plans:
    """The bundles that a run uses, as Lightsail describes them; database is None for none."""

    instance: Mapping[str, Any]
    database: Mapping[str, Any] | None = None


def cheapest(run: Run, *, database: bool) -> Plans:
    """The plans with the lowest prices: of Linux with an IPv4 address, and of a database."""

    def fits(bundle: Mapping[str, Any]) -> bool:
        return "LINUX_UNIX" in bundle.get("supportedPlatforms", ()) and not has_no_ipv4(bundle)

    def is_active(bundle: Mapping[str, Any]) -> bool:
        return bool(bundle.get("isActive", True))

    instance = _cheapest(run, "get-bundles", "GetBundles", fits)
    if not database:
        return Plans(instance)
    listed = ("get-database-bundles", "GetRelationalDatabaseBundles")
    return Plans(instance, _cheapest(run, *listed, is_active))


def has_no_ipv4(bundle: Mapping[str, Any]) -> bool:
    return bundle.get("publicIpv4AddressCount") == 0


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
    zone = _first_zone(run)
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
    run.must("get-health", "GetInstance", instanceName=instance, includeHealthStatus=True)


def _first_zone(run: Run) -> str:
    def here(region: Mapping[str, Any]) -> bool:
        return region["name"] in (run.account.region, run.account.copy_region)

    run.pages("get-regions", "GetRegions", ours=here)
    zones = run.pages("get-zones", "GetRegions", ours=here, includeAvailabilityZones=True)
    return next(
        str(zone["zoneName"])
        for region in zones.answer["regions"]
        if region["name"] == run.account.region
        for zone in region["availabilityZones"]
    )


def requests_that_are_refused(run: Run) -> None:
    """None of these creates anything, unless a statement does not hold."""
    disk, instance = run.name("disk"), run.name("instance")

    def snapshot(step: str, name: str, *tags: Mapping[str, str], **source: str) -> None:
        source = source or {"diskName": disk}
        given: Any = {"diskSnapshotName": name, "tags": [run.tag, *tags], **source}
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
    """Two of the instance, one of its system disk, two of the disk."""
    instance: Any = {"instanceName": run.name("instance")}
    disk: Any = {"diskName": run.name("disk"), "tags": [run.tag]}
    first: Any = {"instanceSnapshotName": run.name("instance-1")}
    second: Any = {"instanceSnapshotName": run.name("instance-2")}
    create = "CreateInstanceSnapshot"
    run.must("create-instance-snapshot", create, tags=[run.tag, KEY_ONLY], **instance, **first)
    _copy_pending(run)
    run.call("create-second-snapshot", create, tags=[run.tag], **instance, **second)
    run.call("delete-pending-snapshot", "DeleteInstanceSnapshot", **second)
    create = "CreateDiskSnapshot"
    run.must("create-disk-snapshot", create, diskSnapshotName=run.name("disk-1"), **disk)
    system: Any = {"diskSnapshotName": run.name("system_disk.1"), "tags": [run.tag]}
    run.call("create-system-disk-snapshot", create, **instance, **system)
    run.call("create-name-in-capitals", create, diskSnapshotName=run.name("DISK-1"), **disk)
    _wait(run)


def _copy_pending(run: Run) -> None:
    copy = {"sourceRegion": run.account.region, "targetSnapshotName": run.name("early")}
    source = run.name("instance-1")
    noted = run.call("copy-pending", "CopySnapshot", sourceSnapshotName=source, **copy)
    if not noted.error:
        run.call("tag-copy-pending", "TagResource", resourceName=run.name("early"), tags=[run.tag])


def _wait(run: Run) -> None:
    instance, disk = run.name("instance-1"), run.name("disk-1")
    ready, read = is_in("available", "error"), "GetInstanceSnapshot"
    run.until("wait-instance-snapshot", read, ready, instanceSnapshotName=instance)
    ready, read = is_in("completed", "error"), "GetDiskSnapshot"
    run.until("wait-disk-snapshot", read, ready, diskSnapshotName=disk)
    ready, operation = (
        is_in("Succeeded", "Completed", "Failed"),
        run.seen("create-instance-snapshot"),
    )
    run.until("wait-operation", "GetOperation", ready, operationId=operation.operations[0]["id"])


def lists(run: Run) -> None:
    run.pages("get-instances", "GetInstances")
    run.pages("get-disks", "GetDisks")
    run.pages("get-instance-snapshots", "GetInstanceSnapshots")
    run.pages("get-disk-snapshots", "GetDiskSnapshots")
    run.pages("get-databases", "GetRelationalDatabases")
    run.pages("get-database-snapshots", "GetRelationalDatabaseSnapshots")
    name: Any = {"resourceName": run.name("instance-1")}
    run.pages("get-operations-for-resource", "GetOperationsForResource", **name)
    run.pages("get-load-balancers", "GetLoadBalancers")
    default: Any = {"ours": lambda pair: pair["name"] == "LightsailDefaultKeyPair"}
    run.pages("get-key-pairs", "GetKeyPairs", **default)
    run.pages("get-all-key-pairs", "GetKeyPairs", includeDefaultKeyPair=True, **default)
    inactive: Any = {"ours": lambda bundle: not bundle["isActive"]}
    run.pages("get-inactive-bundles", "GetBundles", **inactive)
    run.pages("get-all-bundles", "GetBundles", includeInactive=True, **inactive)
    regions = (run.account.region, run.account.copy_region)
    elsewhere = next(region for region in regions if region != "us-east-1")
    run.call("refused-domains", "GetDomains", region=elsewhere)
    run.must("get-auto-snapshots", "GetAutoSnapshots", resourceName=run.name("instance"))


def tags(run: Run) -> None:
    name = run.name("instance-1")
    read: Any = ("GetInstanceSnapshot", {"instanceSnapshotName": name})
    run.must("tag-resource", "TagResource", resourceName=name, tags=[COLOUR])
    run.must("get-tagged", read[0], **read[1])
    run.must("tag-resource-again", "TagResource", resourceName=name, tags=[ANOTHER_COLOUR])
    run.must("get-tagged-again", read[0], **read[1])
    run.must("untag-resource", "UntagResource", resourceName=name, tagKeys=["colour"])
    run.must("get-untagged", read[0], **read[1])


def copies(run: Run) -> None:
    """Two in the same Region, and one of the disk, which is empty, in the other.

    A copy is created without tags, so it is tagged at once.
    """
    there = run.account.copy_region
    copy: Any = {
        "sourceRegion": run.account.region,
        "targetSnapshotName": run.name("instance-copy"),
    }
    source: Any = {"sourceSnapshotName": run.name("instance-1")}
    name: Any = {"instanceSnapshotName": run.name("instance-copy")}
    run.must("copy-instance-snapshot", "CopySnapshot", **copy, **source)
    run.must("get-copy", "GetInstanceSnapshot", **name)
    run.must("tag-copy", "TagResource", resourceName=run.name("instance-copy"), tags=[run.tag])
    run.call("copy-taken-name", "CopySnapshot", **copy, **source)
    disk = copy | {"targetSnapshotName": run.name("disk-copy")}
    of_disk: Any = {"sourceSnapshotName": run.name("disk-1"), "region": there}
    run.must("copy-disk-snapshot", "CopySnapshot", **disk, **of_disk)
    tagged: Any = {"resourceName": run.name("disk-copy"), "tags": [run.tag]}
    run.must("tag-copy-there", "TagResource", region=there, **tagged)
    run.until("wait-copy", "GetInstanceSnapshot", is_in("available", "error"), **name)
    disk_copy: Any = {"diskSnapshotName": run.name("disk-copy"), "region": there}
    run.until("wait-copy-there", "GetDiskSnapshot", is_in("completed", "error"), **disk_copy)
    _delete_copied(run, copy | source)


def _delete_copied(run: Run, copy: Any) -> None:
    """Delete a snapshot while it is being copied: the last step that needs it."""
    name = run.name("late")
    run.must("copy-late", "CopySnapshot", **copy | {"targetSnapshotName": name})
    run.must("tag-copy-late", "TagResource", resourceName=name, tags=[run.tag])
    source = {"instanceSnapshotName": copy["sourceSnapshotName"]}
    run.call("delete-copied-source", "DeleteInstanceSnapshot", **source)
    ended, read = is_in("available", "error"), "GetInstanceSnapshot"
    run.until("wait-late", read, ended, instanceSnapshotName=name)


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


def restores_that_are_refused(run: Run) -> None:
    """None of these creates anything, unless a statement does not hold."""
    made = run.seen("create-instance").request
    without_ipv4 = run.pages("get-ipv6-bundles", "GetBundles", ours=has_no_ipv4)
    ipv6_only = without_ipv4.answer["bundles"][0]["bundleId"]

    def restore(step: str, bundle: str = made["bundleId"], **options: str) -> None:
        run.call(
            step,
            "CreateInstancesFromSnapshot",
            instanceSnapshotName=run.name("instance-copy"),
            instanceNames=[run.name("restored")],
            availabilityZone=made["availabilityZone"],
            bundleId=bundle,
            tags=[run.tag],
            **options,
        )

    restore("refused-key-pair", keyPairName=run.name("missing"))
    restore("refused-bundle", "nano_0_0")
    restore("refused-ipv6", ipAddressType="ipv6")
    restore("refused-ipv4", ipv6_only, ipAddressType="ipv4")
    restore("refused-dualstack", ipv6_only, ipAddressType="dualstack")
    restore("refused-default-type", ipv6_only)


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
