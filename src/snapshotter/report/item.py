"""One thing that needs a person's attention, and what its sentences are based on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from snapshotter.inputs.settings import Settings
from snapshotter.model.outcome import Outcome
from snapshotter.model.resource import Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.plan.action import Action
from snapshotter.plan.situation import Situation
from snapshotter.report.wording import count_of, rate_of


class Attention(NamedTuple):
    """One thing that is wrong.

    brief: for the subject of a letter, without a full stop. what, do: one sentence each.
    details: further sentences. accepted: of a wish that cannot be followed, what would be.
    after: when the function tries again, where it does. stale: the resource has no recovery point
    within the objective, which has a metric of its own.
    """

    brief: str
    what: str
    do: str
    details: tuple[str, ...] = ()
    accepted: str = ""
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
    accepted: str = "",
    after: str = "",
    stale: bool = False,
) -> Attention:
    """An item about a resource. problem: what follows its name, without a full stop."""
    what = f"{resource.name} ({resource.kind.noun}, {resource.region}){problem}."
    place = (resource.region, resource.kind.name, resource.name)
    return Attention(brief, what, do, details, accepted, after, *place, stale)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known when sentences are written.

    newest: by ARN, the time of the newest recovery point of each protected resource that has one.
    errors: by region and snapshot, why it ended in error. deferred: by ARN, why a create must wait.
    tried: the action, ARN and region of what the next sweep does. refused: ARN and region of copies
    that no sweep makes.
    """

    situation: Situation
    newest: Mapping[str, datetime]
    errors: Mapping[tuple[str | None, str | None], str]
    deferred: Mapping[str, str]
    tried: frozenset[tuple[str, str, str | None]]
    refused: frozenset[tuple[str, str | None]]

    def retry(self, action: str, resource: Resource, region: str) -> str:
        """When the function tries an action again; empty where it does not."""
        if (action, resource.arn, region) not in self.tried:
            return ""
        return next_try(self.situation.settings)

    def error(self, snapshot: Snapshot) -> str:
        """Why a snapshot ended in error, without a full stop."""
        default = f"{snapshot.name} ended in error"
        return self.errors.get((snapshot.region, snapshot.name), default).rstrip(".")


def gather(
    situation: Situation,
    outcomes: Sequence[Outcome],
    newest: Mapping[str, datetime],
    actions: Iterable[Action],
) -> Evidence:
    """Find in outcomes what the sentences need. actions: of the next sweep."""
    deferred = [each for each in outcomes if (each.action, each.status) == ("create", "deferred")]
    tried = {(each.action, each.source_arn, each.region) for each in actions}
    return Evidence(
        situation,
        newest,
        errors={
            (each.region, each.snapshot): each.error.sentence
            for each in outcomes
            if each.action == "confirm" and each.error
        },
        deferred={
            each.source_arn: each.error.sentence if each.error else each.reason or ""
            for each in deferred
        },
        tried=frozenset(tried | {("create", each.source_arn, each.region) for each in deferred}),
        refused=frozenset(
            (each.source_arn, each.region)
            for each in outcomes
            if (each.action, each.status) == ("copy", "refused")
        ),
    )


def sweeps_by_itself(settings: Settings) -> bool:
    """Return whether another sweep comes without a person."""
    return settings.schedule_enabled and not settings.sweep_expression.startswith("at(")


def next_try(settings: Settings) -> str:
    """When the function tries again what each sweep tries."""
    if not sweeps_by_itself(settings):
        return "Nothing is tried again by itself: the schedules of the stack do not run."
    rate = rate_of(settings.sweep_expression)
    if rate is None:
        return "The next sweep tries again."
    return f"The function tries again every {rate[1] if rate[0] == 1 else count_of(*rate)}."
