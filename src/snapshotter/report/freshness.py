"""Resources and copies whose newest recovery point is old or missing, or whose newest failed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from snapshotter.model.kinds import Status
from snapshotter.model.outcome import Outcome
from snapshotter.model.resource import Resource
from snapshotter.model.snapshot import Series, Snapshot
from snapshotter.plan.situation import Situation
from snapshotter.report.item import Attention, Evidence, about, sweeps_by_itself
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
    resources = [each.resource for each in situation.protections]
    ready = {each.arn: situation.originals_of(each).newest_ready for each in resources}
    found = {arn: newest.time for arn, newest in ready.items() if newest is not None}
    return found | dict.fromkeys(taken & ready.keys(), situation.now)


def is_stale(newest: datetime | None, situation: Situation) -> bool:
    """Return whether a resource with this newest recovery point misses the objective."""
    return newest is None or situation.now - newest > situation.settings.objective


def stale_resources(found: Evidence) -> Iterator[Attention]:
    """Protected resources without a recovery point within the objective, worst first."""
    situation, newest = found.situation, found.newest
    zone, now = situation.settings.timezone, situation.now
    resources = [each.resource for each in situation.protections]
    for resource in sorted(resources, key=lambda each: newest.get(each.arn, now)):
        time = newest.get(resource.arn)
        if not is_stale(time, situation):
            continue
        since, problem, last = "yet", " has no good backup yet", []
        if time:
            since = f"since {date_of(time, zone, now)}"
            problem = f" has had no good backup for {age(now - time)}"
            last = [f"Last recovery point: {time_of(time, zone)}"]
        why, do = _cause(resource, found)
        brief = f"{resource.name} has no good backup {since}"
        after = found.retry("create", resource, resource.region)
        yield about(resource, brief, problem, do, *last, f"Why: {why}.", after=after, stale=True)


def _cause(resource: Resource, found: Evidence) -> tuple[str, str]:
    """Why a resource is stale, and what to do."""
    situation = found.situation
    series = situation.originals_of(resource)
    latest, good = next(iter(series.snapshots), None), series.newest_ready
    look = f"Look at {resource.name} in the Lightsail console and in the function's log."
    if latest and latest.status is Status.FAILED:
        restore = good and f"Restore {good.name} to a new {good.kind.noun} and check it."
        return found.error(latest), restore or look
    if latest and latest.status is not Status.READY:
        when = time_of(latest.time, situation.settings.timezone)
        return f"the snapshot of {when} is {latest.state}", _wait(latest)
    if waiting := found.deferred.get(resource.arn):
        return waiting, look
    why = "no snapshot was taken since" if latest else "it has no snapshot yet"
    return why, look if sweeps_by_itself(situation.settings) else _START


def failed_snapshots(found: Evidence) -> Iterator[Attention]:
    """Resources whose newest snapshot failed, but with a recovery point within the objective."""
    nothing = "Nothing yet: there is a recent recovery point."
    for protection in found.situation.protections:
        resource = protection.resource
        latest = next(iter(found.situation.originals_of(resource).snapshots), None)
        fresh = not is_stale(found.newest.get(resource.arn), found.situation)
        if fresh and latest and latest.status is Status.FAILED:
            yield about(
                resource,
                f"the newest snapshot of {resource.name} failed",
                f": its newest snapshot {found.error(latest)}",
                nothing if sweeps_by_itself(found.situation.settings) else _START,
                after=found.retry("create", resource, resource.region),
            )


def missing_copies(found: Evidence) -> Iterator[Attention]:
    """Copies that are asked for and failed, are too old, or never came.

    A region that cannot be read is a thing of its own, and so is a copy that is refused.
    """
    situation = found.situation
    for protection in situation.protections:
        resource = protection.resource
        for region in protection.copy_to:
            refused = (resource.arn, region) in found.refused
            if region in situation.inventory.regions and not refused:
                copies = situation.series_in(resource, region)
                if copies.snapshots:
                    yield from _bad_copies(resource, copies, found)
                else:
                    yield from _no_copies(resource, region, found)


def _no_copies(resource: Resource, region: str, found: Evidence) -> Iterator[Attention]:
    first = next(reversed(found.situation.originals_of(resource).ready), None)
    if first and is_stale(first.time, found.situation):
        since = time_of(first.time, found.situation.settings.timezone)
        yield about(
            resource,
            f"{resource.name} has no copy in {region}",
            f" has no copy in {region}; its first recovery point is of {since}",
            "Search the function's log for its copies.",
            after=found.retry("copy", resource, region),
        )


def _bad_copies(resource: Resource, copies: Series, found: Evidence) -> Iterator[Attention]:
    """Copies that are too old, unless the resource has nothing newer itself, or failed."""
    situation, where = found.situation, copies.region
    zone = situation.settings.timezone
    newest, ready = copies.snapshots[0], copies.newest_ready
    failed, pending = newest.status is Status.FAILED, newest.status is not Status.READY
    behind = not is_stale(found.newest.get(resource.arn), situation)
    late = behind and is_stale((ready or copies.snapshots[-1]).time, situation)
    if not (late or failed):
        return
    state = f"is from {time_of(ready.time, zone)}" if ready else "is not ready yet"
    good = f"Last good copy: {time_of(ready.time, zone)}" if failed and ready else ""
    yield about(
        resource,
        f"{resource.name} has {'no recent copy' if late else 'a failed copy'} in {where}",
        f": its newest copy in {where} {f'failed: {found.error(newest)}' if failed else state}",
        _wait(newest) if pending and not failed else "Search the function's log for its copies.",
        *([good] if good else []),
        after=found.retry("copy", resource, where),
    )


def _wait(snapshot: Snapshot) -> str:
    return (
        "Wait for it; if it is not ready in a few hours, look at it in the Lightsail console "
        f"({snapshot.region})."
    )
