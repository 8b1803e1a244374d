"""Which copies other regions lack."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from snapshotter.model.inventory import Resource, Snapshot
from snapshotter.model.kinds import Status
from snapshotter.model.names import copy_name
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.series import OwnSnapshot, Series
from snapshotter.plan.actions import CopySnapshot, TagSnapshot
from snapshotter.plan.findings import finding
from snapshotter.plan.situation import Situation
from snapshotter.policy.retention import evaluate

_ALIVE = (Status.READY, Status.PENDING, Status.UNKNOWN)


class _Target(NamedTuple):
    """One resource and one region that it is copied to.

    there: by name, all snapshots in the region, whoever made them.
    """

    resource: Resource
    region: str
    originals: Series
    copies: Series
    there: Mapping[str, Snapshot]


def plan_copies(
    situation: Situation, repairs: Sequence[TagSnapshot]
) -> Iterator[CopySnapshot | Outcome]:
    """Plan the copies, and report what cannot be copied.

    repairs: what this run tags; those copies exist already.
    """
    wanted = {region for each in situation.protections.values() for region in each.copy_to}
    there: dict[str, dict[str, Snapshot]] = {
        region: {each.name: each for each in read.snapshots}
        for region, read in situation.inventory.regions.items()
        if region in wanted
    }
    for protection in situation.protections.values():
        resource = protection.resource
        if protection.faults or not protection.copy_to:
            continue
        if not resource.kind.copyable:
            yield _cannot_be_copied(resource)
            continue
        for region in protection.copy_to:
            if region in situation.inventory.unreadable:
                continue  # reported once, as the failed read of the region
            if region not in there:
                yield _no_such_region(resource, region, situation)
                continue
            series = situation.originals_of(resource), situation.copies_of(resource, region)
            target = _Target(resource, region, *series, there[region])
            for point in _lacking(target, repairs, situation):
                yield _copy(target, point, str(situation.settings.copy_retention))


def _lacking(
    target: _Target, repairs: Sequence[TagSnapshot], situation: Situation
) -> Iterator[OwnSnapshot]:
    """Find the points that the region lacks: the newest, and those since its last copy.

    A region that could not be reached for some nights gets the points of those nights, as far
    as CopyRetention keeps them; what is older than its newest copy is not copied. So the oldest
    comes first: a run that ends in between leaves only newer ones to the next.
    """
    repaired = (
        repair.original
        for repair in repairs
        if (repair.original.source_arn, repair.region) == (target.resource.arn, target.region)
    )
    alive = (*target.copies.of(*_ALIVE), *repaired)
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
    yield from (point for point in reversed(missing) if point.name in kept)


def _copy(target: _Target, point: OwnSnapshot, retention: str) -> CopySnapshot | Outcome:
    name = copy_name(point.name, point.source_arn, point.region)
    found = target.there.get(name)
    failed = next((each for each in target.copies.of(Status.FAILED) if each.name == name), None)
    if found is not None and (failed is None or failed.held):
        return _name_is_taken(target, name)
    newest = target.originals.newest(Status.READY)
    reason = "the newest recovery point" if point is newest else "the region does not have it yet"
    if failed is not None:
        reason = f"{reason}; an earlier copy ended in error"
    return CopySnapshot(
        original=point,
        region=target.region,
        name=name,
        tags=point.tags_of_copy(retention),
        reason=reason,
        replaces=failed,
    )


def _cannot_be_copied(resource: Resource) -> Outcome:
    reason = "Lightsail cannot copy database snapshots to another region"
    return finding(resource, "copy", "deferred", reason=reason)


def _no_such_region(resource: Resource, region: str, situation: Situation) -> Outcome:
    key = f"{situation.settings.selection_tag_key}:copy-to"
    message = (
        f"{resource.name}: the tag {key!r} asks for a copy in {region!r}, which is not "
        "a Lightsail region, so no copy is made there. Accepted: names of Lightsail regions, or "
        "`none`"
    )
    error = ErrorInfo("UnknownRegion", message)
    return finding(resource, "copy", "refused", error=error)


def _name_is_taken(target: _Target, name: str) -> Outcome:
    message = (
        f"{name}: a snapshot in {target.region} that is not ours has this name, so the recovery "
        "point is not copied there. Delete that snapshot to free the name"
    )
    error = ErrorInfo("NameTaken", message)
    return finding(target.resource, "copy", "refused", snapshot=name, error=error)
