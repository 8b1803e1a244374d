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
from snapshotter.policy.retention import Decision, evaluate

Record = dict[str, Any]
_IN_USE = "in use by a copy or a restore test"


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
    decisions = _decisions(series, view.situation)
    would_keep = _kept_by_trial(series, view)
    for own in series.snapshots:
        deletion = view.deletions.get((own.region, own.name))
        reason = deletion or _reason(own, series, decisions.get(own.name), view.situation)
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
        if view.trial:
            # No policy applies to a snapshot that is not ready.
            record["wouldKeep"] = would_keep.get(own.name, record["keep"])
        yield record


def _decisions(series: Series, situation: Situation) -> dict[str, Decision[OwnSnapshot]]:
    retention = retention_of(series, situation)
    if retention is None:
        return {}
    decisions = evaluate_series(series, retention, situation).decisions
    return {each.point.name: each for each in decisions}


def _reason(
    own: OwnSnapshot, series: Series, decision: Decision[OwnSnapshot] | None, situation: Situation
) -> str:
    """Why a snapshot is not deleted."""
    if decision is not None:
        return decision.reason if decision.keep else _IN_USE
    if own.status is not Status.READY:
        return own.status.value
    if series.source_arn in situation.lost:
        return "the resource is no longer selected, and not set to off"
    if series.source_region not in situation.regions:
        return f"{series.source_region} was not read"
    return "a tag cannot be understood"


def _kept_by_trial(series: Series, view: View) -> dict[str, bool]:
    if view.trial is None:
        return {}
    zone = view.situation.settings.timezone
    ready = series.of(Status.READY)
    decisions = evaluate(ready, view.trial, now=view.situation.now, timezone=zone)
    return {each.point.name: each.keep for each in decisions}
