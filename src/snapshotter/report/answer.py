"""What a run has to say: the answer of the contract, and the sentence it fails with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.outcome import Outcome
from snapshotter.report.measures import Measures

MOST_OUTCOMES = 2_000
MOST_BYTES = 5_500_000
"""Below Lambda's limit of 6 MB for an answer, with room for its own envelope."""

_NAMED = 5
_WAITING = ("refused", "lost", "held")
"""The statuses that wait for a person and fail no run."""


@dataclass(frozen=True, slots=True)
class Report:
    """One run, over."""

    policy: str
    action: str
    scheduled_time: str
    dry_run: bool
    outcomes: tuple[Outcome, ...]
    measures: Mapping[str, Measures]

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
        """A dry run always does: it found things out, as it was asked to."""
        return self.dry_run or not (self.failed or self.ran_out_of_time)

    def answer(self) -> dict[str, Any]:
        """The answer, JSON-safe and below Lambda's limit; `truncated` counts what had to go."""
        head = {
            "policy": self.policy,
            "action": self.action,
            "scheduledTime": self.scheduled_time,
            "dryRun": self.dry_run,
            "summary": self.summary,
        }
        kept = _shortened([(each, to_record(each)) for each in self.outcomes])
        missing = len(self.outcomes) - len(kept)
        return {**head, "outcomes": kept, **({"truncated": missing} if missing else {})}

    def failure(self) -> SnapshotRunFailed:
        """What the run raises, short enough to read in the console."""
        parts = []
        if self.failed:
            named = "; ".join(_sentence(outcome) for outcome in self.failed[:_NAMED])
            more = len(self.failed) - _NAMED
            rest = f"; and {more} more" if more > 0 else ""
            parts.append(f"{len(self.failed)} failed: {named}{rest}")
        if self.ran_out_of_time:
            late = sum(outcome.out_of_time for outcome in self.outcomes)
            parts.append(f"time ran out with {late} left to do")
        told = ", ".join(f"{count} {name}" for name, count in self.summary.items() if count)
        return SnapshotRunFailed(
            f"{self.action} of {self.scheduled_time} by {self.policy}: {'. '.join(parts)}. "
            f"In all: {told}. The log has a record of each outcome."
        )

    def _count(self, status: str) -> int:
        return sum(outcome.status == status for outcome in self.outcomes)

    def _sum(self, name: str) -> int:
        return sum(getattr(each, name) for each in self.measures.values())


def to_record(outcome: Outcome) -> dict[str, Any]:
    """Write an outcome as the contract has it; members without a value are absent."""
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
        "error": {"code": error.code, "message": error.message} if error else None,
    }
    return {key: value for key, value in record.items() if value is not None}


def _shortened(records: Sequence[tuple[Outcome, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Drop what succeeded first, then from the end, until the rest fits."""
    sizes = [len(json.dumps(record)) + 2 for _, record in records]
    by_weight = sorted(range(len(records)), key=lambda rank: (_succeeded(records[rank][0]), rank))
    room, kept = MOST_BYTES, set[int]()
    for rank in by_weight[:MOST_OUTCOMES]:
        room -= sizes[rank]
        if room < 0:
            break
        kept.add(rank)
    return [record for rank, (_, record) in enumerate(records) if rank in kept]


def _succeeded(outcome: Outcome) -> bool:
    return outcome.status not in ("failed", "deferred", *_WAITING)


def _sentence(outcome: Outcome) -> str:
    subject = outcome.snapshot or outcome.resource or outcome.region or "the run"
    message = (outcome.error.message if outcome.error else outcome.reason or "").rstrip(".")
    where = f" in {outcome.region}" if outcome.region and outcome.region != subject else ""
    return f"{outcome.action} {subject}{where}: {message[:200]}"
