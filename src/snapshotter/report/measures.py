"""Measures of each region after a run: the inventory as read, plus the outcomes of the run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from snapshotter.model.kinds import Status
from snapshotter.model.outcome import Outcome
from snapshotter.model.snapshot import Snapshot
from snapshotter.plan.situation import Situation
from snapshotter.report.freshness import is_stale, newest_points


class DrillMeasures(NamedTuple):
    """The drills of one region.

    oldest_proof_age_hours: hours since the last drill that passed, for the resource where that is
    longest ago. A resource that never passed one counts from its oldest recovery point. Only
    resources that ask for drills count.
    """

    passed: int
    failed: int
    oldest_proof_age_hours: float | None


class Measures(NamedTuple):
    """One region after a run.

    stale: selected resources without a recovery point within the objective.
    oldest_age_hours: age of the newest recovery point of the resource where it is oldest.
    newest_copy_age_hours: the same for the copies in this region. None if there are none.
    storage_gb: the sum of the sources' sizes, an upper bound of the storage that is billed.
    drills: None if the stack does not run drills.
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
    drills: DrillMeasures | None = None


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
    snapshotting = [outcome for outcome in outcomes if outcome.action != "restore"]
    existing = tuple(_existing(situation, region, snapshotting))
    ready, pending = _of(existing, Status.READY), _of(existing, Status.PENDING)
    created = _snapshots(outcomes, "create", "started")
    copied = _snapshots(outcomes, "copy", "started")
    confirmed = _snapshots(outcomes, "confirm", "exists")
    resources = [p.resource for p in situation.protections if p.resource.region == region]
    points = {each.arn: newest[each.arn] for each in resources if each.arn in newest}
    return Measures(
        selected=len(resources),
        created=len(created),
        copied=len(copied),
        deleted=_count(snapshotting, "deleted"),
        failed=_count(snapshotting, "failed"),
        deferred=_count(outcomes, "deferred"),
        pending=len(pending) + len(created - confirmed) + len(copied),
        copies_pending=sum(own.is_copy for own in pending) + len(copied),
        stale=sum(is_stale(points.get(each.arn), situation) for each in resources),
        recovery_points=len(ready) + len(confirmed),
        storage_gb=sum(own.size_gb for own in ready),
        oldest_age_hours=_hours_since(min(points.values(), default=None), situation),
        newest_copy_age_hours=_hours_since(_oldest_copy(situation, region), situation),
        drills=_drills(situation, region, outcomes),
    )


def _drills(situation: Situation, region: str, outcomes: Sequence[Outcome]) -> DrillMeasures | None:
    if not situation.settings.enable_restore:
        return None
    drilled = [outcome for outcome in outcomes if outcome.action == "restore"]
    return DrillMeasures(
        passed=_count(drilled, "tagged"),
        failed=_count(drilled, "failed"),
        oldest_proof_age_hours=_hours_since(_oldest_proof(situation, region, drilled), situation),
    )


def _oldest_proof(situation: Situation, region: str, drilled: Sequence[Outcome]) -> datetime | None:
    proven_now = {outcome.snapshot for outcome in drilled if outcome.status == "tagged"}
    times = []
    for protection in situation.protections:
        if protection.drill is None or protection.resource.region != region:
            continue
        ready = situation.originals_of(protection.resource).ready
        proofs = [own.verified_at for own in ready if own.verified_at]
        proofs += [situation.now for own in ready if own.name in proven_now]
        times += [max(proofs)] if proofs else [own.time for own in ready[-1:]]
    return min(times, default=None)


def _existing(situation: Situation, region: str, outcomes: Sequence[Outcome]) -> Iterator[Snapshot]:
    """Our snapshots in the region, without those that this run deleted."""
    deleted = {outcome.snapshot for outcome in outcomes if outcome.status == "deleted"}
    for series in situation.series.values():
        if series.region == region:
            yield from (own for own in series.snapshots if own.name not in deleted)


def _of(snapshots: Iterable[Snapshot], status: Status) -> list[Snapshot]:
    return [own for own in snapshots if own.status is status]


def _snapshots(outcomes: Sequence[Outcome], action: str, status: str) -> set[str | None]:
    return {o.snapshot for o in outcomes if (o.action, o.status) == (action, status)}


def _count(outcomes: Sequence[Outcome], status: str) -> int:
    return sum(outcome.status == status for outcome in outcomes)


def _oldest_copy(situation: Situation, region: str) -> datetime | None:
    """Of the resources with copies in this region: the time of the newest copy that is oldest."""
    times = [
        newest.time
        for protection in situation.protections
        if region in protection.copy_to
        and (newest := situation.series_in(protection.resource, region).newest_ready)
    ]
    return min(times, default=None)


def _hours_since(time: datetime | None, situation: Situation) -> float | None:
    if time is None:
        return None
    return round(max((situation.now - time) / timedelta(hours=1), 0.0), 3)
