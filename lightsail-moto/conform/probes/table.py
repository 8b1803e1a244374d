"""What is asked with the role. The order matters: a later probe uses what an earlier one made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conform.probes import COPIES, Names
from conform.probes.parameters import (
    ALLOWED,
    OURS,
    REFUSED,
    WITH_RESTORES,
    also,
    named,
    row,
    with_tags,
)
from conform.probes.restores import DRILLS, RESTORED


def prepare(names: Names) -> None:
    """As the owner: `instance-copy` is of the policy, `disk-1` of another, `system_disk.1` held."""
    run = names.run
    for name, tags in (
        ("instance-copy", names.tags(*OURS)),
        ("disk-1", names.tags(*OURS, policy="another")),
        ("system_disk.1", names.tags(*OURS, "hold")),
    ):
        run.must(f"prepare-{name}", "TagResource", resourceName=names(name), tags=tags)


def _copied(names: Names) -> Mapping[str, Any]:
    """To a name that is taken in both Regions, so that nothing is created."""
    source = {"sourceSnapshotName": names("disk-1"), "sourceRegion": names.run.account.region}
    return {**source, "targetSnapshotName": names("disk-copy")}


def _remove_hold(names: Names) -> Mapping[str, Any]:
    return {"resourceName": names("system_disk.1"), "tagKeys": ["snapshotter:hold"]}


_disk = named(diskName="disk", diskSnapshotName="role-disk")
_instance = named(instanceName="instance", instanceSnapshotName="role-instance")
_database = named(relationalDatabaseName="missing", relationalDatabaseSnapshotName="role-database")
_own, _late, _foreign = (named(resourceName=name) for name in ("role-disk", "late", "disk-1"))
_server = named(instanceName="instance")

READS = (
    *row(
        "ReadInventory",
        "",
        ALLOWED,
        GetInstances=named(),
        GetInstanceSnapshot=named(instanceSnapshotName="instance-copy"),
        GetInstanceSnapshots=named(),
        GetDisks=named(),
        GetDiskSnapshot=named(diskSnapshotName="disk-1"),
        GetDiskSnapshots=named(),
        GetRelationalDatabases=named(),
        GetRelationalDatabaseSnapshot=named(relationalDatabaseSnapshotName="missing"),
        GetRelationalDatabaseSnapshots=named(),
        GetOperationsForResource=named(resourceName="instance"),
        GetStaticIps=named(),
    ),
    *row(
        "RestoreReads",
        "",
        WITH_RESTORES,
        GetInstance=_server,
        GetDisk=named(diskName="disk"),
        GetRelationalDatabase=named(relationalDatabaseName="missing"),
        GetBundles=named(),
        GetRelationalDatabaseBundles=named(),
        GetRegions=named(),
        GetKeyPairs=named(),
        GetStaticIp=named(staticIpName="address"),
    ),
)
CREATES = (
    *row(
        "CreateSnapshots",
        "with the policy's tag",
        ALLOWED,
        CreateInstanceSnapshot=with_tags(_instance, *OURS),
        CreateDiskSnapshot=with_tags(_disk, *OURS),
        CreateRelationalDatabaseSnapshot=with_tags(_database, *OURS),
    ),
    *row(
        "CreateSnapshots",
        "without a policy",
        REFUSED,
        CreateInstanceSnapshot=with_tags(_instance, policy=None),
        CreateDiskSnapshot=with_tags(_disk, policy=None),
        CreateRelationalDatabaseSnapshot=with_tags(_database, policy=None),
    ),
    *row(
        "CreateSnapshots",
        "of another policy",
        REFUSED,
        CreateDiskSnapshot=with_tags(_disk, *OURS, policy="another"),
    ),
    *row(
        "CreateSnapshots",
        "in another Region",
        {"allowed": False, "there": True},
        CreateDiskSnapshot=with_tags(_disk, *OURS),
    ),
)


def _tag(text: str, options: Mapping[str, Any], given: Any, sid: str = "TagSnapshots") -> Any:
    return row(sid, text, options, TagResource=given)


TAGS = (
    *_tag("of a snapshot of the policy", ALLOWED, with_tags(_own, *OURS)),
    *_tag("of a snapshot of another policy", REFUSED, with_tags(_foreign, *OURS)),
    *_tag("without the policy", REFUSED, with_tags(_own, *OURS, policy=None)),
    *_tag("without source and time", REFUSED, with_tags(_late)),
    *_tag("of a snapshot", WITH_RESTORES, with_tags(_late, "drill"), "DrillTags"),
    *_tag("of a snapshot without a policy", ALLOWED, with_tags(_late, *OURS)),
)
COPIED = (
    *row(
        "CopySnapshots", "in CopyToRegions", {"needs": COPIES, "there": True}, CopySnapshot=_copied
    ),
    *row("CopySnapshots", "in the stack's Region", {"needs": COPIES}, CopySnapshot=_copied),
)
NEVER = row(
    "no statement",
    "at any time",
    REFUSED,
    UntagResource=_remove_hold,
    DeleteAutoSnapshot=also(named(resourceName="instance"), date="2020-01-01"),
    ReleaseStaticIp=named(staticIpName="address"),
    OpenInstancePublicPorts=also(_server, portInfo={"fromPort": 81, "toPort": 81}),
    DisableAddOn=also(named(resourceName="instance"), addOnType="AutoSnapshot"),
)
DELETES = (
    *row(
        "DeleteOwnSnapshots",
        "that is held",
        REFUSED,
        DeleteDiskSnapshot=named(diskSnapshotName="system_disk.1"),
    ),
    *row(
        "DeleteOwnSnapshots",
        "of another policy",
        REFUSED,
        DeleteDiskSnapshot=named(diskSnapshotName="disk-1"),
    ),
    *row(
        "DeleteOwnSnapshots",
        "without a policy",
        REFUSED,
        DeleteInstanceSnapshot=named(instanceSnapshotName="instance-2"),
    ),
    *row(
        "DeleteOwnSnapshots",
        "of the policy",
        ALLOWED,
        DeleteInstanceSnapshot=named(instanceSnapshotName="role-instance"),
        DeleteDiskSnapshot=named(diskSnapshotName="role-disk"),
    ),
)
PROBES = (*READS, *CREATES, *TAGS, *COPIED, *RESTORED, *DRILLS, *NEVER, *DELETES)
