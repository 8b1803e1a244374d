"""Our tags, and how a snapshot inherits the tags of its source.

Source of the limits: AWS, "Tags in Amazon Lightsail": at most 50 tags on a resource; keys
that begin with `aws:` are reserved.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from sys import intern
from typing import Any

from snapshotter.model.times import to_iso

Tags = Mapping[str, str | None]
"""Tags as key to value; a key-only tag has the value None, as Lightsail has none for it."""

OURS = "snapshotter:"
# PolicyName of the owning stack. A snapshot without it is never counted or deleted.
POLICY = "snapshotter:policy"
# ARN of the source. A new resource with an old name is another source.
SOURCE = "snapshotter:source"
# Time of the recovery point, in the original and in its copies.
TIME = "snapshotter:time"
# The policy in force when the snapshot was taken; see cooling-off.
RETENTION = "snapshotter:retention"
# Written by a person, with any value or none: never delete this snapshot.
HOLD = "snapshotter:hold"
# Time of the last drill that passed. The newest such point is kept.
VERIFIED = "snapshotter:verified"
# Time of the last drill that failed; it counts until a later one of the series has passed.
DRILL_FAILED = "snapshotter:drill-failed"
# How long the last drill that passed took, in seconds.
RECOVERY_SECONDS = "snapshotter:recovery-seconds"
# Of an instance: its firewall when the snapshot was taken; continued in -2 to -5.
FIREWALL = "snapshotter:firewall"
# Of an instance: the name of its static address.
STATIC_IP = "snapshotter:static-ip"
# Of an instance: the name of its key pair.
KEY_PAIR = "snapshotter:key-pair"
# Of an instance: dualstack, ipv4 or ipv6.
ADDRESS_TYPE = "snapshotter:ip-address-type"
# Of an instance or a disk: its availability zone.
ZONE = "snapshotter:zone"
# Of an instance: its public IPv4 address.
ADDRESS = "snapshotter:address"
# Of a database that is publicly accessible: true.
PUBLICLY_ACCESSIBLE = "snapshotter:publicly-accessible"
# On a restored instance: the steps that are left, or done.
TO_DO = "snapshotter:to-do"
# On a restored resource: the name of its snapshot.
RESTORED = "snapshotter:restored"
# On what a drill restored: the name of the recovery point under test.
DRILL = "snapshotter:drill"
# On what a drill restored: the port that must accept connections, or http:PORT/PATH.
CHECK = "snapshotter:port"

OF_DRILLS = frozenset({VERIFIED, DRILL_FAILED, RECOVERY_SECONDS})
OF_ONE_SNAPSHOT = OF_DRILLS | {HOLD}
"""What is known or asked of one snapshot alone, and not of its copies."""
RESERVED = "aws:"
TAG_LIMIT = 50
VALUE_LIMIT = 256


def from_records(records: Iterable[Mapping[str, Any]] | None) -> dict[str, str | None]:
    """Read Lightsail's tag list; a key-only tag has no `value` member and becomes None.

    Keys and values repeat over thousands of snapshots, so each text is kept in memory once.
    """
    return {
        intern(key): None if (value := record.get("value")) is None else intern(value)
        for record in records or ()
        if (key := record.get("key"))
    }


def to_records(tags: Tags) -> list[dict[str, str]]:
    """Write tags as Lightsail accepts them; a key-only tag has no `value` member."""
    return [
        {"key": key} if value is None else {"key": key, "value": value}
        for key, value in tags.items()
    ]


def ownership(policy: str, source_arn: str, time: datetime) -> dict[str, str]:
    """The tags that name a snapshot's owner, its source and its time."""
    return {POLICY: policy, SOURCE: source_arn, TIME: to_iso(time)}


def inherit(
    source: Tags, ours: Tags, *, spare: int = 0
) -> tuple[dict[str, str | None], tuple[str, ...]]:
    """Join a source's tags with ours, within Lightsail's limit of 50.

    Ours are never left out. A source's tags under our own prefix are not inherited, since they
    describe one snapshot: a hold must be written on the snapshot itself.
    spare: how many tags must still have room later.

    Returns:
        The tags, and the keys that were left out, from the end of the sorted keys.
    """
    keys = sorted(key for key in source if not key.startswith((RESERVED, OURS)))
    room = max(0, TAG_LIMIT - len(ours) - spare)
    kept = {key: source[key] for key in keys[:room]}
    return {**kept, **ours}, tuple(keys[room:])


def tags_of_copy(original: Tags, *, source_arn: str, time: datetime, retention: str) -> Tags:
    """A copy carries the tags of its original, with the policy of copies.

    It always has source and time, also where the original has none.
    """
    ours = {
        key: value
        for key, value in original.items()
        if key.startswith(OURS) and key not in OF_ONE_SNAPSHOT
    }
    own = {SOURCE: source_arn, TIME: to_iso(time), RETENTION: retention}
    return inherit(original, {**ours, **own})[0]
