"""What is in a region, as frozen values: resources, addresses, bundles and the inventory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from snapshotter.model.firewall import Firewall
from snapshotter.model.kinds import Kind
from snapshotter.model.outcome import ErrorInfo
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import DRILL, TO_DO, Tags

DONE = "done"
"""What TO_DO says of a restore without steps left."""

COMPLETE_WITHIN = timedelta(hours=3)
"""Steps of a restore that are left after this time are for a person."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something of the owner's that can be protected; or what a restore or a drill made.

    A member that Lightsail's record does not have is unknown: empty or None.
    """

    kind: Kind
    region: str
    name: str
    arn: str
    tags: Tags
    state: str = ""
    attached_to: str | None = None
    """A disk's instance, by name."""
    zone: str | None = None
    created_at: datetime | None = None
    publicly_accessible: bool = False
    """Of a database."""

    # Of an instance.
    address: str | None = None
    """Its public IPv4 address."""
    firewall: Firewall | None = None
    key_pair: str | None = None
    address_type: str | None = None
    """dualstack, ipv4 or ipv6."""
    static_ip: str | None = None
    """The name of its static address."""
    static_ip_known: bool = True
    """False where it has a static address whose name could not be read."""
    bundle_id: str | None = None
    health: str | None = None
    """`instanceStatus`, where it was asked for and Lightsail reports it."""
    endpoint: str | None = None
    """Of a database: the address of its endpoint."""

    @property
    def left_to_do(self) -> tuple[str, ...]:
        """The steps that are left of the restore that made it, as its tag has them."""
        written = self.tags.get(TO_DO) or DONE
        return () if written == DONE else tuple(written.split())

    def is_stuck(self, now: datetime) -> bool:
        """Return whether steps are left of a restore that started too long ago."""
        if not self.left_to_do or DRILL in self.tags or self.created_at is None:
            return False
        return now - self.created_at >= COMPLETE_WITHIN


class StaticAddress(NamedTuple):
    """A static IPv4 address, and the instance that has it, by name."""

    name: str
    address: str
    attached_to: str | None


class Bundle(NamedTuple):
    """A Lightsail plan: its id, whether it is still sold, its size and its price.

    price_usd: a month. platforms: `LINUX_UNIX`, `WINDOWS`; empty for databases. ipv4_addresses: how
    many public IPv4 addresses come with it. What Lightsail does not say is None.
    """

    id: str
    active: bool
    disk_gb: int
    ram_gb: float
    cpus: int
    platforms: frozenset[str] = frozenset()
    ipv4_addresses: int | None = None
    price_usd: float | None = None


@dataclass(frozen=True, slots=True)
class RegionInventory:
    """All resources and snapshots of one region.

    passed_over: for each record without a name, the noun of what it is.
    """

    resources: tuple[Resource, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was read: the regions that answered, and why the others did not."""

    regions: Mapping[str, RegionInventory]
    unreadable: Mapping[str, ErrorInfo] = field(default_factory=dict)
