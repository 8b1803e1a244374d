"""What needs a person's attention, worst first: what is wrong, and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from snapshotter.model.kinds import KINDS
from snapshotter.model.outcome import Outcome
from snapshotter.model.tags import RETENTION, TO_DO
from snapshotter.plan import Situation
from snapshotter.plan.findings import lost_points
from snapshotter.plan.restores import DONE, is_stuck, left_to_do
from snapshotter.report.freshness import old_copies, stale_resources
from snapshotter.report.item import Attention, about, named
from snapshotter.report.wording import date_of

_DO = {
    "InvalidTag": "Correct the tag; snapshots are taken meanwhile.",
    "UnknownRegion": "Correct the tag; snapshots are taken meanwhile.",
    "NameTaken": "Delete what has the name, or leave it and do without this copy.",
}


def find_attention(
    situation: Situation, outcomes: Sequence[Outcome], newest: Mapping[str, datetime]
) -> tuple[Attention, ...]:
    """Find everything that needs attention, worst first.

    outcomes: of a run; for a report, those that the plan has without a write.
    newest: by ARN, the time of the newest recovery point of each protected resource.
    """
    failed = {
        (each.region, each.resource): each
        for each in outcomes
        if each.action == "confirm" and each.status == "failed"
    }
    stale = tuple(stale_resources(situation, newest, failed))
    reported = {(each.region, each.resource) for each in stale}
    copies = old_copies(situation)
    return (
        *_unreadable(situation),
        *stale,
        *(_failed(each) for key, each in failed.items() if key not in reported),
        *_lost(situation),
        *_failed_drills(situation),
        *(_refused(each) for each in outcomes if each.status == "refused"),
        *(each for resource, each in copies if (resource.region, resource.name) not in reported),
        *_stuck_restores(situation),
        *(_held(each) for each in outcomes if each.status == "held"),
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
    key = situation.settings.selection_tag_key
    for arn, resource in situation.lost.items():
        count = lost_points(situation, arn)
        points = "recovery point is" if count == 1 else f"{count} recovery points are"
        yield about(
            resource,
            brief=f"{resource.name} is no longer protected",
            what=f'{named(resource)} is no longer protected: its tag "{key}" is gone.',
            do='Put the tag back, or set it to "off" if that is intended.',
            details=(f"Its {points} kept; no new ones are made.",),
        )


def _failed_drills(situation: Situation) -> Iterator[Attention]:
    for protection in situation.protections.values():
        resource = protection.resource
        series = situation.originals_of(resource)
        failed = series.failed_drill if series else None
        if failed is None or failed.drill_failed_at is None:
            continue
        date = date_of(failed.drill_failed_at, situation.settings.timezone)
        yield about(
            resource,
            brief=f"the restore test of {resource.name} failed",
            what=f"{named(resource)}: its last restore test failed on {date}.",
            do=f"Restore {failed.name} by hand and check it.",
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
                    do=f"Do that by hand, then set its tag {TO_DO} to {DONE}.",
                )


def _nothing_selected(situation: Situation) -> Iterator[Attention]:
    if not situation.selected and not situation.inventory.unreadable:
        key = situation.settings.selection_tag_key
        yield Attention(
            brief="nothing is protected",
            what="No resource is selected, so nothing is protected.",
            do=f'Put the tag "{key}" on each resource that is to be protected.',
        )


def _failed(outcome: Outcome) -> Attention:
    return _of(
        outcome,
        brief=f"the newest snapshot of {outcome.resource} failed",
        what=f"{_subject(outcome)}: its newest snapshot failed: {_message(outcome)}.",
        do="Nothing yet: there is a recent recovery point, and the next sweep tries again.",
    )


def _refused(outcome: Outcome) -> Attention:
    code = outcome.error.code if outcome.error else ""
    what, _, accepted = _message(outcome).partition(". Accepted: ")
    return _of(
        outcome,
        brief=f"a setting of {outcome.resource} cannot be followed",
        what=f"{what}.",
        do=_DO.get(code, "Correct it; snapshots are taken meanwhile."),
        details=(f"Accepted: {accepted}.",) if accepted else (),
    )


def _held(outcome: Outcome) -> Attention:
    return _of(
        outcome,
        brief=f"a policy of {outcome.resource} keeps less than before",
        what=f"{_subject(outcome)}: {outcome.reason}.",
        do="Nothing if that is intended; otherwise set the earlier policy again before then.",
        details=(f"Each recovery point carries its policy in the tag {RETENTION}.",),
    )


def _of(
    outcome: Outcome, *, brief: str, what: str, do: str, details: tuple[str, ...] = ()
) -> Attention:
    place = (outcome.region, outcome.resource_type, outcome.resource)
    return Attention(brief, what, do, details, *place)


def _subject(outcome: Outcome) -> str:
    kind = KINDS[outcome.resource_type or ""]
    return f"{outcome.resource} ({kind.noun}, {outcome.region})"


def _message(outcome: Outcome) -> str:
    return (outcome.error.message if outcome.error else outcome.reason or "").rstrip(".")
