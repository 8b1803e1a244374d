"""The answer of a run, and the message of the error that a failed run raises."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from snapshotter.errors import SnapshotRunFailed
from snapshotter.inputs.event import Event, SnapshotEvent, SweepEvent
from snapshotter.inputs.settings import Settings
from snapshotter.model.names import to_iso
from snapshotter.model.outcome import Outcome
from snapshotter.plan.situation import Situation
from snapshotter.report.attention import find_attention
from snapshotter.report.freshness import newest_points
from snapshotter.report.measures import Measures, measure

MOST_OUTCOMES = 2_000
MOST_BYTES = 5_500_000
"""Below Lambda's limit of 6 MB for a response, with a margin."""

_WAITING = ("refused", "lost", "held")
"""The statuses that wait for a person and fail no run."""

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
            "selected": self._sum("selected"),
            "created": self._sum("created"),
            "copied": self._sum("copied"),
            "deleted": self._sum("deleted"),
            "failed": len(self.failed),
            "deferred": self._count("deferred"),
            "pending": self._sum("pending"),
            "stale": self._sum("stale"),
            **{status: self._count(status) for status in _WAITING},
        }

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.status == "failed")

    @property
    def ran_out_of_time(self) -> bool:
        return any(outcome.out_of_time for outcome in self.outcomes)

    @property
    def ended_well(self) -> bool:
        """False if an outcome failed or time ran out. A dry run always ends well."""
        return self.dry_run or not (self.failed or self.ran_out_of_time)

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
        if self.ran_out_of_time:
            late = sum(outcome.out_of_time for outcome in self.outcomes)
            parts.append(f"time ran out with {late} left to do")
        counts = ", ".join(f"{count} {name}" for name, count in self.summary.items() if count)
        return SnapshotRunFailed(
            f"{self.action} of {self.scheduled_time} by {self.policy}: {'. '.join(parts)}. "
            f"In all: {counts}. The log has a record of each outcome."
        )

    def _count(self, status: str) -> int:
        return sum(outcome.status == status for outcome in self.outcomes)

    def _sum(self, name: str) -> int:
        return sum(getattr(each, name) for each in self.measures.values())


def make_report(
    settings: Settings,
    request: Event,
    outcomes: tuple[Outcome, ...],
    situation: Situation | None = None,
) -> Report:
    """Report a run. situation: what it found; None where it did not look at all resources."""
    attention, partial = 0, True
    if situation is not None and isinstance(request, SnapshotEvent | SweepEvent):
        found = find_attention(situation, outcomes, newest_points(situation, outcomes))
        attention = sum(not each.stale for each in found)
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
    record = {
        "region": outcome.region,
        "resourceType": outcome.resource_type,
        "resource": outcome.resource,
        "action": outcome.action,
        "snapshot": outcome.snapshot,
        "status": outcome.status,
        "reason": outcome.reason,
        "operations": list(outcome.operations) or None,
        "error": {"code": error.code, "message": error.sentence} if error else None,
    }
    return {key: value for key, value in record.items() if value is not None}


def _fitting(records: Sequence[tuple[Outcome, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Leave out outcomes that succeeded first, then from the end, until the rest fits."""
    sizes = [len(json.dumps(record)) + 2 for _, record in records]
    ranks = sorted(range(len(records)), key=lambda rank: (_succeeded(records[rank][0]), rank))
    left, kept = MOST_BYTES, set[int]()
    for rank in ranks[:MOST_OUTCOMES]:
        left -= sizes[rank]
        if left < 0:
            break
        kept.add(rank)
    return [record for rank, (_, record) in enumerate(records) if rank in kept]


def _succeeded(outcome: Outcome) -> bool:
    return outcome.status not in ("failed", "deferred", *_WAITING)


def _sentence(outcome: Outcome) -> str:
    subject = outcome.snapshot or outcome.resource or outcome.region or "the run"
    where = f" in {outcome.region}" if outcome.region and outcome.region != subject else ""
    return f"{outcome.action} {subject}{where}: {outcome.why[:_MESSAGE_LENGTH]}"
