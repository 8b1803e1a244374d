"""Copies of ours without an ownership tag: a run was killed between copy and tag.

CopySnapshot takes no tags, so this can happen to any copy. Copies of every original are repaired,
whether or not its source still exists and is selected: an untagged copy is never pruned, and is
paid for until somebody finds it.
"""

from collections.abc import Iterator

from snapshotter.model.inventory import Snapshot
from snapshotter.model.kinds import Status
from snapshotter.model.names import copy_name
from snapshotter.model.series import Series
from snapshotter.model.tags import POLICY
from snapshotter.plan.actions import TagSnapshot
from snapshotter.plan.situation import Situation


def plan_repairs(situation: Situation) -> Iterator[TagSnapshot]:
    """Find the untagged copies in the regions that are copied to."""
    originals = [
        (series, targets)
        for series in situation.series.values()
        if (targets := _targets(series, situation))
    ]
    for region, read in situation.inventory.regions.items():
        unowned = {each.name: each for each in read.snapshots if POLICY not in each.tags}
        for series, targets in originals if unowned else ():
            if region in targets and region != series.region:
                yield from _repairs(series, region, unowned, situation)


def _targets(series: Series, situation: Situation) -> tuple[str, ...]:
    """The regions that a series is copied to, or was while its source was protected."""
    if series.is_copies or not series.kind.copyable or not situation.in_scope(series):
        return ()
    protection = situation.protections.get(series.source_arn)
    if protection is None:
        return situation.settings.copy_to_regions
    return () if protection.faults else protection.copy_to


def _repairs(
    series: Series, region: str, unowned: dict[str, Snapshot], situation: Situation
) -> Iterator[TagSnapshot]:
    retention = str(situation.settings.copy_retention)
    for point in series.of(Status.READY):
        found = unowned.get(copy_name(point.name, point.source_arn, point.region))
        if found is None or found.kind is not point.kind:
            continue
        if found.from_arn is None or found.from_arn == point.source_arn:
            yield TagSnapshot(
                original=point,
                region=region,
                name=found.name,
                tags=point.tags_of_copy(retention),
                reason=f"a copy of {point.name} that was left untagged",
                needs_proof=found.from_arn is None,
            )
