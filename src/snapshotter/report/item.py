"""One thing that needs a person's attention, and what its sentences are based on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from snapshotter.inputs.settings import Settings
from snapshotter.model.outcome import Outcome
from snapshotter.model.resource import Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.plan.action import Action
from snapshotter.plan.situation import Situation
from snapshotter.report.wording import count_of


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
    resource: Resource,
    brief: str,
    problem: str,
    do: str,
    *details: str,
    after: str = "",
    stale: bool = False,
) -> Attention:
    """An item about a resource. problem: what follows its name, without a full stop."""
    what = f"{resource.name} ({resource.kind.noun}, {resource.region}){problem}."
    place = (resource.region, resource.kind.name, resource.name)
    return Attention(brief, what, do, details, after, *place, stale)


class Evidence:
    """What is known when sentences are written.

    outcomes: of a run, or of a plan. newest: by ARN, the time of the newest recovery point of each
    protected resource that has one. actions: of the next sweep.
    """

    def __init__(
        self,
        situation: Situation,
        outcomes: Sequence[Outcome],
        newest: Mapping[str, datetime],
        actions: Iterable[Action],
    ) -> None:
        self.situation, self.newest = situation, newest
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
        if (action, resource.arn, region) not in self.tried:
            return ""
        return next_try(self.situation.settings)

    def error(self, snapshot: Snapshot) -> str:
        """Why a snapshot ended in error, without a full stop."""
        default = f"{snapshot.name} ended in error"
        return self.errors.get((snapshot.region, snapshot.name), default)


def sweeps_by_itself(settings: Settings) -> bool:
    """Return whether another sweep comes without a person."""
    return settings.schedule_enabled and not settings.sweep_expression.startswith("at(")


def next_try(settings: Settings) -> str:
    """When the function tries again what each sweep tries."""
    from snapshotter.inputs.schedules import rate_of  # a nightly run needs none of it

    if not sweeps_by_itself(settings):
        return "Nothing is tried again by itself: the schedules of the stack do not run."
    rate = rate_of(settings.sweep_expression)
    if rate is None:
        return "The next sweep tries again."
    return f"The function tries again every {rate[1] if rate[0] == 1 else count_of(*rate)}."
