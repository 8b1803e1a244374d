"""Reads the event of one invocation. The model that validates it is what a run works with.

There is one model for each action; that of restores is in a module of its own, since a nightly run
does not need it. The models are validated with a context: `now` and the stack's `settings`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from snapshotter.errors import InvalidEvent
from snapshotter.inputs.settings import Settings
from snapshotter.inputs.values import (
    WAIT,
    Moment,
    Names,
    Reader,
    Seconds,
    SomeNames,
    Switch,
    key,
    sentences,
    shortened,
    strict_bool,
)
from snapshotter.model.names import to_iso
from snapshotter.policy.grammar import GRAMMAR, Retention, parse_retention

if TYPE_CHECKING:
    from snapshotter.inputs.restore_event import RestoreEvent

CLOCK_TOLERANCE = timedelta(minutes=5)
OLDEST = timedelta(hours=24)


class RunAction(StrEnum):
    """What a run is for.

    Snapshot and sweep differ only in what is due; report only reads; restore and drill need
    EnableRestore.
    """

    SNAPSHOT = "snapshot"
    SWEEP = "sweep"
    REPORT = "report"
    RESTORE = "restore"
    DRILL = "drill"


MEANINGS = {
    RunAction.SNAPSHOT: "snapshot every selected resource; copy, tag and prune",
    RunAction.SWEEP: "snapshot only what lacks a recent recovery point; copy, tag, prune, confirm",
    RunAction.REPORT: "report what is protected and what needs attention; reads only",
    RunAction.RESTORE: "make a new resource from a recovery point",
    RunAction.DRILL: "start restore tests; the sweeps finish them",
}
"""Each action, for docs/reference.md."""


class Send(StrEnum):
    """Whether a report is sent as a letter."""

    NEVER = "never"
    IF_NEEDED = "attention"
    """While something needs attention, and the first digest of each week."""
    ALWAYS = "always"


class AlarmChange(NamedTuple):
    """An alarm of the stack that changed its state, as CloudWatch reports it."""

    name: str
    state: str


def action_key(default: RunAction) -> Any:
    """The key `action`, in the model of one action."""
    return key("action", default, "snapshot (the default), sweep, report, restore or drill")


class Event(BaseModel):
    """One run, as asked for: the keys of every action.

    scheduled_time: aware, in UTC, to the second; names the run and is its present.
    """

    # An invocation uses one of these models; the others need not be built.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    action: RunAction
    scheduled_time: Moment = key(
        "scheduledTime",
        ...,
        "ISO 8601 with an offset or Z, like 2026-11-23T04:50:00Z, at most 5 minutes "
        "in the future and 24 hours in the past; the default is now",
    )
    dry_run: Switch = key("dryRun", False, "true or false (the default)")

    @classmethod
    def contradictions(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Which of the given keys contradict each other, one sentence each."""
        yield from ()

    @field_validator("action")
    @classmethod
    def _is_enabled(cls, value: RunAction, info: ValidationInfo) -> RunAction:
        if value in (RunAction.RESTORE, RunAction.DRILL) and not settings_of(info).enable_restore:
            raise ValueError(
                "this stack may not restore: deploy it with the parameter "
                "EnableRestore=true, which gives its role the permissions"
            )
        return value

    @field_validator("scheduled_time")
    @classmethod
    def _is_about_now(cls, value: datetime, info: ValidationInfo) -> datetime:
        now = (info.context or {})["now"]
        it_is = f"now is {to_iso(now.replace(microsecond=0))}"
        if value > now + CLOCK_TOLERANCE:
            raise ValueError(f"it is in the future: {it_is}")
        if value < now - OLDEST:
            raise ValueError(f"it is more than 24 hours in the past: {it_is}")
        return value.replace(microsecond=0)


class RegionalEvent(Event):
    """An event about the resources of some regions.

    regions: all of the stack's, unless the event names some. resources: None for all that are
    selected.
    """

    regions: Names = key("regions", ..., "a list of regions that the stack is deployed for")
    resources: SomeNames = key("resources", None, "a list of the names of selected resources")

    @field_validator("regions")
    @classmethod
    def _are_deployed(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        deployed = settings_of(info).regions
        if foreign := ", ".join(region for region in value if region not in deployed):
            there = ", ".join(deployed)
            raise ValueError(f"the stack is not deployed for {foreign}, but for {there}")
        return value


class SnapshotEvent(RegionalEvent):
    """Take snapshots. wait_s: for how long, at most, a run waits until they are ready."""

    action: Literal[RunAction.SNAPSHOT] = action_key(RunAction.SNAPSHOT)
    wait_s: Seconds = key("wait", 0, WAIT)


class SweepEvent(RegionalEvent):
    """Do what is overdue.

    end_cooling_off: whether policies that were in force earlier keep nothing in this run.
    """

    action: Literal[RunAction.SWEEP] = action_key(RunAction.SWEEP)
    wait_s: Seconds = key("wait", 0, WAIT)
    end_cooling_off: Switch = key(
        "endCoolingOff", False, "true, together with resources, or false (the default)"
    )

    @field_validator("end_cooling_off")
    @classmethod
    def _names_resources(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not info.data.get("resources"):
            raise ValueError("it needs resources, the names of those whose cooling-off ends")
        return value


class DrillEvent(RegionalEvent):
    """Start drills."""

    action: Literal[RunAction.DRILL] = action_key(RunAction.DRILL)
    wait_s: Seconds = key("wait", 0, WAIT)


def _send(value: object) -> Send:
    if value == Send.IF_NEEDED.value:
        return Send.IF_NEEDED
    return Send.ALWAYS if strict_bool(value) else Send.NEVER


class ReportEvent(RegionalEvent):
    """Report, and perhaps send the report as a letter.

    retention: a policy to try on every series. alarm: why the letter is sent, if it is about one.
    """

    action: Literal[RunAction.REPORT] = action_key(RunAction.REPORT)
    retention: Annotated[Retention | None, Reader(parse_retention)] = key(
        "retention", None, f"a policy to try: {GRAMMAR}"
    )
    send: Annotated[Send, Reader(_send, text=False)] = key(
        "send",
        Send.NEVER,
        'true, "attention" (if something needs attention, or as the first digest of the week), '
        "or false (the default)",
    )
    alarm: AlarmChange | None = None

    @field_validator("send")
    @classmethod
    def _has_a_topic(cls, value: Send, info: ValidationInfo) -> Send:
        if value is not Send.NEVER and not settings_of(info).topic_arn:
            raise ValueError(
                "this stack sends no letters: deploy it with the parameter NotificationEmail"
            )
        return value


# Text, so that the model of restores need not be imported.
Request: TypeAlias = "SnapshotEvent | SweepEvent | ReportEvent | DrillEvent | RestoreEvent"


def settings_of(info: ValidationInfo) -> Settings:
    settings: Settings = (info.context or {})["settings"]
    return settings


def parse_event(event: object, *, now: datetime, settings: Settings) -> Request:
    """Read an event.

    event: an object as docs/reference.md describes it, the envelope of an EventBridge rule on a
    schedule, or the event of a CloudWatch alarm.
    now: the time of the invocation, aware.

    Raises:
        InvalidEvent: names every fault, and what is accepted.
    """
    given, alarm = _unwrapped(event)
    model = _model_of(given)
    accepted = keys(model)
    faults = [_unknown(each, accepted) for each in given if each not in accepted]
    faults += model.contradictions(given)
    replaces = given.get("all") is True or given.get("takeOver") is True
    defaults = {"scheduledTime": to_iso(now), "regions": settings.regions, "protect": replaces}
    ours = {each: value for each, value in {**defaults, **given}.items() if each in accepted}
    try:
        request = model.model_validate(ours, context={"now": now, "settings": settings})
    except ValidationError as error:
        raise InvalidEvent([*sentences(error, model), *faults]) from None
    if faults:
        raise InvalidEvent(faults)
    return request.model_copy(update={"alarm": alarm}) if alarm else request


_MODELS: dict[str, type[Request]] = {
    RunAction.SNAPSHOT: SnapshotEvent,
    RunAction.SWEEP: SweepEvent,
    RunAction.REPORT: ReportEvent,
    RunAction.DRILL: DrillEvent,
}


def models() -> dict[str, type[Request]]:
    """The model of each action."""
    from snapshotter.inputs.restore_event import RestoreEvent

    return {each: _MODELS.get(each, RestoreEvent) for each in RunAction}


def keys(model: type[Request]) -> tuple[str, ...]:
    """The keys that an event can have. A field without a title is not read from one."""
    return tuple(field.title for field in model.model_fields.values() if field.title)


def _model_of(given: Mapping[str, Any]) -> type[Request]:
    """Choose the model by the action; an unknown action is refused by every model."""
    action = str(given.get("action"))
    known = models() if action == RunAction.RESTORE else _MODELS
    return known.get(action, SnapshotEvent)


def _unknown(key: str, accepted: tuple[str, ...]) -> str:
    if actions := [action for action, model in models().items() if key in keys(model)]:
        return f"{key}: goes only with the action {' or '.join(actions)}"
    return f"{key!r} is not known; accepted: {', '.join(accepted)}"


def _unwrapped(event: object) -> tuple[Mapping[str, Any], AlarmChange | None]:
    """Take the event out of its envelope, if it has one; with the alarm, if it is about one.

    Source of the alarm's event: AWS, "Invoke a Lambda function from an alarm".
    """
    match event:
        case {"key1": _, "key2": _, "key3": _, **others} if not others:
            fault = (
                "this is the Lambda console's hello-world test event. Replace it with {} to take "
                'snapshots now, or with {"dryRun": true} to see what would be done'
            )
        case {"source": "aws.cloudwatch", "alarmData": dict(data)}:
            state = data.get("state")
            value = state.get("value") if isinstance(state, dict) else None
            alarm = AlarmChange(str(data.get("alarmName", "")), str(value or "unknown"))
            return {"action": RunAction.REPORT.value, "send": True}, alarm
        case {"source": _, "detail-type": "Scheduled Event", **others}:
            time = others.get("time", "")
            return {"action": RunAction.SNAPSHOT.value, "scheduledTime": time}, None
        case {"source": _, "detail-type": other}:
            fault = (
                f"detail-type: {shortened(other)} is not accepted; accepted: `Scheduled Event`, of "
                "an EventBridge rule on a schedule"
            )
        case dict():
            return event, None
        case _:
            fault = f"an object like {{}} is expected, not {shortened(event)}"
    raise InvalidEvent([fault])
