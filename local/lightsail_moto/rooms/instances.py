"""Instances. Not here: starting, stopping, access details, metrics, static IPs, key pairs."""

from __future__ import annotations

from lightsail_moto import births, catalogue
from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.resources import Instance, Record
from lightsail_moto.rooms.add_ons import AddOnRoom
from lightsail_moto.tagging import WireTags


class InstanceRoom(AddOnRoom):
    """GetInstance(s), GetInstanceState, CreateInstances, DeleteInstance."""

    def get_instances(
        self, page_token: str | None = None, include_health_status: bool = False
    ) -> Record:
        answer = self.listing(Instance, "instances", page_token)
        if include_health_status:
            answer["instances"] = [each | _health(each) for each in answer["instances"]]
        return answer

    def get_instance(self, instance_name: str, include_health_status: bool = False) -> Record:
        described = self.get(Instance, instance_name).describe()
        return {"instance": described | (_health(described) if include_health_status else {})}

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
        catalogue.check_zone(availability_zone, self.region_name)
        bundle = catalogue.bundle(bundle_id)
        self.claim(*instance_names, kind=Instance)
        operations = []
        for name in instance_names:
            birth = self.birth(name, availability_zone, tags, "pending")
            made = births.instance(birth, blueprint_id=blueprint_id, bundle=bundle)
            made.key_name = key_pair_name or made.key_name
            made.ip_address_type = ip_address_type or made.ip_address_type
            self.switch_on_all(made, add_ons)
            fate = self.begin(made, self.control.create_seconds)
            operations.append(self.started(made, "CreateInstance", fate))
        return self.operations(operations)

    def delete_instance(self, instance_name: str, force_delete_add_ons: bool = False) -> Record:
        """Detaches its disks, which stay; its automatic snapshots go with it."""
        gone = self.get(Instance, instance_name)
        if gone.add_ons and not force_delete_add_ons:
            raise InvalidInput(
                f"You cannot delete the Instance {instance_name} with addons. "
                "Specify the forceDeleteAddons parameter."
            )
        operations = []
        for disk in gone.disks:
            disk.attached_to, disk.path = None, ""
            operations.append(self.done(disk, "DetachDisk", gone.name))
            operations.append(self.done(gone, "DetachDisk", disk.name))
        self.store.remove(gone)
        return self.operations([*operations, self.done(gone, "DeleteInstance")])


def _health(instance: Record) -> Record:
    running = instance["state"]["name"] == "running"
    health = {
        "status": "ok" if running else "not-applicable",
        "details": [{"name": "reachability", "status": "passed"}] if running else [],
    }
    return {"instanceStatus": health, "systemStatus": health}
