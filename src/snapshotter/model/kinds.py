"""The three types of resources, instances, disks and databases, with their names in the API.

Source of every name: botocore's service model of Lightsail (API version 2016-11-28). The ready
states are those of its examples and enumerations: `available`, but `completed` for disk snapshots.
A test compares each kind with the model.
"""

from enum import StrEnum
from typing import NamedTuple


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

INSTANCE = Kind(
    name="Instance",
    noun="instance",
    copyable=True,
    plain_names=False,
    list_resources="get_instances",
    resources_member="instances",
    get_resource="get_instance",
    resource_member="instance",
    resource_argument="instanceName",
    delete_resource="delete_instance",
    delete_flag="forceDeleteAddOns",
    running_state="running",
    list_snapshots="get_instance_snapshots",
    snapshots_member="instanceSnapshots",
    get_snapshot="get_instance_snapshot",
    snapshot_member="instanceSnapshot",
    snapshot_argument="instanceSnapshotName",
    create_snapshot="create_instance_snapshot",
    delete_snapshot="delete_instance_snapshot",
    from_name="fromInstanceName",
    from_arn="fromInstanceArn",
    from_bundle="fromBundleId",
    ready_state="available",
    create_from_snapshot="create_instances_from_snapshot",
    new_name_argument="instanceNames",
    many_names=True,
    bundle_argument="bundleId",
    list_bundles="get_bundles",
)
DISK = Kind(
    name="Disk",
    noun="disk",
    copyable=True,
    plain_names=False,
    list_resources="get_disks",
    resources_member="disks",
    get_resource="get_disk",
    resource_member="disk",
    resource_argument="diskName",
    delete_resource="delete_disk",
    delete_flag="forceDeleteAddOns",
    running_state="available",
    list_snapshots="get_disk_snapshots",
    snapshots_member="diskSnapshots",
    get_snapshot="get_disk_snapshot",
    snapshot_member="diskSnapshot",
    snapshot_argument="diskSnapshotName",
    create_snapshot="create_disk_snapshot",
    delete_snapshot="delete_disk_snapshot",
    from_name="fromDiskName",
    from_arn="fromDiskArn",
    from_bundle="",
    ready_state="completed",
    create_from_snapshot="create_disk_from_snapshot",
    new_name_argument="diskName",
    many_names=False,
    bundle_argument="",
    list_bundles="",
)
DATABASE = Kind(
    name="RelationalDatabase",
    noun="database",
    copyable=False,
    plain_names=True,
    list_resources="get_relational_databases",
    resources_member="relationalDatabases",
    get_resource="get_relational_database",
    resource_member="relationalDatabase",
    resource_argument="relationalDatabaseName",
    delete_resource="delete_relational_database",
    delete_flag="skipFinalSnapshot",
    running_state="available",
    list_snapshots="get_relational_database_snapshots",
    snapshots_member="relationalDatabaseSnapshots",
    get_snapshot="get_relational_database_snapshot",
    snapshot_member="relationalDatabaseSnapshot",
    snapshot_argument="relationalDatabaseSnapshotName",
    create_snapshot="create_relational_database_snapshot",
    delete_snapshot="delete_relational_database_snapshot",
    from_name="fromRelationalDatabaseName",
    from_arn="fromRelationalDatabaseArn",
    from_bundle="fromRelationalDatabaseBundleId",
    ready_state="available",
    create_from_snapshot="create_relational_database_from_snapshot",
    new_name_argument="relationalDatabaseName",
    many_names=False,
    bundle_argument="relationalDatabaseBundleId",
    list_bundles="get_relational_database_bundles",
)
KINDS = {kind.name: kind for kind in (INSTANCE, DISK, DATABASE)}
