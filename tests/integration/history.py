"""A resource with recovery points of past nights, and the runs of the nights after them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from lightsail_moto import Control
from snapshotter.model.tags import ownership
from tests.integration.conftest import NIGHT, Client
from tests.integration.deployment import Deployment

Tags = Mapping[str, str | None]
TAGGED: Tags = {"snapshot": None}
EAST, WEST = "us-east-1", "us-west-2"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def name_of(resource: str, at: datetime) -> str:
    return f"{resource}-{at:%Y%m%dT%H%M%SZ}"


def nights(resource: str, first: int, last: int) -> set[str]:
    """The names of the points of some nights, counted from NIGHT; both ends are included."""
    return {name_of(resource, NIGHT + night * DAY) for night in range(first, last + 1)}


def add_history(
    lightsail: Control,
    source: Any,
    *,
    retention: str | None,
    ages: Iterable[int] = range(30),
    copies_to: str | None = None,
) -> None:
    """Add a point for each night that is so many days before NIGHT.

    retention: what is written on each point and copy; None as by a version that wrote nothing.
    """
    for age in ages:
        at = NIGHT - age * DAY
        tags: dict[str, str | None] = {**ownership("nightly", source.arn, at)}
        if retention is not None:
            tags["snapshotter:retention"] = retention
        name = name_of(source.name, at)
        made = lightsail.seed.add_snapshot(name, source, tags=tags, created_at=at)
        if copies_to is not None:
            lightsail.seed.add_snapshot(f"{name}-{EAST}", made, copies_to, tags=tags, created_at=at)


def points(lightsail: Control, region: str = EAST) -> set[str]:
    """The names of all instance snapshots of a region."""
    return set(lightsail.world().get(region, {}).get("InstanceSnapshot", {}))


def run_night(deployment: Deployment, night: int) -> list[dict[str, Any]]:
    """Run a night, counted from NIGHT, and the sweep of the hour after it; their answers."""
    at = NIGHT + night * DAY
    return [nightly_at(deployment, at), sweep_at(deployment, at + HOUR)]


def nightly_at(deployment: Deployment, at: datetime, **event: Any) -> dict[str, Any]:
    deployment.control.clock.set(at)
    return deployment.nightly(at, **event)


def sweep_at(deployment: Deployment, at: datetime, **event: Any) -> dict[str, Any]:
    deployment.control.clock.set(at)
    return deployment.sweep(at, **event)


def having(answer: Mapping[str, Any], status: str) -> list[dict[str, Any]]:
    """The outcomes with a status."""
    return [outcome for outcome in answer["outcomes"] if outcome["status"] == status]


def set_tags(client: Client, tags: Tags, name: str = "web") -> None:
    """Give a resource these tags and no others, as its owner does."""
    owner = client(EAST)
    present = owner.get_instance(instanceName=name)["instance"]["tags"]
    owner.untag_resource(resourceName=name, tagKeys=[tag["key"] for tag in present])
    if tags:
        records = [
            {"key": key} if value is None else {"key": key, "value": value}
            for key, value in tags.items()
        ]
        owner.tag_resource(resourceName=name, tags=records)  # type: ignore[arg-type]
