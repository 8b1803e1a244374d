"""The firewall of an instance."""

from __future__ import annotations

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.resources import Instance, Record
from lightsail_moto.rooms.room import Room

_FILTERS = ("cidrs", "ipv6Cidrs", "cidrListAliases")


class PortRoom(Room):
    """GetInstancePortStates, and Open-, Put- and CloseInstancePublicPorts.

    A port is a range with its protocol; opening one that is open replaces its addresses.
    Ports without addresses are open to all; the address lists that the live service then
    fills in are left out.
    """

    def get_instance_port_states(self, instance_name: str) -> Record:
        instance = self.get(Instance, instance_name)
        return {"portStates": [port | {"state": "open"} for port in instance.ports]}

    def open_instance_public_ports(self, port_info: Record, instance_name: str) -> Record:
        instance = self.get(Instance, instance_name)
        others = [port for port in instance.ports if _key(port) != _key(port_info)]
        instance.ports = [*others, _checked(port_info)]
        return {"operation": self.done(instance, "OpenInstancePublicPorts", _told(port_info))}

    def put_instance_public_ports(self, port_infos: list[Record], instance_name: str) -> Record:
        """Opens these and closes all others."""
        instance = self.get(Instance, instance_name)
        instance.ports = [_checked(port) for port in port_infos]
        told = ", ".join(_told(port) for port in port_infos)
        return {"operation": self.done(instance, "PutInstancePublicPorts", told)}

    def close_instance_public_ports(self, port_info: Record, instance_name: str) -> Record:
        """Closing a port that is not open is no error; what it is live is unknown."""
        instance = self.get(Instance, instance_name)
        instance.ports = [port for port in instance.ports if _key(port) != _key(port_info)]
        return {"operation": self.done(instance, "CloseInstancePublicPorts", _told(port_info))}


def _key(port: Record) -> tuple[int, int, str]:
    return (port.get("fromPort", 0), port.get("toPort", 65535), port.get("protocol", "tcp"))


def _checked(port: Record) -> Record:
    first, last, protocol = _key(port)
    if protocol in ("tcp", "udp") and not 0 <= first <= last <= 65535:
        raise InvalidInput(f"The port range is not valid: {first}-{last}")
    filters = {name: list(port[name]) for name in _FILTERS if port.get(name)}
    return {"fromPort": first, "toPort": last, "protocol": protocol} | filters


def _told(port: Record) -> str:
    """As operationDetails name it: 22/tcp; the form for a range is not published."""
    first, last, protocol = _key(port)
    return f"{first}/{protocol}" if first == last else f"{first}-{last}/{protocol}"
