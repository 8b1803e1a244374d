"""Names of what we create, and times as text. Every time here is an aware datetime in UTC.

Names contain a time, so that a repeated event is the same run.

Source of the rules: AWS's Lightsail guides. A name is unique in a region among resources of all
types, has 2 to 255 characters (letters, digits, `.`, `-`, `_`), and begins and ends with a letter
or digit. The name of a database or a database snapshot has letters, digits and hyphens only.
"""

import hashlib
import re
from datetime import UTC, datetime

from snapshotter.model.kinds import Kind


def to_iso(time: datetime) -> str:
    """Write a time as ISO 8601 in UTC, with `Z`: `2026-11-23T04:50:00Z`."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """Read ISO 8601 with an offset or `Z`; returns the time in UTC.

    Raises:
        ValueError: the text is not ISO 8601, has no offset, or is beyond the calendar in UTC.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("it names no offset from UTC")
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("it is beyond the calendar in UTC") from None


def from_tag(value: str | None) -> datetime | None:
    """Read the time in the value of a tag; None if there is none or it cannot be read."""
    try:
        return from_iso(value) if value else None
    except ValueError:
        return None


NAME_LIMIT = 255
DRILL_PREFIX = "drill-"
_STAMP = "%Y%m%dT%H%M%SZ"
_DIGEST_LENGTH = 8
_STEM_LIMIT = NAME_LIMIT - len("-disk-15")
"""An instance has at most 15 disks (AWS's quotas), whose names begin with its own."""

_LEGAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,253}[A-Za-z0-9]")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,253}[A-Za-z0-9]")
_STAMPED = re.compile(r"(?P<resource>.+)-(?P<stamp>\d{8}T\d{6}Z)")


def snapshot_name(kind: Kind, resource: str, source_arn: str, time: datetime) -> str:
    """Name the snapshot of a resource at a scheduled time: `<resource>-<YYYYMMDDTHHMMSSZ>`.

    The time is in UTC. A resource part that was cut or altered ends with the first 8 hex digits of
    the SHA-256 of the source's ARN, so that two sources never share a name.
    """
    return _stamped(kind, resource, source_arn, time)


def restored_name(kind: Kind, resource: str, source_arn: str, time: datetime) -> str:
    """Name the resource that is restored: `<resource>-restored-<YYYYMMDDTHHMMSSZ>`.

    time: the recovery point's. The name shows the age of the data, and requesting the same restore
    again, at any time, gives the same name.
    """
    return _stamped(kind, resource, source_arn, time, after="-restored", with_disks=True)


def drill_name(kind: Kind, resource: str, source_arn: str, time: datetime) -> str:
    """Name the resource of a drill: `drill-<resource>-<YYYYMMDDTHHMMSSZ>`, the scheduled time."""
    return _stamped(kind, resource, source_arn, time, before=DRILL_PREFIX, with_disks=True)


def disk_names(instance: str, count: int) -> tuple[str, ...]:
    """Name the disks of a restored instance after the instance."""
    return tuple(f"{instance[:_STEM_LIMIT]}-disk-{n}" for n in range(1, count + 1))


def is_disk_of(disk: str, instance: str) -> bool:
    """Return whether a disk has the name of a disk of this restored instance."""
    part, _, number = disk.rpartition("-disk-")
    return part == instance[:_STEM_LIMIT] and number.isdecimal()


def is_legal(kind: Kind, name: str) -> bool:
    """Return whether Lightsail accepts a name for a resource of a kind."""
    return (_PLAIN if kind.plain_names else _LEGAL).fullmatch(name) is not None


def copy_name(original: str, source_arn: str, source_region: str) -> str:
    """Name the copy of a snapshot: `<snapshot>-<region it was copied from>`.

    If that is too long, the resource part is cut as in `snapshot_name`; the time is kept.
    """
    name = f"{original}-{source_region}"
    if len(name) <= NAME_LIMIT:
        return name
    part, stamp = _split(original)
    end = f"-{stamp}-{source_region}" if stamp else f"-{source_region}"
    return _with_digest(part, source_arn, NAME_LIMIT - len(end)) + end


def resource_part(snapshot: str) -> str:
    """The resource's name, as far as it can be read from a snapshot's name; for messages only."""
    return _split(snapshot)[0]


def _stamped(
    kind: Kind,
    resource: str,
    source_arn: str,
    time: datetime,
    *,
    before: str = "",
    after: str = "",
    with_disks: bool = False,
) -> str:
    """Build a name; with_disks leaves room for what its disks' names have more."""
    end = f"{after}-{time.astimezone(UTC).strftime(_STAMP)}"
    part = re.sub(r"[^A-Za-z0-9-]+", "-", resource).strip("-") if kind.plain_names else resource
    limit = (_STEM_LIMIT if with_disks else NAME_LIMIT) - len(before) - len(end)
    if part != resource or len(part) > limit:
        part = _with_digest(part, source_arn, limit)
    return before + part + end


def _with_digest(part: str, source_arn: str, limit: int) -> str:
    digest = hashlib.sha256(source_arn.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{part[: limit - 1 - _DIGEST_LENGTH]}-{digest}"


def _split(snapshot: str) -> tuple[str, str]:
    match = _STAMPED.match(snapshot)
    return (match["resource"], match["stamp"]) if match else (snapshot, "")
