"""What other regions lack: copies to make."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from snapshotter.model.inventory import Snapshot
from snapshotter.model.kinds import Status
from snapshotter.model.names import copy_name
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.series import OwnSnapshot, Series
from snapshotter.plan.actions import CopySnapshot, TagSnapshot
from snapshotter.plan.findings import finding
from snapshotter.plan.repairs import tags_of_copy
from snapshotter.plan.situation import Situation
from snapshotter.policy.retention import evaluate
from snapshotter.policy.selection import Protection

_ALIVE = (Status.READY, Status.PENDING, Status.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Target:
    """One resource and one region that its points are to reach.

    there: by name, all snapshots in the region, whoever made them.
    """

    protection: Protection
    region: str
    originals: Series
    copies: Series | None
    there: dict[str, Snapshot]

    def name_of(self, point: OwnSnapshot) -> str:
        return copy_name(point.name, point.source_arn, point.region)


def plan_copies(
    situation: Situation, repairs: Sequence[TagSnapshot]
) -> Iterator[CopySnapshot | Outcome]:
    """Say what is to be copied, and what cannot be.

    repairs: what this run tags; those copies are there already.
    """
    names: dict[str, dict[str, Snapshot]] = {}
    for protection in situation.protections.values():
        if protection.faults or not protection.copy_to:
            continue
        if not protection.resource.kind.copyable:
            yield _cannot_be_copied(protection)
            continue
        for region in protection.copy_to:
            if region in situation.inventory.unreadable:
                continue  # told once, as the region's own failed read
            if region not in situation.inventory.regions:
                yield _no_such_region(protection, region, situation)
                continue
            there = names.get(region)
            if there is None:
                there = names[region] = _by_name(situation, region)
            repaired = [
                repair.original
                for repair in repairs
                if (repair.original.source_arn, repair.region) == (protection.resource.arn, region)
            ]
            yield from _to_region(protection, region, there, repaired, situation)


def _by_name(situation: Situation, region: str) -> dict[str, Snapshot]:
    return {each.name: each for each in situation.inventory.regions[region].snapshots}


def _to_region(
    protection: Protection,
    region: str,
    there: dict[str, Snapshot],
    repaired: Sequence[OwnSnapshot],
    situation: Situation,
) -> Iterator[CopySnapshot | Outcome]:
    originals = situation.originals_of(protection.resource)
    if originals is None:
        return
    copies = situation.copies_of(protection.resource, region)
    target = _Target(protection, region, originals, copies, there)
    for point in _lacking(target, repaired, situation):
        yield _copy(target, point)


def _lacking(
    target: _Target, repaired: Sequence[OwnSnapshot], situation: Situation
) -> Iterator[OwnSnapshot]:
    """Find the points that the region lacks: the newest, and those missed since its last copy.

    A region that could not be reached for some nights catches up with them, as far as
    CopyRetention would keep them; what is older than its newest copy is never filled in.
    """
    alive = (*(target.copies.of(*_ALIVE) if target.copies else ()), *repaired)
    last = max((copy.time for copy in alive), default=None)
    ready = target.originals.of(Status.READY)
    missing = [p for p in ready if last is None or p.time > last][: None if last else 1]
    if not missing:
        return
    settings = situation.settings
    decisions = evaluate(
        (*missing, *(copy for copy in alive if copy.status is Status.READY)),
        settings.copy_retention,
        now=situation.now,
        timezone=settings.timezone,
    )
    kept = {decision.point.name for decision in decisions if decision.keep}
    yield from (point for point in missing if point.name in kept)


def _copy(target: _Target, point: OwnSnapshot) -> CopySnapshot | Outcome:
    name = target.name_of(point)
    found = target.there.get(name)
    failed = (
        next((c for c in target.copies.of(Status.FAILED) if c.name == name), None)
        if (target.copies)
        else None
    )
    if found is not None and (failed is None or failed.held):
        return _name_is_taken(target, name)
    newest = target.originals.newest(Status.READY)
    reason = "the newest recovery point" if point is newest else "missed by the region so far"
    if failed is not None:
        reason = f"{reason}; its first copy ended in error"
    return CopySnapshot(
        original=point,
        region=target.region,
        name=name,
        tags=tags_of_copy(point),
        reason=reason,
        replaces=failed,
    )


def _cannot_be_copied(protection: Protection) -> Outcome:
    reason = "Lightsail cannot copy database snapshots to another region"
    return finding(protection.resource, "copy", "deferred", reason=reason)


def _no_such_region(protection: Protection, region: str, situation: Situation) -> Outcome:
    key = f"{situation.settings.selection_tag_key}:copy-to"
    message = (
        f"the tag {key!r} asks for a copy in {region!r}, which is not a region of Lightsail; "
        "Accepted: a region that Lightsail has, or `none`"
    )
    error = ErrorInfo("UnknownRegion", message)
    return finding(protection.resource, "copy", "failed", error=error)


def _name_is_taken(target: _Target, name: str) -> Outcome:
    error = ErrorInfo(
        "NameTaken", f"{name!r} in {target.region} is the name of a snapshot that is not ours"
    )
    return finding(target.protection.resource, "copy", "failed", snapshot=name, error=error)
