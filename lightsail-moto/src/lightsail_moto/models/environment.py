"""What the Regions of one account share: settings, the time, and failures that were asked for.

The models read this and nothing else from outside. `controls` puts its own subclass in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address
from itertools import count

from lightsail_moto.models.resource import Failure, Resource


@dataclass(kw_only=True, eq=False)
class Environment:
    """The settings are attributes of `control()`. Durations are seconds of the account's clock.

    The live values of all of these are unpublished, or depend on the size of the data.

    page_size: items a page of every list; small, so that clients must page.
    snapshot_seconds: how long a snapshot is pending; by type in snapshot_seconds_by_type,
        whose keys are InstanceSnapshot, DiskSnapshot and RelationalDatabaseSnapshot.
    copy_seconds: how long a copy is pending.
    create_seconds: how long a new instance, disk or database is pending.
    restore_seconds: the same for one that is made from a snapshot.
    auto_snapshot_seconds: how long an automatic snapshot is in progress.
    latency_s: real seconds that every call takes, outside of the lock.

    list_delay_s: a new snapshot is left out of lists for so long; Get of its name finds it.
    shift_pages: lists come newest first and a token counts items, so what is created or
        deleted between two pages moves others over the page boundary.

    copies_carry_source: copies have the from… members of their source.
    concurrent_snapshots: False refuses a second snapshot of a source while one is pending.
    delete_pending: True lets a pending snapshot be deleted.
    database_snapshot_pending: the state of a database snapshot that is not finished.

    retired_bundles: (Region, bundle id) of bundles that are inactive there.
    health_seconds: how long the status of an instance is `initializing` once it runs.
    health_reported: False leaves it out although it is asked for.

    firewall_form: how answers show the ports of a firewall. "without-cidrs": access from
        anywhere has no address lists; "dual-stack": one entry a port, with all lists;
        "separate": one entry for IPv4 and one for IPv6; "ipv4": the IPv4 entries alone.
    firewall_in_reverse: answers list the ports in reverse order.
    """

    page_size: int = 2
    snapshot_seconds: float = 300
    snapshot_seconds_by_type: dict[str, float] = field(default_factory=dict)
    copy_seconds: float = 600
    create_seconds: float = 0
    restore_seconds: float = 300
    auto_snapshot_seconds: float = 900
    latency_s: float = 0

    list_delay_s: float = 0
    shift_pages: bool = False

    copies_carry_source: bool = True
    concurrent_snapshots: bool = True
    delete_pending: bool = False
    database_snapshot_pending: str = "creating"

    retired_bundles: set[tuple[str, str]] = field(default_factory=set)
    health_seconds: float = 0
    health_reported: bool = True

    firewall_form: str = "without-cidrs"
    firewall_in_reverse: bool = False

    _address_numbers: Iterator[int] = field(default_factory=lambda: count(1), init=False)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def new_ip_address(self) -> str:
        """A public IPv4 address that nobody else in the account has had.

        From a documentation range, and when that is used up from the benchmarking range.
        """
        number = next(self._address_numbers)
        return str(IPv4Address("198.51.100.0" if number < 256 else "198.18.0.0") + number)

    def failure_of(self, resource: Resource, sources: tuple[str | None, ...]) -> Failure | None:
        """How this new resource, made from these, is going to fail; None if it will not."""
        return None
