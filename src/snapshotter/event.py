"""What was asked: the event of one invocation, read into a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from aws_lambda_powertools.utilities.parser import (
    BaseModel,
    Field,
    ValidationError,
    field_validator,
)
from pydantic import BeforeValidator, ConfigDict, ValidationInfo

from snapshotter import faults
from snapshotter.errors import InvalidEvent
from snapshotter.times import from_iso, to_iso

CLOCK_TOLERANCE = timedelta(minutes=5)
LONGEST_WAIT_S = 600
_HELLO_WORLD = {"key1", "key2", "key3"}
_RULE_KEYS = {"detail-type", "source"}


class RunAction(StrEnum):
    """What makes a resource due; all else is the same in every run."""

    SNAPSHOT = "snapshot"
    SWEEP = "sweep"


@dataclass(frozen=True, slots=True)
class Request:
    """One run, as asked for.

    scheduled_time: aware, in UTC, to the second; the run's name, and its "now".
    regions: where to work; all of the stack's unless the event names some.
    resources: None for all that are selected.
    wait_s: how long to wait, at the most, for the run's own creates to become ready.
    """

    action: RunAction
    scheduled_time: datetime
    dry_run: bool
    regions: tuple[str, ...]
    resources: tuple[str, ...] | None
    wait_s: int


def parse_event(event: object, *, now: datetime, regions: tuple[str, ...]) -> Request:
    """Read an event.

    event: an object of the contract, or the envelope of an EventBridge rule on a schedule.
    now: the moment of the invocation, aware.
    regions: those that the stack is deployed for.

    Raises:
        InvalidEvent: names every fault, and what is accepted.
    """
    given = _opened(event)
    context = {"now": now, "regions": regions}
    try:
        read = _Event.model_validate(given, context=context)
    except ValidationError as error:
        raise InvalidEvent(faults.sentences(error, _Event)) from None
    return Request(
        action=read.action,
        scheduled_time=(read.scheduled_time or now).replace(microsecond=0),
        dry_run=read.dry_run,
        regions=read.regions or regions,
        resources=read.resources,
        wait_s=read.wait_s,
    )


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


def _strict_bool(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError("it is not a JSON boolean")
    return value


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("it is not a list of one or more names")
    if not all(isinstance(name, str) and name for name in value):
        raise ValueError("each name in it must be text, and not empty")
    return tuple(dict.fromkeys(value))


def _seconds(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST_WAIT_S:
        raise ValueError("it is not such a number")
    return value


class _Event(BaseModel):
    """The contract's keys, spelled and checked as they arrive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: RunAction = Field(
        RunAction.SNAPSHOT, title="action", description="snapshot (the default) or sweep"
    )
    scheduled_time: Annotated[datetime | None, BeforeValidator(faults.checked(from_iso))] = Field(
        None,
        alias="scheduledTime",
        title="scheduledTime",
        description="ISO 8601 with an offset or Z, like 2026-11-23T04:50:00Z, at most 5 minutes "
        "in the future; the default is now",
    )
    dry_run: Annotated[bool, BeforeValidator(_strict_bool)] = Field(
        False, alias="dryRun", title="dryRun", description="true or false (the default)"
    )
    regions: Annotated[tuple[str, ...] | None, BeforeValidator(_names)] = Field(
        None, title="regions", description="a list of regions that the stack is deployed for"
    )
    resources: Annotated[tuple[str, ...] | None, BeforeValidator(_names)] = Field(
        None, title="resources", description="a list of the names of selected resources"
    )
    wait_s: Annotated[int, BeforeValidator(_seconds)] = Field(
        0,
        alias="wait",
        title="wait",
        description=f"a whole number of seconds from 0 (the default) to {LONGEST_WAIT_S}",
    )

    @field_validator("scheduled_time")
    @classmethod
    def _not_in_the_future(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        now = info.context["now"] if info.context else None
        if value is not None and now is not None and value > now + CLOCK_TOLERANCE:
            raise ValueError(f"it is in the future: now is {to_iso(now.replace(microsecond=0))}")
        return value

    @field_validator("regions")
    @classmethod
    def _regions_are_deployed(
        cls, value: tuple[str, ...] | None, info: ValidationInfo
    ) -> tuple[str, ...] | None:
        deployed = info.context["regions"] if info.context else ()
        foreign = [region for region in value or () if region not in deployed]
        if foreign:
            raise ValueError(
                f"the stack is not deployed for {', '.join(foreign)}, but for {', '.join(deployed)}"
            )
        return value
