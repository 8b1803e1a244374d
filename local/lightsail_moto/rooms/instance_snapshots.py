"""Snapshots of instances, with the disks that are attached."""

from __future__ import annotations

from lightsail_moto.resources import Instance, Record
from lightsail_moto.rooms.snapshots import SnapshotRoom
from lightsail_moto.snapshots import InstanceSnapshot
from lightsail_moto.tagging import WireTags


class InstanceSnapshotRoom(SnapshotRoom):
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
        self.refuse_unless_at_rest(source)
        taken, fate = self.take(InstanceSnapshot, instance_snapshot_name, source, tags)
        return self.taking("CreateInstanceSnapshot", taken, source, fate)

    def delete_instance_snapshot(self, instance_snapshot_name: str) -> Record:
        return self.delete(InstanceSnapshot, instance_snapshot_name, "DeleteInstanceSnapshot")
