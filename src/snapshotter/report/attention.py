"""What needs a person's attention, worst first: what is wrong, and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from snapshotter.inputs.settings import Settings
from snapshotter.model.kinds import KINDS
from snapshotter.model.outcome import Outcome
from snapshotter.model.tags import TO_DO
from snapshotter.plan import Situation
from snapshotter.plan.findings import lost_points
from snapshotter.plan.steps import DONE, is_stuck, left_to_do
from snapshotter.report.freshness import failed_snapshots, old_copies, stale_resources
from snapshotter.report.item import Attention, about, named
from snapshotter.report.wording import date_of


def find_attention(
    situation: Situation, outcomes: Sequence[Outcome], newest: Mapping[str, datetime]
) -> tuple[Attention, ...]:
    """Find everything that needs attention, worst first.

    outcomes: of a run; for a report, those that the plan has without a write.
    newest: by ARN, the time of the newest recovery point of each protected resource.
    """
    reasons = {
        (each.region, each.snapshot if each.action == "confirm" else each.resource): _message(each)
        for each in outcomes
        if (each.action, each.status) in (("confirm", "failed"), ("create", "deferred"))
    }
    return (
        *_unreadable(situation),
        *stale_resources(situation, newest, reasons),
        *failed_snapshots(situation, newest, reasons),
        *_lost(situation),
        *_failed_drills(situation),
        *(_refused(each) for each in outcomes if each.status == "refused"),
        *old_copies(situation, newest, reasons),
        *_stuck_restores(situation),
        *(_held(each, situation) for each in outcomes if each.status == "held"),
        *_nothing_selected(situation),
    )


def _unreadable(situation: Situation) -> Iterator[Attention]:
    for region, error in sorted(situation.inventory.unreadable.items()):
        yield Attention(
            brief=f"{region} cannot be read",
            what=f"{region} cannot be read: {error.message.rstrip('.')}.",
            do="Check the AWS Health Dashboard, and that the role may read this region.",
            details=("Nothing in it is backed up or deleted meanwhile.",),
            region=region,
        )


def _lost(situation: Situation) -> Iterator[Attention]:
    settings = situation.settings
    tag = f'tag "{settings.selection_tag_key}"'
    for arn, resource in situation.lost.items():
        count = lost_points(situation, arn)
        points = "recovery point is" if count == 1 else f"{count} recovery points are"
        if settings.selects_everything:
            why = f"it is attached to {resource.attached_to} and has no {tag} of its own"
            remedy = f"Give it the {tag}"
        else:
            why, remedy = f"its {tag} is gone", f"Put the tag back{_value(settings)}"
        yield about(
            resource,
            brief=f"{resource.name} is no longer protected",
            what=f"{named(resource)} is no longer protected: {why}.",
            do=f'{remedy}, or set it to "off" if that is intended.',
            details=(f"Its {points} kept; no new ones are made.",),
        )


def _failed_drills(situation: Situation) -> Iterator[Attention]:
    for protection in situation.protections.values():
        resource = protection.resource
        failed = situation.originals_of(resource).failed_drill
        if failed is None or failed.drill_failed_at is None:
            continue
        date = date_of(failed.drill_failed_at, situation.settings.timezone)
        yield about(
            resource,
            brief=f"the restore test of {resource.name} failed",
            what=f"{named(resource)}: its last restore test failed on {date}.",
            do=f"Restore {failed.name} by hand and check it.",
            details=(f"The recovery point {failed.name} may not be usable.",),
        )


def _refused(outcome: Outcome) -> Attention:
    message = _message(outcome).removeprefix(f"{outcome.resource}: ")
    what, _, accepted = message.partition(". Accepted: ")
    brief, do = f"a tag of {outcome.resource} cannot be understood", "Correct the tag."
    if outcome.error and outcome.error.code == "NameTaken":
        what, _, snapshot = message.partition(". Delete ")
        brief, do = f"{outcome.resource} cannot be copied", f"Delete {snapshot}."
    reason = outcome.reason or ""
    details = (reason[:1].upper() + reason[1:], accepted and f"Accepted: {accepted}")
    return _from(
        outcome,
        brief=brief,
        what=what,
        do=do,
        details=tuple(f"{each}." for each in details if each),
    )


def _stuck_restores(situation: Situation) -> Iterator[Attention]:
    for read in situation.inventory.regions.values():
        for resource in read.resources:
            if is_stuck(resource, situation.now):
                left = ", ".join(left_to_do(resource))
                yield about(
                    resource,
                    brief=f"the restore of {resource.name} is not complete",
                    what=f"{named(resource)}: its restore is not complete; left to do: {left}.",
                    do=f'Do that by hand, then set its tag "{TO_DO}" to "{DONE}".',
                )


def _held(outcome: Outcome, situation: Situation) -> Attention:
    series = next(
        each
        for each in situation.series.values()
        if (each.region, each.kind.name, each.source_name)
        == (outcome.region, outcome.resource_type, outcome.resource)
    )
    copies = f", copies in {outcome.region}" if series.is_copies else ""
    return _from(
        replace(outcome, region=series.source_region),
        brief=f"a policy of {outcome.resource} keeps less than before",
        about=copies,
        what=f"{outcome.reason}",
        do="Nothing if that is intended; otherwise set the earlier policy again before then.",
    )


def _nothing_selected(situation: Situation) -> Iterator[Attention]:
    if situation.selected or situation.inventory.unreadable:
        return
    settings = situation.settings
    tag = f'the tag "{settings.selection_tag_key}"'
    if settings.selects_everything:
        do = f'Check Regions and ResourceTypes, and which resources have {tag} set to "off".'
    else:
        do = f"Put {tag}{_value(settings)} on each resource that is to be protected."
    yield Attention(
        brief="nothing is protected",
        what="No resource is selected, so nothing is protected.",
        do=do,
    )


def _value(settings: Settings) -> str:
    value = settings.selection_tag_value
    return f' with the value "{value}"' if value else ""


def _from(
    outcome: Outcome,
    *,
    brief: str,
    what: str,
    do: str,
    about: str = "",
    details: tuple[str, ...] = (),
) -> Attention:
    """An item about the resource of an outcome."""
    place = (outcome.region, outcome.resource_type, outcome.resource)
    noun = KINDS[outcome.resource_type or ""].noun
    subject = f"{outcome.resource} ({noun}, {outcome.region}){about}"
    return Attention(brief, f"{subject}: {what}.", do, details, *place)


def _message(outcome: Outcome) -> str:
    return (outcome.error.message if outcome.error else outcome.reason or "").rstrip(".")
