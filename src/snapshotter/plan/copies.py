"""Which copies other regions lack, and which were left untagged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from snapshotter.model.kinds import Status
from snapshotter.model.names import copy_name
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.snapshot import Series, Snapshot
from snapshotter.model.tags import HOLD, POLICY, tags_of_copy
from snapshotter.plan.action import Action, about_snapshot
from snapshotter.plan.situation import Situation
from snapshotter.policy.retention import evaluate


def plan_repairs(situation: Situation) -> Iterator[Action]:
    """Plan the tags of copies that have none: a run was killed between copy and tag.

    CopySnapshot takes no tags, so this can happen to any copy. Copies of every original are
    repaired, whether or not its source still exists and is selected: an untagged copy is never
    pruned, and is paid for until somebody finds it.
    """
    originals = [(series, _targets(series, situation)) for series in situation.series.values()]
    for region, read in situation.inventory.regions.items():
        unowned = {each.name: each for each in read.snapshots if POLICY not in each.tags}
        for series, targets in originals if unowned else ():
            if region in targets and region != series.region:
                yield from _repairs(series, region, unowned, situation)


def _targets(series: Series, situation: Situation) -> tuple[str, ...]:
    """The regions that a series is copied to, or was while its source was protected."""
    if series.is_copies or not series.kind.copyable or not situation.may_change(series):
        return ()
    protection = situation.protection_of(series)
    return protection.copy_to if protection else situation.settings.copy_to_regions


def _repairs(
    series: Series, region: str, unowned: Mapping[str, Snapshot], situation: Situation
) -> Iterator[Action]:
    for point in series.ready:
        found = unowned.get(_name_of_copy(point))
        if found is None or found.kind is not point.kind:
            continue
        if found.from_arn is None or found.from_arn == point.source_arn:
            reason = f"a copy of {point.name} that was left untagged"
            repair = replace(_to(region, point, situation), action="tag", reason=reason)
            yield replace(repair, needs_proof=found.from_arn is None)


def plan_copies(situation: Situation, repairs: Sequence[Action]) -> Iterator[Action | Outcome]:
    """Plan the copies, and report what cannot be copied.

    repairs: what this run tags; those copies exist already. A region that cannot be read is
    reported once, as its failed read.
    """
    # By region and name, all snapshots, whoever made them.
    there = {
        (region, each.name): each
        for region, read in situation.inventory.regions.items()
        for each in read.snapshots
    }
    for protection in situation.protections:
        originals = situation.originals_of(protection.resource)
        for region in protection.copy_to:
            if region not in situation.inventory.regions:
                continue
            copies = situation.series_in(protection.resource, region)
            for point in _lacking(originals, copies, repairs, situation):
                newest = point is originals.newest_ready
                why = "the newest recovery point" if newest else "the region does not have it yet"
                action = replace(_to(region, point, situation), reason=why)
                yield _unless_taken(action, there.get((region, action.snapshot)), situation)


def _lacking(
    originals: Series, copies: Series, repairs: Sequence[Action], situation: Situation
) -> Iterator[Snapshot]:
    """Find the points that the region lacks: the newest, and those since its last copy.

    A region that could not be reached for some nights gets the points of those nights, as far
    as CopyRetention keeps them; what is older than its newest copy is not copied. So the oldest
    comes first: a run that ends in between leaves only newer ones to the next.
    """
    ready = originals.ready
    repaired = {(r.copied_from, r.copy_of) for r in repairs if r.region == copies.region}
    alive = (
        *copies.with_status(Status.READY, Status.PENDING, Status.UNKNOWN),
        *(point for point in ready if (point.region, point.name) in repaired),
    )
    last = max((copy.time for copy in alive), default=None)
    missing = [p for p in ready if last is None or p.time > last][: None if last else 1]
    if not missing:
        return
    points = (*missing, *(copy for copy in alive if copy.status is Status.READY))
    decisions = evaluate(
        points,
        situation.settings.copy_retention,
        now=situation.now,
        timezone=situation.settings.timezone,
    )
    kept = {decision.point.name for decision in decisions if decision.keep}
    yield from (point for point in reversed(missing) if point.name in kept)


def _unless_taken(action: Action, found: Snapshot | None, situation: Situation) -> Action | Outcome:
    """The copy, if its name is free or that of a copy of ours that ended in error."""
    if found is None:
        return action
    ours = (
        found.is_owned_by(situation.settings.policy_name)
        and found.source_arn == action.source_arn
        and found.kind is action.kind
    )
    if not ours:
        return action.outcome("refused", error=copy_name_taken(action, found))
    if found.held:
        error = ErrorInfo(
            "NameTaken",
            f"{action.snapshot}: the copy in {action.region} ended in error and is on hold, so it "
            "is not made again",
            remedy=f"Remove the tag {HOLD} of {action.snapshot}, if it is not needed any more",
        )
        return action.outcome("refused", error=error)
    reason = f"{action.reason}; an earlier copy ended in error"
    return replace(action, replaces=True, reason=reason)


def copy_name_taken(action: Action, found: Snapshot | None) -> ErrorInfo:
    """Why a copy is refused: something that is not this copy has its name.

    found: the snapshot that has it; None if it is something else, or not known.
    """
    owner = found.tags.get(POLICY) if found else None
    theirs = bool(owner) and owner != action.tags[POLICY]
    whose = f'of the stack "{owner}"' if theirs else "that is not this copy"
    remedy = "Wait" if theirs else "Delete that snapshot if nobody needs it"
    return ErrorInfo(
        "NameTaken",
        f"{action.snapshot}: a snapshot {whose} has this name in {action.region}, so the recovery "
        "point is not copied there",
        remedy=f"{remedy}; a copy is made once the name is free",
    )


def _to(region: str, point: Snapshot, situation: Situation) -> Action:
    """The copy of a point to a region, with the tags that it gets."""
    return replace(
        about_snapshot("copy", point),
        region=region,
        snapshot=_name_of_copy(point),
        tags=tags_of_copy(
            point.tags,
            source_arn=point.source_arn,
            time=point.time,
            retention=str(situation.settings.copy_retention),
        ),
        copy_of=point.name,
        copied_from=point.region,
    )


def _name_of_copy(point: Snapshot) -> str:
    return copy_name(point.name, point.source_arn, point.region)
