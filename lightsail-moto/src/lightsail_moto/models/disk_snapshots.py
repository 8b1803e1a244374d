"""Snapshots of block storage disks, and of the system disks of instances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from lightsail_moto.exceptions import TRY_AGAIN, InvalidInput
from lightsail_moto.models.disks import Disk
from lightsail_moto.models.instances import Instance
from lightsail_moto.models.resource import Record, present
from lightsail_moto.models.snapshots import Snapshot, SnapshotBackend
from lightsail_moto.models.validation import WireTags


@dataclass(kw_only=True, eq=False)
class DiskSnapshot(Snapshot):
    """Of a block storage disk or, with `of_system_disk`, of an instance's system disk.

    The `progress` of a pending one is not published: 0% here.
    """

    type = "DiskSnapshot"
    ready = "completed"
    support_prefix = "snap-"

    of_system_disk: bool = False

    @classmethod
    def of(cls, source: Disk | Instance, members: Record) -> Self:
        return cls(
            **members,
            size_gb=source.bundle.disk_gb if isinstance(source, Instance) else source.size_gb,
            source_name=source.name,
            source_arn=source.arn,
            of_system_disk=isinstance(source, Instance),
        )

    def details(self) -> Record:
        source = "fromInstance" if self.of_system_disk else "fromDisk"
        return {
            "sizeInGb": self.size_gb,
            "state": self.state,
            "progress": "100%" if self.state == self.ready else "0%",
            **present(**{f"{source}Name": self.source_name, f"{source}Arn": self.source_arn}),
            "isFromAutoSnapshot": self.from_auto,
        }


class DiskSnapshotBackend(SnapshotBackend):
    """GetDiskSnapshot(s), CreateDiskSnapshot, DeleteDiskSnapshot."""

    def get_disk_snapshots(self, page_token: str | None = None) -> Record:
        return self.listing(DiskSnapshot, "diskSnapshots", page_token)

    def get_disk_snapshot(self, disk_snapshot_name: str) -> Record:
        return {"diskSnapshot": self.get(DiskSnapshot, disk_snapshot_name).describe()}

    def create_disk_snapshot(
        self,
        disk_snapshot_name: str,
        disk_name: str | None = None,
        instance_name: str | None = None,
        tags: WireTags | None = None,
    ) -> Record:
        """Of a disk, or of an instance's system disk: exactly one of the two names is given."""
        source = self._source(disk_name, instance_name)
        self.refuse_during_auto_snapshot(source)
        operations, _ = self.take(DiskSnapshot, disk_snapshot_name, source, tags)
        return self.operations(operations)

    def _source(self, disk_name: str | None, instance_name: str | None) -> Disk | Instance:
        if disk_name and not instance_name:
            disk = self.get(Disk, disk_name)
            if disk.state != "available":
                raise InvalidInput(f"The Disk {disk_name} is {disk.state}. {TRY_AGAIN}")
            return disk
        if instance_name and not disk_name:
            instance = self.get(Instance, instance_name)
            self.refuse_in_transition(instance)
            return instance
        raise InvalidInput("Give either diskName or instanceName, and not both.")

    def delete_disk_snapshot(self, disk_snapshot_name: str) -> Record:
        return self.delete(DiskSnapshot, disk_snapshot_name)
