"""One thing that needs a person's attention, what its sentences are based on, and their words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from snapshotter.inputs.settings import Settings
from snapshotter.model.outcome import Outcome
from snapshotter.model.resource import Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.plan.action import Action
from snapshotter.plan.situation import Situation


class Attention(NamedTuple):
    """One thing that is wrong.

    brief: for the subject of a letter, without a full stop. what, do: one sentence each.
    details: further sentences. after: when the function tries again, where it does. stale: the
    resource has no recovery point within the objective, which has a metric of its own.
    """

    brief: str
    what: str
    do: str
    details: tuple[str, ...] = ()
    after: str = ""
    region: str | None = None
    resource_type: str | None = None
    resource: str | None = None
    stale: bool = False


def about(
    resource: Resource, brief: str, problem: str, do: str, *details: str, after: str = ""
) -> Attention:
    """An item about a resource. problem: what follows its name, without a full stop."""
    what = f"{resource.name} ({resource.kind.noun}, {resource.region}){problem}."
    place = (resource.region, resource.kind.name, resource.name)
    return Attention(brief, what, do, details, after, *place)


class Evidence:
    """What is known when sentences are written.

    outcomes: of a run, or of a plan. actions: of the next sweep.
    """

    def __init__(
        self, situation: Situation, outcomes: Sequence[Outcome], actions: Iterable[Action]
    ) -> None:
        self.situation, self.newest = situation, newest_points(situation, outcomes)
        found: defaultdict[tuple[str, str], list[Outcome]] = defaultdict(list)
        for each in outcomes:
            found[each.action, each.status].append(each)
        # Why a snapshot ended in error, by region and name; why a create must wait, by ARN.
        self.errors = {(e.region, e.snapshot): e.why for e in found["confirm", "failed"]}
        self.deferred = {e.source_arn: e.why for e in found["create", "deferred"]}
        # Copies that no sweep makes, and what the next sweep does.
        self.refused = {(e.source_arn, e.region) for e in found["copy", "refused"]}
        # A failed snapshot has its name for good; the next sweep takes another.
        again = [*found["create", "deferred"], *found["create", "failed"]]
        self.tried = {(each.action, each.source_arn, each.region) for each in actions}
        self.tried |= {("create", each.source_arn, each.region or "") for each in again}

    def retry(self, action: str, resource: Resource, region: str) -> str:
        """When the function tries an action again; empty where it does not."""
        tried = (action, resource.arn, region) in self.tried
        return next_try(self.situation.settings) if tried else ""

    def error(self, snapshot: Snapshot) -> str:
        """Why a snapshot ended in error, without a full stop."""
        default = f"{snapshot.name} ended in error"
        return self.errors.get((snapshot.region, snapshot.name), default)


def newest_points(situation: Situation, outcomes: Sequence[Outcome] = ()) -> Mapping[str, datetime]:
    """By ARN, the time of the newest recovery point of each protected resource that has one.

    outcomes: of the run, which may have confirmed a snapshot that the inventory has as pending.
    """
    confirmed = {o.snapshot for o in outcomes if (o.action, o.status) == ("confirm", "exists")}
    taken = {o.source_arn for o in outcomes if o.action == "create" and o.snapshot in confirmed}
    resources = [each.resource for each in situation.protections]
    ready = {each.arn: situation.originals_of(each).newest_ready for each in resources}
    found = {arn: newest.time for arn, newest in ready.items() if newest is not None}
    return found | dict.fromkeys(taken & ready.keys(), situation.now)


def is_stale(newest: datetime | None, situation: Situation) -> bool:
    """Return whether a resource with this newest recovery point misses the objective."""
    return newest is None or situation.now - newest > situation.settings.objective


def next_try(settings: Settings) -> str:
    """When the function tries again what each sweep tries."""
    from snapshotter.inputs.schedules import rate_of  # a nightly run needs none of it

    if not settings.schedule_enabled:
        return "Nothing is tried again by itself: the schedules of the stack do not run."
    rate = rate_of(settings.sweep_expression)
    if rate is None:
        return "The next sweep tries again."
    return f"The function tries again every {rate[1] if rate[0] == 1 else count_of(*rate)}."


def date_of(time: datetime, zone: tzinfo, now: datetime) -> str:
    """`21 November`, in a time zone; `21 November 2025` where now is in another year."""
    local = time.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{local.day} {local:%B}{year}"


def time_of(time: datetime, zone: tzinfo) -> str:
    """`Saturday, 21 November 2026, 04:50 UTC`, in a time zone."""
    local = time.astimezone(zone)
    return f"{local:%A}, {local.day} {local:%B %Y, %H:%M} {local.tzname()}"


def age(span: timedelta) -> str:
    """`5 hours`, or from 48 hours on `3 days`, rounded down; never below zero."""
    hours = max(0, int(span.total_seconds() // 3600))
    return count_of(hours // 24, "day") if hours >= 48 else count_of(hours, "hour")


def count_of(count: int, noun: str) -> str:
    """`1 resource`, `2 resources`; copies are the one noun that is no plain plural."""
    plural = "copies" if noun == "copy" else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"
