"""What the sweeps must reach once nothing fails any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from snapshotter.model.tags import HOLD, POLICY, RETENTION, SOURCE, Tags
from tests.faults.account import (
    REGIONS,
    SharedAccount,
    copy_regions,
    is_lost,
    is_selected,
    is_valid,
)
from tests.support.accounts import Source
from tests.support.invariants import Record

OBJECTIVE = timedelta(hours=26)
SETTINGS = {
    "page_size": 100,
    "list_delay_s": 0,
    "shift_pages": False,
    "concurrent_snapshots": True,
    "snapshot_seconds": 300,
    "copy_seconds": 300,
}


def lift_all_faults(account: SharedAccount) -> None:
    """Let the service work normally, finish what is pending, and cancel what people would do."""
    lightsail = account.lightsail
    lightsail.faults.clear()
    account.on_calls.clear()
    for name, value in SETTINGS.items():
        setattr(lightsail, name, value)
    for region in REGIONS:
        lightsail.allow(region)
        for each in lightsail.backends[region].store:
            if each.transition is not None:
                each.transition = replace(each.transition, due=lightsail.clock.now())
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
        yield from _not_copied(account, source)
    yield from _untagged_copies(account)
    yield from (f"{each.name} is pending" for each in account.managed() if each.is_pending)
    yield from _unreported(account, planned)
    for outcome in planned:
        if outcome["status"] not in ("failed", "deferred", "refused", "lost", "held"):
            yield f"the next sweep would still do this: {outcome}"


def _unprotected(account: SharedAccount, source: Source, now: datetime) -> Iterator[str]:
    times = [each.time for each in _points(account, source, source.region)]
    if not times or now - max(times) > OBJECTIVE:
        yield f"{source.name} has no recent recovery point, only those of {times}"
    attempts = [e for e in account.managed() if e.series == (source.region, source.arn)]
    if attempts and max(attempts, key=lambda each: each.time).state == "error":
        yield f"the newest snapshot of {source.name} is in error"


def _not_copied(account: SharedAccount, source: Source) -> Iterator[str]:
    originals = _points(account, source, source.region)
    newest = max(originals, key=lambda each: each.time, default=None)
    for region in copy_regions(source) if newest else ():
        assert newest
        copies = _points(account, source, region, "odd")
        if any(each.time >= newest.time for each in copies):
            yield from (
                f"{each.name} has other tags than its original"
                for each in copies
                if each.time == newest.time and _shared(each.tags) != _shared(newest.tags)
            )
        elif not _is_blocked(account, f"{newest.name}-{newest.region}", region):
            yield f"{newest.name} has no copy in {region}"


def _untagged_copies(account: SharedAccount) -> Iterator[str]:
    """Without tags no run will ever delete them."""
    wanted = {
        (region, f"{each.name}-{each.region}")
        for source in filter(is_selected, account.sources)
        for region in copy_regions(source)
        for each in _points(account, source, source.region)
    }
    for each in account.snapshots():
        if each.key in wanted - account.manual and POLICY not in each.tags:
            yield f"{each.name}, a copy, has no tags"


def _unreported(account: SharedAccount, planned: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What waits for the owner is reported in every run."""
    reported = {(each["region"], each.get("resource"), each["status"]) for each in planned}
    with_points = {each.tags[SOURCE] for each in account.managed() if each.is_point}
    for source in account.sources:
        lost = is_lost(source) and source.arn in with_points
        refused = is_selected(source) and not is_valid(source)
        status = "lost" if lost else "refused" if refused else None
        if status and (source.region, source.name, status) not in reported:
            yield f"{source.name} is not reported as {status}"


def _points(account: SharedAccount, source: Source, region: str, *states: str) -> list[Record]:
    """The recovery points of a source in a region, and its snapshots in further states."""
    return [
        each
        for each in account.managed()
        if each.series == (region, source.arn) and (each.is_point or each.state in states)
    ]


def _shared(tags: Tags) -> Tags:
    """Those that an original and its copy share.

    A person may have put either on hold, and a copy has the policy of copies.
    """
    return {key: value for key, value in tags.items() if key not in (HOLD, RETENTION)}


def _is_blocked(account: SharedAccount, name: str, region: str) -> bool:
    """Whether a manual snapshot, or a failed copy on hold, has the name of the copy."""
    found = account.find(region, name)
    return found is not None and (HOLD in found.tags or (region, name) in account.manual)
