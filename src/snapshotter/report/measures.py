"""Measures of each region after a run: the inventory as read, plus the outcomes of the run."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from snapshotter.model.kinds import Status
from snapshotter.model.outcome import Outcome
from snapshotter.plan.situation import Situation
from snapshotter.report.freshness import is_stale, newest_points


class Measures(NamedTuple):
    """One region after a run.

    stale: selected resources without a recovery point within the objective.
    storage_gb: the sum of the sources' sizes, an upper bound of the storage that is billed.
    Hours since the newest recovery point, copy in this region, and passed drill, of the resource
    where that is longest ago; None if there is none. A resource that never passed a drill counts
    from its oldest recovery point, and only those that ask for drills count.
    drills_passed, drills_failed: None if the stack does not run drills.
    """

    selected: int
    created: int
    copied: int
    deleted: int
    failed: int
    deferred: int
    pending: int
    copies_pending: int
    stale: int
    recovery_points: int
    storage_gb: int
    oldest_age_hours: float | None
    newest_copy_age_hours: float | None
    drills_passed: int | None = None
    drills_failed: int | None = None
    oldest_proof_age_hours: float | None = None


def measure(situation: Situation, outcomes: Sequence[Outcome]) -> Mapping[str, Measures]:
    """Measure every region that was read, as it is after the run."""
    newest = newest_points(situation, outcomes)
    return {
        region: _region(situation, region, [o for o in outcomes if o.region == region], newest)
        for region in situation.inventory.regions
    }


def _region(
    situation: Situation,
    region: str,
    outcomes: Sequence[Outcome],
    newest: Mapping[str, datetime],
) -> Measures:
    # What drills create and delete is no snapshot; it is counted separately.
    snapshotting = [each for each in outcomes if each.action != "restore"]
    drilled = [each for each in outcomes if each.action == "restore"]
    deleted = {each.snapshot for each in snapshotting if each.status == "deleted"}
    series = [each for each in situation.series.values() if each.region == region]
    left = [own for each in series for own in each.snapshots if own.name not in deleted]
    ready = [each for each in left if each.status is Status.READY]
    pending = [each for each in left if each.status is Status.PENDING]
    created = _snapshots(outcomes, "create", "started")
    copied = _snapshots(outcomes, "copy", "started")
    confirmed = _snapshots(outcomes, "confirm", "exists")
    wanted = [each.resource.arn for each in situation.protections if each.resource.region == region]
    drills = situation.settings.enable_restore
    return Measures(
        selected=len(wanted),
        created=len(created),
        copied=len(copied),
        deleted=_count(snapshotting, "deleted"),
        failed=_count(snapshotting, "failed"),
        deferred=_count(outcomes, "deferred"),
        pending=len(pending) + len(created - confirmed) + len(copied),
        copies_pending=sum(each.is_copy for each in pending) + len(copied),
        stale=sum(is_stale(newest.get(arn), situation) for arn in wanted),
        recovery_points=len(ready) + len(confirmed),
        storage_gb=sum(each.size_gb for each in ready),
        oldest_age_hours=_longest((newest[arn] for arn in wanted if arn in newest), situation),
        newest_copy_age_hours=_longest(_newest_copies(situation, region), situation),
        drills_passed=_count(drilled, "tagged") if drills else None,
        drills_failed=_count(drilled, "failed") if drills else None,
        oldest_proof_age_hours=_longest(_proofs(situation, region, drilled), situation),
    )


def _newest_copies(situation: Situation, region: str) -> Iterable[datetime]:
    """Of each resource with copies in this region, the time of the newest."""
    for protection in situation.protections:
        newest = situation.series_in(protection.resource, region).newest_ready
        if region in protection.copy_to and newest:
            yield newest.time


def _proofs(situation: Situation, region: str, drilled: Sequence[Outcome]) -> Iterable[datetime]:
    """Of each resource that asks for drills, when the last one passed, or its oldest point."""
    proven_now = {each.snapshot for each in drilled if each.status == "tagged"}
    for protection in situation.protections if situation.settings.enable_restore else ():
        if protection.drill is not None and protection.resource.region == region:
            ready = situation.originals_of(protection.resource).ready
            times = [each.verified_at for each in ready if each.verified_at]
            times += [situation.now for each in ready if each.name in proven_now]
            yield from [max(times)] if times else [each.time for each in ready[-1:]]


def _snapshots(outcomes: Sequence[Outcome], action: str, status: str) -> set[str | None]:
    return {o.snapshot for o in outcomes if (o.action, o.status) == (action, status)}


def _count(outcomes: Sequence[Outcome], status: str) -> int:
    return sum(outcome.status == status for outcome in outcomes)


def _longest(times: Iterable[datetime], situation: Situation) -> float | None:
    """Hours since the earliest of these times; None if there is none."""
    ages = [(situation.now - time) / timedelta(hours=1) for time in times]
    return round(max(*ages, 0.0), 3) if ages else None
