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
from snapshotter.model import tags as keys
from snapshotter.model.firewall import Firewall, from_tags, only_tcp
from snapshotter.model.kinds import DISK
from snapshotter.model.names import is_disk_of
from snapshotter.model.outcome import ErrorInfo, Operations, Outcome
from snapshotter.model.resource import COMPLETE_WITHIN, DONE, Resource
from snapshotter.model.tags import Tags, inherit
from snapshotter.plan.action import Action
from snapshotter.plan.situation import Situation
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
    find_made,
    number_of,
    tags_of_disk,
    words_of,
)
from snapshotter.restore.proof import check, check_of, is_over, remove
from snapshotter.restore.source import siblings_of

NOT_MOVED = "AddressNotMoved"
_BY_HAND = {
    FIREWALL_STEP: f"set its firewall as its tag {keys.FIREWALL} describes it",
    STATIC_IP_STEP: "attach the static address {} to it",
    DISKS_STEP: "tag its disks",
}
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
    if written != resource.tags.get(keys.TO_DO):
        action = made.about(f"steps left of the restore: {written}", "tag")
        # The role demands our marks in the request.
        marks = {
            key: resource.tags[key] for key in (keys.POLICY, keys.DRILL) if key in resource.tags
        }
        outcomes += (attempt(run.clients, action, _tag, {**marks, keys.TO_DO: written}),)
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
    resource, has = made.resource, made.resource.firewall
    if made.is_drill:
        port = check_of(resource).port
        wanted: Firewall | None = only_tcp(port)
        action = made.about(
            f"{resource.name} has {f'only port {port}' if port else 'no port'} open"
        )
        if has and has.ports == only_tcp(port).ports:
            return (), True
    else:
        wanted = from_tags(resource.tags) or (made.source.firewall if made.source else None)
        action = made.about(f"{resource.name} has the firewall of its source")
    if wanted is None:
        message = f"{resource.name}: the firewall of its source is not recorded"
        error = ErrorInfo("RestoreIncomplete", message, "Set it by hand")
        return (action.outcome("failed", error=error),), False
    if has == wanted:
        return (action.outcome("exists"),), True
    done = attempt(run.clients, action, _replace_firewall, resource, wanted)
    if done.status == "failed" and not made.runs:
        done = replace(done, status="deferred")
    return (done,), done.status in GOOD


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


def _take_address(run: Run, made: Made, address: str, so_far: Outcomes) -> tuple[Outcomes, bool]:
    """Attach the static address, once the firewall is set and the instance runs."""
    # Nobody reaches a server at a known address before its firewall is as it was.
    if not made.runs or any(each.status not in GOOD for each in so_far):
        return (), False
    done = _take(run, made, address, from_others=True)
    return (done,), done.status in GOOD


def _attach_again(run: Run, made: Made) -> tuple[Outcome, ...]:
    """Attach an address that was taken over and is free again; another owner of it is fine."""
    address = made.resource.tags.get(keys.STATIC_IP)
    if not address or made.is_drill or not made.runs or made.resource.static_ip == address:
        return ()
    done = _take(run, made, address, from_others=False)
    other_owner = done.error is not None and done.error.code == NOT_MOVED
    return () if other_owner or (done.status == "exists" and not done.operations) else (done,)


def _take(run: Run, made: Made, address: str, *, from_others: bool) -> Outcome:
    """Attach a static address; from_others: also one that the source, or a restore of it, has."""
    former, later = set(), set()
    if from_others:
        made_at = made.resource.created_at or run.now
        siblings = siblings_of(made.source_arn, made.there, run.settings.policy_name)
        former = {each.name for each in (made.source, *siblings) if each}
        later = {e.name for e in siblings if e.created_at and made_at < e.created_at}
    action = made.about(f"{made.resource.name} takes over the static address {address}")
    return attempt(run.clients, action, _move_address, address, former - later, later)


def _move_address(
    client: Client, action: Action, address: str, former: set[str], later: set[str]
) -> Outcome:
    """Detach a static address from a former owner, and attach it to the instance of the action.

    It is read right before, since another run may have moved it. An address of a third instance
    is not touched; one that a later restore of the same source has stays there.
    """
    found, why = read_address(client, address), ""
    owner = found.attached_to if found else None
    if found is None:
        why = "there is none of this name"
    elif owner == action.resource:
        return action.outcome("exists")
    elif owner in later:
        reason = f"{address} stays with {owner}, which was restored later"
        return action.outcome("exists", reason=reason)
    elif owner and owner not in former:
        why = f"it is attached to {owner}, which is not its source"
    if why:
        message = f"{action.resource}: it cannot take over the static address {address}: {why}"
        return action.outcome("failed", error=ErrorInfo(NOT_MOVED, message))
    operations = writes.detach_address(client, address) if owner else ()
    operations += writes.attach_address(client, address, action.resource)
    return action.result("exists", operations)


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
    disks = [each for each in listed if each and _came_with(each, made)]
    mark = keys.DRILL if made.is_drill else keys.RESTORED
    outcomes = tuple(
        _tag_disk(run, made, disk, protected) for disk in disks if mark not in disk.tags
    )
    tagged = all(each.status in GOOD for each in outcomes)
    return outcomes, tagged and len(disks) >= len(attached)


def _came_with(disk: Resource, made: Made) -> bool:
    name = made.resource.name
    if made.is_drill:
        # One that somebody attached to another instance is not touched.
        return is_disk_of(disk.name, name) and disk.attached_to in (None, "", name)
    return number_of(disk, made) > 0


def _tag_disk(run: Run, made: Made, disk: Resource, protected: str) -> Outcome:
    instance = made.resource
    if made.is_drill:
        kept = (keys.POLICY, keys.SOURCE, keys.TIME, keys.DRILL)
        tags: Tags = {key: instance.tags[key] for key in kept if key in instance.tags}
        tags = {**tags, keys.TO_DO: REMOVE_STEP}
        reason = f"it was created with {instance.name} and is deleted after it"
    else:
        number, attached = number_of(disk, made), made.point.attached if made.point else ()
        protect = str(number) in protected.split(",")
        was = attached[number - 1].name
        own = tags_of_disk(was, made.there, run.settings, protect=protect, instance=instance.name)
        ours = {keys.RESTORED: made.point_name, keys.POLICY: run.settings.policy_name}
        tags, _ = inherit(own, ours)
        reason = f"it came with {instance.name}"
    action = replace(made.about(reason, "tag"), kind=DISK, resource=disk.name, snapshot="")
    return attempt(run.clients, action, _tag, tags)


def _tag(client: Client, action: Action, tags: Tags) -> Outcome:
    return action.result("tagged", writes.tag_resource(client, action.resource, tags))


def _is_of_run(drill: Made, situation: Situation) -> bool:
    if drill.region not in situation.regions:
        return False
    view = situation.views.get(drill.source_arn)
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
    what = []
    for word in left:
        step, _, argument = word.partition(":")
        known = _BY_HAND.get(step)
        what.append(known.format(argument) if known else f"do the step {word!r}")
    remedy = f"Do by hand: {'; '.join(what)}. Then set the tag {keys.TO_DO} to {DONE!r}"
    error = ErrorInfo("RestoreIncomplete", message, remedy)
    return made.about("the restore is not complete").outcome("failed", error=error)


_STEPS: dict[str, Step] = {
    FIREWALL_STEP: _set_firewall,
    STATIC_IP_STEP: _take_address,
    DISKS_STEP: _tag_disks,
    CHECK_STEP: check,
    REMOVE_STEP: remove,
}
