"""The three types of snapshot, as records. Their zone is "all".

Wire forms: botocore's service model and the outputs in the AWS CLI reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lightsail_moto import catalogue
from lightsail_moto.resources import Record, Resource


@dataclass(kw_only=True, eq=False)
class Snapshot(Resource):
    """`source_name` and `source_arn` are None where a copy does not carry them."""

    size_gb: int
    source_name: str | None
    source_arn: str | None
    from_auto: bool = False


@dataclass(kw_only=True, eq=False)
class InstanceSnapshot(Snapshot):
    """`attached` are the attached disks as they were described when it was taken."""

    type = "InstanceSnapshot"

    blueprint_id: str
    bundle_id: str
    attached: list[Record] = field(default_factory=list)

    @property
    def origin(self) -> Record:
        return _present(
            fromInstanceName=self.source_name,
            fromInstanceArn=self.source_arn,
            fromBlueprintId=self.blueprint_id,
            fromBundleId=self.bundle_id,
        )

    def particulars(self) -> Record:
        return {
            "state": self.state,
            "fromAttachedDisks": [dict(disk) for disk in self.attached],
            **self.origin,
            "isFromAutoSnapshot": self.from_auto,
            "sizeInGb": self.size_gb,
        }


@dataclass(kw_only=True, eq=False)
class DiskSnapshot(Snapshot):
    """Of a block storage disk or, with `of_system_disk`, of an instance's system disk.

    What `progress` says while it is pending is not published: 0% here.
    """

    type = "DiskSnapshot"
    ready = "completed"

    of_system_disk: bool = False

    @property
    def origin(self) -> Record:
        if self.of_system_disk:
            return _present(fromInstanceName=self.source_name, fromInstanceArn=self.source_arn)
        return _present(fromDiskName=self.source_name, fromDiskArn=self.source_arn)

    def particulars(self) -> Record:
        return {
            "sizeInGb": self.size_gb,
            "state": self.state,
            "progress": "100%" if self.state == self.ready else "0%",
            **self.origin,
            "isFromAutoSnapshot": self.from_auto,
        }


@dataclass(kw_only=True, eq=False)
class RelationalDatabaseSnapshot(Snapshot):
    """Has neither progress nor isFromAutoSnapshot. The master names are kept for restores."""

    type = "RelationalDatabaseSnapshot"

    blueprint_id: str
    bundle_id: str
    master_database: str
    master_username: str

    @property
    def origin(self) -> Record:
        return _present(
            fromRelationalDatabaseName=self.source_name,
            fromRelationalDatabaseArn=self.source_arn,
            fromRelationalDatabaseBundleId=self.bundle_id,
            fromRelationalDatabaseBlueprintId=self.blueprint_id,
        )

    def particulars(self) -> Record:
        engine, version, _ = catalogue.engine(self.blueprint_id)
        return {
            "engine": engine,
            "engineVersion": version,
            "sizeInGb": self.size_gb,
            "state": self.state,
            **self.origin,
        }


def _present(**members: Any) -> Record:
    return {name: value for name, value in members.items() if value is not None}
