"""The report: every resource with its protection and its recovery points, and what is wrong."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from typing import Any

from snapshotter.inputs.event import ReportEvent
from snapshotter.model.names import to_iso
from snapshotter.model.outcome import Outcome
from snapshotter.model.snapshot import Series
from snapshotter.plan.deletions import SeriesVerdict
from snapshotter.plan.planning import Plan
from snapshotter.plan.situation import Situation
from snapshotter.policy.grammar import Retention
from snapshotter.policy.retention import COOLING_OFF, evaluate
from snapshotter.policy.selection import Protection, is_of_drill
from snapshotter.report.answer import MOST_BYTES
from snapshotter.report.attention import find_attention
from snapshotter.report.item import Attention, is_stale

Record = dict[str, Any]
Judged = tuple[Series, SeriesVerdict]

_PLACE = ("region", "resourceType", "resource", "protection")
_PROTECTIONS = ("protected", "lost", "off", "untagged", "gone", "unknown")


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What is protected, and what needs attention. unread: regions that could not be read."""

    policy: str
    scheduled_time: str
    attention: tuple[Attention, ...]
    resources: tuple[Record, ...]
    unread: tuple[str, ...] = ()

    @property
    def summary(self) -> dict[str, int]:
        protections = [each["protection"] for each in self.resources]
        points = [(r, p) for r in self.resources for p in r["points"] if p["status"] == "ready"]
        copies = [p for r, p in points if p["region"] != r["region"]]
        return {
            **{word: protections.count(word) for word in _PROTECTIONS},
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
    situation: Situation,
    plan: Plan,
    failures: Sequence[Outcome],
    request: ReportEvent,
    subscriptions: int | None = None,
) -> StatusReport:
    """Report on everything in the situation, or on the resources that the request names.

    plan: what the next sweep would do. failures: of snapshots that ended in error.
    subscriptions: confirmed ones of the topic for letters; None where that is not known.
    """
    names = request.resources

    def asked(name: str | None) -> bool:
        return names is None or name in (None, *names)

    attention = find_attention(
        situation,
        (*plan.findings, *failures),
        actions=plan.actions,
        names=names or (),
        subscriptions=subscriptions,
    )
    resources = _resources(situation, plan, request.retention)
    return StatusReport(
        policy=situation.settings.policy_name,
        scheduled_time=to_iso(request.scheduled_time),
        attention=tuple(each for each in attention if asked(each.resource)),
        resources=tuple(each for each in resources if asked(each["resource"])),
        unread=tuple(each for each in request.regions if each not in situation.regions),
    )


def _resources(situation: Situation, plan: Plan, trial: Retention | None) -> Iterator[Record]:
    """All resources, and then the sources that are gone. trial: a policy to try on every series."""
    by_source: dict[str, list[Judged]] = {}
    for series, verdict in zip(situation.series.values(), plan.verdicts, strict=True):
        by_source.setdefault(series.source_arn, []).append((series, verdict))
    for arn, view in situation.views.items():
        if not is_of_drill(view.resource):
            each, word = view.resource, "lost" if view.lost else view.wish.value
            place = (each.region, each.kind.name, each.name, word)
            yield _described(place, by_source.pop(arn, []), view.protection, situation, trial)
    for left in by_source.values():
        series = left[0][0]
        region = series.source_region
        left_out = region in situation.settings.regions and region not in situation.request.regions
        if not left_out:
            # Where its region was not read, a source is unknown.
            word = "gone" if region in situation.regions else "unknown"
            place = (region, series.kind.name, series.source_name, word)
            yield _described(place, left, None, situation, trial)


def _described(
    place: tuple[str, str, str, str],
    judged: list[Judged],
    protection: Protection | None,
    situation: Situation,
    trial: Retention | None,
) -> Record:
    """The policy, the newest point and all points of a resource, its own region first."""
    judged.sort(key=lambda each: (each[0].is_copies, each[0].region))
    # A protected resource needs a recovery point in its own region.
    counted = [each for each, _ in judged if not (protection and each.is_copies)]
    newest = max((each.ready[0].time for each in counted if each.ready), default=None)
    retention = next((verdict.retention for _, verdict in judged if verdict.retention), None)
    points = [own for each, _ in judged for own in each.snapshots]
    proofs = [(each.verified_at, each.recovery_seconds) for each in points if each.verified_at]
    verified, seconds = max(proofs, key=itemgetter(0), default=(None, None))
    retention = protection.retention if protection else retention
    optional = {
        "retention": retention and str(retention),
        "newest": newest and to_iso(newest),
        "ageHours": newest and max(0.0, round((situation.now - newest) / timedelta(hours=1), 1)),
        "verified": verified and to_iso(verified),
        "recoverySeconds": seconds,
    }
    return {
        **dict(zip(_PLACE, place, strict=True)),
        **{key: value for key, value in optional.items() if value is not None},
        "stale": protection is not None and is_stale(newest, situation),
        "points": tuple(point for each in judged for point in _points(each, situation, trial)),
    }


def _points(judged: Judged, situation: Situation, trial: Retention | None) -> Iterator[Record]:
    """All snapshots of a series, newest first."""
    series, verdict = judged
    zone, would_keep = situation.settings.timezone, {}
    if trial:
        tried = evaluate(series.ready, trial, now=situation.now, timezone=zone)
        would_keep = {each.point.name: each.keep for each in tried}
    for each in verdict.verdicts:
        own = each.snapshot
        record: Record = {
            "snapshot": own.name,
            "region": own.region,
            "time": to_iso(own.time),
            "status": own.status.value,
            "sizeGb": own.size_gb,
            "keep": each.keep,
            "reason": each.reason,
            "held": own.held or each.cooling_off,
        }
        if own.verified_at:
            record["verified"] = to_iso(own.verified_at)
        if trial:
            # No policy applies to a snapshot that is not ready.
            record["wouldKeep"] = would_keep.get(own.name, each.keep)
        yield record


def _item(attention: Attention) -> Record:
    details = [each for each in (*attention.details, attention.after) if each]
    record = {
        "what": attention.what,
        "do": attention.do,
        "details": details or None,
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
