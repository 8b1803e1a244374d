"""Static IP addresses. Attaching them is in attachments.py."""

from __future__ import annotations

from dataclasses import dataclass

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.base import RegionBackend
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
