"""Block storage disks and their snapshots."""

from __future__ import annotations

from lightsail_moto import births, catalogue
from lightsail_moto.exceptions import TRY_AGAIN, InvalidInput
from lightsail_moto.operations import Fate
from lightsail_moto.resources import Disk, Instance, Record
from lightsail_moto.rooms.add_ons import AddOnRoom
from lightsail_moto.rooms.snapshots import SnapshotRoom
from lightsail_moto.snapshots import DiskSnapshot
from lightsail_moto.tagging import WireTags

# GB, from the quotas in the user guide.
SMALLEST, LARGEST = 8, 16_000
MOST_ATTACHED = 15


class DiskRoom(AddOnRoom):
    """GetDisk(s), CreateDisk, DeleteDisk, AttachDisk, DetachDisk.

    Attaching and detaching take effect at once. autoMounting is not processed.
    """

    def get_disks(self, page_token: str | None = None) -> Record:
        return self.listing(Disk, "disks", page_token)

    def get_disk(self, disk_name: str) -> Record:
        return {"disk": self.get(Disk, disk_name).describe()}

    def create_disk(
        self,
        disk_name: str,
        availability_zone: str,
        size_in_gb: int,
        tags: WireTags | None = None,
        add_ons: list[Record] | None = None,
    ) -> Record:
        made = self.new_disk(disk_name, availability_zone, size_in_gb, tags, add_ons)
        fate = self.begin(made, self.control.create_seconds)
        return self.operations([self.started(made, "CreateDisk", fate)])

    def new_disk(
        self,
        name: str,
        zone: str,
        size_gb: int,
        tags: WireTags | None,
        add_ons: list[Record] | None,
    ) -> Disk:
        """A pending disk that is not in the store yet; InvalidInput where a member is wrong."""
        catalogue.check_zone(zone, self.region_name)
        if not SMALLEST <= size_gb <= LARGEST:
            raise InvalidInput(f"The disk size is not between {SMALLEST} and {LARGEST}: {size_gb}")
        self.claim(name, kind=Disk)
        made = births.disk(self.birth(name, zone, tags, "pending"), size_gb=size_gb)
        self.switch_on_all(made, add_ons)
        return made

    def delete_disk(self, disk_name: str, force_delete_add_ons: bool = False) -> Record:
        gone = self.get(Disk, disk_name)
        if gone.attached_to:
            raise InvalidInput(f"The Disk {disk_name} is attached to {gone.attached_to}.")
        if gone.add_ons and not force_delete_add_ons:
            raise InvalidInput(
                f"You cannot delete the Disk {disk_name} with addons. "
                "Specify the forceDeleteAddons parameter."
            )
        self.store.remove(gone)
        return self.operations([self.done(gone, "DeleteDisk")])

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
        self.join(disk, instance, disk_path)
        return self._both("AttachDisk", disk, instance)

    @staticmethod
    def join(disk: Disk, instance: Instance, path: str) -> None:
        disk.attached_to, disk.path = instance.name, path
        instance.disks.append(disk)

    def detach_disk(self, disk_name: str) -> Record:
        disk = self.get(Disk, disk_name)
        if disk.attached_to is None:
            raise InvalidInput(f"The Disk {disk_name} is not attached.")
        instance = self.get(Instance, disk.attached_to)
        instance.disks.remove(disk)
        disk.attached_to, disk.path = None, ""
        return self._both("DetachDisk", disk, instance)

    def _both(self, operation: str, disk: Disk, instance: Instance) -> Record:
        fate = Fate(self.now)
        return self.operations(
            [
                self.started(disk, operation, fate, instance.name),
                self.started(instance, operation, fate, disk.name),
            ]
        )


class DiskSnapshotRoom(SnapshotRoom):
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
        taken, fate = self.take(DiskSnapshot, disk_snapshot_name, source, tags)
        return self.taking("CreateDiskSnapshot", taken, source, fate)

    def _source(self, disk_name: str | None, instance_name: str | None) -> Disk | Instance:
        if disk_name and not instance_name:
            disk = self.get(Disk, disk_name)
            if disk.state != "available":
                raise InvalidInput(f"The Disk {disk_name} is {disk.state}. {TRY_AGAIN}")
            return disk
        if instance_name and not disk_name:
            instance = self.get(Instance, instance_name)
            self.refuse_unless_at_rest(instance)
            return instance
        raise InvalidInput("Give either diskName or instanceName, and not both.")

    def delete_disk_snapshot(self, disk_snapshot_name: str) -> Record:
        return self.delete(DiskSnapshot, disk_snapshot_name, "DeleteDiskSnapshot")
