"""The three types of resources, instances, disks and databases, with their names in the API.

Source of every name: botocore's service model of Lightsail (API version 2016-11-28). The ready
states are those of its examples and enumerations: `available`, but `completed` for disk snapshots.
A test compares each kind with the model.
"""

from enum import StrEnum
from typing import Any, NamedTuple


class Status(StrEnum):
    """The meaning of the state of a snapshot or resource."""

    READY = "ready"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Kind(NamedTuple):
    """One type of resource, with its methods, arguments and members in the API.

    `name` is Lightsail's resource type, `noun` its name in a sentence. Methods are those of the
    boto3 client; arguments and members are spelled as in the API.
    """

    name: str
    noun: str
    copyable: bool
    plain_names: bool
    """Whether names, also those of snapshots, are limited to letters, digits and hyphens."""

    # Resources.
    list_resources: str
    resources_member: str
    get_resource: str
    resource_member: str
    resource_argument: str
    delete_resource: str
    delete_flag: str
    """The argument of a delete that leaves no add-ons and no final snapshot."""
    running_state: str
    """The state of a resource that is ready."""

    # Snapshots.
    list_snapshots: str
    snapshots_member: str
    get_snapshot: str
    snapshot_member: str
    snapshot_argument: str
    create_snapshot: str
    delete_snapshot: str
    from_name: str
    from_arn: str
    from_bundle: str
    """The member of a snapshot with the bundle of its source. Disks have a size and no bundle."""
    ready_state: str

    # Restores.
    create_from_snapshot: str
    new_name_argument: str
    many_names: bool
    """Whether the new name is given in a list."""
    bundle_argument: str
    list_bundles: str

    def snapshot_status(self, state: str) -> Status:
        """The meaning of a snapshot's state. An undocumented state is UNKNOWN."""
        return _status(state, self.ready_state)

    def resource_status(self, state: str) -> Status:
        """The meaning of a resource's state. An undocumented state is UNKNOWN."""
        return _status(state, self.running_state)


def _status(state: str, ready: str) -> Status:
    return Status.READY if state == ready else _COMMON_STATES.get(state, Status.UNKNOWN)


_COMMON_STATES = {
    "pending": Status.PENDING,
    "creating": Status.PENDING,
    "error": Status.FAILED,
}

_MEMBERS: dict[str, tuple[Any, Any, Any]] = {
    "name": ("Instance", "Disk", "RelationalDatabase"),
    "noun": ("instance", "disk", "database"),
    "copyable": (True, True, False),
    "plain_names": (False, False, True),
    "list_resources": ("get_instances", "get_disks", "get_relational_databases"),
    "resources_member": ("instances", "disks", "relationalDatabases"),
    "get_resource": ("get_instance", "get_disk", "get_relational_database"),
    "resource_member": ("instance", "disk", "relationalDatabase"),
    "resource_argument": ("instanceName", "diskName", "relationalDatabaseName"),
    "delete_resource": ("delete_instance", "delete_disk", "delete_relational_database"),
    "delete_flag": ("forceDeleteAddOns", "forceDeleteAddOns", "skipFinalSnapshot"),
    "running_state": ("running", "available", "available"),
    "list_snapshots": (
        "get_instance_snapshots",
        "get_disk_snapshots",
        "get_relational_database_snapshots",
    ),
    "snapshots_member": ("instanceSnapshots", "diskSnapshots", "relationalDatabaseSnapshots"),
    "get_snapshot": (
        "get_instance_snapshot",
        "get_disk_snapshot",
        "get_relational_database_snapshot",
    ),
    "snapshot_member": ("instanceSnapshot", "diskSnapshot", "relationalDatabaseSnapshot"),
    "snapshot_argument": (
        "instanceSnapshotName",
        "diskSnapshotName",
        "relationalDatabaseSnapshotName",
    ),
    "create_snapshot": (
        "create_instance_snapshot",
        "create_disk_snapshot",
        "create_relational_database_snapshot",
    ),
    "delete_snapshot": (
        "delete_instance_snapshot",
        "delete_disk_snapshot",
        "delete_relational_database_snapshot",
    ),
    "from_name": ("fromInstanceName", "fromDiskName", "fromRelationalDatabaseName"),
    "from_arn": ("fromInstanceArn", "fromDiskArn", "fromRelationalDatabaseArn"),
    "from_bundle": ("fromBundleId", "", "fromRelationalDatabaseBundleId"),
    "ready_state": ("available", "completed", "available"),
    "create_from_snapshot": (
        "create_instances_from_snapshot",
        "create_disk_from_snapshot",
        "create_relational_database_from_snapshot",
    ),
    "new_name_argument": ("instanceNames", "diskName", "relationalDatabaseName"),
    "many_names": (True, False, False),
    "bundle_argument": ("bundleId", "", "relationalDatabaseBundleId"),
    "list_bundles": ("get_bundles", "", "get_relational_database_bundles"),
}
INSTANCE, DISK, DATABASE = (
    Kind(**dict(zip(_MEMBERS, column, strict=True)))
    for column in zip(*_MEMBERS.values(), strict=True)
)
KINDS = {kind.name: kind for kind in (INSTANCE, DISK, DATABASE)}
