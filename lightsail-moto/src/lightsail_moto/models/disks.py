"""Block storage disks."""

from __future__ import annotations

from dataclasses import dataclass

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.add_ons import AddOnBackend
from lightsail_moto.models.auto_snapshots import AddOnResource
from lightsail_moto.models.regions import check_zone
from lightsail_moto.models.resource import Record, present
from lightsail_moto.models.validation import WireTags, read_tags

# GB, from the quotas in the user guide.
SMALLEST, LARGEST = 8, 16_000


@dataclass(kw_only=True, eq=False)
class Disk(AddOnResource):
    """A block storage disk. System disks are part of their instance and not listed."""

    type = "Disk"
    support_prefix = "vol-"

    size_gb: int
    path: str | None = None
    attached_to: str | None = None

    def details(self) -> Record:
        attached = self.attached_to is not None
        return {
            "addOns": [dict(add_on) for add_on in self.add_ons],
            "sizeInGb": self.size_gb,
            "isSystemDisk": False,
            "iops": 100,
            **present(path=self.path, attachedTo=self.attached_to),
            "state": "in-use" if attached and self.state == "available" else self.state,
            "isAttached": attached,
            "attachmentState": "attached" if attached else "detached",
        }


class DiskBackend(AddOnBackend):
    """GetDisk(s), CreateDisk, DeleteDisk."""

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
        completion = self.begin(made, self.environment.create_seconds)
        return self.operations([self.started(made, "CreateDisk", completion)])

    def new_disk(
        self,
        name: str,
        zone: str,
        size_gb: int,
        tags: WireTags | None,
        add_ons: list[Record] | None,
    ) -> Disk:
        """A pending disk that is not stored yet; InvalidInput where a member is wrong."""
        check_zone(zone, self.region_name)
        if not SMALLEST <= size_gb <= LARGEST:
            raise InvalidInput(f"The disk size is not between {SMALLEST} and {LARGEST}: {size_gb}")
        self.claim(name, kind=Disk)
        made = Disk(**self.members(Disk, name, zone, tags=read_tags(tags)), size_gb=size_gb)
        self.enable_all(made, add_ons)
        return made

    def delete_disk(self, disk_name: str, force_delete_add_ons: bool = False) -> Record:
        deleted = self.get(Disk, disk_name)
        if deleted.attached_to:
            raise InvalidInput(f"The Disk {disk_name} is attached to {deleted.attached_to}.")
        self.refuse_with_add_ons(deleted, force_delete_add_ons)
        self.store.remove(deleted)
        return self.operations([self.done(deleted, "DeleteDisk")])
