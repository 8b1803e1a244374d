"""What needs a person's attention, worst first: what is wrong, and what to do."""

from collections.abc import Iterable, Iterator, Sequence

from snapshotter.inputs.settings import Settings
from snapshotter.model.kinds import KINDS, Status
from snapshotter.model.outcome import Outcome
from snapshotter.model.resource import DONE, Resource
from snapshotter.model.snapshot import Snapshot, region_of
from snapshotter.model.tags import HOLD, POLICY, RESTORED, SOURCE, TO_DO
from snapshotter.plan.action import Action
from snapshotter.plan.planning import STOPPED, why_lost, why_not_selected
from snapshotter.plan.situation import Situation
from snapshotter.policy.grammar import GRAMMAR
from snapshotter.policy.selection import Wish, is_of_drill
from snapshotter.report.item import Attention, Evidence, about, age, date_of, is_stale, time_of

_IN_SHORT = {GRAMMAR: "words like daily=7 weekly=4 monthly=12; the reference explains them"}
"""What is too long to be read on a telephone."""

_START = (
    'Deploy the stack with ScheduleState=ENABLED, or invoke the function with {"action": "sweep"}.'
)
_SEARCH = "Search the function's log for its copies."
_NO_SUBSCRIPTION = Attention(
    "letters reach nobody",
    "The topic has no confirmed subscription, so letters and alarms reach nobody.",
    "Confirm the subscription in the mail that AWS sent, or subscribe again in the SNS console.",
)


def find_attention(
    situation: Situation,
    outcomes: Sequence[Outcome],
    *,
    actions: Iterable[Action] = (),
    names: Sequence[str] = (),
    subscriptions: int | None = None,
) -> tuple[Attention, ...]:
    """Find everything that needs attention, worst first.

    outcomes: of a run; for a report, those that the plan has without a write.
    actions: of the next sweep, for what is said of it. names: of resources that a report is asked
    about. subscriptions: confirmed ones of the topic for letters; None where that is not known.
    """
    found = Evidence(situation, outcomes, actions)
    return (
        *_unreadable(situation),
        *_unknown_names(names, situation),
        *_stale_resources(found),
        *_failed_snapshots(found),
        *_lost(situation),
        *_restored(situation),
        *_failed_drills(situation),
        *_refused_tags(situation),
        *_refused(outcomes),
        *_missing_copies(found),
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
    what = " or ".join(kind.noun for kind in situation.settings.resource_types)
    where = ", ".join(situation.regions) or "any region"
    for name in names:
        if name not in known:
            yield Attention(
                f"{name} was not found",
                f"{name}: no {what} of this name was found in {where}.",
                "Correct the name in the event, and compare it with the Lightsail console.",
                resource=name,
            )


def _stale_resources(found: Evidence) -> Iterator[Attention]:
    """Protected resources without a recovery point within the objective, worst first."""
    situation, newest = found.situation, found.newest
    zone, now = situation.settings.timezone, situation.now
    copied = {each.source_arn for each in situation.series.values() if each.ready}
    resources = [each.resource for each in situation.protections]
    for resource in sorted(resources, key=lambda each: newest.get(each.arn, now)):
        time = newest.get(resource.arn)
        if not is_stale(time, situation):
            continue
        since, problem, last = "yet", " has no good backup yet", []
        if time:
            since = f"since {date_of(time, zone, now)}"
            problem = f" has had no good backup for {age(now - time)}"
            last = [f"Last recovery point: {time_of(time, zone)}"]
        elif resource.arn in copied:
            since, problem = f"in {resource.region}", " has no good backup in its own region"
        why, do = _cause(resource, found)
        brief = f"{resource.name} has no good backup {since}"
        after = found.retry("create", resource, resource.region)
        item = about(resource, brief, problem, do, *last, f"Why: {why}.", after=after)
        yield item._replace(stale=True)


def _cause(resource: Resource, found: Evidence) -> tuple[str, str]:
    """Why a resource is stale, and what to do."""
    settings, series = found.situation.settings, found.situation.originals_of(resource)
    latest, good = next(iter(series.snapshots), None), series.newest_ready
    look = f"Look at {resource.name} in the Lightsail console and in the function's log."
    if latest and latest.status is Status.FAILED:
        restore = good and f"Restore {good.name} to a new {good.kind.noun} and check it."
        return found.error(latest), restore or look
    if latest and latest.status is not Status.READY:
        when = time_of(latest.time, settings.timezone)
        return f"the snapshot of {when} is {latest.state}", _wait(latest)
    if waiting := found.deferred.get(resource.arn):
        return waiting, look
    none = f"this stack has no snapshot of it in {resource.region}"
    why = "no snapshot was taken since" if latest else none
    return why, look if settings.schedule_enabled else _START


def _failed_snapshots(found: Evidence) -> Iterator[Attention]:
    """Resources whose newest snapshot failed, but with a recovery point within the objective."""
    nothing = "Nothing yet: there is a recent recovery point."
    for protection in found.situation.protections:
        resource = protection.resource
        latest = next(iter(found.situation.originals_of(resource).snapshots), None)
        fresh = not is_stale(found.newest.get(resource.arn), found.situation)
        if fresh and latest and latest.status is Status.FAILED:
            yield about(
                resource,
                f"the newest snapshot of {resource.name} failed",
                f": its newest snapshot {found.error(latest)}",
                nothing if found.situation.settings.schedule_enabled else _START,
                after=found.retry("create", resource, resource.region),
            )


def _lost(situation: Situation) -> Iterator[Attention]:
    for view in situation.views.values():
        if view.lost:
            why, kept, remedy = why_lost(view, situation)
            brief = "is no longer protected"
            what = f"{view.resource.name} {brief}", f" {brief}: {why}"
            yield about(view.resource, *what, f"{remedy}.", f"{kept}.")


def _restored(situation: Situation) -> Iterator[Attention]:
    """What was restored and is not protected, while its source is gone."""
    for read in situation.inventory.regions.values():
        sources = {each.name: each.source_arn for each in read.snapshots}
        for each in read.resources:
            point = each.tags.get(RESTORED) or ""
            source = each.tags.get(SOURCE) or sources.get(point, "")
            gone = region_of(source) in situation.regions and source not in situation.views
            if point and gone and (remedy := _how_to_protect(each, situation)):
                yield about(
                    each,
                    f"{each.name} is not protected",
                    f" was restored from {point}, whose source is gone, and is not protected",
                    f'{remedy} to protect it, or remove its tag "{RESTORED}" if it needs none.',
                )


def _how_to_protect(resource: Resource, situation: Situation) -> str:
    """How to protect what was restored; empty where it is, or somebody decided against it."""
    settings, view = situation.settings, situation.views.get(resource.arn)
    if resource.kind not in settings.resource_types or is_of_drill(resource):
        return ""
    if resource.region not in settings.regions:
        return f"Add {resource.region} to the parameter Regions"
    if view and view.wish is Wish.UNTAGGED and not view.lost:
        return f"Put {_tag(settings)} on it"
    # Where everything is selected, a restore itself sets the tag to off.
    ended = view is not None and view.wish is Wish.OFF and settings.selects_everything
    return f'Remove its tag "{settings.selection_tag_key}"' if ended else ""


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
                f'Correct the tag "{fault.key}".',
                _sentence(STOPPED[fault.stops]),
                f"Accepted: {_IN_SHORT.get(fault.accepted, fault.accepted)}.",
            )
        if view.in_run and (found := why_not_selected(view, situation.settings)):
            brief = f"{resource.name} is not protected, in spite of its tag"
            yield about(resource, brief, f": {found[0]}", f"{found[1]}.")


def _refused(outcomes: Sequence[Outcome]) -> Iterator[Attention]:
    """Copies that cannot be made, and records that were passed over; tags are seen above."""
    for each in outcomes:
        error = each.error
        if each.status != "refused" or error is None or error.code == "InvalidTag":
            continue
        if each.action == "copy":
            home, brief = region_of(each.source_arn), f"{each.resource} cannot be copied"
            yield _about_series(each, home, brief, f": {error.message}", f"{error.remedy}.")
        elif each.action == "read":
            yield Attention(
                f"a record in {each.region} cannot be read",
                f"{error.message}.",
                "Look in the Lightsail console; open a case with AWS Support if it stays so.",
                (_sentence(each.reason or ""),),
                region=each.region,
            )


def _missing_copies(found: Evidence) -> Iterator[Attention]:
    """Copies that are asked for and failed, are too old, or never came.

    A region that cannot be read is a thing of its own, and so is a copy that is refused.
    """
    for protection in found.situation.protections:
        resource = protection.resource
        for where in protection.copy_to:
            refused = (resource.arn, where) in found.refused
            if where in found.situation.inventory.regions and not refused:
                after = found.retry("copy", resource, where)
                for missing, *problem in _copy_problem(resource, where, found):
                    brief = f"{resource.name} has {missing} in {where}"
                    yield about(resource, brief, *problem, after=after)


def _copy_problem(resource: Resource, where: str, found: Evidence) -> Iterator[tuple[str, ...]]:
    """What is missing, how, and what to do."""
    situation, zone = found.situation, found.situation.settings.timezone
    originals, copies = situation.originals_of(resource), situation.series_in(resource, where)
    if not copies.snapshots:
        if originals.ready and is_stale(originals.ready[-1].time, situation):
            since = time_of(originals.ready[-1].time, zone)
            problem = f" has no copy in {where}; its first recovery point is of {since}"
            yield "no copy", problem, _SEARCH
        return
    newest, ready = copies.snapshots[0], copies.newest_ready
    failed, pending = newest.status is Status.FAILED, newest.status is not Status.READY
    # Unless the resource has nothing newer itself.
    behind = not is_stale(found.newest.get(resource.arn), situation)
    late = behind and is_stale((ready or copies.snapshots[-1]).time, situation)
    if late or failed:
        state = f"is from {time_of(ready.time, zone)}" if ready else "is not ready yet"
        state = f"failed: {found.error(newest)}" if failed else state
        good = f"Last good copy: {time_of(ready.time, zone)}" if failed and ready else ""
        yield (
            "no recent copy" if late else "a failed copy",
            f": its newest copy in {where} {state}",
            _wait(newest) if pending and not failed else _SEARCH,
            *([good] if good else []),
        )


def _stuck_restores(situation: Situation) -> Iterator[Attention]:
    policy = situation.settings.policy_name
    for read in situation.inventory.regions.values():
        for each in read.resources:
            if each.tags.get(POLICY) == policy and each.is_stuck(situation.now):
                yield about(
                    each,
                    f"the restore of {each.name} is not complete",
                    f": its restore is not complete; left to do: {', '.join(each.left_to_do)}",
                    f'Do that by hand, then set its tag "{TO_DO}" to "{DONE}".',
                )


def _held(outcome: Outcome, situation: Situation) -> Attention:
    """Points that stay for their cooling-off alone. An earlier policy helps what is protected."""
    home, view = region_of(outcome.source_arn), situation.views.get(outcome.source_arn)
    hold = f'put the tag "{HOLD}" on each that must stay'
    otherwise = "set the earlier policy again" if view and view.protection else hold
    copies = f", copies in {outcome.region}" if outcome.region != home else ""
    brief = f"a policy of {outcome.resource} keeps less than before"
    do = f"Nothing if that is intended; otherwise, before then, {otherwise}."
    return _about_series(outcome, home, brief, f"{copies}: {outcome.reason}", do)


def _about_series(outcome: Outcome, home: str, brief: str, problem: str, do: str) -> Attention:
    """An item about the snapshots of a source, which may be gone. home: its region."""
    kind, home = KINDS[outcome.resource_type or ""], home or outcome.region or ""
    what = f"{outcome.resource} ({kind.noun}, {home}){problem}."
    return Attention(brief, what, do, (), "", home, kind.name, outcome.resource)


def _nothing_selected(situation: Situation) -> Iterator[Attention]:
    settings = situation.settings
    if situation.protections or not set(settings.regions) <= set(situation.regions):
        return
    do = f"Put {_tag(settings)} on each resource that is to be protected."
    if settings.selects_everything:
        tag = f'the tag "{settings.selection_tag_key}"'
        do = f'Check Regions and ResourceTypes, and which resources have {tag} set to "off".'
    yield Attention("nothing is protected", "No resource is selected, so nothing is protected.", do)


def _tag(settings: Settings) -> str:
    """The tag that protects a resource, with its value where the stack asks for one."""
    value = settings.selection_tag_value
    return f'the tag "{settings.selection_tag_key}"' + (
        f' with the value "{value}"' if value else ""
    )


def _wait(snapshot: Snapshot) -> str:
    console = f"the Lightsail console ({snapshot.region})"
    return f"Wait for it; if it is not ready in a few hours, look at it in {console}."


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
