"""The firewall of an instance."""

from __future__ import annotations

from lightsail_moto.models.instances import Instance, InstanceBackend
from lightsail_moto.models.ports import (
    describe_access,
    port_details,
    port_key,
    read_port,
    report_ports,
)
from lightsail_moto.models.resource import Record, Resource


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
