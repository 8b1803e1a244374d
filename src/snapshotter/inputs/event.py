"""What was asked: the event of one invocation, read into a frozen value."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.parser import ValidationError

from snapshotter.errors import InvalidEvent
from snapshotter.inputs import validation as faults
from snapshotter.inputs.event_models import MODELS, AnyEvent, RestoreEvent, SnapshotEvent
from snapshotter.inputs.request import Request, RestoreRequest, RunAction

__all__ = ["Request", "RestoreRequest", "RunAction", "parse_event"]

_HELLO_WORLD = {"key1", "key2", "key3"}
_RULE_KEYS = {"detail-type", "source"}


def parse_event(
    event: object,
    *,
    now: datetime,
    regions: tuple[str, ...],
    elsewhere: tuple[str, ...] = (),
    restores: bool = False,
) -> Request:
    """Read an event.

    event: an object of the contract, or the envelope of an EventBridge rule on a schedule.
    now: the moment of the invocation, aware.
    regions: those that the stack is deployed for; elsewhere: those that it copies to.
    restores: whether the stack may restore at all.

    Raises:
        InvalidEvent: names every fault, and what is accepted.
    """
    given = _opened(event)
    model = _model_of(given)
    context = {"now": now, "regions": regions, "elsewhere": elsewhere, "restores": restores}
    misplaced = _misplaced(given, model)
    found = [*misplaced.values(), *_contradictions(given, model)]
    ours = {key: value for key, value in given.items() if key not in misplaced}
    try:
        read = model.model_validate(ours, context=context)
    except ValidationError as error:
        raise InvalidEvent([*faults.sentences(error, model), *found]) from None
    if found:
        raise InvalidEvent(found)
    return Request(
        action=read.action,
        scheduled_time=(read.scheduled_time or now).replace(microsecond=0),
        dry_run=read.dry_run,
        regions=getattr(read, "regions", None) or regions,
        resources=getattr(read, "resources", None),
        wait_s=getattr(read, "wait_s", 0),
        restore=read.order if isinstance(read, RestoreEvent) else None,
    )


def _model_of(given: Mapping[str, Any]) -> type[AnyEvent]:
    """Choose the keys by the action; an action that nobody knows is refused by any model."""
    action = given.get("action")
    return MODELS.get(action, SnapshotEvent) if isinstance(action, str) else SnapshotEvent


def _misplaced(given: Mapping[str, Any], model: type[AnyEvent]) -> dict[str, str]:
    """Find keys that belong to other actions, each with a sentence that says to which."""
    found: dict[str, str] = {}
    own = _keys(model)
    for key in given:
        actions = [action for action, other in MODELS.items() if key in _keys(other)]
        if key not in own and actions:
            found[key] = f"{key}: goes only with the action {' or '.join(actions)}"
    return found


def _keys(model: type[AnyEvent]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _contradictions(given: Mapping[str, Any], model: type[AnyEvent]) -> Iterator[str]:
    """Say which keys of a restore do not go together."""
    if model is not RestoreEvent:
        return
    if ("snapshot" in given) == ("resource" in given):
        yield (
            "snapshot, resource: exactly one of them is to be given; accepted: the name of a "
            "snapshot, or the name of a resource, whose newest recovery point is then restored"
        )
    if "asOf" in given and "resource" not in given:
        yield "asOf: goes only with resource, of whose recovery points it chooses one"


def _opened(event: object) -> Mapping[str, Any]:
    """Take the event out of its envelope, if it came in one."""
    if not isinstance(event, dict):
        raise InvalidEvent([f"an object like {{}} is expected, not {faults.shortened(event)}"])
    if set(event) == _HELLO_WORLD:
        raise InvalidEvent(
            [
                "this is the Lambda console's own hello-world test event. Replace it by {} to take "
                'snapshots now, or by {"dryRun": true} to see what would be done'
            ]
        )
    if not set(event) >= _RULE_KEYS:
        return event
    if event["detail-type"] != "Scheduled Event":
        raise InvalidEvent(
            [
                f"detail-type: {faults.shortened(event['detail-type'])} is not accepted; of "
                "EventBridge rules only those on a schedule are: `Scheduled Event`"
            ]
        )
    return {"action": RunAction.SNAPSHOT.value, "scheduledTime": event.get("time", "")}
