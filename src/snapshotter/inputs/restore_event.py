"""The keys of an event that restores, and which of them go together."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ValidationInfo, field_validator

from snapshotter.inputs.event import Event, RunAction, action_key, settings_of
from snapshotter.inputs.values import (
    WAIT,
    Reader,
    Seconds,
    SomeMoment,
    SomeNames,
    SomeText,
    Switch,
    key,
    new_name,
)
from snapshotter.model.names import NAME_LIMIT, to_iso

_NOT_WITH_ALL = ("snapshot", "resource", "as", "takeOver", "bundleId", "foreign")


class RestoreEvent(Event):
    """Restore one recovery point, which a snapshot or a resource names, or everything in a region.

    resources: with everything, the names of the resources; None for all.
    as_of: the newest recovery point at or before this time; None for the newest.
    name, zone, bundle_id: of what is made; None for the values of the recovery point.
    region: of the snapshot and of what is made; None to look in all regions.
    take_over: whether the new instance takes the static address of its source.
    protect: whether what is made keeps the tags that protect it.
    foreign: whether a snapshot that is not ours is accepted.
    wait_s: for how long, at most, the run waits until what it made is ready.
    """

    action: Literal[RunAction.RESTORE] = action_key(RunAction.RESTORE)
    snapshot: SomeText = key("snapshot", None, "the name of a snapshot")
    resource: SomeText = key("resource", None, "the name of a resource that has recovery points")
    everything: Switch = key(
        "all", False, "true, to restore everything in region, or false (the default)"
    )
    resources: SomeNames = key("resources", None, "with all: a list of the names of resources")
    as_of: SomeMoment = key(
        "asOf",
        None,
        "ISO 8601 with an offset or Z, like 2026-11-23T04:50:00Z; the resource's "
        "newest recovery point at or before it is restored",
    )
    name: Annotated[str | None, Reader(new_name)] = key(
        "as",
        None,
        f"a name for what is made: 2 to {NAME_LIMIT} letters, digits and . - _, "
        "beginning and ending with a letter or digit",
    )
    region: SomeText = key(
        "region",
        None,
        "a region that the stack is deployed for or copies to; the default is "
        "the region of the recovery point",
    )
    zone: SomeText = key("availabilityZone", None, "a zone of the region, like us-east-1a")
    bundle_id: SomeText = key(
        "bundleId", None, "the id of a bundle, like small_3_0, not smaller than the snapshot's own"
    )
    take_over: Switch = key(
        "takeOver",
        False,
        "true, to move the static address of the source to the new instance, or false "
        "(the default)",
    )
    protect: Switch = key(
        "protect", ..., "true (the default with all or takeOver) or false (the default otherwise)"
    )
    foreign: Switch = key("foreign", False, "true or false (the default)")
    wait_s: Seconds = key("wait", 0, WAIT)

    @field_validator("region")
    @classmethod
    def _holds_snapshots(cls, value: str | None, info: ValidationInfo) -> str | None:
        regions = settings_of(info).all_regions
        if value not in regions:
            raise ValueError(f"the stack has snapshots in {', '.join(regions)}")
        return value

    @property
    def when(self) -> str:
        """The end of a sentence about recovery points."""
        return f" at or before {to_iso(self.as_of)}" if self.as_of else ""

    def is_in_time(self, time: datetime) -> bool:
        return self.as_of is None or time <= self.as_of

    @classmethod
    def contradictions(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Which keys of a restore contradict each other, one sentence each."""
        if given.get("all") is True:
            for key in (each for each in _NOT_WITH_ALL if each in given):
                yield f"{key}: does not go with all"
            if "region" not in given:
                yield "region: it is missing; accepted: with all, the region to restore in"
            return
        if ("snapshot" in given) == ("resource" in given):
            yield (
                "snapshot, resource: exactly one of them must be given, or all; accepted: the name "
                "of a snapshot, or of a resource, whose newest recovery point is then restored"
            )
        if "asOf" in given and "resource" not in given:
            yield "asOf: goes only with resource or all, and selects recovery points"
        if "resources" in given:
            yield "resources: goes only with all"
