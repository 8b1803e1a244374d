"""Reads the event of one invocation into a frozen value."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from snapshotter.errors import InvalidEvent
from snapshotter.inputs import validation
from snapshotter.inputs.event_models import AnyEvent, ReportEvent, RunEvent, SweepEvent
from snapshotter.inputs.request import AlarmChange, Request, RestoreRequest, RunAction, Send

__all__ = ["Request", "RestoreRequest", "RunAction", "parse_event"]


def models() -> dict[str, type[AnyEvent]]:
    """The model of each action. That of restores is imported only when it is needed."""
    from snapshotter.inputs.restore_event import RestoreEvent

    return {
        RunAction.SNAPSHOT: RunEvent,
        RunAction.SWEEP: SweepEvent,
        RunAction.REPORT: ReportEvent,
        RunAction.RESTORE: RestoreEvent,
        RunAction.DRILL: RunEvent,
    }


def parse_event(
    event: object,
    *,
    now: datetime,
    regions: tuple[str, ...],
    elsewhere: tuple[str, ...] = (),
    restores: bool = False,
    letters: bool = False,
) -> Request:
    """Read an event.

    event: an object as docs/reference.md describes it, the envelope of an EventBridge rule on a
    schedule, or the event of a CloudWatch alarm.
    now: the time of the invocation, aware.
    regions: those that the stack is deployed for; elsewhere: those that it copies to.
    restores: whether the stack may restore; letters: whether it has a topic to send letters to.

    Raises:
        InvalidEvent: names every fault, and what is accepted.
    """
    given, alarm = _unwrapped(event)
    model = _model_of(given)
    context = {"now": now, "regions": regions, "elsewhere": elsewhere}
    context |= {"restores": restores, "letters": letters}
    misplaced = _misplaced(given, model)
    found = [*misplaced.values(), *model.contradictions(given)]
    ours = {key: value for key, value in given.items() if key not in misplaced}
    try:
        read = model.model_validate(ours, context=context)
    except ValidationError as error:
        raise InvalidEvent([*validation.sentences(error, model), *found]) from None
    if found:
        raise InvalidEvent(found)
    return Request(
        action=read.action,
        scheduled_time=(read.scheduled_time or now).replace(microsecond=0),
        dry_run=read.dry_run,
        regions=getattr(read, "regions", None) or regions,
        resources=getattr(read, "resources", None),
        wait_s=getattr(read, "wait_s", 0),
        end_cooling_off=getattr(read, "end_cooling_off", False),
        restore=getattr(read, "wanted", None),
        retention=getattr(read, "retention", None),
        send=getattr(read, "send", Send.NEVER),
        alarm=alarm,
    )


def _model_of(given: Mapping[str, Any]) -> type[AnyEvent]:
    """Choose the model by the action; an unknown action is refused by every model."""
    match given.get("action", RunAction.SNAPSHOT):
        case RunAction.SNAPSHOT:
            return RunEvent
        case RunAction.SWEEP:
            return SweepEvent
        case str(action):
            return models().get(action, RunEvent)
    return RunEvent


def _misplaced(given: Mapping[str, Any], model: type[AnyEvent]) -> dict[str, str]:
    """Find keys that belong to other actions, each with a sentence that names those."""
    found: dict[str, str] = {}
    own = _keys(model)
    for key in (each for each in given if each not in own):
        actions = [action for action, other in models().items() if key in _keys(other)]
        if actions:
            found[key] = f"{key}: goes only with the action {' or '.join(actions)}"
    return found


def _keys(model: type[AnyEvent]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _unwrapped(event: object) -> tuple[Mapping[str, Any], AlarmChange | None]:
    """Take the event out of its envelope, if it has one; with the alarm, if it is about one.

    Source of the alarm's event: AWS, "Invoke a Lambda function from an alarm".
    """
    match event:
        case {"key1": _, "key2": _, "key3": _, **others} if not others:
            raise InvalidEvent(
                [
                    "this is the Lambda console's hello-world test event. Replace it with {} to "
                    'take snapshots now, or with {"dryRun": true} to see what would be done'
                ]
            )
        case {"source": "aws.cloudwatch", "alarmData": dict(data)}:
            return {"action": RunAction.REPORT.value, "send": True}, _alarm(data)
        case {"source": _, "detail-type": "Scheduled Event", **others}:
            time = others.get("time", "")
            return {"action": RunAction.SNAPSHOT.value, "scheduledTime": time}, None
        case {"source": _, "detail-type": other}:
            raise InvalidEvent(
                [
                    f"detail-type: {validation.shortened(other)} is not accepted; accepted: "
                    "`Scheduled Event`, of an EventBridge rule on a schedule"
                ]
            )
        case dict():
            return event, None
    raise InvalidEvent([f"an object like {{}} is expected, not {validation.shortened(event)}"])


def _alarm(data: Mapping[str, Any]) -> AlarmChange:
    match data.get("state"):
        case {"value": value}:
            state = str(value or "unknown")
        case _:
            state = "unknown"
    return AlarmChange(str(data.get("alarmName", "")), state)
