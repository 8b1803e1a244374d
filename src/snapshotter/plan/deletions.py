"""Every snapshot that a run deletes and every one that it keeps, each with its reason.

A snapshot is deleted only for one of three reasons: it is a recovery point that neither the policy
in force nor an earlier one that is cooling off keeps; it ended in error, and a newer one exists;
it is a copy that ended in error, and this run makes it again. Nothing else deletes snapshots.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from snapshotter.model.kinds import Status
from snapshotter.model.names import to_iso
from snapshotter.model.outcome import Outcome
from snapshotter.model.snapshot import Series, SeriesKey, Snapshot
from snapshotter.model.tags import DRILL
from snapshotter.plan.action import Action, about_snapshot
from snapshotter.plan.situation import Situation
from snapshotter.policy.grammar import Retention
from snapshotter.policy.retention import (
    COOLING_OFF,
    Evaluation,
    evaluate_with_cooling_off,
    last_written,
)

REPLACED = "it ended in error, and the recovery point is copied again"
IN_USE = "in use by a copy or a restore test"


class Verdict(NamedTuple):
    """What becomes of one snapshot, and why. cooling_off: whether it stays for that alone."""

    snapshot: Snapshot
    keep: bool
    reason: str

    @property
    def cooling_off(self) -> bool:
        return self.reason == COOLING_OFF


class SeriesVerdict(NamedTuple):
    """What becomes of the snapshots of a series, newest first.

    retention: the policy in force; None where nothing is pruned. held: the outcome that says what
    stays for its cooling-off alone, if anything does.
    """

    verdicts: tuple[Verdict, ...]
    retention: Retention | None
    held: Outcome | None


def plan_deletions(
    situation: Situation, copies: Sequence[Action], repairs: Sequence[Action]
) -> Iterator[SeriesVerdict]:
    """Decide on every snapshot of ours.

    A snapshot stays while this run copies it, tags its copy or replaces it, and while a copy of
    it is pending, so that no copy is without its original before it is ready. It also stays
    while a drill is about to prove it.
    """
    in_use = frozenset(_in_use(situation, copies, repairs))
    for series in situation.series.values():
        yield _judge(series, situation, in_use)


def deletion(verdict: Verdict) -> Action:
    """The delete of a snapshot that is not kept."""
    snapshot = verdict.snapshot
    action = about_snapshot("delete", snapshot, verdict.reason)
    return replace(action, ended_in_error=snapshot.status is Status.FAILED)


def policy_in_force(series: Series, situation: Situation) -> tuple[Retention | None, str]:
    """The policy that a series is pruned by; None where nothing is pruned, and why."""
    settings, view = situation.settings, situation.views.get(series.source_arn)
    default = settings.copy_retention if series.is_copies else settings.retention
    if series.source_region not in situation.regions:
        return None, f"{series.source_region} was not read"
    if view and view.lost:
        return None, "the resource is no longer selected, and not set to off"
    if not situation.may_change(series):
        return None, "this run is about other resources"
    if protection := situation.protection_of(series):
        if not protection.prunes:
            return None, "a tag cannot be followed"
        return (default if series.is_copies else protection.retention), ""
    # Gone, or ended on purpose: what its owner asked for last is what stays, for good.
    return (None if situation.ends_cooling_off else last_written(series.ready)) or default, ""


def _judge(series: Series, situation: Situation, in_use: frozenset[str]) -> SeriesVerdict:
    retention, why_not = policy_in_force(series, situation)
    if retention is None:
        kept = (
            Verdict(each, True, why_not if each.status is Status.READY else each.status.value)
            for each in series.snapshots
        )
        return SeriesVerdict(tuple(kept), None, None)
    settings = situation.settings
    evaluation = evaluate_with_cooling_off(
        series.ready,
        retention,
        now=situation.now,
        timezone=settings.timezone,
        period=timedelta(0) if situation.ends_cooling_off else settings.cooling_off,
    )
    decisions = {each.point.name: each for each in evaluation.decisions}
    failed = dict(_replaced_failures(series))
    verdicts = []
    for each in series.snapshots:
        if each.status is Status.READY:
            keep, reason = decisions[each.name].keep, decisions[each.name].reason
        else:
            state = f"{each.status.value}, hold" if each.held else each.status.value
            keep, reason = each.name not in failed, failed.get(each.name, state)
        if not keep and f"{each.region}/{each.name}" in in_use:
            keep, reason = True, IN_USE
        verdicts.append(Verdict(each, keep, reason))
    held = _held(series, retention, evaluation, situation) if evaluation.held else None
    return SeriesVerdict(tuple(verdicts), retention, held)


def _replaced_failures(series: Series) -> Iterator[tuple[str, str]]:
    """Snapshots in error for which a newer one exists that is ready, or failed too."""
    newer: Snapshot | None = None
    for each in series.with_status(Status.READY, Status.FAILED):
        if newer is not None and each.status is Status.FAILED and not each.held:
            word = "is ready" if newer.status is Status.READY else "failed too"
            yield each.name, f"it ended in error, and the newer {newer.name} {word}"
        newer = each


def _held(
    series: Series, retention: Retention, evaluation: Evaluation, situation: Situation
) -> Outcome:
    count, days = len(evaluation.held), situation.settings.cooling_off.days
    points = "1 recovery point stays" if count == 1 else f"{count} recovery points stay"
    period = "1 day" if days == 1 else f"{days} days"
    after = f"{period} after the next recovery point"
    until = to_iso(evaluation.until.replace(microsecond=0)) if evaluation.until else after
    earlier = " and ".join(str(policy) for policy in evaluation.earlier)
    reason = f"{points} until {until}: the policy was {earlier} and is {retention}"
    action = replace(about_snapshot("delete", series.snapshots[0]), snapshot="")
    return action.outcome("held", reason=reason)


def _in_use(
    situation: Situation, copies: Sequence[Action], repairs: Sequence[Action]
) -> Iterator[str]:
    for each in (*copies, *repairs):
        yield f"{each.copied_from}/{each.copy_of}"
        if each.replaces:
            yield f"{each.region}/{each.snapshot}"
    for region, read in situation.inventory.regions.items():
        yield from (f"{region}/{each.tags[DRILL]}" for each in read.resources if DRILL in each.tags)
    for series in situation.series.values():
        key = SeriesKey(series.kind.name, series.source_arn, series.source_region)
        originals = situation.series.get(key) if series.is_copies else None
        for copy in series.with_status(Status.PENDING) if originals else ():
            if originals and (original := originals.find(copy.time)):
                yield f"{original.region}/{original.name}"
