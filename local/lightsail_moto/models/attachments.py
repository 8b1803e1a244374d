"""Attaching disks to instances."""

from __future__ import annotations

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.disks import Disk
from lightsail_moto.models.instances import Instance
from lightsail_moto.models.operation_log import Completion
from lightsail_moto.models.resource import Record

# From the quotas in the user guide.
MOST_ATTACHED = 15


class AttachmentBackend(RegionBackend):
    """AttachDisk, DetachDisk. Both take effect at once. autoMounting is not processed."""

    def attach_disk(
        self,
        disk_name: str,
        instance_name: str,
        disk_path: str,
        auto_mounting: bool | None = None,
    ) -> Record:
        disk = self.get(Disk, disk_name)
        instance = self.get(Instance, instance_name)
        if disk.state != "available" or disk.attached_to:
            raise InvalidInput(f"The Disk {disk_name} is not available.")
        if disk.zone != instance.zone:
            raise InvalidInput(f"{disk_name} and {instance_name} are not in the same zone.")
        if disk_path in {other.path for other in instance.disks}:
            raise InvalidInput(f"The disk path is in use: {disk_path}")
        if len(instance.disks) == MOST_ATTACHED:
            raise InvalidInput(f"{instance_name} has {MOST_ATTACHED} disks already.")
        instance.attach(disk, disk_path)
        return self._both("AttachDisk", disk, instance)

    def detach_disk(self, disk_name: str) -> Record:
        disk = self.get(Disk, disk_name)
        if disk.attached_to is None:
            raise InvalidInput(f"The Disk {disk_name} is not attached.")
        instance = self.get(Instance, disk.attached_to)
        instance.detach(disk)
        return self._both("DetachDisk", disk, instance)

    def _both(self, operation: str, disk: Disk, instance: Instance) -> Record:
        completion = Completion(self.now)
        return self.operations(
            [
                self.started(disk, operation, completion, instance.name),
                self.started(instance, operation, completion, disk.name),
            ]
        )
