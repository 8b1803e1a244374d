"""The keys of an event and what each accepts: one model for each action.

The models are validated with a context: `now`, the stack's `regions`, those `elsewhere` that
hold its copies, and whether it `restores`.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any

from aws_lambda_powertools.utilities.parser import BaseModel, Field, field_validator
from pydantic import BeforeValidator, ConfigDict, ValidationInfo

from snapshotter.inputs import validation
from snapshotter.inputs.request import RestoreRequest, RunAction
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.names import NAME_LIMIT, is_legal
from snapshotter.model.times import from_iso, to_iso

CLOCK_TOLERANCE = timedelta(minutes=5)
OLDEST = timedelta(hours=24)
LONGEST_WAIT_S = 600


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
        raise ValueError(f"it is not a whole number from 0 to {LONGEST_WAIT_S}")
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("it is empty")
    return value


def _new_name(value: str) -> str:
    if not is_legal(INSTANCE, value):
        raise ValueError("Lightsail does not accept it as a name")
    return value


def _checked(read: Any) -> BeforeValidator:
    return BeforeValidator(validation.checked(read))


_Text = Annotated[str | None, _checked(_filled)]
_Moment = Annotated[datetime | None, _checked(from_iso)]
_Names = Annotated[tuple[str, ...] | None, BeforeValidator(_names)]
_Switch = Annotated[bool, BeforeValidator(_strict_bool)]
_Seconds = Annotated[int, BeforeValidator(_seconds)]

_WAIT = f"a whole number of seconds from 0 (the default) to {LONGEST_WAIT_S}"


class AnyEvent(BaseModel):
    """The keys of every action."""

    # An invocation uses one of these models; the others need not be built.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    action: RunAction = Field(
        RunAction.SNAPSHOT,
        title="action",
        description="snapshot (the default), sweep, restore or drill",
    )
    scheduled_time: _Moment = Field(
        None,
        alias="scheduledTime",
        title="scheduledTime",
        description="ISO 8601 with an offset or Z, like 2026-11-23T04:50:00Z, at most 5 minutes "
        "in the future and 24 hours in the past; the default is now",
    )
    dry_run: _Switch = Field(
        False, alias="dryRun", title="dryRun", description="true or false (the default)"
    )

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


class DrillEvent(AnyEvent):
    """An event about the resources of some regions, or of all."""

    regions: _Names = Field(
        None, title="regions", description="a list of regions that the stack is deployed for"
    )
    resources: _Names = Field(
        None, title="resources", description="a list of the names of selected resources"
    )

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


class SnapshotEvent(DrillEvent):
    """An event that takes snapshots."""

    wait_s: _Seconds = Field(0, alias="wait", title="wait", description=_WAIT)


class SweepEvent(SnapshotEvent):
    """An event that sweeps."""

    end_cooling_off: _Switch = Field(
        False,
        alias="endCoolingOff",
        title="endCoolingOff",
        description="true, together with resources, or false (the default)",
    )

    @field_validator("end_cooling_off")
    @classmethod
    def _names_resources(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not info.data.get("resources"):
            raise ValueError("it needs resources, the names of those whose cooling-off ends")
        return value


class RestoreEvent(AnyEvent):
    """An event that restores one thing."""

    snapshot: _Text = Field(None, title="snapshot", description="the name of a snapshot")
    resource: _Text = Field(
        None, title="resource", description="the name of a resource that has recovery points"
    )
    as_of: _Moment = Field(
        None,
        alias="asOf",
        title="asOf",
        description="ISO 8601 with an offset or Z, like 2026-11-23T04:50:00Z; the resource's "
        "newest recovery point at or before it is restored",
    )
    name: Annotated[str | None, _checked(_new_name)] = Field(
        None,
        alias="as",
        title="as",
        description=f"a name for what is made: 2 to {NAME_LIMIT} letters, digits and . - _, "
        "beginning and ending with a letter or digit",
    )
    region: _Text = Field(
        None,
        title="region",
        description="a region that the stack is deployed for or copies to; the default is "
        "the region of the recovery point",
    )
    zone: _Text = Field(
        None,
        alias="availabilityZone",
        title="availabilityZone",
        description="a zone of the region, like us-east-1a",
    )
    bundle_id: _Text = Field(
        None,
        alias="bundleId",
        title="bundleId",
        description="the id of a bundle, like small_3_0, not smaller than the snapshot's own",
    )
    protect: _Switch = Field(False, title="protect", description="true or false (the default)")
    foreign: _Switch = Field(False, title="foreign", description="true or false (the default)")
    wait_s: _Seconds = Field(0, alias="wait", title="wait", description=_WAIT)

    @field_validator("region")
    @classmethod
    def _region_holds_snapshots(cls, value: str | None, info: ValidationInfo) -> str | None:
        context = info.context or {}
        regions = tuple(dict.fromkeys((*context["regions"], *context["elsewhere"])))
        if value not in regions:
            raise ValueError(f"the stack has snapshots in {', '.join(regions)}")
        return value

    @property
    def wanted(self) -> RestoreRequest:
        return RestoreRequest(
            self.snapshot,
            self.resource,
            self.as_of,
            self.name,
            self.region,
            self.zone,
            self.bundle_id,
            self.protect,
            self.foreign,
        )


MODELS: dict[str, type[AnyEvent]] = {
    RunAction.SNAPSHOT: SnapshotEvent,
    RunAction.SWEEP: SweepEvent,
    RunAction.RESTORE: RestoreEvent,
    RunAction.DRILL: DrillEvent,
}
