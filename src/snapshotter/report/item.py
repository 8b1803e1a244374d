"""One thing that needs a person's attention, and what its sentences are based on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from snapshotter.inputs.settings import Settings
from snapshotter.model.outcome import Outcome
from snapshotter.model.resource import Resource
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


def about(resource: Resource, item: Attention) -> Attention:
    """The item, about one resource."""
    kind = resource.kind.name
    return item._replace(region=resource.region, resource_type=kind, resource=resource.name)


def named(resource: Resource) -> str:
    """A resource as a letter names it: `web-1 (instance, us-east-1)`."""
    return f"{resource.name} ({resource.kind.noun}, {resource.region})"


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


def gather(
    situation: Situation,
    outcomes: Sequence[Outcome],
    newest: Mapping[str, datetime],
    actions: Iterable[Action] = (),
) -> Evidence:
    """Find in outcomes what the sentences need. actions: of the next sweep."""
    deferred = [each for each in outcomes if (each.action, each.status) == ("create", "deferred")]
    return Evidence(
        situation,
        newest,
        errors={
            (each.region, each.snapshot): each.error.sentence
            for each in outcomes
            if each.action == "confirm" and each.error
        },
        deferred={each.source_arn: message_of(each) for each in deferred},
        tried=frozenset((e.action, e.source_arn, e.region) for e in (*actions, *deferred)),
        refused=frozenset(
            (each.source_arn, each.region)
            for each in outcomes
            if (each.action, each.status) == ("copy", "refused")
        ),
    )


def sweeps_by_itself(settings: Settings) -> bool:
    """Whether another sweep comes without a person."""
    return settings.schedule_enabled and not settings.sweep_expression.startswith("at(")


def next_try(settings: Settings) -> str:
    """When the function tries again what each sweep tries."""
    if not sweeps_by_itself(settings):
        return "Nothing is tried again by itself: the schedules of the stack do not run."
    rate = rate_of(settings.sweep_expression)
    if rate is None:
        return "The next sweep tries again."
    number, unit = rate
    return f"The function tries again every {unit if number == 1 else count_of(number, unit)}."


def message_of(outcome: Outcome) -> str:
    """Why an outcome is as it is, without a full stop."""
    return (outcome.error.sentence if outcome.error else outcome.reason or "").rstrip(".")
