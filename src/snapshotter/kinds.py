"""Instances, disks and databases as three rows of facts.

Source of every word: botocore's service model of Lightsail (API version 2016-11-28). The
ready words are those of its samples and enumerations: `available`, but `completed` for
disk snapshots. A test holds each row against the model.
"""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What a snapshot's state word means to us."""

    READY = "ready"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Listing:
    """A paged read: the client's method and the member of its answer that holds the items."""

    method: str
    member: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of resource and the words that Lightsail has for it.

    `name` is Lightsail's own resource type. Methods are those of the boto3 client,
    arguments and members are spelled as on the wire.
    """

    name: str
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
    """A snapshot's name takes letters, digits and hyphens only."""

    def status(self, state: str) -> Status:
        """Read a state word; one that nobody documented is unknown, hence neither good nor bad."""
        if state == self.ready_state:
            return Status.READY
        return _COMMON_STATES.get(state, Status.UNKNOWN)


_COMMON_STATES = {
    "pending": Status.PENDING,
    "creating": Status.PENDING,
    "error": Status.FAILED,
}

INSTANCE = Kind(
    name="Instance",
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
)

DISK = Kind(
    name="Disk",
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
)

DATABASE = Kind(
    name="RelationalDatabase",
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
)

KINDS = {kind.name: kind for kind in (INSTANCE, DISK, DATABASE)}
