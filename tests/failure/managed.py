"""Snapshots as the function creates them, put into an account without requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from lightsail_moto import Control
from snapshotter.model.times import to_iso

EAST, EUROPE, WEST = "us-east-1", "eu-west-1", "us-west-2"
HOME = (EAST, EUROPE)
REGIONS = (*HOME, WEST)
COPY_TO = (WEST, EAST)
POLICY = "nightly"
OWNER, SOURCE, TIME = "snapshotter:policy", "snapshotter:source", "snapshotter:time"
HOLD = "snapshotter:hold"
RETENTION = "snapshotter:retention"

Tags: TypeAlias = Mapping[str, str | None]
SELECTED: Tags = {"snapshot": None, "team": "shop"}


def add_managed(
    lightsail: Control,
    source: Any,
    at: datetime,
    *,
    state: str | None = None,
    held: bool = False,
    retention: str | None = None,
) -> Any:
    """Add the snapshot of a source that a run at that time creates.

    retention: the policy that it carries; None for a snapshot of an earlier version.
    """
    inherited = list(source.tags.items())[:40]
    tags = {
        **{key: value for key, value in inherited if not key.startswith("aws:")},
        OWNER: POLICY,
        SOURCE: source.arn,
        TIME: to_iso(at),
        **({HOLD: "audit"} if held else {}),
        **({RETENTION: retention} if retention else {}),
    }
    name = f"{source.name}-{at:%Y%m%dT%H%M%SZ}"
    return lightsail.seed.add_snapshot(name, source, tags=tags, created_at=at, state=state)


def add_copy(
    lightsail: Control,
    original: Any,
    region: str,
    *,
    tagged: bool = True,
    state: str | None = None,
) -> Any:
    """Add the copy of a snapshot to another region."""
    return lightsail.seed.add_snapshot(
        f"{original.name}-{original.region}",
        original,
        region,
        tags=original.tags if tagged else {},
        created_at=original.created_at,
        state=state,
    )
