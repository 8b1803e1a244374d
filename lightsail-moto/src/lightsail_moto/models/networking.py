"""What gives an instance its place in a network: addresses, key pair, firewall."""

from __future__ import annotations

from dataclasses import dataclass, field

from lightsail_moto.models.auto_snapshots import AddOnResource
from lightsail_moto.models.key_pairs import DEFAULT_KEY_PAIR
from lightsail_moto.models.ports import default_ports
from lightsail_moto.models.resource import Record
from lightsail_moto.models.static_ips import StaticIp


@dataclass(kw_only=True, eq=False)
class NetworkedResource(AddOnResource):
    """The members of an instance that its snapshots do not have.

    ip_address: the public IPv4 address while it has no static one.
    ports: the firewall, as ports.py keeps it.
    """

    ip_address: str
    ip_address_type: str
    static_ip: StaticIp | None = None
    key_pair: str = DEFAULT_KEY_PAIR
    ports: list[Record] = field(default_factory=default_ports)

    def addresses(self) -> Record:
        """The IPv6 addresses of a dual-stack instance are left out."""
        addresses: Record = {
            "isStaticIp": self.static_ip is not None,
            "ipAddressType": self.ip_address_type,
        }
        if self.ip_address_type == "ipv6":
            return addresses | {"ipv6Addresses": [f"2001:db8::{self.ip_address}"]}
        public = self.static_ip.ip_address if self.static_ip else self.ip_address
        return addresses | {"privateIpAddress": "192.0.2.1", "publicIpAddress": public}
