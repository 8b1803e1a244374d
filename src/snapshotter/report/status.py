"""The report: every resource with its protection and its recovery points, and what is wrong."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from snapshotter.inputs.request import Request
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import Series
from snapshotter.model.tags import DRILL
from snapshotter.model.times import to_iso
from snapshotter.plan import Plan, Situation
from snapshotter.plan.prunes import retention_of
from snapshotter.policy.cooling_off import COOLING_OFF
from snapshotter.policy.grammar import Retention
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
        attention=tuple(
            each for each in attention if names is None or each.resource in (None, *names)
        ),
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
            yield _described(identity, each.arn, by_source.pop(each.arn, []), view)
    for arn, left in by_source.items():
        if (source := _without_source(left[0], situation)) is not None:
            yield _described(source, arn, left, view)


def _without_source(series: Series, situation: Situation) -> Record | None:
    """A source that is gone, or unknown where its region could not be read.

    None where the request leaves its region out.
    """
    region, kind, name = series.source_region, series.kind.name, series.source_name
    if region in situation.regions:
        return _identity(region, kind, name, "gone")
    left_out = region in situation.settings.regions and region not in situation.request.regions
    return None if left_out else _identity(region, kind, name, "unknown")


def _identity(region: str, kind: str, name: str, protection: str) -> Record:
    return {"region": region, "resourceType": kind, "resource": name, "protection": protection}


def _described(identity: Record, arn: str, series: list[Series], view: View) -> Record:
    situation = view.situation
    in_order = sorted(series, key=lambda each: (each.is_copies, each.region))
    protection = situation.protections.get(arn)
    # A protected resource needs a recovery point in its own region.
    newest = _newest(each for each in in_order if not (protection and each.is_copies))
    retention = protection.retention if protection else _retention(in_order, situation)
    proofs = [
        (own.verified_at, own.recovery_seconds)
        for each in series
        for own in each.snapshots
        if own.verified_at
    ]
    verified, seconds = max(proofs, key=itemgetter(0), default=(None, None))
    optional = {
        "retention": str(retention) if retention else None,
        "newest": to_iso(newest) if newest else None,
        "ageHours": round((situation.now - newest) / timedelta(hours=1), 1) if newest else None,
        "verified": to_iso(verified) if verified else None,
        "recoverySeconds": seconds,
    }
    return {
        **identity,
        **{key: value for key, value in optional.items() if value is not None},
        "stale": protection is not None and is_stale(newest, situation),
        "points": tuple(point for each in in_order for point in points_of(each, view)),
    }


def _retention(series: Sequence[Series], situation: Situation) -> Retention | None:
    return next((found for each in series if (found := retention_of(each, situation))), None)


def _newest(series: Iterable[Series]) -> datetime | None:
    return max((own.time for each in series for own in each.of(Status.READY)), default=None)


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
    if excess <= 0:
        return 0
    places = [(each["points"], point) for each in answer["resources"] for point in each["points"]]
    places.sort(key=lambda place: place[1]["time"])
    for dropped, (points, point) in enumerate(places):
        if excess <= 0:
            return dropped
        points.remove(point)
        excess -= len(json.dumps(point)) + 2
    return len(places)
