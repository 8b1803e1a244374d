"""The instance, the disk and the address, and requests that are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conform.run import Run
from conform.transcript import is_in

BLUEPRINT = "amazon_linux_2023"
DISK_GB = 8
KEY_ONLY = {"key": "key-only"}
COLOUR = {"key": "colour", "value": "blue"}


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
