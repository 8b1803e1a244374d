"""Static addresses, and what gives an instance its place in a network."""

from __future__ import annotations

from dataclasses import dataclass, field

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.auto_snapshots import AddOnResource
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.key_pairs import DEFAULT_KEY_PAIR
from lightsail_moto.models.ports import default_ports
from lightsail_moto.models.resource import Record, Resource, present


@dataclass(kw_only=True, eq=False)
class StaticIp(Resource):
    """`attached_to` is the name of an instance. The model has no tags for it."""

    type = "StaticIp"

    ip_address: str
    attached_to: str | None = None

    def describe(self) -> Record:
        described = super().describe()
        del described["tags"]
        return described

    def details(self) -> Record:
        return {
            "ipAddress": self.ip_address,
            **present(attachedTo=self.attached_to),
            "isAttached": self.attached_to is not None,
        }


class StaticIpBackend(RegionBackend):
    """GetStaticIp(s), AllocateStaticIp, ReleaseStaticIp."""

    def get_static_ips(self, page_token: str | None = None) -> Record:
        return self.listing(StaticIp, "staticIps", page_token)

    def get_static_ip(self, static_ip_name: str) -> Record:
        return {"staticIp": self.get(StaticIp, static_ip_name).describe()}

    def allocate_static_ip(self, static_ip_name: str) -> Record:
        self.claim(static_ip_name, kind=StaticIp)
        made = self.new_static_ip(self.members(StaticIp, static_ip_name, state="available"))
        self.store.add(made)
        return self.operations([self.done(made, "AllocateStaticIp")])

    def new_static_ip(self, members: Record) -> StaticIp:
        """An address of its own, which is not stored yet. Its support code ends in it."""
        address = self.environment.new_ip_address()
        account = members["support_code"].partition("/")[0]
        return StaticIp(**members | {"support_code": f"{account}/{address}"}, ip_address=address)

    def release_static_ip(self, static_ip_name: str) -> Record:
        """An address that is attached is refused; what the live service does is unknown."""
        released = self.get(StaticIp, static_ip_name)
        if released.attached_to:
            raise InvalidInput(
                f"The StaticIp {static_ip_name} is attached to {released.attached_to}."
            )
        self.store.remove(released)
        return self.operations([self.done(released, "ReleaseStaticIp")])


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
