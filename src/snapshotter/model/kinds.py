"""The three types of resources, instances, disks and databases, with their names in the API.

Source of every name: botocore's service model of Lightsail (API version 2016-11-28). The ready
states are those of its examples and enumerations: `available`, but `completed` for disk snapshots.
A test compares each kind with the model.
"""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The meaning of the state of a snapshot or resource."""

    READY = "ready"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Listing:
    """A paginated list: the client's method, and the member of its response with the items."""

    method: str
    member: str


@dataclass(frozen=True, slots=True)
class Restoring:
    """How a resource of one kind is created from a snapshot, read and deleted.

    from_bundle: the member of a snapshot with the bundle of its source. Disks have a size and no
    bundle. delete_flag: the argument of a delete that leaves no add-ons and no final snapshot.
    """

    method: str
    name_argument: str
    many_names: bool
    bundle_argument: str | None
    bundles: Listing | None
    from_bundle: str | None
    get_method: str
    get_member: str
    delete_method: str
    delete_flag: str
    ready_state: str

    def status(self, state: str) -> Status:
        """The meaning of the state of a resource, as `Kind.status` for a snapshot."""
        return _status(state, self.ready_state)


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of resource, with its methods, arguments and members in the API.

    `name` is Lightsail's resource type, `noun` its name in a sentence. Methods are those of the
    boto3 client; arguments and members are spelled as in the API.
    """

    name: str
    noun: str
    resources: Listing
    snapshots: Listing
    get_method: str
    get_member: str
    create_method: str
    delete_method: str
    source_argument: str
    snapshot_argument: str
    from_name: str
    from_arn: str
    ready_state: str
    copyable: bool
    plain_names: bool
    """Whether names, also those of snapshots, are limited to letters, digits and hyphens."""
    restoring: Restoring

    def status(self, state: str) -> Status:
        """The meaning of a snapshot's state. An undocumented state is UNKNOWN."""
        return _status(state, self.ready_state)


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
    resources=Listing("get_instances", "instances"),
    snapshots=Listing("get_instance_snapshots", "instanceSnapshots"),
    get_method="get_instance_snapshot",
    get_member="instanceSnapshot",
    create_method="create_instance_snapshot",
    delete_method="delete_instance_snapshot",
    source_argument="instanceName",
    snapshot_argument="instanceSnapshotName",
    from_name="fromInstanceName",
    from_arn="fromInstanceArn",
    ready_state="available",
    copyable=True,
    plain_names=False,
    restoring=Restoring(
        method="create_instances_from_snapshot",
        name_argument="instanceNames",
        many_names=True,
        bundle_argument="bundleId",
        bundles=Listing("get_bundles", "bundles"),
        from_bundle="fromBundleId",
        get_method="get_instance",
        get_member="instance",
        delete_method="delete_instance",
        delete_flag="forceDeleteAddOns",
        ready_state="running",
    ),
)

DISK = Kind(
    name="Disk",
    noun="disk",
    resources=Listing("get_disks", "disks"),
    snapshots=Listing("get_disk_snapshots", "diskSnapshots"),
    get_method="get_disk_snapshot",
    get_member="diskSnapshot",
    create_method="create_disk_snapshot",
    delete_method="delete_disk_snapshot",
    source_argument="diskName",
    snapshot_argument="diskSnapshotName",
    from_name="fromDiskName",
    from_arn="fromDiskArn",
    ready_state="completed",
    copyable=True,
    plain_names=False,
    restoring=Restoring(
        method="create_disk_from_snapshot",
        name_argument="diskName",
        many_names=False,
        bundle_argument=None,
        bundles=None,
        from_bundle=None,
        get_method="get_disk",
        get_member="disk",
        delete_method="delete_disk",
        delete_flag="forceDeleteAddOns",
        ready_state="available",
    ),
)

DATABASE = Kind(
    name="RelationalDatabase",
    noun="database",
    resources=Listing("get_relational_databases", "relationalDatabases"),
    snapshots=Listing("get_relational_database_snapshots", "relationalDatabaseSnapshots"),
    get_method="get_relational_database_snapshot",
    get_member="relationalDatabaseSnapshot",
    create_method="create_relational_database_snapshot",
    delete_method="delete_relational_database_snapshot",
    source_argument="relationalDatabaseName",
    snapshot_argument="relationalDatabaseSnapshotName",
    from_name="fromRelationalDatabaseName",
    from_arn="fromRelationalDatabaseArn",
    ready_state="available",
    copyable=False,
    plain_names=True,
    restoring=Restoring(
        method="create_relational_database_from_snapshot",
        name_argument="relationalDatabaseName",
        many_names=False,
        bundle_argument="relationalDatabaseBundleId",
        bundles=Listing("get_relational_database_bundles", "bundles"),
        from_bundle="fromRelationalDatabaseBundleId",
        get_method="get_relational_database",
        get_member="relationalDatabase",
        delete_method="delete_relational_database",
        delete_flag="skipFinalSnapshot",
        ready_state="available",
    ),
)

KINDS = {kind.name: kind for kind in (INSTANCE, DISK, DATABASE)}
