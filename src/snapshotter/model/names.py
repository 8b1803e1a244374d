"""Names of what we make: built from a time, so that a repeated delivery is the same run.

Source of the rules: AWS's Lightsail guides. A name is unique in a region among resources of
every type, has 2 to 255 characters (letters, digits, `.`, `-`, `_`) and begins and ends with a
letter or digit; the name of a database snapshot takes letters, digits and hyphens only.
"""

import hashlib
import re
from datetime import UTC, datetime

from snapshotter.model.kinds import Kind

NAME_LIMIT = 255
DRILL_PREFIX = "drill-"
_STAMP = "%Y%m%dT%H%M%SZ"
_DIGEST_LENGTH = 8
_DISKS_ROOM = len("-disk-15")
"""An instance takes 15 disks at the most (AWS's quotas)."""

_LEGAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,253}[A-Za-z0-9]")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,253}[A-Za-z0-9]")
_STAMPED = re.compile(r"(?P<resource>.+)-(?P<stamp>\d{8}T\d{6}Z)")


def snapshot_name(kind: Kind, resource: str, source_arn: str, time: datetime) -> str:
    """Name the snapshot of a resource at a scheduled time.

    `<resource>-<YYYYMMDDTHHMMSSZ>`, in UTC. A resource part that had to be cut or altered
    ends in the first 8 hex digits of SHA-256 of the source's ARN, so two sources never meet.
    """
    return _stamped(kind, resource, source_arn, time)


def restored_name(kind: Kind, resource: str, source_arn: str, time: datetime) -> str:
    """Name what a recovery point is restored as: `<resource>-restored-<YYYYMMDDTHHMMSSZ>`.

    time: the recovery point's. So the name tells of when the restored thing is, and the same
    restore asked for again, under whatever time, is the same restore.
    """
    return _stamped(kind, resource, source_arn, time, after="-restored", room=_DISKS_ROOM)


def drill_name(kind: Kind, resource: str, source_arn: str, time: datetime) -> str:
    """Name the drill of a resource at a scheduled time: `drill-<resource>-<YYYYMMDDTHHMMSSZ>`."""
    return _stamped(kind, resource, source_arn, time, before=DRILL_PREFIX, room=_DISKS_ROOM)


def disk_names(instance: str, count: int) -> tuple[str, ...]:
    """Name the disks of a restored instance, so that its name alone tells theirs."""
    return tuple(f"{instance[: NAME_LIMIT - _DISKS_ROOM]}-disk-{n}" for n in range(1, count + 1))


def is_disk_of(disk: str, instance: str) -> bool:
    """Tell whether a disk has the name of a disk of this restored instance."""
    part, _, number = disk.rpartition("-disk-")
    return part == instance[: NAME_LIMIT - _DISKS_ROOM] and re.fullmatch(r"\d+", number) is not None


def is_legal(kind: Kind, name: str) -> bool:
    """Tell whether Lightsail takes a name for a resource of a kind."""
    return (_PLAIN if kind.plain_names else _LEGAL).fullmatch(name) is not None


def copy_name(original: str, source_arn: str, source_region: str) -> str:
    """Name the copy of a snapshot: `<snapshot>-<region it was copied from>`.

    Where that is too long, the resource part is cut as in `snapshot_name`; the time stays.
    """
    name = f"{original}-{source_region}"
    if len(name) <= NAME_LIMIT:
        return name
    part, stamp = _split(original)
    end = f"-{stamp}-{source_region}" if stamp else f"-{source_region}"
    return _with_digest(part, source_arn, NAME_LIMIT - len(end)) + end


def resource_part(snapshot: str) -> str:
    """Give back the resource's name as far as a snapshot's name tells it; for people to read."""
    return _split(snapshot)[0]


def _stamped(
    kind: Kind,
    resource: str,
    source_arn: str,
    time: datetime,
    *,
    before: str = "",
    after: str = "",
    room: int = 0,
) -> str:
    """Put a name together; `room` is what must be left for others to append."""
    end = f"{after}-{time.astimezone(UTC).strftime(_STAMP)}"
    part = re.sub(r"[^A-Za-z0-9-]+", "-", resource).strip("-") if kind.plain_names else resource
    limit = NAME_LIMIT - len(before) - len(end) - room
    if part != resource or len(part) > limit:
        part = _with_digest(part, source_arn, limit)
    return before + part + end


def _with_digest(part: str, source_arn: str, limit: int) -> str:
    digest = hashlib.sha256(source_arn.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{part[: limit - 1 - _DIGEST_LENGTH]}-{digest}"


def _split(snapshot: str) -> tuple[str, str]:
    match = _STAMPED.match(snapshot)
    return (match["resource"], match["stamp"]) if match else (snapshot, "")
