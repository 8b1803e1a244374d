"""Our tags, and the rules by which a source's tags reach its snapshots.

Source of the limits: AWS, "Tags in Amazon Lightsail": at most 50 tags on a resource; keys
that begin with `aws:` are reserved.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from snapshotter.model.times import to_iso

Tags = Mapping[str, str | None]
"""Tags as key to value; a key-only tag has the value None, as Lightsail has none for it."""

OURS = "snapshotter:"
POLICY = "snapshotter:policy"
SOURCE = "snapshotter:source"
TIME = "snapshotter:time"
HOLD = "snapshotter:hold"
VERIFIED = "snapshotter:verified"
RESTORED = "snapshotter:restored"
DRILL = "snapshotter:drill"
PORT = "snapshotter:port"

RESERVED = "aws:"
TAG_LIMIT = 50


def from_records(records: Iterable[Mapping[str, Any]]) -> dict[str, str | None]:
    """Read Lightsail's tag list; a key-only tag has no `value` member and becomes None."""
    return {record["key"]: record.get("value") for record in records}


def to_records(tags: Tags) -> list[dict[str, str]]:
    """Write tags as Lightsail wants them; a key-only tag carries no `value` at all."""
    return [
        {"key": key} if value is None else {"key": key, "value": value}
        for key, value in tags.items()
    ]


def ownership(policy: str, source_arn: str, time: datetime) -> dict[str, str]:
    """Say whose a snapshot is, of what it is one, and of when."""
    return {POLICY: policy, SOURCE: source_arn, TIME: to_iso(time)}


def inherit(
    source: Tags, ours: Tags, *, spare: int = 0
) -> tuple[dict[str, str | None], tuple[str, ...]]:
    """Join a source's tags with ours, within Lightsail's limit of 50.

    Ours always win. Tags under our own prefix speak of a snapshot, never of a source, so a
    source's are not handed down: a hold or a proof must be written on the snapshot itself.
    spare: how many tags must still find room later.

    Returns:
        The tags, and the keys that had to be left out, from the end of the sorted keys.
    """
    keys = sorted(key for key in source if not key.startswith((RESERVED, OURS)))
    room = TAG_LIMIT - len(ours) - spare
    kept = {key: source[key] for key in keys[:room]}
    return {**kept, **ours}, tuple(keys[room:])
