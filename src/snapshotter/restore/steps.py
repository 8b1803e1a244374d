"""The steps after a create, of restores and drills alike: one loop over the words of one tag.

What is left is written on what was made, so that a later run continues after this one ends. Each
step may be repeated. Nothing is changed but what carries the marks of a restore or of a drill of
this stack, and the static address that a restore was asked to take over.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import NamedTuple, TypeVar

from snapshotter.apply.writing import attempt
from snapshotter.lightsail import writes
from snapshotter.lightsail.clients import Client, Clients
from snapshotter.lightsail.reads import list_resources, read_address
from snapshotter.lightsail.refusals import explain
from snapshotter.model.firewall import Firewall, from_tags, only_tcp
from snapshotter.model.kinds import DISK
from snapshotter.model.outcome import ErrorInfo, Operations, Outcome
from snapshotter.model.resource import COMPLETE_WITHIN, DONE, Resource
from snapshotter.model.tags import (
    DRILL,
    FIREWALL,
    POLICY,
    RESTORED,
    SOURCE,
    STATIC_IP,
    TIME,
    TO_DO,
    Tags,
    inherit,
)
from snapshotter.plan.action import Action
from snapshotter.plan.situation import Situation
from snapshotter.restore.identity import siblings_of
from snapshotter.restore.made import (
    CHECK_STEP,
    DISKS_STEP,
    FIREWALL_STEP,
    GOOD,
    REMOVE_STEP,
    STATIC_IP_STEP,
    Made,
    Outcomes,
    Run,
    Step,
    came_with,
    find_made,
    number_of,
    tags_of_disk,
    words_of,
)
from snapshotter.restore.proof import check, check_of, is_over, remove

NOT_MOVED = "AddressNotMoved"
_MOST_AT_ONCE = 96
"""The pace of requests is limited elsewhere, for each region: one that hangs stops no other."""

T = TypeVar("T")
R = TypeVar("R")


class Progress(NamedTuple):
    """What became of the steps. left: the words that are left. removed: whether a drill is gone."""

    outcomes: tuple[Outcome, ...]
    left: tuple[str, ...] = ()
    removed: bool = False


def at_once(items: Sequence[T], work: Callable[[T], R]) -> list[R]:
    """Work on several things at once. Results in order."""
    with ThreadPoolExecutor(max(1, min(len(items), _MOST_AT_ONCE))) as pool:
        return list(pool.map(work, items))


def continue_all(situation: Situation, clients: Clients) -> tuple[Outcome, ...]:
    """Do what is left of each restore, in all regions read, and of each drill of this run."""
    settings, now = situation.settings, situation.now
    unfinished = [
        each
        for each in find_made(situation.inventory, settings.policy_name, now)
        if not each.is_drill or _is_of_run(each, situation)
    ]
    if situation.request.dry_run:
        return tuple(_planned(each) for each in unfinished if words_of(each.resource))
    clients.prepare(each.region for each in unfinished)
    run = Run(clients, settings, now)
    results = at_once(unfinished, partial(proceed, run))
    return tuple(chain.from_iterable(each.outcomes for each in results))


def proceed(run: Run, made: Made) -> Progress:
    """Do the steps that are left of one restore or drill, as far as they are possible now."""
    resource = made.resource
    words = words_of(resource)
    if not words:
        return Progress(_attach_again(run, made))
    left: list[str] = []
    outcomes: Outcomes = ()
    for word in words:
        name, _, argument = word.partition(":")
        if name in (CHECK_STEP, REMOVE_STEP):
            argument = _waits_for(made, name, left, run)
        step = _STEPS.get(name)
        # A word that nobody knows is left to a person.
        more, done = step(run, made, argument, outcomes) if step else ((), False)
        outcomes += more
        if not done:
            left.append(word)
    if words[-1] == REMOVE_STEP and REMOVE_STEP not in left:
        return Progress(outcomes, removed=True)
    written = " ".join(left) or DONE
    if written != resource.tags.get(TO_DO):
        action = made.about(f"steps left of the restore: {written}", "tag")
        # The role demands our marks in the request.
        marks = {key: resource.tags[key] for key in (POLICY, DRILL) if key in resource.tags}
        outcomes += (attempt(run.clients, action, _tag, {**marks, TO_DO: written}),)
    if left and resource.is_stuck(run.now):
        outcomes += (_stuck(made, left),)
    return Progress(outcomes, tuple(left))


def _waits_for(made: Made, step: str, left: Sequence[str], run: Run) -> str:
    """What a check or a removal waits for; empty where it need not.

    A drill whose result is known is removed at its time limit, whatever else is left.
    """
    if step == REMOVE_STEP:
        ends = CHECK_STEP not in left and is_over(made.resource, run.now)
        return "" if ends or not left else "the steps before it"
    if FIREWALL_STEP in left:
        return f"the firewall of the restored {made.resource.kind.noun} is not set yet"
    return f"not all disks of the restored {made.resource.kind.noun} exist" if left else ""


def _set_firewall(run: Run, made: Made, _argument: str, _so_far: Outcomes) -> tuple[Outcomes, bool]:
    """Replace the firewall. Lightsail may refuse that until the instance runs: it is deferred."""
    resource = made.resource
    wanted = _wanted_firewall(made)
    what = f"{resource.name} has the firewall of its source"
    if made.is_drill:
        port = check_of(resource).port
        what = f"{resource.name} has {f'only port {port}' if port else 'no port'} open"
    action = made.about(what)
    if wanted is None:
        message = f"{resource.name}: the firewall of its source is not recorded"
        error = ErrorInfo("RestoreIncomplete", message, "Set it by hand")
        return (action.outcome("failed", error=error),), False
    has = resource.firewall
    if has == wanted or (has and made.is_drill and has.ports == wanted.ports):
        return () if made.is_drill else (action.outcome("exists"),), True
    done = attempt(run.clients, action, _replace_firewall, resource, wanted)
    if done.status == "failed" and not made.runs:
        done = replace(done, status="deferred")
    return (done,), done.status in GOOD


def _take_address(run: Run, made: Made, address: str, so_far: Outcomes) -> tuple[Outcomes, bool]:
    """Attach the static address, once the firewall is set and the instance runs."""
    resource = made.resource
    # Nobody reaches a server at a known address before its firewall is as it was.
    if not made.runs or any(each.status not in GOOD for each in so_far):
        return (), False
    siblings = siblings_of(resource.tags.get(SOURCE) or "", made.there, run.settings.policy_name)
    made_at = resource.created_at or run.now
    others = [each for each in siblings if each.name != resource.name]
    later = {each.name for each in others if each.created_at and made_at < each.created_at}
    former = {each.name for each in others} - later
    former |= {made.source.name} if made.source else set()
    done = _take(run, made, address, frozenset(former), frozenset(later))
    return (done,), done.status in GOOD


def _attach_again(run: Run, made: Made) -> tuple[Outcome, ...]:
    """Attach an address that was taken over and is free again; another owner of it is fine."""
    resource = made.resource
    address = resource.tags.get(STATIC_IP)
    if not address or made.is_drill or not made.runs or resource.static_ip == address:
        return ()
    done = _take(run, made, address, frozenset(), frozenset())
    other_owner = done.error is not None and done.error.code == NOT_MOVED
    return () if other_owner or (done.status == "exists" and not done.operations) else (done,)


def _tag_disks(run: Run, made: Made, protected: str, _so_far: Outcomes) -> tuple[Outcomes, bool]:
    """Tag the disks that came with an instance, which Lightsail creates without tags.

    It is done once all of them exist and have their tags.
    """
    point = made.point
    if point is None and not made.is_drill:
        reason = f"the tags of its disks are not known, since {made.point_name} is deleted"
        return (made.about(reason, "tag").outcome("exists"),), True
    attached = point.attached if point else ()
    if point and not attached:
        return (), True
    try:
        listed = list_resources(run.clients[made.region], DISK, made.region)
    except Exception as error:
        # Without it a drill's disks could be left behind.
        unread = made.about("its disks cannot be listed now", "tag")
        return (unread.outcome("deferred", error=explain(error)),), False
    disks = [each for each in listed if each and came_with(each, made, attached)]
    mark = DRILL if made.is_drill else RESTORED
    outcomes = tuple(
        _tag_disk(run, made, disk, protected) for disk in disks if mark not in disk.tags
    )
    tagged = all(each.status in GOOD for each in outcomes)
    return outcomes, tagged and len(disks) >= len(attached)


def _tag_disk(run: Run, made: Made, disk: Resource, protected: str) -> Outcome:
    ours: dict[str, str | None]
    tags: Tags
    if made.is_drill:
        kept = (POLICY, SOURCE, TIME, DRILL)
        tags = {key: made.resource.tags[key] for key in kept if key in made.resource.tags}
        tags = {**tags, TO_DO: REMOVE_STEP}
        reason = f"it was created with {made.resource.name} and is deleted after it"
    else:
        point = made.point
        attached = point.attached if point else ()
        number = number_of(disk, made.resource.name, attached) or 1
        own = tags_of_disk(
            attached[number - 1],
            made.there,
            run.settings,
            protect=str(number) in protected.split(","),
            instance=made.resource.name,
        )
        ours = {RESTORED: made.point_name, POLICY: run.settings.policy_name}
        tags, _ = inherit(own, ours)
        reason = f"it came with {made.resource.name}"
    action = replace(made.about(reason, "tag"), kind=DISK, resource=disk.name, snapshot="")
    return attempt(run.clients, action, _tag, tags)


def _tag(client: Client, action: Action, tags: Tags) -> Outcome:
    return action.result("tagged", writes.tag_resource(client, action.resource, tags))


def _wanted_firewall(made: Made) -> Firewall | None:
    if made.is_drill:
        return only_tcp(check_of(made.resource).port)
    return from_tags(made.resource.tags) or (made.source.firewall if made.source else None)


def _replace_firewall(
    client: Client, action: Action, instance: Resource, wanted: Firewall
) -> Outcome:
    """Replace the firewall of an instance.

    It is not documented whether the service accepts an empty list of ports, so a firewall that
    lets nothing in is set by closing the ports one by one.
    """
    operations: Operations = ()
    if wanted.rules:
        operations = writes.put_public_ports(client, instance.name, wanted)
    elif instance.firewall is not None:
        for ports in sorted(instance.firewall.ports):
            operations += writes.close_public_ports(client, instance.name, ports)
    return action.result("exists", operations)


def _take(
    run: Run, made: Made, address: str, former: frozenset[str], later: frozenset[str]
) -> Outcome:
    action = made.about(f"{made.resource.name} takes over the static address {address}")
    return attempt(run.clients, action, _move_address, address, former, later)


def _move_address(
    client: Client, action: Action, address: str, former: frozenset[str], later: frozenset[str]
) -> Outcome:
    """Detach a static address from a former owner, and attach it to the instance of the action.

    It is read right before, since another run may have moved it. An address of a third instance
    is not touched; one that a later restore of the same source has stays there.
    """
    instance, found = action.resource, read_address(client, address)
    if found is None:
        return _not_moved(action, address, "there is none of this name")
    if found.attached_to == instance:
        return action.outcome("exists")
    if found.attached_to in later:
        reason = f"{address} stays with {found.attached_to}, which was restored later"
        return action.outcome("exists", reason=reason)
    operations: Operations = ()
    if found.attached_to:
        if found.attached_to not in former:
            why = f"it is attached to {found.attached_to}, which is not its source"
            return _not_moved(action, address, why)
        operations = writes.detach_address(client, address)
    operations += writes.attach_address(client, address, instance)
    return action.result("exists", operations)


def _not_moved(action: Action, address: str, why: str) -> Outcome:
    message = f"{action.resource}: it cannot take over the static address {address}: {why}"
    return action.outcome("failed", error=ErrorInfo(NOT_MOVED, message))


def _is_of_run(drill: Made, situation: Situation) -> bool:
    if drill.region not in situation.regions:
        return False
    view = situation.views.get(drill.resource.tags.get(SOURCE) or "")
    return situation.request.resources is None or bool(view and view.protection and view.in_run)


def _planned(made: Made) -> Outcome:
    if made.is_drill:
        reason = f"{made.resource.name} would be evaluated, and removed if it is finished"
        return made.about_point(reason).outcome("planned")
    left = ", ".join(words_of(made.resource))
    return made.about(f"steps left of the restore: {left}").outcome("planned")


def _stuck(made: Made, left: Sequence[str]) -> Outcome:
    hours = COMPLETE_WITHIN.total_seconds() / 3600
    message = f"{made.resource.name}: the restore is not complete {hours:g} hours after it started"
    remedy = f"Do by hand: {'; '.join(map(_by_hand, left))}. Then set the tag {TO_DO} to {DONE!r}"
    error = ErrorInfo("RestoreIncomplete", message, remedy)
    return made.about("the restore is not complete").outcome("failed", error=error)


def _by_hand(word: str) -> str:
    step, _, argument = word.partition(":")
    if step == FIREWALL_STEP:
        return f"set its firewall as its tag {FIREWALL} describes it"
    if step == STATIC_IP_STEP:
        return f"attach the static address {argument} to it"
    return "tag its disks" if step == DISKS_STEP else f"do the step {word!r}"


_STEPS: dict[str, Step] = {
    FIREWALL_STEP: _set_firewall,
    STATIC_IP_STEP: _take_address,
    DISKS_STEP: _tag_disks,
    CHECK_STEP: check,
    REMOVE_STEP: remove,
}
