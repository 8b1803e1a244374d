"""What a run leaves behind, in numbers: the world as read, with the run's own outcomes on top."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import OwnSnapshot
from snapshotter.plan import Situation


@dataclass(frozen=True, slots=True)
class DrillMeasures:
    """What drills have found out in one region.

    oldest_proof_age_hours: of the resources that ask for drills, the one whose last proof is the
    longest ago; one that was never proven counts from its oldest recovery point.
    """

    passed: int
    failed: int
    oldest_proof_age_hours: float | None


@dataclass(frozen=True, slots=True)
class Measures:
    """One region after a run.

    stale: selected resources without a recovery point within the objective.
    oldest_age_hours: age of the newest point of the resource that is worst off; newest_copy_age
    likewise for the copies in this region. None where there is nothing to have an age.
    storage_gb: the sizes of the sources, hence an upper bound of what is paid for.
    drills: None for a stack that has none.
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
    """Measure every region that was read, as the run leaves it."""
    return {
        region: _region(situation, region, [o for o in outcomes if o.region == region])
        for region in situation.inventory.regions
    }


def _region(situation: Situation, region: str, outcomes: Sequence[Outcome]) -> Measures:
    # What drills have made and deleted is no snapshot, and their failures are counted apart.
    snapshotting = [o for o in outcomes if o.action != "restore"]
    gone = {o.snapshot for o in snapshotting if o.status == "deleted"}
    confirmed = {o.snapshot for o in outcomes if (o.action, o.status) == ("confirm", "exists")}
    left = [own for own in _ours(situation, region) if own.name not in gone]
    ready = [own for own in left if own.status is Status.READY]
    begun = _begun(outcomes, "create") - confirmed
    copying = _begun(outcomes, "copy")
    pending = [own for own in left if own.status is Status.PENDING]
    resources = [p.resource for p in situation.protections.values() if p.resource.region == region]
    points = dict(_newest_points(situation, resources, outcomes, confirmed))
    worst = min(points.values(), default=None)
    return Measures(
        selected=len(resources),
        created=len(_begun(outcomes, "create")),
        copied=len(copying),
        deleted=_count(snapshotting, "deleted"),
        failed=_count(snapshotting, "failed"),
        deferred=_count(outcomes, "deferred"),
        pending=len(pending) + len(begun) + len(copying),
        copies_pending=sum(own.is_copy for own in pending) + len(copying),
        stale=sum(_is_stale(points.get(each.arn), situation) for each in resources),
        recovery_points=len(ready) + len(confirmed),
        storage_gb=sum(own.snapshot.size_gb for own in ready),
        oldest_age_hours=_hours_since(worst, situation),
        newest_copy_age_hours=_hours_since(_worst_copy(situation, region), situation),
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
    for protection in situation.protections.values():
        series = situation.originals_of(protection.resource)
        if protection.drill is None or protection.resource.region != region or series is None:
            continue
        ready = series.of(Status.READY)
        proofs = [own.verified_at for own in ready if own.verified_at]
        proofs += [situation.now for own in ready if own.name in proven_now]
        times += [max(proofs)] if proofs else [own.time for own in ready[-1:]]
    return min(times, default=None)


def _ours(situation: Situation, region: str) -> Iterator[OwnSnapshot]:
    for series in situation.series.values():
        if series.region == region:
            yield from series.snapshots


def _begun(outcomes: Sequence[Outcome], action: str) -> set[str | None]:
    return {o.snapshot for o in outcomes if (o.action, o.status) == (action, "started")}


def _count(outcomes: Sequence[Outcome], status: str) -> int:
    return sum(outcome.status == status for outcome in outcomes)


def _newest_points(
    situation: Situation,
    resources: Sequence[Resource],
    outcomes: Sequence[Outcome],
    confirmed: set[str | None],
) -> Iterator[tuple[str, datetime]]:
    """Give, by ARN, the time of each resource's newest recovery point, if it has one."""
    taken = {
        (o.resource_type, o.resource)
        for o in outcomes
        if o.action == "create" and o.snapshot in confirmed
    }
    for resource in resources:
        series = situation.originals_of(resource)
        newest = series.newest(Status.READY) if series else None
        if (resource.kind.name, resource.name) in taken:
            yield resource.arn, situation.now
        elif newest is not None:
            yield resource.arn, newest.time


def _worst_copy(situation: Situation, region: str) -> datetime | None:
    """Find the oldest among the newest copies here of the resources that ask for them."""
    times = [
        newest.time
        for protection in situation.protections.values()
        if region in protection.copy_to
        and (copies := situation.copies_of(protection.resource, region))
        and (newest := copies.newest(Status.READY))
    ]
    return min(times, default=None)


def _is_stale(newest: datetime | None, situation: Situation) -> bool:
    return newest is None or situation.now - newest > situation.settings.objective


def _hours_since(moment: datetime | None, situation: Situation) -> float | None:
    if moment is None:
        return None
    return round(max((situation.now - moment) / timedelta(hours=1), 0.0), 3)
