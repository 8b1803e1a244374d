"""The keys of an event and what each accepts: one model for each action.

The models are validated with a context: `now`, the stack's `regions`, those `elsewhere` that
hold its copies, whether it `restores`, and whether it sends `letters`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo, field_validator

from snapshotter.inputs.event_values import (
    WAIT,
    Moment,
    Names,
    Seconds,
    Switch,
    key,
    send_mode,
)
from snapshotter.inputs.request import RunAction, Send
from snapshotter.inputs.validation import Reader
from snapshotter.model.times import to_iso
from snapshotter.policy.grammar import GRAMMAR, Retention, parse_retention

CLOCK_TOLERANCE = timedelta(minutes=5)
OLDEST = timedelta(hours=24)


class AnyEvent(BaseModel):
    """The keys of every action."""

    # An invocation uses one of these models; the others need not be built.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    action: RunAction = key(
        "action", RunAction.SNAPSHOT, "snapshot (the default), sweep, report, restore or drill"
    )
    scheduled_time: Moment = key(
        "scheduledTime",
        None,
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
        restores = info.context["restores"] if info.context else False
        if value in (RunAction.RESTORE, RunAction.DRILL) and not restores:
            raise ValueError(
                "this stack may not restore: deploy it with the parameter "
                "EnableRestore=true, which gives its role the permissions"
            )
        return value

    @field_validator("scheduled_time")
    @classmethod
    def _is_about_now(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        now = info.context["now"] if info.context else None
        if value is None or now is None:
            return value
        it_is = f"now is {to_iso(now.replace(microsecond=0))}"
        if value > now + CLOCK_TOLERANCE:
            raise ValueError(f"it is in the future: {it_is}")
        if value < now - OLDEST:
            raise ValueError(f"it is more than 24 hours in the past: {it_is}")
        return value


class RegionalEvent(AnyEvent):
    """An event about the resources of some regions, or of all."""

    regions: Names = key("regions", None, "a list of regions that the stack is deployed for")
    resources: Names = key("resources", None, "a list of the names of selected resources")

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


class RunEvent(RegionalEvent):
    """An event that takes snapshots, or starts drills."""

    wait_s: Seconds = key("wait", 0, WAIT)


class SweepEvent(RunEvent):
    """An event that sweeps."""

    end_cooling_off: Switch = key(
        "endCoolingOff", False, "true, together with resources, or false (the default)"
    )

    @field_validator("end_cooling_off")
    @classmethod
    def _names_resources(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not info.data.get("resources"):
            raise ValueError("it needs resources, the names of those whose cooling-off ends")
        return value


class ReportEvent(RegionalEvent):
    """An event that reports, and may send the report as a letter."""

    retention: Annotated[Retention | None, Reader(parse_retention)] = key(
        "retention", None, f"a policy to try: {GRAMMAR}"
    )
    send: Annotated[Send, BeforeValidator(send_mode)] = key(
        "send",
        Send.NEVER,
        'true, "attention" (if something needs attention, or it is Monday), or false (the default)',
    )

    @field_validator("send")
    @classmethod
    def _has_a_topic(cls, value: Send, info: ValidationInfo) -> Send:
        if value is not Send.NEVER and not (info.context or {}).get("letters"):
            raise ValueError(
                "this stack sends no letters: deploy it with the parameter NotificationEmail"
            )
        return value
