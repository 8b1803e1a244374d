"""What is in Lightsail, as frozen values: resources, snapshots and the regions that hold them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from snapshotter.model.firewall import Firewall
from snapshotter.model.kinds import Kind, Status
from snapshotter.model.outcome import ErrorInfo
from snapshotter.model.tags import Tags


@dataclass(frozen=True, slots=True)
class Network:
    """How an instance is reached, and by whom.

    static_ip: the name of its static address. static_ip_known: False where it has one whose name
    could not be read.
    """

    firewall: Firewall = field(default_factory=Firewall)
    key_pair: str | None = None
    address_type: str | None = None
    static_ip: str | None = None
    static_ip_known: bool = True


class StaticAddress(NamedTuple):
    """A static IPv4 address, and the instance that has it, by name."""

    name: str
    address: str
    attached_to: str | None


@dataclass(frozen=True, slots=True)
class Resource:
    """Something of the owner's that can be protected; or what a restore or a drill made."""

    kind: Kind
    region: str
    name: str
    arn: str
    tags: Tags
    state: str = ""
    attached_to: str | None = None
    """A disk's instance, by name."""
    zone: str | None = None
    address: str | None = None
    """An instance's public IPv4 address."""
    network: Network | None = None
    """Of an instance."""
    created_at: datetime | None = None


class AttachedDisk(NamedTuple):
    """A disk that an instance's snapshot holds: its path on the instance, and its name then."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot in Lightsail, whoever made it."""

    kind: Kind
    region: str
    name: str
    arn: str
    status: Status
    state: str
    created_at: datetime
    size_gb: int
    tags: Tags
    from_name: str | None = None
    from_arn: str | None = None
    from_bundle: str | None = None
    attached: tuple[AttachedDisk, ...] = ()


class Bundle(NamedTuple):
    """A Lightsail plan: its id, the size of its disk, whether it is still sold, and its price.

    price_usd: a month.
    """

    id: str
    disk_gb: int
    active: bool
    price_usd: float | None = None


class RegionInventory(NamedTuple):
    """All resources and snapshots of one region. What is read in part is not used."""

    resources: tuple[Resource, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was read: the regions that answered, and why the others did not."""

    regions: Mapping[str, RegionInventory]
    unreadable: Mapping[str, ErrorInfo] = field(default_factory=dict)
