"""Attaching disks and static addresses to instances, and their firewalls."""

from __future__ import annotations

from lightsail_moto.exceptions import TRY_AGAIN, InvalidInput
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.disks import Disk
from lightsail_moto.models.instances import Instance, InstanceBackend
from lightsail_moto.models.networking import StaticIp
from lightsail_moto.models.ports import (
    describe_access,
    port_details,
    port_key,
    read_port,
    report_ports,
)
from lightsail_moto.models.resource import Record, Resource

# From the quotas in the user guide.
MOST_ATTACHED = 15


class AttachmentBackend(RegionBackend):
    """AttachDisk, DetachDisk, AttachStaticIp, DetachStaticIp. All take effect at once.

    autoMounting is not processed. Known: a static address is attached to a running instance.
    Unknown, and decided here: the other refusals of AttachStaticIp, and all of their messages.
    """

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
        return self.operations(self.started_for_both("AttachDisk", disk, instance))

    def detach_disk(self, disk_name: str) -> Record:
        disk = self.get(Disk, disk_name)
        if disk.attached_to is None:
            raise InvalidInput(f"The Disk {disk_name} is not attached.")
        instance = self.get(Instance, disk.attached_to)
        instance.detach(disk)
        return self.operations(self.started_for_both("DetachDisk", disk, instance))

    def attach_static_ip(self, static_ip_name: str, instance_name: str) -> Record:
        static_ip = self.get(StaticIp, static_ip_name)
        instance = self.get(Instance, instance_name)
        if static_ip.attached_to:
            raise InvalidInput(f"{static_ip_name} is attached to {static_ip.attached_to}.")
        if instance.static_ip:
            raise InvalidInput(f"{instance_name} has the static IP {instance.static_ip.name}.")
        if instance.state != "running":
            raise InvalidInput(f"The Instance {instance_name} is {instance.state}. {TRY_AGAIN}")
        if instance.ip_address_type == "ipv6":
            raise InvalidInput(f"The Instance {instance_name} has no IPv4 address.")
        instance.static_ip, static_ip.attached_to = static_ip, instance_name
        return self.operations(self.done_for_both("AttachStaticIp", static_ip, instance))

    def detach_static_ip(self, static_ip_name: str) -> Record:
        """The instance has another address from then on."""
        static_ip = self.get(StaticIp, static_ip_name)
        if static_ip.attached_to is None:
            raise InvalidInput(f"The StaticIp {static_ip_name} is not attached.")
        instance = self.get(Instance, static_ip.attached_to)
        instance.static_ip = static_ip.attached_to = None
        instance.ip_address = self.environment.new_ip_address()
        return self.operations(self.done_for_both("DetachStaticIp", static_ip, instance))


class FirewallBackend(InstanceBackend):
    """GetInstancePortStates, and Open-, Put- and CloseInstancePublicPorts.

    Opening a port that is open replaces its addresses; an empty list of ports closes all;
    closing a port that is not open is no error. What the live service does is unknown.
    """

    def describe(self, resource: Resource) -> Record:
        described = super().describe(resource)
        if isinstance(resource, Instance):
            ports = [port | describe_access(port) for port in self._shown_ports(resource)]
            described["networking"]["ports"] = ports
        return described

    def _shown_ports(self, instance: Instance) -> list[Record]:
        form, in_reverse = self.environment.firewall_form, self.environment.firewall_in_reverse
        return report_ports(instance.ports, form, in_reverse=in_reverse)

    def get_instance_port_states(self, instance_name: str) -> Record:
        instance = self.get(Instance, instance_name)
        return {"portStates": [port | {"state": "open"} for port in self._shown_ports(instance)]}

    def open_instance_public_ports(self, port_info: Record, instance_name: str) -> Record:
        instance, port = self.get(Instance, instance_name), read_port(port_info)
        instance.ports = [*_without(port, instance), port]
        return self._answer("OpenInstancePublicPorts", instance, [port])

    def put_instance_public_ports(self, port_infos: list[Record], instance_name: str) -> Record:
        """Opens these and closes all others."""
        instance = self.get(Instance, instance_name)
        instance.ports = [read_port(port) for port in port_infos]
        return self._answer("PutInstancePublicPorts", instance, instance.ports)

    def close_instance_public_ports(self, port_info: Record, instance_name: str) -> Record:
        instance, port = self.get(Instance, instance_name), read_port(port_info)
        instance.ports = _without(port, instance)
        return self._answer("CloseInstancePublicPorts", instance, [port])

    def _answer(self, operation: str, instance: Instance, ports: list[Record]) -> Record:
        details = ", ".join(port_details(port) for port in ports)
        return {"operation": self.done(instance, operation, details)}


def _without(port: Record, instance: Instance) -> list[Record]:
    return [other for other in instance.ports if port_key(other) != port_key(port)]
