"""Steps after a restore: the firewall first, then the static address once the instance runs.

What is left is written on the instance, so that a later run continues after this one ends.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from snapshotter.apply import steps
from snapshotter.apply.actions import attempt, in_regions
from snapshotter.lightsail.clients import Clients
from snapshotter.model.firewall import from_tags
from snapshotter.model.inventory import Inventory, Resource
from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.outcome import ActionName, ErrorInfo, Outcome
from snapshotter.model.tags import DRILL, FIREWALL, POLICY, RESTORED, SOURCE, STATIC_IP, TO_DO
from snapshotter.plan import Situation
from snapshotter.plan.outcomes import outcome
from snapshotter.plan.steps import (
    DONE,
    FIREWALL_STEP,
    LIMIT,
    STATIC_IP_STEP,
    Step,
    is_stuck,
    left_to_do,
)


@dataclass(frozen=True, slots=True)
class Restored:
    """An instance that a restore created. source: if it exists."""

    resource: Resource
    source: Resource | None

    @property
    def region(self) -> str:
        return self.resource.region

    @property
    def runs(self) -> bool:
        return INSTANCE.restoring.status(self.resource.state) is Status.READY


def find_restored(inventory: Inventory, policy: str, now: datetime) -> tuple[Restored, ...]:
    """The restored instances of a policy with steps left, in all regions that were read.

    One that took over an address stays among them until the time limit: if another run had
    detached the address at the same time and was killed, the address would be free.
    """
    return tuple(
        Restored(each, _source(each, read.resources))
        for read in inventory.regions.values()
        for each in read.resources
        if each.kind is INSTANCE
        and RESTORED in each.tags
        and DRILL not in each.tags
        and each.tags.get(POLICY) == policy
        and (left_to_do(each) or _took_over_lately(each, now))
    )


def continue_restores(situation: Situation, clients: Clients) -> tuple[Outcome, ...]:
    """Do the steps that are left of each restore, as far as they are possible now."""
    now = situation.now
    restored = find_restored(situation.inventory, situation.settings.policy_name, now)
    if situation.request.dry_run:
        return tuple(_planned(each.resource) for each in restored if left_to_do(each.resource))
    return in_regions(restored, clients, lambda each: proceed(clients, each, now))


def proceed(clients: Clients, restored: Restored, now: datetime) -> Iterator[Outcome]:
    """Do the steps that are left of one restore, and write what is left then."""
    resource = restored.resource
    words = left_to_do(resource)
    if not words:
        yield from _attach_again(clients, restored)
        return
    left: list[str] = []
    for word in words:
        done = _step(clients, word, restored) if not left else None
        if done is None or done.status not in ("exists", "started"):
            left.append(word)
        if done is not None:
            yield done
    if tuple(left) != words:
        written = " ".join(left) or DONE
        step = _about(resource, f"steps left of the restore: {written}", "tag")
        yield attempt(clients, step, steps.write_to_do, resource, written)
    if left and is_stuck(resource, now):
        yield _stuck(resource, left)


def _step(clients: Clients, word: str, restored: Restored) -> Outcome | None:
    """Do one step; None where it has to wait."""
    if word == FIREWALL_STEP:
        return _set_firewall(clients, restored)
    if not restored.runs:
        return None
    old = restored.source.name if restored.source else None
    return _move_address(clients, restored.resource, word.removeprefix(STATIC_IP_STEP), old)


def _set_firewall(clients: Clients, restored: Restored) -> Outcome:
    resource, source = restored.resource, restored.source
    wanted = from_tags(resource.tags)
    if wanted is None and source is not None and source.network is not None:
        wanted = source.network.firewall
    step = _about(resource, f"{resource.name} has the firewall of its source")
    if wanted is None:
        message = f"{resource.name}: the firewall of its source is not recorded: set it by hand"
        return outcome(step, "failed", error=ErrorInfo("RestoreIncomplete", message))
    if resource.network is not None and resource.network.firewall == wanted:
        return outcome(step, "exists")
    return steps.set_firewall_early(clients, step, resource, wanted)


def _attach_again(clients: Clients, restored: Restored) -> Iterator[Outcome]:
    """Attach an address that was taken over and is free again; another owner of it is fine."""
    resource = restored.resource
    address = resource.tags.get(STATIC_IP)
    if address and restored.runs and resource.network and resource.network.static_ip != address:
        done = _move_address(clients, resource, address, None)
        if done.error is None or done.error.code != steps.NOT_MOVED:
            yield done


def _move_address(clients: Clients, resource: Resource, address: str, old: str | None) -> Outcome:
    step = _about(resource, f"{resource.name} takes over the static address {address}")
    return attempt(clients, step, steps.move_address, address, old)


def _planned(resource: Resource) -> Outcome:
    left = ", ".join(left_to_do(resource))
    return outcome(_about(resource, f"steps left of the restore: {left}"), "planned")


def _stuck(resource: Resource, left: Iterable[str]) -> Outcome:
    hours = LIMIT.total_seconds() / 3600
    message = (
        f"{resource.name}: the restore is not complete {hours:g} hours after it started. Do by "
        f"hand: {'; '.join(map(_by_hand, left))}. Then set the tag {TO_DO} to {DONE!r}"
    )
    error = ErrorInfo("RestoreIncomplete", message)
    return outcome(_about(resource, "the restore is not complete"), "failed", error=error)


def _by_hand(word: str) -> str:
    if word == FIREWALL_STEP:
        return f"set its firewall as its tag {FIREWALL} describes it"
    return f"attach the static address {word.removeprefix(STATIC_IP_STEP)} to it"


def _about(resource: Resource, reason: str, action: ActionName = "restore") -> Step:
    name = resource.tags.get(RESTORED)
    return Step(resource.region, resource.kind, resource.name, reason, name, action)


def _source(resource: Resource, there: Iterable[Resource]) -> Resource | None:
    arn = resource.tags.get(SOURCE)
    return next((each for each in there if each.arn == arn), None)


def _took_over_lately(resource: Resource, now: datetime) -> bool:
    started = resource.created_at
    return STATIC_IP in resource.tags and started is not None and now - started < LIMIT
