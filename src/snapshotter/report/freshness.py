"""Resources and copies whose newest recovery point is old or missing, or whose newest failed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from snapshotter.model.kinds import Status
from snapshotter.model.outcome import Outcome
from snapshotter.model.resource import Resource
from snapshotter.model.snapshot import Series, Snapshot
from snapshotter.plan.situation import Situation
from snapshotter.report.item import Attention, Evidence, about, named, sweeps_by_itself
from snapshotter.report.wording import age, date_of, time_of

_START = (
    'Deploy the stack with ScheduleState=ENABLED, or invoke the function with {"action": "sweep"}.'
)


def newest_points(situation: Situation, outcomes: Sequence[Outcome] = ()) -> Mapping[str, datetime]:
    """By ARN, the time of the newest recovery point of each protected resource that has one.

    outcomes: of the run, which may have confirmed a snapshot that the inventory has as pending.
    """
    confirmed = {o.snapshot for o in outcomes if (o.action, o.status) == ("confirm", "exists")}
    taken = {o.source_arn for o in outcomes if o.action == "create" and o.snapshot in confirmed}
    found: dict[str, datetime] = {}
    for protection in situation.protections:
        arn, newest = (
            protection.resource.arn,
            situation.originals_of(protection.resource).newest_ready,
        )
        if arn in taken:
            found[arn] = situation.now
        elif newest is not None:
            found[arn] = newest.time
    return found


def is_stale(newest: datetime | None, situation: Situation) -> bool:
    """Return whether a resource with this newest recovery point misses the objective."""
    return newest is None or situation.now - newest > situation.settings.objective


def stale_resources(found: Evidence) -> Iterator[Attention]:
    """Protected resources without a recovery point within the objective, worst first."""
    situation, newest = found.situation, found.newest
    zone = situation.settings.timezone
    resources = [each.resource for each in situation.protections]
    for resource in sorted(resources, key=lambda each: newest.get(each.arn, situation.now)):
        time = newest.get(resource.arn)
        if not is_stale(time, situation):
            continue
        why, do = _cause(resource, found)
        if time:
            since = f"since {date_of(time, zone, situation.now)}"
            what = f"had no good backup for {age(situation.now - time)}"
            last: tuple[str, ...] = (f"Last recovery point: {time_of(time, zone)}",)
        else:
            since, what, last = "yet", "no good backup yet", ()
        item = Attention(
            brief=f"{resource.name} has no good backup {since}",
            what=f"{named(resource)} has {what}.",
            do=do,
            details=(*last, f"Why: {why}."),
            after=found.retry("create", resource, resource.region),
            stale=True,
        )
        yield about(resource, item)


def _cause(resource: Resource, found: Evidence) -> tuple[str, str]:
    """Why a resource is stale, and what to do."""
    situation = found.situation
    series = situation.originals_of(resource)
    latest = series.snapshots[0] if series.snapshots else None
    if latest and latest.status is Status.FAILED:
        good = series.newest_ready
        if good is None:
            return _error(latest, found), _look(resource)
        return _error(latest, found), (
            f"Restore {good.name} to a new {good.kind.noun} and check it."
        )
    if latest and latest.status is not Status.READY:
        when = time_of(latest.time, situation.settings.timezone)
        return f"the snapshot of {when} is {latest.state}", _wait(latest)
    if waiting := found.deferred.get(resource.arn):
        return waiting, _look(resource)
    why = "no snapshot was taken since" if latest else "it has no snapshot yet"
    return why, _look(resource) if sweeps_by_itself(situation.settings) else _START


def failed_snapshots(found: Evidence) -> Iterator[Attention]:
    """Resources whose newest snapshot failed, but with a recovery point within the objective."""
    for protection in found.situation.protections:
        resource = protection.resource
        latest = next(iter(found.situation.originals_of(resource).snapshots), None)
        fresh = not is_stale(found.newest.get(resource.arn), found.situation)
        if fresh and latest and latest.status is Status.FAILED:
            waits = sweeps_by_itself(found.situation.settings)
            item = Attention(
                brief=f"the newest snapshot of {resource.name} failed",
                what=f"{named(resource)}: its newest snapshot {_error(latest, found)}.",
                do="Nothing yet: there is a recent recovery point." if waits else _START,
                after=found.retry("create", resource, resource.region),
            )
            yield about(resource, item)


def missing_copies(found: Evidence) -> Iterator[Attention]:
    """Copies that are asked for and failed, are too old, or never came.

    A region that cannot be read is a thing of its own, and so is a copy that is refused. An old
    copy of a resource that has nothing newer itself is no fault of the copies.
    """
    situation = found.situation
    for protection in situation.protections:
        resource = protection.resource
        for region in protection.copy_to:
            if region in situation.inventory.regions:
                copies = situation.series_in(resource, region)
                state = None
                if (resource.arn, region) not in found.refused:
                    state = _state_of_copies(resource, copies, found)
                if state is not None:
                    yield _about_copies(resource, copies, state, found)


def _state_of_copies(resource: Resource, copies: Series, found: Evidence) -> tuple[str, str] | None:
    """What is wrong with the copies of a resource in a region: briefly, and as a sentence."""
    situation, where = found.situation, copies.region
    zone = situation.settings.timezone
    if not copies.snapshots:
        first = next(reversed(situation.originals_of(resource).ready), None)
        if first is None or not is_stale(first.time, situation):
            return None
        since = time_of(first.time, zone)
        return f"has no copy in {where}", f"has no copy in {where}; its first point is of {since}"
    newest, ready = copies.snapshots[0], copies.newest_ready
    behind = not is_stale(found.newest.get(resource.arn), situation)
    late = behind and is_stale((ready or copies.snapshots[-1]).time, situation)
    about_it = f"{'has no recent copy' if late else 'has a failed copy'} in {where}"
    if newest.status is Status.FAILED:
        return about_it, f"its newest copy in {where} failed: {_error(newest, found)}"
    if not late:
        return None
    state = f"is from {time_of(ready.time, zone)}" if ready else "is not ready yet"
    return about_it, f"its newest copy in {where} {state}"


def _about_copies(
    resource: Resource, copies: Series, state: tuple[str, str], found: Evidence
) -> Attention:
    brief, what = state
    newest = next(iter(copies.snapshots), None)
    ready, zone = copies.newest_ready, found.situation.settings.timezone
    failed = newest is not None and newest.status is Status.FAILED
    pending = newest is not None and newest.status in (Status.PENDING, Status.UNKNOWN)
    item = Attention(
        brief=f"{resource.name} {brief}",
        what=f"{named(resource)}{' ' if newest is None else ': '}{what}.",
        do=_wait(newest) if newest and pending else "Search the function's log for its copies.",
        details=(f"Last good copy: {time_of(ready.time, zone)}",) if failed and ready else (),
        after=found.retry("copy", resource, copies.region),
    )
    return about(resource, item)


def _error(snapshot: Snapshot, found: Evidence) -> str:
    """Why a snapshot ended in error, without a full stop."""
    unknown = f"{snapshot.name} ended in error"
    return found.errors.get((snapshot.region, snapshot.name), unknown).rstrip(".")


def _look(resource: Resource) -> str:
    return f"Look at {resource.name} in the Lightsail console and in the function's log."


def _wait(snapshot: Snapshot) -> str:
    console = (
        f"the Lightsail console ({snapshot.region})"
        if snapshot.is_copy
        else "the Lightsail console"
    )
    return f"Wait for it; if it is not ready in a few hours, look at it in {console}."
