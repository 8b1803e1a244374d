"""The six types of resource, as records that know their state and their wire form.

A record moves by the clock: a Transition says what its state becomes, and when; `settle`
applies it when the record is read. Nothing runs in the background.

Wire forms: botocore's service model and the outputs in the AWS CLI reference. Members
without a value are absent, never null.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeAlias

from lightsail_moto import catalogue
from lightsail_moto.auto_snapshots import AutoSnapshots
from lightsail_moto.tagging import Tags, write_tags

Record: TypeAlias = dict[str, Any]

# EC2's numbers: Lightsail publishes 16 for running, and no list.
STATE_CODES = {
    "pending": 0,
    "running": 16,
    "shutting-down": 32,
    "terminated": 48,
    "stopping": 64,
    "stopped": 80,
}
DEFAULT_PORTS = ((22, 22), (80, 80))


@dataclass(frozen=True)
class Transition:
    """At `due` the state becomes `state`."""

    due: datetime
    state: str


@dataclass(kw_only=True, eq=False)
class Resource:
    """What all types have in common. `zone` is "all" for snapshots."""

    type: ClassVar[str]
    ready: ClassVar[str] = "available"

    name: str
    region: str
    zone: str
    arn: str
    support_code: str
    created_at: datetime
    tags: Tags = field(default_factory=dict)
    state: str
    transition: Transition | None = None
    number: int = 0

    def settle(self, now: datetime) -> None:
        """Bring the state up to `now`."""
        if self.transition and now >= self.transition.due:
            self.state = self.transition.state
            self.transition = None

    def describe(self) -> Record:
        """The record as Lightsail answers it, in a dict of the caller's own."""
        return {
            "name": self.name,
            "arn": self.arn,
            "supportCode": self.support_code,
            "createdAt": self.created_at,
            "location": {"availabilityZone": self.zone, "regionName": self.region},
            "resourceType": self.type,
            "tags": write_tags(self.tags),
            **self.particulars(),
        }

    def particulars(self) -> Record:
        raise NotImplementedError

    @property
    def origin(self) -> Record:
        """Where it came from, for snapshots: the from… members of the wire form."""
        return {}


@dataclass(kw_only=True, eq=False)
class Disk(Resource):
    """A block storage disk. System disks are part of their instance and not listed."""

    type = "Disk"

    size_gb: int
    path: str = ""
    attached_to: str | None = None
    auto: AutoSnapshots = field(default_factory=AutoSnapshots)
    add_ons: list[Record] = field(default_factory=list)

    def particulars(self) -> Record:
        attached = self.attached_to is not None
        return {
            "addOns": [dict(add_on) for add_on in self.add_ons],
            "sizeInGb": self.size_gb,
            "isSystemDisk": False,
            "iops": 100,
            "path": self.path,
            "state": "in-use" if attached and self.state == "available" else self.state,
            **({"attachedTo": self.attached_to} if attached else {}),
            "isAttached": attached,
            "attachmentState": "attached" if attached else "detached",
        }


@dataclass(kw_only=True, eq=False)
class Instance(Resource):
    """A virtual server; `disks` are the attached block storage disks, in order of attachment."""

    type = "Instance"
    ready = "running"

    blueprint_id: str
    bundle: catalogue.Bundle
    key_name: str = "LightsailDefaultKeyPair"
    ip_address_type: str = "dualstack"
    state_code: int | None = None
    disks: list[Disk] = field(default_factory=list)
    ports: list[Record] = field(default_factory=list)
    auto: AutoSnapshots = field(default_factory=AutoSnapshots)
    add_ons: list[Record] = field(default_factory=list)

    def particulars(self) -> Record:
        blueprint_name, username = catalogue.blueprint(self.blueprint_id)
        return {
            "blueprintId": self.blueprint_id,
            "blueprintName": blueprint_name,
            "bundleId": self.bundle.id,
            "addOns": [dict(add_on) for add_on in self.add_ons],
            "isStaticIp": False,
            "privateIpAddress": "192.0.2.1",
            "publicIpAddress": "198.51.100.1",
            "ipAddressType": self.ip_address_type,
            "hardware": self._hardware(),
            "networking": {
                "monthlyTransfer": {"gbPerMonthAllocated": self.bundle.transfer_gb},
                "ports": [_port_info(port) for port in self.ports],
            },
            "state": self.describe_state(),
            "username": username,
            "sshKeyName": self.key_name,
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


@dataclass(kw_only=True, eq=False)
class RelationalDatabase(Resource):
    """A managed database; `settings` are members that only echo the request."""

    type = "RelationalDatabase"

    blueprint_id: str
    bundle: catalogue.DatabaseBundle
    master_database: str
    master_username: str
    publicly_accessible: bool = False
    backup_window: str = "10:01-10:31"
    maintenance_window: str = "sat:11:14-sat:11:44"

    def particulars(self) -> Record:
        engine, version, port = catalogue.engine(self.blueprint_id)
        host = f"{self.support_code.rpartition('/')[2]}.{self.region}.rds.amazonaws.com"
        return {
            "relationalDatabaseBlueprintId": self.blueprint_id,
            "relationalDatabaseBundleId": self.bundle.id,
            "masterDatabaseName": self.master_database,
            "hardware": {
                "cpuCount": self.bundle.cpus,
                "diskSizeInGb": self.bundle.disk_gb,
                "ramSizeInGb": self.bundle.ram_gb,
            },
            "state": self.state,
            "backupRetentionEnabled": True,
            "pendingModifiedValues": {},
            "engine": engine,
            "engineVersion": version,
            "latestRestorableTime": self.created_at,
            "masterUsername": self.master_username,
            "parameterApplyStatus": "in-sync",
            "preferredBackupWindow": self.backup_window,
            "preferredMaintenanceWindow": self.maintenance_window,
            "publiclyAccessible": self.publicly_accessible,
            "masterEndpoint": {"port": port, "address": host},
            "pendingMaintenanceActions": [],
        }


def _port_info(port: Record) -> Record:
    return {
        **port,
        "accessFrom": "Anywhere (0.0.0.0/0)",
        "accessType": "public",
        "commonName": "",
        "accessDirection": "inbound",
    }
