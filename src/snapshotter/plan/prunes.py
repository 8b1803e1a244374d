"""What is no longer wanted: retention applied to every series of ours."""

from collections.abc import Iterator, Sequence

from snapshotter.model.kinds import Status
from snapshotter.model.series import OwnSnapshot, Series, SeriesKey
from snapshotter.model.tags import DRILL
from snapshotter.plan.actions import CopySnapshot, DeleteSnapshot, TagSnapshot
from snapshotter.plan.situation import Situation
from snapshotter.policy.grammar import Retention
from snapshotter.policy.retention import Decision, evaluate

Kept = frozenset[tuple[str, str]]
"""Region and name of snapshots that a copy in progress depends on."""


def plan_prunes(
    situation: Situation, copies: Sequence[CopySnapshot], repairs: Sequence[TagSnapshot]
) -> Iterator[DeleteSnapshot]:
    """Say which snapshots of ours go, and why.

    A snapshot stays while this run copies it, tags its copy or replaces it, and while a copy
    of it is pending: no copy is ever left without its original before it is ready. And it stays
    while a drill is about to prove it.
    """
    busy = _busy(situation, copies, repairs)
    for series in situation.series.values():
        if retention := retention_of(series, situation):
            for deletion in (*_unwanted(series, retention, situation), *_failed(series)):
                if (deletion.region, deletion.name) not in busy:
                    yield deletion


def retention_of(series: Series, situation: Situation) -> Retention | None:
    """The policy of a series; None where the run must leave it alone."""
    if not situation.in_scope(series):
        return None
    protection = situation.protections.get(series.source_arn)
    if protection is not None and protection.faults:
        return None
    if series.is_copies:
        return situation.settings.copy_retention
    return protection.retention if protection else situation.settings.retention


def decisions(
    series: Series, retention: Retention, situation: Situation
) -> tuple[Decision[OwnSnapshot], ...]:
    """Apply a policy to a series: only ready snapshots take part."""
    return evaluate(
        series.of(Status.READY),
        retention,
        now=situation.now,
        timezone=situation.settings.timezone,
    )


def _unwanted(
    series: Series, retention: Retention, situation: Situation
) -> Iterator[DeleteSnapshot]:
    for decision in decisions(series, retention, situation):
        if not decision.keep:
            yield DeleteSnapshot(decision.point, decision.reason)


def _failed(series: Series) -> Iterator[DeleteSnapshot]:
    """Let a failed snapshot go once a newer one is there that is ready, or failed too."""
    newer: OwnSnapshot | None = None
    for own in series.of(Status.READY, Status.FAILED):
        if newer is not None and own.status is Status.FAILED and not own.held:
            word = "is ready" if newer.status is Status.READY else "failed too"
            yield DeleteSnapshot(own, f"it ended in error, and the newer {newer.name} {word}")
        newer = own


def _busy(
    situation: Situation, copies: Sequence[CopySnapshot], repairs: Sequence[TagSnapshot]
) -> Kept:
    copied = [(copy.original.region, copy.original.name) for copy in copies]
    replaced = [(c.replaces.region, c.replaces.name) for c in copies if c.replaces]
    repaired = [(repair.original.region, repair.original.name) for repair in repairs]
    return frozenset(
        [
            *copied,
            *replaced,
            *repaired,
            *_originals_of_pending_copies(situation),
            *_under_drill(situation),
        ]
    )


def _under_drill(situation: Situation) -> Iterator[tuple[str, str]]:
    for region, read in situation.inventory.regions.items():
        for resource in read.resources:
            if point := resource.tags.get(DRILL):
                yield (region, point)


def _originals_of_pending_copies(situation: Situation) -> Iterator[tuple[str, str]]:
    for series in situation.series.values():
        if not series.is_copies:
            continue
        key: SeriesKey = (series.kind.name, series.source_arn, series.source_region)
        originals = situation.series.get(key)
        for copy in series.of(Status.PENDING):
            original = originals.at(copy.time) if originals else None
            if original is not None:
                yield (original.region, original.name)
