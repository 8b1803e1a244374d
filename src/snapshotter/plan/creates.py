"""Which snapshots are due: the one difference between a snapshot run and a sweep."""

from collections.abc import Iterator
from dataclasses import replace

from snapshotter.inputs.event import SnapshotEvent
from snapshotter.model.firewall import TAGS as FIREWALL_TAGS
from snapshotter.model.firewall import to_tags
from snapshotter.model.kinds import DATABASE, DISK, Status
from snapshotter.model.names import snapshot_name
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Resource
from snapshotter.model.snapshot import Series
from snapshotter.model.tags import (
    ADDRESS,
    ADDRESS_TYPE,
    KEY_PAIR,
    OF_DRILLS,
    PUBLICLY_ACCESSIBLE,
    RETENTION,
    STATIC_IP,
    TAG_LIMIT,
    ZONE,
    Tags,
    inherit,
    ownership,
)
from snapshotter.plan.action import Action, about_resource
from snapshotter.plan.situation import Situation
from snapshotter.policy.selection import Protection


def plan_creates(situation: Situation) -> Iterator[Action | Outcome]:
    """Plan a snapshot for every selected resource that is due."""
    scheduled = isinstance(situation.request, SnapshotEvent)
    for protection in situation.protections:
        resource = protection.resource
        series = situation.originals_of(resource)
        name = snapshot_name(resource.kind, resource.name, resource.arn, situation.now)
        action = about_resource("create", resource, snapshot=name)
        taken = series.find(situation.now)
        if taken is not None and taken.status is Status.FAILED:
            error = ErrorInfo(
                "SnapshotFailed",
                f"{taken.name} ended in error, and its name cannot be used again; the next sweep "
                "takes another snapshot under its own time",
            )
            yield replace(action, snapshot=taken.name).outcome("failed", error=error)
        elif taken is not None and scheduled:
            reason = f"taken already for this scheduled time; its state is {taken.state}"
            yield replace(action, snapshot=taken.name).outcome("exists", reason=reason)
        elif taken is None and (
            reason := "scheduled" if scheduled else _why_due(series, situation)
        ):
            yield _create(action, protection, situation, reason)


def _why_due(series: Series, situation: Situation) -> str:
    """The reason for which a sweep takes a snapshot; empty where none is due.

    A snapshot of an unknown state is no recovery point, but it is an attempt: without it, a state
    that is not documented would add a snapshot at every sweep, which nothing may delete.
    """
    attempts = series.with_status(Status.READY, Status.PENDING, Status.UNKNOWN)
    if not attempts:
        return "it has no recovery point yet"
    latest = series.snapshots[0]
    if latest.status is Status.FAILED:
        return f"the newest attempt, {latest.name}, ended in error"
    if situation.now - attempts[0].time > situation.settings.objective:
        hours = situation.settings.objective.total_seconds() / 3600
        return f"its newest snapshot is older than {hours:g} hours"
    return ""


def _create(
    action: Action, protection: Protection, situation: Situation, reason: str
) -> Action | Outcome:
    resource = protection.resource
    if resource.kind is DATABASE and resource.state not in ("", DATABASE.running_state):
        why = f"the state of the database is {resource.state}, not {DATABASE.running_state}"
        return action.outcome("deferred", reason=why)
    # A drill needs room for its result.
    drilled = situation.settings.enable_restore and protection.drill
    ours, spare = _our_tags(protection, situation), len(OF_DRILLS) if drilled else 0
    tags, left_out = inherit(resource.tags, ours, spare=spare)
    remarks = (reason, *_remarks(resource, left_out, situation))
    return replace(action, tags=tags, reason="; ".join(remarks))


def _our_tags(protection: Protection, situation: Situation) -> Tags:
    """Who made it, of what and when; the policy in force; and what a restore needs to know.

    What the resource does not have, or Lightsail does not say, has no tag.
    """
    resource = protection.resource
    source = resource.arn if resource.arn.startswith("arn:") else ""
    known = {
        **ownership(situation.settings.policy_name, source, situation.now),
        RETENTION: str(protection.retention) if protection.retention else None,
        ZONE: resource.zone if resource.kind is not DATABASE else None,
        ADDRESS: resource.address,
        STATIC_IP: resource.static_ip,
        KEY_PAIR: resource.key_pair,
        ADDRESS_TYPE: resource.address_type,
        PUBLICLY_ACCESSIBLE: "true" if resource.publicly_accessible else None,
    }
    firewall = resource.firewall and to_tags(resource.firewall)
    return {**{key: value for key, value in known.items() if value}, **(firewall or {})}


def _remarks(resource: Resource, left_out: tuple[str, ...], situation: Situation) -> Iterator[str]:
    if left_out:
        yield f"left out, since a snapshot takes {TAG_LIMIT} tags: {', '.join(left_out)}"
    if resource.firewall is not None and to_tags(resource.firewall) is None:
        yield f"its firewall is not recorded: it needs more than {len(FIREWALL_TAGS)} tags"
    if not resource.static_ip_known:
        yield "the name of its static address could not be read, and is not recorded"
    if resource.kind is DISK and situation.protects_instance_of(resource):
        yield f"snapshots of the instance {resource.attached_to} contain this disk too"
