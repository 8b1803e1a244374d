"""The nouns of a run, as frozen values. No module below this one knows boto3."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from snapshotter.kinds import Kind, Status

Tags = Mapping[str, str | None]
"""Tags as key to value; a key-only tag has the value None, as Lightsail has none for it."""

ActionName = Literal["create", "copy", "tag", "delete", "confirm", "restore", "read"]
OutcomeStatus = Literal["started", "exists", "deleted", "tagged", "planned", "failed", "deferred"]


@dataclass(frozen=True, slots=True)
class PortRange:
    """Ports that an instance's firewall lets through."""

    first: int
    last: int
    protocol: str


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
    open_ports: tuple[PortRange, ...] = ()


@dataclass(frozen=True, slots=True)
class AttachedDisk:
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


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """Why something failed: the service's code (or the exception's name) and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RegionInventory:
    """All that was read in one region. There is no half of one: it is read whole or not at all."""

    resources: tuple[Resource, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was read: the regions that answered, and why the others did not."""

    regions: Mapping[str, RegionInventory]
    unreadable: Mapping[str, ErrorInfo] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one intended thing. Members without a value are absent from the answer."""

    action: ActionName
    status: OutcomeStatus
    region: str | None = None
    resource_type: str | None = None
    resource: str | None = None
    snapshot: str | None = None
    reason: str | None = None
    operations: tuple[Mapping[str, Any], ...] = ()
    """Lightsail's own operation records, JSON-safe, times in ISO 8601."""
    error: ErrorInfo | None = None
    out_of_time: bool = False
