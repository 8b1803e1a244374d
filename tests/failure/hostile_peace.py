"""What must be reached once the service is kind again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from snapshotter.model.series import region_of
from tests.failure.hostile_account import (
    COPY_TO,
    HOLD,
    MISUNDERSTOOD,
    OWNER,
    REGIONS,
    SOURCE,
    TIME,
    Account,
    Source,
    is_ready,
    series_of,
    time_of,
)

OBJECTIVE = timedelta(hours=26)


def make_peace(account: Account) -> None:
    """Lift every fault, and let all that is pending end now; nobody does anything any more."""
    lightsail = account.lightsail
    lightsail.faults.clear()
    account.ambushes.clear()
    for region in REGIONS:
        lightsail.allow(region)
    lightsail.page_size, lightsail.list_delay_s, lightsail.shift_pages = 100, 0, False
    lightsail.concurrent_snapshots = True
    lightsail.snapshot_seconds = lightsail.copy_seconds = 300
    for snapshot in account.snapshots():
        if snapshot.transition is not None:
            snapshot.transition = replace(snapshot.transition, due=lightsail.clock.now())
    for source in account.sources:
        if source.type == "RelationalDatabase":
            lightsail.set_database_state(source.name, source.region, "available")
        elif source.type == "Instance":
            lightsail.set_instance_state(source.name, source.region, "running")


def shortcomings(
    account: Account, now: datetime, left: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    """Say what is not as it should be after some quiet sweeps.

    left: the outcomes of a dry run of the last sweep, once more.
    """
    yield from _unprotected(account, now)
    yield from _uncopied(account)
    yield from _untagged(account)
    for each in account.ours():
        if each.transition is not None:
            yield f"{each.name} is pending"
    for outcome in left:
        if outcome["status"] not in ("failed", "deferred"):
            yield f"there was something left to do: {outcome}"


def _unprotected(account: Account, now: datetime) -> Iterator[str]:
    for source in filter(is_selected, account.sources):
        points = [time_of(each) for each in _points(account, source, source.region)]
        if not points or now - max(points) > OBJECTIVE:
            yield f"{source.name} has no recent point, of {points}"
        series = (source.arn, source.region)
        attempts = [each for each in account.ours() if series_of(each) == series]
        if attempts and max(attempts, key=time_of).state == "error":
            yield f"the newest snapshot of {source.name} ended in error"


def _uncopied(account: Account) -> Iterator[str]:
    for source in filter(is_selected, account.sources):
        originals = _points(account, source, source.region)
        if source.type == "RelationalDatabase" or not originals or not is_understood(source):
            continue
        newest = max(originals, key=time_of)
        for region in copy_regions(source):
            copies = _points(account, source, region, "odd")
            if any(time_of(each) >= time_of(newest) for each in copies):
                yield from (
                    f"{each.name} has other tags than its original"
                    for each in copies
                    if each.tags[TIME] == newest.tags[TIME] and _lasting(each) != _lasting(newest)
                )
            elif not _blocked(account, f"{newest.name}-{newest.region}", region):
                yield f"{newest.name} has no copy in {region}"


def _untagged(account: Account) -> Iterator[str]:
    """Name the copies that nobody will ever delete, though their originals are there."""
    theirs = {id(snapshot) for snapshot, _ in account.theirs}
    wanted = {
        (source.arn, region)
        for source in account.sources
        if is_selected(source) and is_understood(source)
        for region in copy_regions(source)
    }
    originals = {(each.tags[SOURCE], each.name) for each in account.ours() if is_ready(each)}
    for each in account.snapshots():
        key = (each.source_arn, each.region)
        name = each.name.removesuffix(f"-{region_of(each.source_arn or '')}")
        ours = id(each) not in theirs and OWNER not in each.tags
        if ours and key in wanted and (each.source_arn, name) in originals:
            yield f"the copy {each.name} is left untagged"


def _points(account: Account, source: Source, region: str, *odd: str) -> list[Any]:
    """The points of a source; with states that nobody knows, of which it says what they are."""
    return [
        each
        for each in account.ours()
        if (is_ready(each) or each.state in odd) and series_of(each) == (source.arn, region)
    ]


def _lasting(snapshot: Any) -> dict[str, str | None]:
    """The tags without a hold: a person may have put it on either, at any time."""
    return {key: value for key, value in snapshot.tags.items() if key != HOLD}


def _blocked(account: Account, name: str, region: str) -> bool:
    """Whether a person has the name that a copy would have, or holds a failed copy of it."""
    found = account.find(region, name)
    return found is not None and (
        HOLD in found.tags or any(found is theirs for theirs, _ in account.theirs)
    )


def is_selected(source: Source) -> bool:
    tags = source.tags
    return "snapshot" in tags and (tags["snapshot"] or "").strip().lower() != "off"


def is_understood(source: Source) -> bool:
    tags = source.tags
    return all(
        tags[key] not in MISUNDERSTOOD
        for key in ("snapshot:keep", "snapshot:copy-to")
        if key in tags
    )


def copy_regions(source: Source) -> list[str]:
    words = (source.tags.get("snapshot:copy-to") or " ".join(COPY_TO)).split()
    return [each for each in words if each in REGIONS and each != source.region]
