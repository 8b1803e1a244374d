"""Sums over the reports of a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC

from snapshotter.model.times import from_iso
from snapshotter.report.wording import time_of
from status.accounts import Record


@dataclass(slots=True)
class RegionTotals:
    """What is stored in one region."""

    region: str
    recovery_points: int = 0
    copies: int = 0
    storage_gb: int = 0
    newest: str = ""

    @property
    def newest_time(self) -> str:
        return time_of(from_iso(self.newest), UTC)


def add_up(summaries: Sequence[dict[str, int]]) -> dict[str, int]:
    """Add the summaries of reports, number by number."""
    return {key: sum(each[key] for each in summaries) for key in (summaries or [{}])[0]}


def by_region(reports: Sequence[Record]) -> Iterator[RegionTotals]:
    """What is stored in each region, in the order of their names."""
    found: dict[str, RegionTotals] = {}
    for report in reports:
        for resource in report["resources"]:
            for point in resource["points"]:
                if point["status"] == "ready":
                    region = point["region"]
                    totals = found.setdefault(region, RegionTotals(region))
                    _count(totals, point, copy=region != resource["region"])
    yield from (found[region] for region in sorted(found))


def _count(totals: RegionTotals, point: Record, *, copy: bool) -> None:
    totals.copies += copy
    totals.recovery_points += not copy
    totals.storage_gb += point["sizeGb"]
    totals.newest = max(totals.newest, point["time"])
