"""All rules of the plan, applied in order; and what it can report without a write."""

from collections.abc import Iterator
from typing import NamedTuple

from snapshotter.inputs.event import ReportEvent, SweepEvent
from snapshotter.inputs.settings import Settings
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import ActionName, ErrorInfo, Outcome
from snapshotter.model.tags import POLICY
from snapshotter.plan.action import Action, about_resource, about_snapshot
from snapshotter.plan.copies import plan_copies, plan_repairs
from snapshotter.plan.creates import plan_creates
from snapshotter.plan.deletions import SeriesVerdict, deletion, plan_deletions
from snapshotter.plan.situation import Situation, View, selector_of
from snapshotter.policy.selection import TagFault, Wish, is_of_drill


class Plan(NamedTuple):
    """All that a run does; in each region in this order.

    findings: outcomes that need no write: what exists already, must wait, or cannot be understood.
    failures: snapshots in error, to be reported with the error of their operation. verdicts: on
    every snapshot of ours, what becomes of it and why.
    """

    creates: tuple[Action, ...] = ()
    copies: tuple[Action, ...] = ()
    tags: tuple[Action, ...] = ()
    deletes: tuple[Action, ...] = ()
    failures: tuple[Action, ...] = ()
    findings: tuple[Outcome, ...] = ()
    verdicts: tuple[SeriesVerdict, ...] = ()

    @property
    def actions(self) -> tuple[Action, ...]:
        return (*self.creates, *self.copies, *self.tags, *self.deletes)


def make_plan(situation: Situation) -> Plan:
    """Plan everything that a run does. Once it is applied, planning again yields nothing."""
    due = tuple(plan_creates(situation))
    repairs = tuple(plan_repairs(situation))
    elsewhere = tuple(plan_copies(situation, repairs))
    copies = tuple(each for each in elsewhere if isinstance(each, Action))
    verdicts = tuple(plan_deletions(situation, copies, repairs))
    unwanted = (each for series in verdicts for each in series.verdicts if not each.keep)
    reported = (each for each in (*due, *elsewhere) if isinstance(each, Outcome))
    held = (each.held for each in verdicts if each.held)
    return Plan(
        creates=tuple(each for each in due if isinstance(each, Action)),
        copies=copies,
        tags=repairs,
        deletes=tuple(map(deletion, unwanted)),
        failures=tuple(plan_confirms(situation)),
        findings=(*find(situation), *reported, *held),
        verdicts=verdicts,
    )


STOPPED = {
    "pruning": "nothing of this resource is pruned or copied until the tag is corrected; snapshots "
    "are taken as before",
    "copies": "no copy of this resource is made; snapshots are taken and pruned as before",
    "drills": "no drill of this resource is started; snapshots are taken and pruned as before",
}
"""What a tag that cannot be followed stops."""


def find(situation: Situation) -> Iterator[Outcome]:
    """Report regions that cannot be read, names that nobody has, and wishes that are not clear."""
    yield from _unread(situation)
    yield from _unknown_names(situation)
    for view in situation.views.values():
        if view.lost and situation.request.resources is None:
            yield _lost(view, situation)
        yield from _refused(view, situation)
    yield from _orphaned_drills(situation)


def _orphaned_drills(situation: Situation) -> Iterator[Outcome]:
    """What drills made before EnableRestore was switched off: the role may not delete it."""
    settings = situation.settings
    if settings.enable_restore or not isinstance(situation.request, SweepEvent):
        return
    for view in situation.views.values():
        resource = view.resource
        if is_of_drill(resource) and resource.tags.get(POLICY) == settings.policy_name:
            message = f"{resource.name}: a drill made it, and this stack may not delete it any more"
            remedy = "Delete it by hand, or set EnableRestore=true until a sweep has deleted it"
            error = ErrorInfo("DrillOrphaned", message, remedy)
            yield about_resource("restore", resource).outcome("failed", error=error)


def plan_confirms(situation: Situation) -> Iterator[Action]:
    """Find the newest snapshot of each protected series, where it ended in error.

    Only sweeps and reports confirm. A source that is deleted or not protected any more is left
    out: no later snapshot would replace the failed one, and its alarm would never end.
    """
    if not isinstance(situation.request, SweepEvent | ReportEvent):
        return
    for series in situation.series.values():
        newest = series.snapshots[0]
        if newest.status is Status.FAILED and situation.protection_of(series):
            yield about_snapshot("confirm", newest)


def _unread(situation: Situation) -> Iterator[Outcome]:
    """A region that cannot be read is one failed outcome; the others go on."""
    for region, error in sorted(situation.inventory.unreadable.items()):
        yield Outcome(action="read", status="failed", region=region, error=error)
    for region, read in situation.inventory.regions.items():
        for noun in read.passed_over:
            what = f"Lightsail lists a resource without a name in {region}, of the type {noun}"
            error = ErrorInfo("NoName", what)
            reason = "it was passed over; everything else in the region was read"
            yield Outcome("read", "refused", region=region, reason=reason, error=error)


def _unknown_names(situation: Situation) -> Iterator[Outcome]:
    """A name in the event's `resources` that this run is not about is a failed outcome."""
    known = {protection.resource.name for protection in situation.protections}
    if situation.ends_cooling_off:
        series = situation.series.values()
        known |= {each.source_name for each in series if situation.may_change(each)}
    where = ", ".join(situation.regions) or "any region"
    for name in situation.request.resources or ():
        if name not in known:
            what = _selected_by(situation.settings)
            message = f"{name}: no resource of this name {what} was found in {where}"
            error = ErrorInfo("ResourceNotSelected", message)
            yield Outcome(action="read", status="failed", resource=name, error=error)


def _selected_by(settings: Settings) -> str:
    key, value = settings.selection_tag_key, settings.selection_tag_value
    if settings.selects_everything:
        return f"that is not excluded by the tag {key}=off"
    return f"that carries the tag {key}={value}" if value else f"that carries the tag {key}"


def why_lost(view: View, situation: Situation) -> tuple[str, str, str]:
    """Why a resource is not protected any more, what is kept, and what to do; no full stops."""
    settings, resource = situation.settings, view.resource
    key, value = settings.selection_tag_key, settings.selection_tag_value
    why, back = f'its tag "{key}" is gone', "Put the tag back"
    if settings.selects_everything:
        why = f'it is attached to {resource.attached_to} and has no tag "{key}" of its own'
        back = f'Give it the tag "{key}"'
    elif value:
        back += f' with the value "{value}"'
    # Copies included.
    series = situation.series.values()
    count = sum(len(each.ready) for each in series if each.source_arn == resource.arn)
    points = "recovery point is" if count == 1 else f"{count} recovery points are"
    kept = f"Its {points} kept; no new ones are made"
    return why, kept, f'{back}, or set it to "off" if that is intended'


def _lost(view: View, situation: Situation) -> Outcome:
    """Nothing of a resource whose selection tag is gone is pruned until the owner decides."""
    why, kept, remedy = why_lost(view, situation)
    reason = f"{view.resource.name} is no longer protected: {why}. {kept}. {remedy}"
    return about_resource("select", view.resource).outcome("lost", reason=reason)


def _refused(view: View, situation: Situation) -> Iterator[Outcome]:
    """Tags of the owner's that cannot be followed. They stop no backup."""
    if not view.in_run:
        return
    name = view.resource.name
    if found := why_not_selected(view, situation.settings):
        why, remedy = found
        accepted = f'"{situation.settings.selection_tag_key}"'
        error = ErrorInfo("InvalidTag", f"{name}: {why}", remedy, accepted)
        yield about_resource("select", view.resource).outcome("refused", error=error)
    for fault in view.protection.faults if view.protection else ():
        error = ErrorInfo("InvalidTag", f"{name}: {fault.message}", accepted=fault.accepted)
        action = about_resource(_action_of(fault), view.resource)
        yield action.outcome("refused", reason=STOPPED[fault.stops], error=error)


def _action_of(fault: TagFault) -> ActionName:
    if fault.stops == "drills":
        return "restore"
    return "copy" if fault.stops == "copies" or fault.key.endswith(":copy-to") else "delete"


def why_not_selected(view: View, settings: Settings) -> tuple[str, str] | None:
    """Why a tag that was probably meant to select a resource does not, and what to do."""
    key, found = settings.selection_tag_key, None
    if view.wish is Wish.UNTAGGED:
        found = selector_of(settings).key_in_other_case(view.resource)
    if found is None:
        return None
    why = (
        f'it has the tag "{found}", but the key that selects is "{key}", and keys are '
        "case-sensitive, so it is not protected"
    )
    return why, f'Write the key as "{key}"'
