"""Resources and copies whose newest recovery point is old, or whose newest snapshot failed."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import Status
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import OwnSnapshot, Series
from snapshotter.plan import Situation
from snapshotter.report.item import Attention, about, named
from snapshotter.report.wording import age, date_of, time_of

Reasons = Mapping[tuple[str | None, str | None], str]
"""By region and name, why a snapshot ended in error, or why a resource was not snapshotted yet."""


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
        newest = situation.originals_of(resource).newest(Status.READY)
        if (resource.region, resource.kind.name, resource.name) in taken:
            found[arn] = situation.now
        elif newest is not None:
            found[arn] = newest.time
    return found


def is_stale(newest: datetime | None, situation: Situation) -> bool:
    """Return whether a resource with this newest recovery point misses the objective."""
    return newest is None or situation.now - newest > situation.settings.objective


def stale_resources(
    situation: Situation, newest: Mapping[str, datetime], reasons: Reasons
) -> Iterator[Attention]:
    """Protected resources without a recovery point within the objective, worst first."""
    zone = situation.settings.timezone
    longest_first = sorted(situation.protections, key=lambda arn: newest.get(arn, situation.now))
    for arn in longest_first:
        resource, time = situation.protections[arn].resource, newest.get(arn)
        if not is_stale(time, situation):
            continue
        why, do = _cause(resource, situation, reasons)
        since = f"since {date_of(time, zone)}" if time else "yet"
        what = (
            f"had no good backup for {age(situation.now - time)}" if time else "no good backup yet"
        )
        last = (f"Last recovery point: {time_of(time, zone)}",) if time else ()
        yield about(
            resource,
            brief=f"{resource.name} has no good backup {since}",
            what=f"{named(resource)} has {what}.",
            do=do,
            details=(*last, f"Why: {why}."),
            stale=True,
        )


def _cause(resource: Resource, situation: Situation, reasons: Reasons) -> tuple[str, str]:
    """Why a resource is stale, and what to do."""
    series = situation.originals_of(resource)
    look = f"Look at {resource.name} in the Lightsail console and in the function's log."
    deferred = reasons.get((resource.region, resource.name))
    if not series.snapshots:
        return deferred or "it has no snapshot yet; the next sweep takes one", look
    latest, good = series.snapshots[0], series.newest(Status.READY)
    if latest.status is Status.READY:
        return deferred or "no snapshot was taken since", look
    if latest.status is not Status.FAILED:
        when = time_of(latest.time, situation.settings.timezone)
        return f"the snapshot of {when} is {latest.snapshot.state}", (
            "Wait for it; if it is not ready in a few hours, look at it in the Lightsail console."
        )
    return reasons.get(_place(latest), f"{latest.name} ended in error"), (
        f"Restore {good.name} to a new {good.kind.noun} and check it." if good else look
    )


def failed_snapshots(
    situation: Situation, newest: Mapping[str, datetime], reasons: Reasons
) -> Iterator[Attention]:
    """Resources whose newest snapshot failed, but with a recovery point within the objective."""
    for arn, protection in situation.protections.items():
        resource = protection.resource
        series = situation.originals_of(resource)
        if not series.snapshots or is_stale(newest.get(arn), situation):
            continue
        if why := reasons.get(_place(series.snapshots[0])):
            yield about(
                resource,
                brief=f"the newest snapshot of {resource.name} failed",
                what=f"{named(resource)}: its newest snapshot {why}.",
                do="Nothing yet: there is a recent recovery point, and the next sweep tries again.",
            )


def old_copies(
    situation: Situation, newest: Mapping[str, datetime], reasons: Reasons
) -> Iterator[Attention]:
    """Copies that are asked for and failed, or whose newest is older than the objective.

    A region without any copy is no fault: this run starts the first one. Nor is an old copy of
    a resource that has nothing newer itself.
    """
    for arn, protection in situation.protections.items():
        stale = is_stale(newest.get(arn), situation)
        for region in protection.copy_to if protection.resource.kind.copyable else ():
            copies = situation.copies_of(protection.resource, region)
            if not copies.snapshots:
                continue
            attempted = copies.newest(Status.READY) or copies.snapshots[-1]
            late = not stale and is_stale(attempted.time, situation)
            why = reasons.get(_place(copies.snapshots[0]))
            if late or why:
                yield _about_copies(protection.resource, copies, why, late, situation)


def _about_copies(
    resource: Resource, copies: Series, why: str | None, late: bool, situation: Situation
) -> Attention:
    ready = copies.newest(Status.READY)
    time = time_of(ready.time, situation.settings.timezone) if ready else ""
    state = f"failed: {why}" if why else f"is from {time}" if time else "is not ready yet"
    about_it = "has no recent copy" if late else "has a failed copy"
    return about(
        resource,
        brief=f"{resource.name} {about_it} in {copies.region}",
        what=f"{named(resource)}: its newest copy in {copies.region} {state}.",
        do="Search the function's log for its copies; each sweep tries again.",
        details=(f"Last good copy: {time}",) if why and time else (),
    )


def _place(own: OwnSnapshot) -> tuple[str, str]:
    return own.region, own.name
