"""How new resources come about: ids, ARNs, and the members that follow from their source.

Requests and seeding both go through here, so that both make the same records.
ARNs have a UUID, not the name: a namesake made later has another ARN.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from moto.moto_api._internal import mock_random

from lightsail_moto import catalogue
from lightsail_moto.resources import DEFAULT_PORTS, Disk, Instance, RelationalDatabase, Resource
from lightsail_moto.snapshots import (
    DiskSnapshot,
    InstanceSnapshot,
    RelationalDatabaseSnapshot,
    Snapshot,
)
from lightsail_moto.tagging import Tags

S = TypeVar("S", bound=Snapshot)

# Letters before the id in a support code; databases and their snapshots share theirs.
_SUPPORT = {
    Instance: "i-",
    InstanceSnapshot: "ami-",
    Disk: "vol-",
    DiskSnapshot: "snap-",
    RelationalDatabase: "ls-",
    RelationalDatabaseSnapshot: "ls-",
}


@dataclass(frozen=True, kw_only=True)
class Birth:
    """Who is born where and when: what every constructor below needs."""

    name: str
    account: str
    region: str
    zone: str
    at: datetime
    tags: Tags
    state: str

    def common(self, kind: type[Resource]) -> dict[str, Any]:
        unique = mock_random.uuid4()
        return {
            "name": self.name,
            "region": self.region,
            "zone": self.zone,
            "arn": f"arn:aws:lightsail:{self.region}:{self.account}:{kind.type}/{unique}",
            "support_code": f"{self.account[::-1]}/{_SUPPORT[kind]}{unique.hex[:17]}",
            "created_at": self.at,
            "tags": dict(self.tags),
            "state": self.state,
        }


def new_id() -> str:
    return str(mock_random.uuid4())


def instance(birth: Birth, *, blueprint_id: str, bundle: catalogue.Bundle) -> Instance:
    return Instance(
        **birth.common(Instance),
        blueprint_id=blueprint_id,
        bundle=bundle,
        ports=[
            {"fromPort": first, "toPort": last, "protocol": "tcp"} for first, last in DEFAULT_PORTS
        ],
    )


def disk(birth: Birth, *, size_gb: int) -> Disk:
    return Disk(**birth.common(Disk), size_gb=size_gb)


def database(
    birth: Birth,
    *,
    blueprint_id: str,
    bundle: catalogue.DatabaseBundle,
    master_database: str = "dbmaster",
    master_username: str = "dbmasteruser",
) -> RelationalDatabase:
    catalogue.engine(blueprint_id)
    return RelationalDatabase(
        **birth.common(RelationalDatabase),
        blueprint_id=blueprint_id,
        bundle=bundle,
        master_database=master_database,
        master_username=master_username,
    )


def instance_snapshot(birth: Birth, source: Instance) -> InstanceSnapshot:
    """Attached disks are in it; sizeInGb is the system disk's. Which size is live is unknown."""
    return InstanceSnapshot(
        **birth.common(InstanceSnapshot),
        size_gb=source.bundle.disk_gb,
        source_name=source.name,
        source_arn=source.arn,
        blueprint_id=source.blueprint_id,
        bundle_id=source.bundle.id,
        attached=[attached.describe() for attached in source.disks],
    )


def disk_snapshot(birth: Birth, source: Disk | Instance) -> DiskSnapshot:
    """Of a disk or, of an instance, of its system disk."""
    of_system_disk = isinstance(source, Instance)
    return DiskSnapshot(
        **birth.common(DiskSnapshot),
        size_gb=source.bundle.disk_gb if isinstance(source, Instance) else source.size_gb,
        source_name=source.name,
        source_arn=source.arn,
        of_system_disk=of_system_disk,
    )


def database_snapshot(birth: Birth, source: RelationalDatabase) -> RelationalDatabaseSnapshot:
    return RelationalDatabaseSnapshot(
        **birth.common(RelationalDatabaseSnapshot),
        size_gb=source.bundle.disk_gb,
        source_name=source.name,
        source_arn=source.arn,
        blueprint_id=source.blueprint_id,
        bundle_id=source.bundle.id,
        master_database=source.master_database,
        master_username=source.master_username,
    )


def snapshot(birth: Birth, source: Resource) -> Snapshot:
    """A snapshot of the type that the source's type has."""
    match source:
        case Instance():
            return instance_snapshot(birth, source)
        case Disk():
            return disk_snapshot(birth, source)
        case RelationalDatabase():
            return database_snapshot(birth, source)
    raise TypeError(f"no snapshots of {source.type}")


def copy(birth: Birth, source: S, *, carry_source: bool) -> S:
    """A copy under the birth's name, Region and tags.

    Whether the live service's copies have the from… members of their source is unknown.
    """
    origin: dict[str, Any] = {} if carry_source else {"source_name": None, "source_arn": None}
    return replace(source, **birth.common(type(source)), **origin, transition=None, number=0)
