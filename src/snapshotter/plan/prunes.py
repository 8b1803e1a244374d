"""What is no longer wanted: retention, with its cooling-off, for every series of ours."""

from collections.abc import Iterator, Sequence

from snapshotter.model.kinds import Status
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import OwnSnapshot, Series, SeriesKey
from snapshotter.model.tags import DRILL
from snapshotter.model.times import to_iso
from snapshotter.plan.actions import CopySnapshot, DeleteSnapshot, TagSnapshot
from snapshotter.plan.situation import Situation
from snapshotter.policy.cooling_off import Evaluation, evaluate_cooling_off
from snapshotter.policy.grammar import Retention

Place = tuple[str, str]
"""Region and name of a snapshot."""


def plan_prunes(
    situation: Situation, copies: Sequence[CopySnapshot], repairs: Sequence[TagSnapshot]
) -> Iterator[DeleteSnapshot | Outcome]:
    """Plan the deletions of each series, and report what is kept for its cooling-off alone.

    A snapshot stays while this run copies it, tags its copy or replaces it, and while a copy of
    it is pending, so that no copy is without its original before it is ready. It also stays
    while a drill is about to prove it.
    """
    in_use = _in_use(situation, copies, repairs)
    for series in situation.series.values():
        retention = retention_of(series, situation)
        if retention is None:
            continue
        evaluation = evaluate_series(series, retention, situation)
        for deletion in (*_unwanted(evaluation), *_failed(series)):
            if (deletion.region, deletion.name) not in in_use:
                yield deletion
        if evaluation.held:
            yield _held(series, retention, evaluation)


def retention_of(series: Series, situation: Situation) -> Retention | None:
    """The policy in force for a series; None where this run must not prune it."""
    if not situation.in_scope(series) or series.source_arn in situation.lost:
        return None
    protection = situation.protections.get(series.source_arn)
    if protection is not None and protection.faults:
        return None
    if series.is_copies:
        return situation.settings.copy_retention
    return protection.retention if protection else situation.settings.retention


def evaluate_series(
    series: Series, retention: Retention, situation: Situation
) -> Evaluation[OwnSnapshot]:
    """Apply a policy and its cooling-off to a series: only ready snapshots take part."""
    settings, request = situation.settings, situation.request
    return evaluate_cooling_off(
        series.of(Status.READY),
        retention,
        written=((own.time, own.retention_text) for own in series.snapshots),
        now=situation.now,
        timezone=settings.timezone,
        period=request.cooling_off(settings.cooling_off),
    )


def _unwanted(evaluation: Evaluation[OwnSnapshot]) -> Iterator[DeleteSnapshot]:
    for decision in evaluation.decisions:
        if not decision.keep:
            yield DeleteSnapshot(decision.point, decision.reason)


def _failed(series: Series) -> Iterator[DeleteSnapshot]:
    """Delete a failed snapshot once a newer one exists that is ready, or failed too."""
    newer: OwnSnapshot | None = None
    for own in series.of(Status.READY, Status.FAILED):
        if newer is not None and own.status is Status.FAILED and not own.held:
            word = "is ready" if newer.status is Status.READY else "failed too"
            yield DeleteSnapshot(own, f"it ended in error, and the newer {newer.name} {word}")
        newer = own


def _held(series: Series, retention: Retention, evaluation: Evaluation[OwnSnapshot]) -> Outcome:
    count = len(evaluation.held)
    points = "1 recovery point stays" if count == 1 else f"{count} recovery points stay"
    until = to_iso(evaluation.until) if evaluation.until else "the next run"
    earlier = " and ".join(str(policy) for policy in evaluation.earlier)
    return Outcome(
        action="delete",
        status="held",
        region=series.region,
        resource_type=series.kind.name,
        resource=series.source_name,
        reason=f"{points} until {until}: the policy was {earlier} and is {retention}",
    )


def _in_use(
    situation: Situation, copies: Sequence[CopySnapshot], repairs: Sequence[TagSnapshot]
) -> frozenset[Place]:
    copied = [(copy.original.region, copy.original.name) for copy in copies]
    replaced = [(c.replaces.region, c.replaces.name) for c in copies if c.replaces]
    repaired = [(repair.original.region, repair.original.name) for repair in repairs]
    return frozenset(
        [
            *copied,
            *replaced,
            *repaired,
            *_originals_of_pending_copies(situation),
            *_in_drills(situation),
        ]
    )


def _in_drills(situation: Situation) -> Iterator[Place]:
    for region, read in situation.inventory.regions.items():
        for resource in read.resources:
            if point := resource.tags.get(DRILL):
                yield (region, point)


def _originals_of_pending_copies(situation: Situation) -> Iterator[Place]:
    for series in situation.series.values():
        if not series.is_copies:
            continue
        key: SeriesKey = (series.kind.name, series.source_arn, series.source_region)
        originals = situation.series.get(key)
        for copy in series.of(Status.PENDING):
            original = originals.at(copy.time) if originals else None
            if original is not None:
                yield (original.region, original.name)
