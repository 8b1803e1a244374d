"""Instances. Not covered: starting, stopping, access details, metrics."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.add_ons import AddOnBackend
from lightsail_moto.models.bundles import Bundle, BundleBackend, blueprint
from lightsail_moto.models.disks import Disk
from lightsail_moto.models.key_pairs import DEFAULT_KEY_PAIR, KeyPairBackend
from lightsail_moto.models.networking import NetworkedResource
from lightsail_moto.models.regions import check_zone
from lightsail_moto.models.resource import Record
from lightsail_moto.models.validation import WireTags, read_tags

# EC2's numbers: Lightsail publishes 16 for running, and no list.
STATE_CODES = {
    "pending": 0,
    "running": 16,
    "shutting-down": 32,
    "terminated": 48,
    "stopping": 64,
    "stopped": 80,
}


@dataclass(kw_only=True, eq=False)
class Instance(NetworkedResource):
    """A virtual server.

    disks: the attached block storage disks, in order of attachment.
    running_since: when it became ready. health: instance and system status; None: by its state.
    """

    type = "Instance"
    ready = "running"
    support_prefix = "i-"

    blueprint_id: str
    bundle: Bundle
    state_code: int | None = None
    disks: list[Disk] = field(default_factory=list)
    running_since: datetime | None = None
    health: tuple[str, str] | None = None

    def settle(self, now: datetime) -> None:
        if self.transition and now >= self.transition.due:
            self.running_since = self.transition.due
        super().settle(now)

    def attach(self, disk: Disk, path: str) -> None:
        disk.attached_to, disk.path = self.name, path
        self.disks.append(disk)

    def detach(self, disk: Disk) -> None:
        disk.attached_to = disk.path = None
        self.disks.remove(disk)

    @property
    def can_auto_snapshot(self) -> bool:
        return not self.blueprint_id.startswith("windows")

    def attached_disks(self) -> list[Record]:
        return [{"path": disk.path, "sizeInGb": disk.size_gb} for disk in self.disks]

    def details(self) -> Record:
        blueprint_name, username = blueprint(self.blueprint_id)
        return {
            "blueprintId": self.blueprint_id,
            "blueprintName": blueprint_name,
            "bundleId": self.bundle.id,
            "addOns": [dict(add_on) for add_on in self.add_ons],
            **self.addresses(),
            "hardware": self._hardware(),
            "networking": {
                "monthlyTransfer": {"gbPerMonthAllocated": self.bundle.transfer_gb},
                "ports": [],
            },
            "state": self.describe_state(),
            "username": username,
            "sshKeyName": self.key_pair,
        }

    def describe_state(self) -> Record:
        """`code` is 0 for words that EC2's table does not know, unless one was set."""
        code = STATE_CODES.get(self.state, 0) if self.state_code is None else self.state_code
        return {"code": code, "name": self.state}

    def _hardware(self) -> Record:
        system_disk = {
            "createdAt": self.created_at,
            "sizeInGb": self.bundle.disk_gb,
            "isSystemDisk": True,
            "iops": self.bundle.disk_gb * 3,
            "path": "/dev/xvda",
            "attachedTo": self.name,
            "attachmentState": "attached",
        }
        return {
            "cpuCount": self.bundle.cpus,
            "disks": [system_disk, *(disk.describe() for disk in self.disks)],
            "ramSizeInGb": self.bundle.ram_gb,
        }


class InstanceBackend(AddOnBackend, KeyPairBackend, BundleBackend):
    """GetInstance(s), GetInstanceState, CreateInstances, DeleteInstance.

    That an address type which is not the bundle's is refused is assumed; that it is `dualstack`
    by default is documented.
    """

    def get_instances(
        self, page_token: str | None = None, include_health_status: bool = False
    ) -> Record:
        answer = self.listing(Instance, "instances", page_token)
        if include_health_status:
            for described in answer["instances"]:
                described |= self._health(self.get(Instance, described["name"]))
        return answer

    def get_instance(self, instance_name: str, include_health_status: bool = False) -> Record:
        instance = self.get(Instance, instance_name)
        health = self._health(instance) if include_health_status else {}
        return {"instance": self.describe(instance) | health}

    def _health(self, instance: Instance) -> Record:
        if not self.environment.health_reported:
            return {}
        statuses = instance.health or (self._status(instance),) * 2
        members = ("instanceStatus", "systemStatus")
        return dict(zip(members, map(describe_status, statuses), strict=True))

    def _status(self, instance: Instance) -> str:
        if instance.state != instance.ready:
            return "not-applicable"
        since = instance.running_since or instance.created_at
        initial = timedelta(seconds=self.environment.health_seconds)
        return "initializing" if self.now < since + initial else "ok"

    def get_instance_state(self, instance_name: str) -> Record:
        return {"state": self.get(Instance, instance_name).describe_state()}

    def create_instances(
        self,
        instance_names: list[str],
        availability_zone: str,
        blueprint_id: str,
        bundle_id: str,
        custom_image_name: str | None = None,
        user_data: str | None = None,
        key_pair_name: str | None = None,
        tags: WireTags | None = None,
        add_ons: list[Record] | None = None,
        ip_address_type: str | None = None,
    ) -> Record:
        """Not processed: customImageName (deprecated by the model), userData."""
        zone = check_zone(availability_zone, self.region_name)
        plan = self.offered_bundle(bundle_id)
        self.claim(*instance_names, kind=Instance)
        operations = []
        for name in instance_names:
            made = self.new_instance(
                self.members(Instance, name, zone, tags=read_tags(tags)),
                blueprint_id=blueprint_id,
                bundle=plan,
                key_pair=key_pair_name,
                ip_address_type=ip_address_type,
            )
            self.enable_all(made, add_ons)
            completion = self.begin(made, self.environment.create_seconds)
            operations.append(self.started(made, "CreateInstance", completion))
        return self.operations(operations)

    def new_instance(
        self,
        members: Record,
        *,
        blueprint_id: str,
        bundle: Bundle,
        key_pair: str | None = None,
        ip_address_type: str | None = None,
    ) -> Instance:
        """An instance that is not stored yet; NotFound for an unknown key pair."""
        self.check_key_pair(key_pair)
        wanted = ip_address_type or "dualstack"
        if wanted not in bundle.ip_address_types:
            raise InvalidInput(f"The bundle {bundle.id} is not for the address type {wanted}.")
        return Instance(
            **members,
            blueprint_id=blueprint_id,
            bundle=bundle,
            key_pair=key_pair or DEFAULT_KEY_PAIR,
            ip_address=self.environment.new_ip_address(),
            ip_address_type=wanted,
        )

    def delete_instance(self, instance_name: str, force_delete_add_ons: bool = False) -> Record:
        """Its disks and its static address are detached and stay; automatic snapshots do not."""
        deleted = self.get(Instance, instance_name)
        self.refuse_with_add_ons(deleted, force_delete_add_ons)
        operations = []
        for disk in list(deleted.disks):
            deleted.detach(disk)
            operations += self.started_for_both("DetachDisk", disk, deleted)
        if deleted.static_ip:
            deleted.static_ip.attached_to = None
        self.store.remove(deleted)
        return self.operations([*operations, self.done(deleted, "DeleteInstance")])


_CHECKS = {"ok": "passed", "impaired": "failed"}


def describe_status(status: str) -> Record:
    """A status with its one check, which has no result where the instance does not run."""
    check = {"name": "reachability", "status": _CHECKS.get(status, status)}
    return {"status": status, "details": [] if status == "not-applicable" else [check]}
