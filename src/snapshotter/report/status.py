"""The report: every resource with its protection and its recovery points, and what is wrong."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from snapshotter.inputs.request import Request
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import OwnSnapshot, Series
from snapshotter.model.tags import DRILL
from snapshotter.model.times import to_iso
from snapshotter.plan import Plan, Situation
from snapshotter.plan.prunes import retention_of
from snapshotter.policy.cooling_off import COOLING_OFF
from snapshotter.report.answer import MOST_BYTES
from snapshotter.report.attention import find_attention
from snapshotter.report.freshness import is_stale, newest_points
from snapshotter.report.item import Attention
from snapshotter.report.points import Record, View, points_of

_PROTECTIONS = ("protected", "lost", "off", "untagged", "gone")


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What is protected, and what needs attention."""

    policy: str
    scheduled_time: str
    attention: tuple[Attention, ...]
    resources: tuple[Record, ...]

    @property
    def summary(self) -> dict[str, int]:
        count = {
            word: sum(each["protection"] == word for each in self.resources)
            for word in _PROTECTIONS
        }
        points = [(r, p) for r in self.resources for p in r["points"] if p["status"] == "ready"]
        copies = [p for r, p in points if p["region"] != r["region"]]
        return {
            **count,
            "stale": sum(each["stale"] for each in self.resources),
            "recoveryPoints": len(points) - len(copies),
            "copies": len(copies),
            "storageGb": sum(p["sizeGb"] for _, p in points),
            "held": sum(p["reason"] == COOLING_OFF for _, p in points),
        }

    def answer(self, letter: str) -> Record:
        """The answer, JSON-safe and below Lambda's limit; `truncated` counts dropped points."""
        answer: Record = {
            "policy": self.policy,
            "action": "report",
            "scheduledTime": self.scheduled_time,
            "summary": self.summary,
            "attention": [_item(each) for each in self.attention],
            "resources": [{**each, "points": list(each["points"])} for each in self.resources],
            "letter": letter,
        }
        dropped = _shorten(answer)
        return {**answer, **({"truncated": dropped} if dropped else {})}


def make_status_report(
    situation: Situation, plan: Plan, failures: Sequence[Outcome], request: Request
) -> StatusReport:
    """Report on everything in the situation, or on the resources that the request names.

    plan: what the next sweep would do. failures: of snapshots that ended in error.
    """
    names = request.resources
    newest = newest_points(situation)
    attention = find_attention(situation, (*plan.findings, *failures), newest)
    resources = _resources(View.of(situation, plan, request.retention))
    return StatusReport(
        policy=situation.settings.policy_name,
        scheduled_time=to_iso(request.scheduled_time),
        attention=tuple(each for each in attention if names is None or each.resource in names),
        resources=tuple(each for each in resources if names is None or each["resource"] in names),
    )


def _resources(view: View) -> Iterator[Record]:
    situation = view.situation
    by_source: dict[str, list[Series]] = {}
    for series in situation.series.values():
        by_source.setdefault(series.source_arn, []).append(series)
    for region in situation.regions:
        for each in situation.inventory.regions[region].resources:
            if each.arn not in situation.wishes or DRILL in each.tags:
                continue
            protection = situation.wishes[each.arn].value
            lost = each.arn in situation.lost
            identity = _identity(region, each.kind.name, each.name, "lost" if lost else protection)
            yield _described(identity, by_source.pop(each.arn, []), view)
    for left in by_source.values():
        if (source := _without_source(left[0], situation)) is not None:
            yield _described(source, left, view)


def _without_source(series: Series, situation: Situation) -> Record | None:
    """A source that is gone, or unknown where its region could not be read.

    None where the request leaves its region out.
    """
    region, kind = series.source_region, series.kind.name
    name = series.snapshots[0].source_name
    if region in situation.regions:
        return _identity(region, kind, name, "gone")
    left_out = region in situation.settings.regions and region not in situation.request.regions
    return None if left_out else _identity(region, kind, name, "unknown")


def _identity(region: str, kind: str, name: str, protection: str) -> Record:
    return {"region": region, "resourceType": kind, "resource": name, "protection": protection}


def _described(identity: Record, series: list[Series], view: View) -> Record:
    situation = view.situation
    originals = [each for each in series if not each.is_copies]
    newest = _newest(originals) or _newest(series)
    retention = next(
        (r for each in originals or series if (r := retention_of(each, situation))), None
    )
    proofs = [own for each in series for own in each.snapshots if own.verified_at]
    proof = max(proofs, key=lambda own: own.drilled_at, default=None)
    age = (situation.now - newest.time).total_seconds() / 3600 if newest else None
    optional = {
        "retention": str(retention) if retention else None,
        "newest": to_iso(newest.time) if newest else None,
        "ageHours": None if age is None else round(age, 1),
        "verified": to_iso(proof.drilled_at) if proof else None,
        "recoverySeconds": proof.recovery_seconds if proof else None,
    }
    protected = identity["protection"] == "protected"
    in_order = sorted(series, key=lambda each: (each.is_copies, each.region))
    return {
        **identity,
        **{key: value for key, value in optional.items() if value is not None},
        "stale": protected and is_stale(newest.time if newest else None, situation),
        "points": tuple(point for each in in_order for point in points_of(each, view)),
    }


def _newest(series: Sequence[Series]) -> OwnSnapshot | None:
    found = [newest for each in series if (newest := each.newest(Status.READY))]
    return max(found, key=lambda own: own.time, default=None)


def _item(attention: Attention) -> Record:
    record = {
        "what": attention.what,
        "do": attention.do,
        "region": attention.region,
        "resourceType": attention.resource_type,
        "resource": attention.resource,
    }
    return {key: value for key, value in record.items() if value is not None}


def _shorten(answer: Record) -> int:
    """Drop points, the oldest of all resources first, until the answer fits; returns how many."""
    excess = len(json.dumps(answer)) - MOST_BYTES
    oldest_first = (
        sorted(
            (
                (point["time"], rank)
                for rank, each in enumerate(answer["resources"])
                for point in each["points"]
            )
        )
        if excess > 0
        else []
    )
    dropped = 0
    for _, rank in oldest_first:
        if excess <= 0:
            break
        points = answer["resources"][rank]["points"]
        oldest = min(points, key=lambda point: point["time"])
        points.remove(oldest)
        excess -= len(json.dumps(oldest)) + 2
        dropped += 1
    return dropped
