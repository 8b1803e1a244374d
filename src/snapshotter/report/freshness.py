"""Resources and copies whose newest recovery point is older than the objective."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import Series
from snapshotter.plan import Situation
from snapshotter.report.item import Attention, about, named
from snapshotter.report.wording import age, date_of, time_of


def newest_points(
    situation: Situation, outcomes: tuple[Outcome, ...] = ()
) -> Mapping[str, datetime]:
    """By ARN, the time of the newest recovery point of each protected resource that has one.

    outcomes: of the run, which may have confirmed a snapshot that the inventory has as pending.
    """
    confirmed = {o.snapshot for o in outcomes if (o.action, o.status) == ("confirm", "exists")}
    taken = {
        (o.region, o.resource_type, o.resource)
        for o in outcomes
        if o.action == "create" and o.snapshot in confirmed
    }
    found: dict[str, datetime] = {}
    for arn, protection in situation.protections.items():
        resource = protection.resource
        series = situation.originals_of(resource)
        newest = series.newest(Status.READY) if series else None
        if (resource.region, resource.kind.name, resource.name) in taken:
            found[arn] = situation.now
        elif newest is not None:
            found[arn] = newest.time
    return found


def is_stale(newest: datetime | None, situation: Situation) -> bool:
    """Tell whether a resource with this newest recovery point misses the objective."""
    return newest is None or situation.now - newest > situation.settings.objective


def stale_resources(
    situation: Situation,
    newest: Mapping[str, datetime],
    failed: Mapping[tuple[str | None, str | None], Outcome],
) -> Iterator[Attention]:
    """Protected resources without a recovery point within the objective.

    failed: by region and resource, the failed outcome of its newest snapshot.
    """
    zone = situation.settings.timezone
    for arn, protection in situation.protections.items():
        resource, time = protection.resource, newest.get(arn)
        if not is_stale(time, situation):
            continue
        failure = failed.get((resource.region, resource.name))
        why = f"Why: {failure.error.message.rstrip('.')}." if failure and failure.error else ""
        last = f"Last recovery point: {time_of(time, zone)}" if time else ""
        for_long = f"for {age(situation.now - time)}" if time else "yet"
        yield about(
            resource,
            brief=f"{resource.name} has no good backup"
            + (f" since {date_of(time, zone)}" if time else " yet"),
            what=f"{named(resource)} has had no good backup {for_long}.",
            do=_remedy(situation.originals_of(resource), failure),
            details=tuple(each for each in (last, why) if each),
            stale=True,
        )


def old_copies(situation: Situation) -> Iterator[tuple[Resource, Attention]]:
    """Copies that are asked for, and whose newest is older than the objective.

    A region that never had a copy of the resource is no fault: this run starts the first one.
    """
    zone = situation.settings.timezone
    for protection in situation.protections.values():
        resource = protection.resource
        for region in protection.copy_to if resource.kind.copyable else ():
            copies = situation.copies_of(resource, region)
            newest = copies.newest(Status.READY) if copies else None
            if copies is None or (newest and not is_stale(newest.time, situation)):
                continue
            state = f"is from {time_of(newest.time, zone)}" if newest else "is not ready"
            yield (
                resource,
                about(
                    resource,
                    brief=f"{resource.name} has no recent copy in {region}",
                    what=f"{named(resource)}: its newest copy in {region} {state}.",
                    do=f"Look for the copy outcomes of {resource.name} in the function's log.",
                ),
            )


def _remedy(series: Series | None, failure: Outcome | None) -> str:
    newest = series.newest(Status.READY) if series else None
    if newest is None or failure is None:
        return "Check its state in the Lightsail console, and its outcomes in the function's log."
    return f"Restore {newest.name} to a new {newest.kind.noun} and check it."
