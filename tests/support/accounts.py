"""Accounts as tests find them: resources, and what earlier runs left of them, without requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from lightsail_moto import Control
from snapshotter.model.tags import HOLD, RETENTION, inherit, ownership

NIGHT = datetime(2026, 3, 2, 4, 50, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EAST, EUROPE, WEST = "us-east-1", "eu-west-1", "us-west-2"
OURS = "nightly"
"""The PolicyName of the stack under test."""

Tags: TypeAlias = Mapping[str, str | None]
Source: TypeAlias = Any
"""The backend's record of an instance, a disk or a database."""
SELECTED: Tags = {"snapshot": None}


def name_of(resource: str, at: datetime) -> str:
    return f"{resource}-{at:%Y%m%dT%H%M%SZ}"


def add_point(
    lightsail: Control,
    source: Source,
    at: datetime,
    *,
    retention: str | None = None,
    state: str | None = None,
    held: bool = False,
    stack: str = OURS,
    name: str = "",
) -> Any:
    """Add the snapshot of a source that a run at that time creates.

    retention: the policy that it carries; None as by a version that wrote none.
    """
    ours = {
        **ownership(stack, source.arn, at),
        **({HOLD: "audit"} if held else {}),
        **({RETENTION: retention} if retention is not None else {}),
    }
    tags, _ = inherit(source.tags, ours)
    name = name or name_of(source.name, at)
    return lightsail.seed.add_snapshot(name, source, tags=tags, created_at=at, state=state)


def add_copy(
    lightsail: Control,
    point: Any,
    region: str = WEST,
    *,
    tagged: bool = True,
    state: str | None = None,
) -> Any:
    """Add the copy of a snapshot to another region; a run that was killed has not tagged it."""
    tags = {key: value for key, value in point.tags.items() if tagged and key != HOLD}
    name = f"{point.name}-{point.region}"
    at = point.created_at
    return lightsail.seed.add_snapshot(name, point, region, tags=tags, created_at=at, state=state)


def add_history(
    lightsail: Control,
    source: Source,
    *,
    retention: str | None,
    ages: Iterable[int] = range(30),
    copies_to: str | None = None,
) -> None:
    """Add a point for each night that is so many days before NIGHT, with its copy if asked for."""
    for age in ages:
        made = add_point(lightsail, source, NIGHT - age * DAY, retention=retention)
        if copies_to is not None:
            add_copy(lightsail, made, copies_to)
