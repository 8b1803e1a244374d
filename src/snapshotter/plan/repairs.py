"""Copies of ours that carry no ownership tag: a run died between copy and tag.

CopySnapshot takes no tags, so this can happen to any copy. Every original is looked after,
whether its source is still there and selected or not: an untagged copy is nobody's, and would
be paid for until somebody wondered.
"""

from collections.abc import Iterator

from snapshotter.model.inventory import Snapshot
from snapshotter.model.kinds import Status
from snapshotter.model.names import copy_name
from snapshotter.model.series import OwnSnapshot, Series
from snapshotter.model.tags import POLICY, RESERVED, VERIFIED
from snapshotter.plan.actions import TagSnapshot
from snapshotter.plan.situation import Situation


def plan_repairs(situation: Situation) -> Iterator[TagSnapshot]:
    """Find the untagged copies in the regions that are copied to, and say how they are tagged."""
    originals = [
        (series, targets)
        for series in situation.series.values()
        if (targets := _targets(series, situation))
    ]
    for region, read in situation.inventory.regions.items():
        unowned = {each.name: each for each in read.snapshots if POLICY not in each.tags}
        for series, targets in originals if unowned else ():
            if region in targets and region != series.region:
                yield from _repairs(series, region, unowned)


def tags_of_copy(point: OwnSnapshot) -> dict[str, str | None]:
    """A copy is tagged as its original is; but what was proven is the original alone."""
    return {
        key: value
        for key, value in point.snapshot.tags.items()
        if key != VERIFIED and not key.startswith(RESERVED)
    }


def _targets(series: Series, situation: Situation) -> tuple[str, ...]:
    """Name the regions that a series is copied to, or was when its source was still protected."""
    if series.is_copies or not series.kind.copyable or not situation.in_scope(series):
        return ()
    protection = situation.protections.get(series.source_arn)
    if protection is None:
        return situation.settings.copy_to_regions
    return () if protection.faults else protection.copy_to


def _repairs(series: Series, region: str, unowned: dict[str, Snapshot]) -> Iterator[TagSnapshot]:
    for point in series.of(Status.READY):
        found = unowned.get(copy_name(point.name, point.source_arn, point.region))
        if found is None or found.kind is not point.kind:
            continue
        if found.from_arn is None or found.from_arn == point.source_arn:
            yield TagSnapshot(
                original=point,
                region=region,
                name=found.name,
                tags=tags_of_copy(point),
                reason=f"a copy of {point.name} that was left untagged",
                needs_proof=found.from_arn is None,
            )
