"""The keys of an event that restores, and which of them go together."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Annotated, Any

from pydantic import ValidationInfo, field_validator

from snapshotter.inputs.event_models import AnyEvent
from snapshotter.inputs.event_values import (
    WAIT,
    Moment,
    Names,
    Seconds,
    Switch,
    Text,
    key,
    new_name,
)
from snapshotter.inputs.request import RestoreRequest
from snapshotter.inputs.validation import Reader
from snapshotter.model.names import NAME_LIMIT

_WANTED = fields(RestoreRequest)
_NOT_WITH_ALL = ("snapshot", "resource", "as", "takeOver", "bundleId", "foreign")


class RestoreEvent(AnyEvent):
    """An event that restores one recovery point, or everything in a region."""

    snapshot: Text = key("snapshot", None, "the name of a snapshot")
    resource: Text = key("resource", None, "the name of a resource that has recovery points")
    everything: Switch = key(
        "all", False, "true, to restore everything in region, or false (the default)"
    )
    resources: Names = key("resources", None, "with all: a list of the names of resources")
    as_of: Moment = key(
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
    region: Text = key(
        "region",
        None,
        "a region that the stack is deployed for or copies to; the default is "
        "the region of the recovery point",
    )
    zone: Text = key("availabilityZone", None, "a zone of the region, like us-east-1a")
    bundle_id: Text = key(
        "bundleId", None, "the id of a bundle, like small_3_0, not smaller than the snapshot's own"
    )
    protect: Switch = key("protect", False, "true or false (the default)")
    take_over: Switch = key(
        "takeOver",
        False,
        "true, to move the static address of the source to the new instance, or false "
        "(the default)",
    )
    foreign: Switch = key("foreign", False, "true or false (the default)")
    wait_s: Seconds = key("wait", 0, WAIT)

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
        return RestoreRequest(**{each.name: getattr(self, each.name) for each in _WANTED})

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
