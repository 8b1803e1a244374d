"""Snapshots of instances, with the disks that are attached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from lightsail_moto.models.instances import Instance
from lightsail_moto.models.resource import Record, present
from lightsail_moto.models.snapshots import Snapshot, SnapshotBackend
from lightsail_moto.models.validation import WireTags


@dataclass(kw_only=True, eq=False)
class InstanceSnapshot(Snapshot):
    """`attached` are the attached disks as they were described when it was taken.

    sizeInGb is the system disk's. Which size the live service answers is unknown.
    """

    type = "InstanceSnapshot"
    support_prefix = "ami-"

    blueprint_id: str
    bundle_id: str
    attached: list[Record] = field(default_factory=list)

    @classmethod
    def of(cls, source: Instance, members: Record) -> Self:
        return cls(
            **members,
            size_gb=source.bundle.disk_gb,
            source_name=source.name,
            source_arn=source.arn,
            blueprint_id=source.blueprint_id,
            bundle_id=source.bundle.id,
            attached=[disk.describe() for disk in source.disks],
        )

    def details(self) -> Record:
        return {
            "state": self.state,
            "fromAttachedDisks": [dict(disk) for disk in self.attached],
            **present(fromInstanceName=self.source_name, fromInstanceArn=self.source_arn),
            "fromBlueprintId": self.blueprint_id,
            "fromBundleId": self.bundle_id,
            "isFromAutoSnapshot": self.from_auto,
            "sizeInGb": self.size_gb,
        }


class InstanceSnapshotBackend(SnapshotBackend):
    """GetInstanceSnapshot(s), CreateInstanceSnapshot, DeleteInstanceSnapshot."""

    def get_instance_snapshots(self, page_token: str | None = None) -> Record:
        return self.listing(InstanceSnapshot, "instanceSnapshots", page_token)

    def get_instance_snapshot(self, instance_snapshot_name: str) -> Record:
        snapshot = self.get(InstanceSnapshot, instance_snapshot_name)
        return {"instanceSnapshot": snapshot.describe()}

    def create_instance_snapshot(
        self, instance_snapshot_name: str, instance_name: str, tags: WireTags | None = None
    ) -> Record:
        source = self.get(Instance, instance_name)
        self.refuse_during_auto_snapshot(source)
        self.refuse_in_transition(source)
        operations, _ = self.take(InstanceSnapshot, instance_snapshot_name, source, tags)
        return self.operations(operations)

    def delete_instance_snapshot(self, instance_snapshot_name: str) -> Record:
        return self.delete(InstanceSnapshot, instance_snapshot_name)
