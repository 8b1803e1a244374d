"""Our tags, and how a snapshot inherits the tags of its source.

Source of the limits: AWS, "Tags in Amazon Lightsail": at most 50 tags on a resource; keys
that begin with `aws:` are reserved.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from sys import intern
from typing import Any

from snapshotter.model.names import to_iso

Tags = Mapping[str, str | None]
"""Tags as key to value; a key-only tag has the value None, as Lightsail has none for it."""

OURS = "snapshotter:"
POLICY = "snapshotter:policy"
SOURCE = "snapshotter:source"
TIME = "snapshotter:time"
RETENTION = "snapshotter:retention"
HOLD = "snapshotter:hold"
VERIFIED = "snapshotter:verified"
DRILL_FAILED = "snapshotter:drill-failed"
RECOVERY_SECONDS = "snapshotter:recovery-seconds"
FIREWALL = "snapshotter:firewall"
STATIC_IP = "snapshotter:static-ip"
KEY_PAIR = "snapshotter:key-pair"
ADDRESS_TYPE = "snapshotter:ip-address-type"
ZONE = "snapshotter:zone"
ADDRESS = "snapshotter:address"
PUBLICLY_ACCESSIBLE = "snapshotter:publicly-accessible"
TO_DO = "snapshotter:to-do"
RESTORED = "snapshotter:restored"
DRILL = "snapshotter:drill"
CHECK = "snapshotter:port"

MEANINGS = {
    POLICY: "PolicyName of the owning stack. A snapshot without it is never counted or deleted",
    SOURCE: "ARN of the source. A new resource with an old name is another source",
    TIME: "Time of the recovery point, in the original and in its copies",
    RETENTION: "The policy in force when the snapshot was taken; see cooling-off",
    HOLD: "Written by a person, with any value or none: never delete this snapshot",
    VERIFIED: "Time of the last drill that passed. The newest such point is kept",
    DRILL_FAILED: "Time of the last drill that failed; it counts until a later one has passed",
    RECOVERY_SECONDS: "How long the last drill that passed took, in seconds",
    FIREWALL: "Of an instance: its firewall when the snapshot was taken; continued in -2 to -5",
    STATIC_IP: "Of an instance: the name of its static address",
    KEY_PAIR: "Of an instance: the name of its key pair",
    ADDRESS_TYPE: "Of an instance: dualstack, ipv4 or ipv6",
    ZONE: "Of an instance or a disk: its availability zone",
    ADDRESS: "Of an instance: its public IPv4 address",
    PUBLICLY_ACCESSIBLE: "Of a database that is publicly accessible: true",
    TO_DO: "On a restored instance: the steps that are left, or done",
    RESTORED: "On a restored resource: the name of its snapshot",
    DRILL: "On what a drill restored: the name of the recovery point under test",
    CHECK: "On what a drill restored: the port that must accept connections, or http:PORT/PATH",
}
"""Each of our tags, for docs/reference.md."""

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
    ours = {key: original[key] for key in original if key.startswith(OURS)}
    own = {SOURCE: source_arn, TIME: to_iso(time), RETENTION: retention}
    of_copy = {key: value for key, value in ours.items() if key not in OF_ONE_SNAPSHOT}
    return inherit(original, {**of_copy, **own})[0]
