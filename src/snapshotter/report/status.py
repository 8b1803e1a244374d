"""The report: every resource with its protection and its recovery points, and what is wrong."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from snapshotter.inputs.event import ReportEvent
from snapshotter.model.outcome import Outcome
from snapshotter.model.snapshot import Series, Snapshot
from snapshotter.model.times import to_iso
from snapshotter.plan.deletions import Verdict
from snapshotter.plan.planning import Plan
from snapshotter.plan.situation import Situation
from snapshotter.policy.grammar import Retention
from snapshotter.policy.retention import COOLING_OFF, evaluate
from snapshotter.policy.selection import is_of_drill
from snapshotter.report.answer import MOST_BYTES
from snapshotter.report.attention import find_attention
from snapshotter.report.freshness import is_stale, newest_points
from snapshotter.report.item import Attention

Record = dict[str, Any]

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
    attention = find_attention(
        situation,
        (*plan.findings, *failures),
        newest_points(situation),
        actions=plan.actions,
        names=names or (),
        subscriptions=subscriptions,
    )
    resources = _Resources(situation, plan, request.retention).described()
    return StatusReport(
        policy=situation.settings.policy_name,
        scheduled_time=to_iso(request.scheduled_time),
        attention=tuple(
            each for each in attention if names is None or each.resource in (None, *names)
        ),
        resources=tuple(each for each in resources if names is None or each["resource"] in names),
        unread=tuple(each for each in request.regions if each not in situation.regions),
    )


class _Resources:
    """The resources of a report. trial: a policy to try on every series."""

    def __init__(self, situation: Situation, plan: Plan, trial: Retention | None) -> None:
        self._situation, self._trial = situation, trial
        self._verdicts: Mapping[tuple[str, str], Verdict] = {
            (each.snapshot.region, each.snapshot.name): each
            for series in plan.verdicts
            for each in series.verdicts
        }
        self._retentions = {
            id(series): judged.retention
            for series, judged in zip(situation.series.values(), plan.verdicts, strict=True)
        }

    def described(self) -> Iterator[Record]:
        """All resources, and then the sources that are gone."""
        situation = self._situation
        by_source: dict[str, list[Series]] = {}
        for series in situation.series.values():
            by_source.setdefault(series.source_arn, []).append(series)
        for arn, view in situation.views.items():
            if not is_of_drill(view.resource):
                each = view.resource
                word = "lost" if view.lost else view.wish.value
                identity = _identity(each.region, each.kind.name, each.name, word)
                yield self._resource(identity, arn, by_source.pop(arn, []))
        for arn, left in by_source.items():
            if (source := self._without_source(left[0])) is not None:
                yield self._resource(source, arn, left)

    def _without_source(self, series: Series) -> Record | None:
        """A source that is gone, or unknown where its region was not read.

        None where the request leaves its region out.
        """
        region, situation = series.source_region, self._situation
        if region in situation.settings.regions and region not in situation.request.regions:
            return None
        word = "gone" if region in situation.regions else "unknown"
        return _identity(region, series.kind.name, series.source_name, word)

    def _resource(self, identity: Record, arn: str, series: list[Series]) -> Record:
        situation = self._situation
        in_order = sorted(series, key=lambda each: (each.is_copies, each.region))
        view = situation.views.get(arn)
        protection = view.protection if view else None
        # A protected resource needs a recovery point in its own region.
        newest = _newest(each for each in in_order if not (protection and each.is_copies))
        retentions = (self._retentions[id(each)] for each in in_order)
        retention = protection.retention if protection else next(filter(None, retentions), None)
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
            "ageHours": _hours(situation.now - newest) if newest else None,
            "verified": to_iso(verified) if verified else None,
            "recoverySeconds": seconds,
        }
        return {
            **identity,
            **{key: value for key, value in optional.items() if value is not None},
            "stale": protection is not None and is_stale(newest, situation),
            "points": tuple(point for each in in_order for point in self._points(each)),
        }

    def _points(self, series: Series) -> Iterator[Record]:
        """All snapshots of a series, newest first."""
        would_keep = self._kept_by_trial(series)
        for each in series.snapshots:
            verdict = self._verdicts[each.region, each.name]
            record = _point(each, verdict)
            if self._trial:
                # No policy applies to a snapshot that is not ready.
                record["wouldKeep"] = would_keep.get(each.name, verdict.keep)
            yield record

    def _kept_by_trial(self, series: Series) -> dict[str, bool]:
        if self._trial is None:
            return {}
        zone, now = self._situation.settings.timezone, self._situation.now
        decisions = evaluate(series.ready, self._trial, now=now, timezone=zone)
        return {each.point.name: each.keep for each in decisions}


def _point(snapshot: Snapshot, verdict: Verdict) -> Record:
    record: Record = {
        "snapshot": snapshot.name,
        "region": snapshot.region,
        "time": to_iso(snapshot.time),
        "status": snapshot.status.value,
        "sizeGb": snapshot.size_gb,
        "keep": verdict.keep,
        "reason": verdict.reason,
        "held": snapshot.held or verdict.cooling_off,
    }
    if snapshot.verified_at:
        record["verified"] = to_iso(snapshot.verified_at)
    return record


def _identity(region: str, kind: str, name: str, protection: str) -> Record:
    return {"region": region, "resourceType": kind, "resource": name, "protection": protection}


def _newest(series: Iterable[Series]) -> datetime | None:
    return max((each.newest_ready.time for each in series if each.newest_ready), default=None)


def _hours(span: timedelta) -> float:
    return max(0.0, round(span / timedelta(hours=1), 1))


def _item(attention: Attention) -> Record:
    accepted = attention.accepted and f"Accepted: {attention.accepted}."
    details = [each for each in (*attention.details, accepted, attention.after) if each]
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
