"""The three types of resources, instances, disks and databases, with their names in the API.

Source of every name: botocore's service model of Lightsail (API version 2016-11-28). It forms most
of them from the name of the type, as in GetDisks and CreateDiskSnapshot. The ready states are those
of its examples and enumerations: `available`, but `completed` for disk snapshots. A test compares
each kind with the model.
"""

import re
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """The meaning of the state of a snapshot or resource."""

    READY = "ready"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Listing(NamedTuple):
    """A paginated list: the client's method, and the member of its response with the items."""

    method: str
    member: str


class Restoring(NamedTuple):
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


class Kind(NamedTuple):
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


def _kind(
    name: str,
    noun: str,
    *,
    ready: str,
    restored: str,
    many_names: bool = False,
    bundle: tuple[str, str, str] | None = None,
    delete_flag: str = "forceDeleteAddOns",
    is_database: bool = False,
) -> Kind:
    """Form the names of a kind in the API from its type.

    ready, restored: the ready state of a snapshot and of a resource. bundle: the method that lists
    bundles, the argument and the member of a snapshot with the id of one.
    """
    method = re.sub(r"\B([A-Z])", r"_\1", name).lower()
    member = f"{name[0].lower()}{name[1:]}"
    bundles, bundle_argument, from_bundle = bundle or (None, None, None)
    return Kind(
        name=name,
        noun=noun,
        resources=Listing(f"get_{method}s", f"{member}s"),
        snapshots=Listing(f"get_{method}_snapshots", f"{member}Snapshots"),
        get_method=f"get_{method}_snapshot",
        get_member=f"{member}Snapshot",
        create_method=f"create_{method}_snapshot",
        delete_method=f"delete_{method}_snapshot",
        source_argument=f"{member}Name",
        snapshot_argument=f"{member}SnapshotName",
        from_name=f"from{name}Name",
        from_arn=f"from{name}Arn",
        ready_state=ready,
        copyable=not is_database,
        plain_names=is_database,
        restoring=Restoring(
            method=f"create_{method}{'s' * many_names}_from_snapshot",
            name_argument=f"{member}Name{'s' * many_names}",
            many_names=many_names,
            bundle_argument=bundle_argument,
            bundles=Listing(bundles, "bundles") if bundles else None,
            from_bundle=from_bundle,
            get_method=f"get_{method}",
            get_member=member,
            delete_method=f"delete_{method}",
            delete_flag=delete_flag,
            ready_state=restored,
        ),
    )


INSTANCE = _kind(
    "Instance",
    "instance",
    ready="available",
    restored="running",
    many_names=True,
    bundle=("get_bundles", "bundleId", "fromBundleId"),
)
DISK = _kind("Disk", "disk", ready="completed", restored="available")
DATABASE = _kind(
    "RelationalDatabase",
    "database",
    ready="available",
    restored="available",
    bundle=(
        "get_relational_database_bundles",
        "relationalDatabaseBundleId",
        "fromRelationalDatabaseBundleId",
    ),
    delete_flag="skipFinalSnapshot",
    is_database=True,
)
KINDS = {kind.name: kind for kind in (INSTANCE, DISK, DATABASE)}
