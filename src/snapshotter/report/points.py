"""The recovery points of a report: each with whether it is kept, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from snapshotter.model.kinds import Status
from snapshotter.model.series import OwnSnapshot, Series
from snapshotter.model.times import to_iso
from snapshotter.plan import Plan, Situation
from snapshotter.plan.prunes import evaluate_series, retention_of
from snapshotter.policy.cooling_off import COOLING_OFF
from snapshotter.policy.grammar import Retention
from snapshotter.policy.retention import evaluate

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """What a report is made from.

    deletions: by region and name, the reason for which the next sweep deletes a snapshot.
    trial: a policy to try on every series.
    """

    situation: Situation
    deletions: Mapping[tuple[str, str], str]
    trial: Retention | None

    @classmethod
    def of(cls, situation: Situation, plan: Plan, trial: Retention | None) -> "View":
        deletions = {(each.region, each.name): each.reason for each in plan.deletes}
        return cls(situation, deletions, trial)


def points_of(series: Series, view: View) -> Iterator[Record]:
    """All snapshots of a series, newest first."""
    reasons = _reasons(series, view.situation)
    kept_by_trial = _kept_by_trial(series, view)
    for own in series.snapshots:
        deletion = view.deletions.get((own.region, own.name))
        reason = deletion or reasons.get(own.name) or _unpruned(own, series, view.situation)
        record: Record = {
            "snapshot": own.name,
            "region": own.region,
            "time": to_iso(own.time),
            "status": own.status.value,
            "sizeGb": own.snapshot.size_gb,
            "keep": deletion is None,
            "reason": reason,
            "held": own.held or reason == COOLING_OFF,
        }
        if own.verified_at:
            record["verified"] = to_iso(own.verified_at)
        if view.trial and own.status is Status.READY:
            record["wouldKeep"] = own.name in kept_by_trial
        yield record


def _reasons(series: Series, situation: Situation) -> dict[str, str]:
    retention = retention_of(series, situation)
    if retention is None:
        return {}
    decisions = evaluate_series(series, retention, situation).decisions
    return {each.point.name: each.reason for each in decisions}


def _unpruned(own: OwnSnapshot, series: Series, situation: Situation) -> str:
    """Why a snapshot stays that no policy applies to."""
    if own.status is not Status.READY:
        return own.status.value
    if series.source_arn in situation.lost:
        return "the selection tag is gone"
    if series.source_region not in situation.regions:
        return f"{series.source_region} cannot be read"
    return "a tag cannot be understood"


def _kept_by_trial(series: Series, view: View) -> frozenset[str]:
    if view.trial is None:
        return frozenset()
    zone = view.situation.settings.timezone
    ready = series.of(Status.READY)
    decisions = evaluate(ready, view.trial, now=view.situation.now, timezone=zone)
    return frozenset(each.point.name for each in decisions if each.keep)
