"""The firewall of an instance."""

from __future__ import annotations

from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.instances import Instance
from lightsail_moto.models.ports import check_port, port_details, port_key
from lightsail_moto.models.resource import Record


class FirewallBackend(RegionBackend):
    """GetInstancePortStates, and Open-, Put- and CloseInstancePublicPorts.

    Opening a port that is open replaces its addresses. The address lists that the live
    service fills in where a request has none are left out.
    """

    def get_instance_port_states(self, instance_name: str) -> Record:
        instance = self.get(Instance, instance_name)
        return {"portStates": [port | {"state": "open"} for port in instance.ports]}

    def open_instance_public_ports(self, port_info: Record, instance_name: str) -> Record:
        instance = self.get(Instance, instance_name)
        instance.ports = [*_without(port_info, instance), check_port(port_info)]
        return self._answer("OpenInstancePublicPorts", instance, [port_info])

    def put_instance_public_ports(self, port_infos: list[Record], instance_name: str) -> Record:
        """Opens these and closes all others."""
        instance = self.get(Instance, instance_name)
        instance.ports = [check_port(port) for port in port_infos]
        return self._answer("PutInstancePublicPorts", instance, port_infos)

    def close_instance_public_ports(self, port_info: Record, instance_name: str) -> Record:
        """Closing a port that is not open is no error here; the live answer is unknown."""
        instance = self.get(Instance, instance_name)
        instance.ports = _without(port_info, instance)
        return self._answer("CloseInstancePublicPorts", instance, [port_info])

    def _answer(self, operation: str, instance: Instance, ports: list[Record]) -> Record:
        details = ", ".join(port_details(port) for port in ports)
        return {"operation": self.done(instance, operation, details)}


def _without(port: Record, instance: Instance) -> list[Record]:
    return [other for other in instance.ports if port_key(other) != port_key(port)]
