"""What is asked with the role. The order matters: a later probe uses what an earlier one made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from conform.probes import COPIES, RESTORES, Names, Probe
from conform.probes.parameters import OURS, also, named, with_tags
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


READS = (
    ("GetInstances", named()),
    ("GetInstanceSnapshot", named(instanceSnapshotName="instance-copy")),
    ("GetInstanceSnapshots", named()),
    ("GetDisks", named()),
    ("GetDiskSnapshot", named(diskSnapshotName="disk-1")),
    ("GetDiskSnapshots", named()),
    ("GetRelationalDatabases", named()),
    ("GetRelationalDatabaseSnapshot", named(relationalDatabaseSnapshotName="missing")),
    ("GetRelationalDatabaseSnapshots", named()),
    ("GetOperationsForResource", named(resourceName="instance")),
    ("GetStaticIps", named()),
)
RESTORE_READS = (
    ("GetInstance", named(instanceName="instance")),
    ("GetDisk", named(diskName="disk")),
    ("GetRelationalDatabase", named(relationalDatabaseName="missing")),
    ("GetBundles", named()),
    ("GetRelationalDatabaseBundles", named()),
    ("GetRegions", named()),
    ("GetKeyPairs", named()),
    ("GetStaticIp", named(staticIpName="address")),
)

_disk = named(diskName="disk", diskSnapshotName="role-disk")
_instance = named(instanceName="instance", instanceSnapshotName="role-instance")
_database = named(relationalDatabaseName="missing", relationalDatabaseSnapshotName="role-database")
_create = partial(Probe, "CreateSnapshots")
CREATES = (
    _create("with the policy's tag", "CreateInstanceSnapshot", with_tags(_instance, *OURS)),
    _create("with the policy's tag", "CreateDiskSnapshot", with_tags(_disk, *OURS)),
    _create(
        "with the policy's tag", "CreateRelationalDatabaseSnapshot", with_tags(_database, *OURS)
    ),
    _create("without a policy", "CreateInstanceSnapshot", with_tags(_instance, policy=None), False),
    _create("without a policy", "CreateDiskSnapshot", with_tags(_disk, policy=None), False),
    _create(
        "without a policy",
        "CreateRelationalDatabaseSnapshot",
        with_tags(_database, policy=None),
        False,
    ),
    _create("of another policy", "CreateDiskSnapshot", with_tags(_disk, policy="another"), False),
    _create("in another Region", "CreateDiskSnapshot", with_tags(_disk, *OURS), False, there=True),
)

_tag = partial(Probe, "TagSnapshots", operation="TagResource")
_own, _late, _foreign = (named(resourceName=name) for name in ("role-disk", "late", "disk-1"))
TAGS = (
    _tag("of a snapshot of the policy", parameters=with_tags(_own, *OURS)),
    _tag("of a snapshot of another policy", parameters=with_tags(_foreign, *OURS), allowed=False),
    _tag("without the policy", parameters=with_tags(_own, *OURS, policy=None), allowed=False),
    _tag("without source and time", parameters=with_tags(_late), allowed=False),
    Probe("DrillTags", "of a snapshot", "TagResource", with_tags(_late, "drill"), needs=RESTORES),
    _tag("of a snapshot without a policy", parameters=with_tags(_late, *OURS)),
)

_copy = partial(Probe, "CopySnapshots", operation="CopySnapshot")


def _copied(names: Names) -> Mapping[str, Any]:
    return {
        "sourceSnapshotName": names("disk-1"),
        "sourceRegion": names.run.account.region,
        "targetSnapshotName": names("disk-copy"),
    }


_taken = "to a name that is taken, in"
COPIED = (
    _copy(f"{_taken} a Region of CopyToRegions", parameters=_copied, needs=COPIES, there=True),
    _copy(f"{_taken} the Region of the stack", parameters=_copied, needs=COPIES),
)

_delete = partial(Probe, "DeleteOwnSnapshots")
_instance_snapshot, _disk_snapshot = "DeleteInstanceSnapshot", "DeleteDiskSnapshot"
_database_snapshot = "DeleteRelationalDatabaseSnapshot"
_held, _others = named(diskSnapshotName="system_disk.1"), named(diskSnapshotName="disk-1")
DELETES = (
    _delete("that is held", _disk_snapshot, _held, False),
    _delete("of another policy", _disk_snapshot, _others, False),
    _delete(
        "without a policy", _instance_snapshot, named(instanceSnapshotName="instance-2"), False
    ),
    _delete("of the policy", _instance_snapshot, named(instanceSnapshotName="role-instance")),
    _delete("of the policy", _disk_snapshot, named(diskSnapshotName="role-disk")),
)

_never = partial(Probe, "no statement", "at any time", allowed=False)
NEVER = (
    _never(
        "UntagResource",
        lambda names: {"resourceName": names("system_disk.1"), "tagKeys": ["snapshotter:hold"]},
    ),
    _never("DeleteAutoSnapshot", also(named(resourceName="instance"), date="2020-01-01")),
    _never("ReleaseStaticIp", named(staticIpName="address")),
    _never(
        "OpenInstancePublicPorts",
        also(named(instanceName="instance"), portInfo={"fromPort": 81, "toPort": 81}),
    ),
    _never("DisableAddOn", also(named(resourceName="instance"), addOnType="AutoSnapshot")),
)


PROBES = (
    *(Probe("ReadInventory", "", operation, given) for operation, given in READS),
    *(
        Probe("RestoreReads", "", operation, given, needs=RESTORES)
        for operation, given in RESTORE_READS
    ),
    *CREATES,
    *TAGS,
    *COPIED,
    *RESTORED,
    *DRILLS,
    *NEVER,
    *DELETES,
)
