"""Which snapshots are due: the one difference between a snapshot run and a sweep."""

from collections.abc import Iterator

from snapshotter.inputs.event import RunAction
from snapshotter.model.firewall import TAGS as FIREWALL_TAGS
from snapshotter.model.firewall import to_tags
from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import DATABASE, DISK, Status
from snapshotter.model.names import snapshot_name
from snapshotter.model.network import network_tags
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.series import OwnSnapshot, Series
from snapshotter.model.tags import OF_DRILLS, RETENTION, TAG_LIMIT, inherit, ownership
from snapshotter.plan.actions import CreateSnapshot
from snapshotter.plan.findings import finding
from snapshotter.plan.situation import Situation

DATABASE_READY = "available"


def plan_creates(situation: Situation) -> Iterator[CreateSnapshot | Outcome]:
    """Plan a snapshot for every selected resource that is due."""
    due = _due_now if situation.request.action is RunAction.SNAPSHOT else _due_by_objective
    for protection in situation.protections.values():
        resource = protection.resource
        series = situation.originals_of(resource)
        taken = series.at(situation.now)
        if taken is not None and taken.status is Status.FAILED:
            yield _failed_already(resource, taken)
        elif taken is not None and situation.request.action is RunAction.SNAPSHOT:
            yield _taken_already(resource, taken)
        elif taken is None and (reason := due(series, situation)):
            yield _create(resource, situation, reason)


def _due_now(_: Series, __: Situation) -> str:
    return "scheduled"


def _due_by_objective(series: Series, situation: Situation) -> str:
    """The reason for which a sweep takes a snapshot; empty where none is due."""
    newest = series.newest(Status.READY, Status.PENDING)
    if newest is None:
        return "it has no recovery point yet"
    attempt = series.snapshots[0]
    if attempt.status is Status.FAILED:
        return f"the newest attempt, {attempt.name}, ended in error"
    hours = situation.settings.objective.total_seconds() / 3600
    if situation.now - newest.time > situation.settings.objective:
        return f"its newest recovery point is older than {hours:g} hours"
    return ""


def _create(resource: Resource, situation: Situation, reason: str) -> CreateSnapshot | Outcome:
    name = snapshot_name(resource.kind, resource.name, resource.arn, situation.now)
    if resource.kind is DATABASE and resource.state != DATABASE_READY:
        state = resource.state or "unknown"
        why = f"the state of the database is {state}, not {DATABASE_READY}"
        return finding(resource, "create", "deferred", snapshot=name, reason=why)
    protection = situation.protections[resource.arn]
    ours: dict[str, str | None] = {
        **ownership(situation.settings.policy_name, resource.arn, situation.now)
    }
    if protection.retention is not None:
        ours[RETENTION] = str(protection.retention)
    if resource.network is not None:
        ours |= network_tags(resource.network)
    # A drill needs room for its result.
    drilled = situation.settings.enable_restore and protection.drill
    tags, left_out = inherit(resource.tags, ours, spare=len(OF_DRILLS) if drilled else 0)
    remarks = (reason, *_remarks(resource, left_out, situation))
    return CreateSnapshot(resource, name, tags, "; ".join(remarks))


def _remarks(resource: Resource, left_out: tuple[str, ...], situation: Situation) -> Iterator[str]:
    if left_out:
        yield f"left out, since a snapshot takes {TAG_LIMIT} tags: {', '.join(left_out)}"
    if network := resource.network:
        if to_tags(network.firewall) is None:
            yield f"its firewall is not recorded: it needs more than {len(FIREWALL_TAGS)} tags"
        if not network.static_ip_known:
            yield "the name of its static address could not be read, and is not recorded"
    if resource.kind is DISK and situation.protects_instance(resource):
        yield f"snapshots of the instance {resource.attached_to} contain this disk too"


def _taken_already(resource: Resource, taken: OwnSnapshot) -> Outcome:
    reason = f"taken already for this scheduled time; its state is {taken.snapshot.state}"
    return finding(resource, "create", "exists", snapshot=taken.name, reason=reason)


def _failed_already(resource: Resource, taken: OwnSnapshot) -> Outcome:
    error = ErrorInfo(
        "SnapshotFailed",
        f"{taken.name} ended in error, and its name cannot be used again; the next sweep takes "
        "another snapshot under its own time",
    )
    return finding(resource, "create", "failed", snapshot=taken.name, error=error)
