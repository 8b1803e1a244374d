"""What needs a person's attention, worst first: what is wrong, and what to do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from snapshotter.inputs.settings import Settings
from snapshotter.model.kinds import KINDS
from snapshotter.model.outcome import Outcome
from snapshotter.model.resource import DONE, Resource
from snapshotter.model.snapshot import SeriesKey, region_of
from snapshotter.model.tags import HOLD, POLICY, RESTORED, SOURCE, TO_DO
from snapshotter.plan.action import Action
from snapshotter.plan.planning import STOPPED, recovery_points_of, why_lost, why_not_selected
from snapshotter.plan.situation import Situation
from snapshotter.policy.grammar import GRAMMAR
from snapshotter.policy.selection import Wish, is_of_drill
from snapshotter.report.freshness import failed_snapshots, missing_copies, stale_resources
from snapshotter.report.item import Attention, Evidence, about
from snapshotter.report.wording import date_of

_IN_SHORT = {GRAMMAR: "words like daily=7 weekly=4 monthly=12; the reference explains them"}
"""What is too long to be read on a telephone."""

_NO_SUBSCRIPTION = Attention(
    "letters reach nobody",
    "The topic has no confirmed subscription, so letters and alarms reach nobody.",
    "Confirm the subscription in the mail that AWS sent, or subscribe again in the SNS console.",
)


def find_attention(
    situation: Situation,
    outcomes: Sequence[Outcome],
    newest: Mapping[str, datetime],
    *,
    actions: Iterable[Action] = (),
    names: Sequence[str] = (),
    subscriptions: int | None = None,
) -> tuple[Attention, ...]:
    """Find everything that needs attention, worst first.

    outcomes: of a run; for a report, those that the plan has without a write.
    newest: by ARN, the time of the newest recovery point of each protected resource.
    actions: of the next sweep, for what is said of it. names: of resources that a report is asked
    about. subscriptions: confirmed ones of the topic for letters; None where that is not known.
    """
    found = Evidence(situation, outcomes, newest, actions)
    return (
        *_unreadable(situation),
        *_unknown_names(names, situation),
        *stale_resources(found),
        *failed_snapshots(found),
        *_lost(situation),
        *_restored(situation),
        *_failed_drills(situation),
        *_refused_tags(situation),
        *_refused(outcomes),
        *missing_copies(found),
        *_stuck_restores(situation),
        *(_held(each, situation) for each in outcomes if each.status == "held"),
        *([_NO_SUBSCRIPTION] if subscriptions == 0 else []),
        *_nothing_selected(situation),
    )


def _unreadable(situation: Situation) -> Iterator[Attention]:
    for region, error in sorted(situation.inventory.unreadable.items()):
        home = region in situation.request.regions
        meanwhile = "Nothing in it is backed up or deleted" if home else "No copy is made there"
        yield Attention(
            f"{region} cannot be read",
            f"{region} cannot be read: {error.sentence.rstrip('.')}.",
            "Check the AWS Health Dashboard, and that the role may read this region.",
            (f"{meanwhile} meanwhile.",),
            region=region,
        )


def _unknown_names(names: Sequence[str], situation: Situation) -> Iterator[Attention]:
    """Names in the event that neither a resource has nor the source of a recovery point."""
    known = {each.resource.name for each in situation.views.values()}
    known |= {each.source_name for each in situation.series.values()}
    where = ", ".join(situation.regions) or "any region"
    for name in names:
        if name not in known:
            yield Attention(
                f"there is no resource {name}",
                f"{name}: no resource of this name was found in {where}.",
                "Correct the name in the event, and compare it with the Lightsail console.",
                resource=name,
            )


def _lost(situation: Situation) -> Iterator[Attention]:
    for view in situation.views.values():
        if view.lost:
            why, remedy = why_lost(view, situation.settings)
            count = recovery_points_of(view, situation)
            points = "recovery point is" if count == 1 else f"{count} recovery points are"
            brief, kept = "is no longer protected", f"Its {points} kept; no new ones are made."
            name = view.resource.name
            yield about(view.resource, f"{name} {brief}", f" {brief}: {why}", f"{remedy}.", kept)


def _restored(situation: Situation) -> Iterator[Attention]:
    """What was restored and is not protected, while its source is gone."""
    for read in situation.inventory.regions.values():
        sources = {each.name: each.source_arn for each in read.snapshots}
        for each in read.resources:
            point = each.tags.get(RESTORED)
            source = each.tags.get(SOURCE) or sources.get(point or "", "")
            gone = region_of(source) in situation.regions and source not in situation.views
            if point and gone and (remedy := _how_to_protect(each, situation)):
                yield about(
                    each,
                    f"{each.name} is not protected",
                    f" was restored from {point}, whose source is gone, and is not protected",
                    f"{remedy} to protect it, or remove its tag {RESTORED!r} if it needs none.",
                )


def _how_to_protect(resource: Resource, situation: Situation) -> str:
    """How to protect what was restored; empty where it is, or somebody decided against it."""
    settings, view = situation.settings, situation.views.get(resource.arn)
    tag = f"tag {settings.selection_tag_key!r}"
    if resource.kind not in settings.resource_types or is_of_drill(resource):
        return ""
    if resource.region not in settings.regions:
        return f"Add {resource.region} to the parameter Regions"
    if view and view.wish is Wish.UNTAGGED and not view.lost:
        return f"Put the {tag}{_value(settings)} on it"
    # Where everything is selected, a restore itself sets the tag to off.
    ended = view is not None and view.wish is Wish.OFF
    return f"Remove its {tag}" if ended and settings.selects_everything else ""


def _failed_drills(situation: Situation) -> Iterator[Attention]:
    for protection in situation.protections:
        resource = protection.resource
        failed = situation.originals_of(resource).failed_drill
        if failed and failed.drill_failed_at:
            date = date_of(failed.drill_failed_at, situation.settings.timezone, situation.now)
            yield about(
                resource,
                f"the restore test of {resource.name} failed",
                f": its last restore test failed on {date}",
                f"Restore {failed.name} by hand and check it.",
                f"The recovery point {failed.name} may not be usable.",
            )


def _refused_tags(situation: Situation) -> Iterator[Attention]:
    """Tags of the owner's that cannot be followed, and keys that select nothing."""
    for view in situation.views.values():
        resource = view.resource
        for fault in view.protection.faults if view.protection and view.in_run else ():
            yield about(
                resource,
                f"a tag of {resource.name} cannot be followed",
                f": {fault.message}",
                f"Correct the tag {fault.key!r}.",
                _sentence(STOPPED[fault.stops]),
                f"Accepted: {_IN_SHORT.get(fault.accepted, fault.accepted)}.",
            )
        if view.in_run and (found := why_not_selected(view, situation.settings)):
            brief = f"{resource.name} is not protected, in spite of its tag"
            yield about(resource, brief, f": {found[0]}", f"{found[1]}.")


def _refused(outcomes: Sequence[Outcome]) -> Iterator[Attention]:
    """Copies that cannot be made, and records that were passed over; tags are seen above."""
    for each in outcomes:
        error, kind = each.error, KINDS.get(each.resource_type or "")
        if each.status != "refused" or error is None or error.code == "InvalidTag":
            continue
        if each.action == "read":
            yield Attention(
                f"a record in {each.region} cannot be read",
                f"{error.message}.",
                "Look in the Lightsail console; open a case with AWS Support if it stays so.",
                (_sentence(each.reason or ""),),
                region=each.region,
            )
        elif each.action == "copy" and kind:
            place = (region_of(each.source_arn) or each.region, kind.name, each.resource)
            what = f"{each.resource} ({kind.noun}, {place[0]}): {error.message}."
            brief, do = f"{each.resource} cannot be copied", f"{error.remedy}."
            yield Attention(brief, what, do, (), "", *place)


def _stuck_restores(situation: Situation) -> Iterator[Attention]:
    policy = situation.settings.policy_name
    for read in situation.inventory.regions.values():
        for each in read.resources:
            if each.tags.get(POLICY) == policy and each.is_stuck(situation.now):
                yield about(
                    each,
                    f"the restore of {each.name} is not complete",
                    f": its restore is not complete; left to do: {', '.join(each.left_to_do)}",
                    f"Do that by hand, then set its tag {TO_DO!r} to {DONE!r}.",
                )


def _held(outcome: Outcome, situation: Situation) -> Attention:
    """Points that stay for their cooling-off alone. An earlier policy helps what is protected."""
    kind, region = KINDS[outcome.resource_type or ""], outcome.region or ""
    series = situation.series[SeriesKey(kind.name, outcome.source_arn, region)]
    view = situation.views.get(outcome.source_arn)
    hold = f"put the tag {HOLD!r} on each that must stay"
    otherwise = "set the earlier policy again" if view and view.protection else hold
    copies = f", copies in {region}" if series.is_copies else ""
    return Attention(
        f"a policy of {outcome.resource} keeps less than before",
        f"{outcome.resource} ({kind.noun}, {series.source_region}){copies}: {outcome.reason}.",
        f"Nothing if that is intended; otherwise {otherwise} before then.",
        *((), "", series.source_region, kind.name, outcome.resource),
    )


def _nothing_selected(situation: Situation) -> Iterator[Attention]:
    settings = situation.settings
    if situation.protections or not set(settings.regions) <= set(situation.regions):
        return
    tag = f"the tag {settings.selection_tag_key!r}"
    do = f"Put {tag}{_value(settings)} on each resource that is to be protected."
    if settings.selects_everything:
        do = f"Check Regions and ResourceTypes, and which resources have {tag} set to 'off'."
    yield Attention("nothing is protected", "No resource is selected, so nothing is protected.", do)


def _value(settings: Settings) -> str:
    value = settings.selection_tag_value
    return f" with the value {value!r}" if value else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
