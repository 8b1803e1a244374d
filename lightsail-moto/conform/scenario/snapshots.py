"""Snapshots, what lists have of them, their tags and their copies."""

from __future__ import annotations

from typing import Any

from conform.run import Run
from conform.scenario.resources import COLOUR, KEY_ONLY
from conform.transcript import is_in

ANOTHER_COLOUR = COLOUR | {"value": "green"}


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
