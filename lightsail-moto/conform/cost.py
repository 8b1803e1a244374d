"""What a run creates, for how long, and what that costs at list price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conform.scenario import DISK_GB

HOURS = 2
"""A run takes about one hour; a second one is for what has to be waited for."""
HOURS_A_MONTH = 744
LIMIT_USD = 0.50

# List prices in USD: https://aws.amazon.com/lightsail/pricing/ and the user guide.
DISK_GB_MONTH = 0.10
SNAPSHOT_GB_MONTH = 0.05
TRANSFER_GB = 0.02
UNATTACHED_ADDRESS_HOUR = 0.005


@dataclass(frozen=True)
class Item:
    what: str
    usd: float

    def __str__(self) -> str:
        return f"  {self.usd:6.3f} USD  {self.what}"


def estimate(
    bundle: Mapping[str, Any], database: Mapping[str, Any] | None = None
) -> tuple[Item, ...]:
    """Every item at its full size; snapshots and transfers are charged for what is used.

    bundle, database: as GetBundles and GetRelationalDatabaseBundles describe them.
    """
    month = HOURS / HOURS_A_MONTH
    system_gb = bundle["diskSizeInGb"]
    # Two of the instance with its disk, and three copies; one of its system disk; two of the disk,
    # and a copy in the other Region.
    snapshot_gb = 5 * (system_gb + DISK_GB) + system_gb + 3 * DISK_GB
    items = [
        Item(f"1 instance, {bundle['bundleId']}", bundle["price"] * month),
        Item(f"1 disk of {DISK_GB} GB", DISK_GB * DISK_GB_MONTH * month),
        Item("1 static address", UNATTACHED_ADDRESS_HOUR * HOURS),
        Item(
            f"5 snapshots and 4 copies, {snapshot_gb} GB",
            snapshot_gb * SNAPSHOT_GB_MONTH * month,
        ),
        Item(f"transfer of a copy, {DISK_GB} GB, to another Region", DISK_GB * TRANSFER_GB),
    ]
    if database is not None:
        gb = database["diskSizeInGb"]
        items += [
            Item(f"1 database, {database['bundleId']}", database["price"] * month),
            Item(f"1 snapshot of it, {gb} GB", gb * SNAPSHOT_GB_MONTH * month),
        ]
    return tuple(items)


def total(items: Iterable[Item]) -> float:
    return sum(item.usd for item in items)
