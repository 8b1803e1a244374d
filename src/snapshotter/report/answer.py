"""What a run did: its measures, its answer, and the error that a failed run raises."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from snapshotter.errors import SnapshotRunFailed
from snapshotter.inputs.event import Event, SnapshotEvent, SweepEvent
from snapshotter.inputs.settings import Settings
from snapshotter.model.kinds import Status
from snapshotter.model.names import to_iso
from snapshotter.model.outcome import Outcome
from snapshotter.plan.situation import Situation
from snapshotter.report.attention import find_attention
from snapshotter.report.item import is_stale, newest_points

MOST_OUTCOMES = 2_000
MOST_BYTES = 5_500_000
"""Below Lambda's limit of 6 MB for a response, with a margin."""

_BY_STATUS = ("failed", "deferred", "refused", "lost", "held")
"""The statuses that the summary counts; nobody waits for the others."""

COUNTS = {
    "selected": "resources to protect",
    "created": "snapshots started",
    "copied": "copies started",
    "deleted": "snapshots deleted",
    "failed": "failed outcomes",
    "deferred": "deferred outcomes",
    "pending": "snapshots and copies not ready yet",
    "stale": "resources without a recent recovery point",
    "refused": "refused outcomes",
    "lost": "resources whose selection tag is gone",
    "held": "series with points kept for cooling-off alone",
}
"""The members of the summary, for docs/reference.md."""

FIELDS = {
    "region": "of the resource or copy",
    "resourceType": "Instance, Disk, RelationalDatabase",
    "resource": "name of the source",
    "action": "what was to be done",
    "snapshot": "name of the snapshot",
    "status": "the result",
    "reason": "why it was done, or not",
    "operations": "as Lightsail returned them",
    "error": "code and message of a failure",
}
"""The members of an outcome, in the answer and in the log."""

_FAILURES_NAMED = 5
_MESSAGE_LENGTH = 300


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


@dataclass(frozen=True, slots=True)
class Report:
    """One finished run.

    attention: how many things need attention, stale resources apart. partial: the event left out
    regions or resources, or protected nothing, so that the run does not know the rest.
    """

    policy: str
    action: str
    scheduled_time: str
    dry_run: bool
    outcomes: tuple[Outcome, ...]
    measures: Mapping[str, Measures]
    attention: int = 0
    partial: bool = False

    @property
    def summary(self) -> dict[str, int]:
        return {
            name: sum(each.status == name for each in self.outcomes)
            if name in _BY_STATUS
            else sum(getattr(each, name) for each in self.measures.values())
            for name in COUNTS
        }

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.status == "failed")

    @property
    def late(self) -> int:
        """How many outcomes time ran out for."""
        return sum(outcome.out_of_time for outcome in self.outcomes)

    @property
    def ended_well(self) -> bool:
        """False if an outcome failed or time ran out. A dry run always ends well."""
        return self.dry_run or not (self.failed or self.late)

    def answer(self) -> dict[str, Any]:
        """The answer, JSON-safe and below Lambda's limit; `truncated` counts outcomes left out."""
        head = {
            "policy": self.policy,
            "action": self.action,
            "scheduledTime": self.scheduled_time,
            "dryRun": self.dry_run,
            "summary": self.summary,
        }
        kept = _fitting([(each, to_record(each)) for each in self.outcomes])
        missing = len(self.outcomes) - len(kept)
        return {**head, "outcomes": kept, **({"truncated": missing} if missing else {})}

    def failure(self) -> SnapshotRunFailed:
        """The error to raise, with a message that is short enough to read in the console."""
        parts = []
        if self.failed:
            named = "; ".join(_sentence(outcome) for outcome in self.failed[:_FAILURES_NAMED])
            more = len(self.failed) - _FAILURES_NAMED
            rest = f"; and {more} more" if more > 0 else ""
            parts.append(f"{len(self.failed)} failed: {named}{rest}")
        if self.late:
            parts.append(f"time ran out with {self.late} left to do")
        counts = ", ".join(f"{count} {name}" for name, count in self.summary.items() if count)
        return SnapshotRunFailed(
            f"{self.action} of {self.scheduled_time} by {self.policy}: {'. '.join(parts)}. "
            f"In all: {counts}. The log has a record of each outcome."
        )


def make_report(
    settings: Settings,
    request: Event,
    outcomes: tuple[Outcome, ...],
    situation: Situation | None = None,
) -> Report:
    """Report a run. situation: what it found; None where it did not look at all resources."""
    attention, partial = 0, True
    if situation is not None and isinstance(request, SnapshotEvent | SweepEvent):
        attention = sum(not each.stale for each in find_attention(situation, outcomes))
        partial = request.resources is not None or set(request.regions) != set(settings.regions)
    return Report(
        policy=settings.policy_name,
        action=request.action.value,
        scheduled_time=to_iso(request.scheduled_time),
        dry_run=request.dry_run,
        outcomes=outcomes,
        measures=measure(situation, outcomes) if situation is not None else {},
        attention=attention,
        partial=partial,
    )


def to_record(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the answer and the log show it; members without a value are absent."""
    error = outcome.error
    values = (
        *(outcome.region, outcome.resource_type, outcome.resource, outcome.action),
        *(outcome.snapshot, outcome.status, outcome.reason, list(outcome.operations) or None),
        {"code": error.code, "message": error.sentence} if error else None,
    )
    return {key: each for key, each in zip(FIELDS, values, strict=True) if each is not None}


def _fitting(records: Sequence[tuple[Outcome, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Leave out outcomes that succeeded first, then from the end, until the rest fits."""
    sizes = [len(json.dumps(record)) + 2 for _, record in records]
    succeeded = [outcome.status not in _BY_STATUS for outcome, _ in records]
    ranks = sorted(range(len(records)), key=lambda rank: (succeeded[rank], rank))
    left, kept = MOST_BYTES, set[int]()
    for rank in ranks[:MOST_OUTCOMES]:
        left -= sizes[rank]
        if left < 0:
            break
        kept.add(rank)
    return [record for rank, (_, record) in enumerate(records) if rank in kept]


def _sentence(outcome: Outcome) -> str:
    subject = outcome.snapshot or outcome.resource or outcome.region or "the run"
    where = f" in {outcome.region}" if outcome.region and outcome.region != subject else ""
    return f"{outcome.action} {subject}{where}: {outcome.why[:_MESSAGE_LENGTH]}"


def measure(situation: Situation, outcomes: Sequence[Outcome]) -> Mapping[str, Measures]:
    """Measure every region that was read, as it is after the run."""
    newest = newest_points(situation, outcomes)
    return {
        region: _region(situation, region, [o for o in outcomes if o.region == region], newest)
        for region in situation.inventory.regions
    }


def _region(
    situation: Situation, region: str, outcomes: Sequence[Outcome], newest: Mapping[str, datetime]
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
