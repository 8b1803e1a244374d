"""What the sweeps must reach once nothing fails any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from snapshotter.model.series import region_of
from tests.failure.managed import HOLD, OWNER, REGIONS, RETENTION, SOURCE, TIME
from tests.failure.owner_tags import Source, copy_regions, is_lost, is_selected, is_valid
from tests.failure.shared_account import (
    SharedAccount,
    Snapshot,
    is_available,
    series_of,
    time_of,
)

OBJECTIVE = timedelta(hours=26)


def lift_all_faults(account: SharedAccount) -> None:
    """Let the service work normally, finish what is pending, and cancel what people would do."""
    lightsail = account.lightsail
    lightsail.faults.clear()
    account.on_calls.clear()
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


def unfinished(
    account: SharedAccount, now: datetime, planned: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """Describe what the sweeps should have done and did not.

    planned: the outcomes of a dry run.
    """
    for source in filter(is_selected, account.sources):
        yield from _unprotected(account, source, now)
        if source.type != "RelationalDatabase" and is_valid(source):
            yield from _not_copied(account, source)
    yield from _untagged_copies(account)
    for each in account.managed():
        if each.transition is not None:
            yield f"{each.name} is pending"
    yield from _unreported(account, planned)
    for outcome in planned:
        if outcome["status"] not in ("failed", "deferred", "refused", "lost", "held"):
            yield f"the next sweep would still do this: {outcome}"


def _unprotected(account: SharedAccount, source: Source, now: datetime) -> Iterator[str]:
    times = [time_of(each) for each in _recovery_points(account, source, source.region)]
    if not times or now - max(times) > OBJECTIVE:
        yield f"{source.name} has no recent recovery point, only those of {times}"
    series = (source.arn, source.region)
    attempts = [each for each in account.managed() if series_of(each) == series]
    if attempts and max(attempts, key=time_of).state == "error":
        yield f"the newest snapshot of {source.name} is in error"


def _not_copied(account: SharedAccount, source: Source) -> Iterator[str]:
    originals = _recovery_points(account, source, source.region)
    if not originals:
        return
    newest = max(originals, key=time_of)
    for region in copy_regions(source):
        copies = _recovery_points(account, source, region, "odd")
        if any(time_of(each) >= time_of(newest) for each in copies):
            yield from (
                f"{each.name} has other tags than its original"
                for each in copies
                if each.tags[TIME] == newest.tags[TIME]
                and _shared_tags(each) != _shared_tags(newest)
            )
        elif not _is_blocked(account, f"{newest.name}-{newest.region}", region):
            yield f"{newest.name} has no copy in {region}"


def _untagged_copies(account: SharedAccount) -> Iterator[str]:
    """Without tags no run will ever delete them."""
    manual = {id(snapshot) for snapshot, _ in account.manual}
    wanted = {
        (source.arn, region)
        for source in account.sources
        if is_selected(source) and is_valid(source)
        for region in copy_regions(source)
    }
    originals = {(each.tags[SOURCE], each.name) for each in account.managed() if is_available(each)}
    for each in account.snapshots():
        name = each.name.removesuffix(f"-{region_of(each.source_arn or '')}")
        if (
            id(each) not in manual
            and OWNER not in each.tags
            and (each.source_arn, each.region) in wanted
            and (each.source_arn, name) in originals
        ):
            yield f"{each.name}, a copy, has no tags"


def _unreported(account: SharedAccount, planned: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What waits for the owner is reported in every run."""
    reported = {(each["region"], each.get("resource"), each["status"]) for each in planned}
    with_points = {each.tags[SOURCE] for each in account.managed() if is_available(each)}
    for source in account.sources:
        lost = is_lost(source) and source.arn in with_points
        refused = is_selected(source) and not is_valid(source)
        status = "lost" if lost else "refused" if refused else None
        if status and (source.region, source.name, status) not in reported:
            yield f"{source.name} is not reported as {status}"


def _recovery_points(
    account: SharedAccount, source: Source, region: str, *states: str
) -> list[Snapshot]:
    """The available snapshots of a source in a region, and those in further states."""
    return [
        each
        for each in account.managed()
        if (is_available(each) or each.state in states) and series_of(each) == (source.arn, region)
    ]


def _shared_tags(snapshot: Snapshot) -> dict[str, str | None]:
    """Those that an original and its copy share.

    A person may have put either on hold, and a copy has the policy of copies.
    """
    return {key: value for key, value in snapshot.tags.items() if key not in (HOLD, RETENTION)}


def _is_blocked(account: SharedAccount, name: str, region: str) -> bool:
    """Whether a manual snapshot, or a failed copy on hold, has the name of the copy."""
    found = account.find(region, name)
    return found is not None and (
        HOLD in found.tags or any(found is manual for manual, _ in account.manual)
    )
