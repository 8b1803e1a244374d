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
from snapshotter.plan.findings import STOPPED, recovery_points_of, why_lost, why_not_selected
from snapshotter.plan.situation import Situation, View
from snapshotter.policy.selection import Wish, is_of_drill
from snapshotter.report.freshness import failed_snapshots, missing_copies, stale_resources
from snapshotter.report.item import Attention, about, gather, named
from snapshotter.report.wording import date_of


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
    actions: of the next sweep, for what is said of it. names: of resources, that a report is asked
    about. subscriptions: confirmed ones of the topic for letters; None where that is not known.
    """
    found = gather(situation, outcomes, newest, actions)
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
        *_no_subscription(subscriptions),
        *_nothing_selected(situation),
    )


def _unreadable(situation: Situation) -> Iterator[Attention]:
    for region, error in sorted(situation.inventory.unreadable.items()):
        home = region in situation.request.regions
        meanwhile = "Nothing in it is backed up or deleted" if home else "No copy is made there"
        yield Attention(
            brief=f"{region} cannot be read",
            what=f"{region} cannot be read: {error.sentence.rstrip('.')}.",
            do="Check the AWS Health Dashboard, and that the role may read this region.",
            details=(f"{meanwhile} meanwhile.",),
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
                brief=f"there is no resource {name}",
                what=f"{name}: no resource of this name was found in {where}.",
                do="Correct the name in the event, and compare it with the Lightsail console.",
                resource=name,
            )


def _lost(situation: Situation) -> Iterator[Attention]:
    for view in situation.views.values():
        if view.lost:
            resource, count = view.resource, recovery_points_of(view, situation)
            why, remedy = why_lost(view, situation.settings)
            points = "recovery point is" if count == 1 else f"{count} recovery points are"
            item = Attention(
                brief=f"{resource.name} is no longer protected",
                what=f"{named(resource)} is no longer protected: {why}.",
                do=f"{remedy}.",
                details=(f"Its {points} kept; no new ones are made.",),
            )
            yield about(resource, item)


def _restored(situation: Situation) -> Iterator[Attention]:
    """What was restored and is not protected, while its source is gone."""
    for read in situation.inventory.regions.values():
        sources = {each.name: each.source_arn for each in read.snapshots}
        for each in read.resources:
            made_from = each.tags.get(RESTORED)
            source = each.tags.get(SOURCE) or sources.get(made_from or "", "")
            if made_from is None or is_of_drill(each):
                continue
            if _is_gone(source, each, situation) and (remedy := _how_to_protect(each, situation)):
                item = Attention(
                    brief=f"{each.name} is not protected",
                    what=f"{named(each)} was restored from {made_from}, whose source is gone, and "
                    "is not protected.",
                    do=f"{remedy} Remove its tag {RESTORED!r} if it needs no backups.",
                )
                yield about(each, item)


def _is_gone(source: str, restored: Resource, situation: Situation) -> bool:
    """Return whether a source is gone; it is of the same type as what was restored from it."""
    known = region_of(source) in situation.regions
    return (
        known
        and restored.kind in situation.settings.resource_types
        and (source not in situation.views)
    )


def _how_to_protect(resource: Resource, situation: Situation) -> str:
    """How to protect a restored resource; empty where it is, or was ended on purpose."""
    settings, view = situation.settings, situation.views.get(resource.arn)
    tag = f"tag {settings.selection_tag_key!r}"
    if resource.region not in settings.regions:
        return f"Add {resource.region} to the parameter Regions to protect it."
    if view is None or view.wish is Wish.PROTECTED or view.lost:
        return ""
    if view.wish is Wish.UNTAGGED:
        return f"Put the {tag}{_value(settings)} on it to protect it."
    # Where everything is selected, a restore itself sets the tag to off.
    return f"Remove its {tag} to protect it." if settings.selects_everything else ""


def _failed_drills(situation: Situation) -> Iterator[Attention]:
    for protection in situation.protections:
        resource = protection.resource
        failed = situation.originals_of(resource).failed_drill
        if failed is None or failed.drill_failed_at is None:
            continue
        date = date_of(failed.drill_failed_at, situation.settings.timezone, situation.now)
        item = Attention(
            brief=f"the restore test of {resource.name} failed",
            what=f"{named(resource)}: its last restore test failed on {date}.",
            do=f"Restore {failed.name} by hand and check it.",
            details=(f"The recovery point {failed.name} may not be usable.",),
        )
        yield about(resource, item)


def _refused_tags(situation: Situation) -> Iterator[Attention]:
    """Tags of the owner's that cannot be followed, and keys that select nothing."""
    for view in situation.views.values():
        if not view.in_run:
            continue
        resource = view.resource
        for fault in view.protection.faults if view.protection else ():
            item = Attention(
                brief=f"a tag of {resource.name} cannot be followed",
                what=f"{named(resource)}: {fault.message}.",
                do=f"Correct the tag {fault.key!r}.",
                details=(_sentence(STOPPED[fault.stops]),),
                accepted=fault.accepted,
            )
            yield about(resource, item)
        yield from _key_in_other_case(view, situation.settings)


def _key_in_other_case(view: View, settings: Settings) -> Iterator[Attention]:
    if found := why_not_selected(view, settings):
        why, remedy = found
        item = Attention(
            brief=f"a tag of {view.resource.name} does not select it",
            what=f"{named(view.resource)}: {why}.",
            do=f"{remedy}.",
        )
        yield about(view.resource, item)


def _refused(outcomes: Sequence[Outcome]) -> Iterator[Attention]:
    """Copies that cannot be made, and records that were passed over."""
    for each in outcomes:
        if each.status != "refused" or each.error is None or each.error.code == "InvalidTag":
            continue
        place = (each.region, each.resource_type, each.resource)
        details = (_sentence(each.reason),) if each.reason else ()
        if each.resource is None:
            brief, what = f"a record in {each.region} cannot be read", each.error.message
            do = "Look in the Lightsail console; open a case with AWS Support if it stays so."
        else:
            noun = KINDS[each.resource_type or ""].noun
            brief = f"{each.resource} cannot be copied"
            source = region_of(each.source_arn) or each.region
            what = f"{each.resource} ({noun}, {source}): {each.error.message}"
            do, place = f"{each.error.remedy}.", (source, each.resource_type, each.resource)
        yield Attention(brief, f"{what}.", do, details, each.error.accepted, "", *place)


def _stuck_restores(situation: Situation) -> Iterator[Attention]:
    policy = situation.settings.policy_name
    for read in situation.inventory.regions.values():
        for each in read.resources:
            if each.tags.get(POLICY) == policy and each.is_stuck(situation.now):
                left = ", ".join(each.left_to_do)
                item = Attention(
                    brief=f"the restore of {each.name} is not complete",
                    what=f"{named(each)}: its restore is not complete; left to do: {left}.",
                    do=f"Do that by hand, then set its tag {TO_DO!r} to {DONE!r}.",
                )
                yield about(each, item)


def _held(outcome: Outcome, situation: Situation) -> Attention:
    """Points that stay for their cooling-off alone. An earlier policy helps what is protected."""
    kind, region = outcome.resource_type or "", outcome.region or ""
    series = situation.series[SeriesKey(kind, outcome.source_arn, region)]
    copies = f", copies in {region}" if series.is_copies else ""
    view = situation.views.get(outcome.source_arn)
    if view and view.protection:
        otherwise = "set the earlier policy again"
    else:
        otherwise = f"put the tag {HOLD!r} on each that must stay"
    place = (series.source_region, outcome.resource_type, outcome.resource)
    return Attention(
        f"a policy of {outcome.resource} keeps less than before",
        f"{outcome.resource} ({series.kind.noun}, {place[0]}){copies}: {outcome.reason}.",
        f"Nothing if that is intended; otherwise {otherwise} before then.",
        *((), "", "", *place),
    )


def _no_subscription(subscriptions: int | None) -> Iterator[Attention]:
    if subscriptions == 0:
        yield Attention(
            brief="letters reach nobody",
            what="The topic has no confirmed subscription, so letters and alarms reach nobody.",
            do="Confirm the subscription in the mail that AWS sent, or subscribe again in the SNS "
            "console.",
        )


def _nothing_selected(situation: Situation) -> Iterator[Attention]:
    settings = situation.settings
    if situation.protections or not set(settings.regions) <= set(situation.regions):
        return
    tag = f"the tag {settings.selection_tag_key!r}"
    if settings.selects_everything:
        do = f"Check Regions and ResourceTypes, and which resources have {tag} set to 'off'."
    else:
        do = f"Put {tag}{_value(settings)} on each resource that is to be protected."
    yield Attention("nothing is protected", "No resource is selected, so nothing is protected.", do)


def _value(settings: Settings) -> str:
    value = settings.selection_tag_value
    return f" with the value {value!r}" if value else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
