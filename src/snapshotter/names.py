"""Names of snapshots: built from the scheduled time, so that a repeated delivery is the same run.

Source of the rules: AWS's Lightsail guides. A name is unique in a region among resources of
every type, has 2 to 255 characters (letters, digits, `.`, `-`, `_`) and begins and ends with a
letter or digit; the name of a database snapshot takes letters, digits and hyphens only.
"""

import hashlib
import re
from datetime import UTC, datetime

from snapshotter.kinds import Kind

NAME_LIMIT = 255
_STAMP = "%Y%m%dT%H%M%SZ"
_STAMP_LENGTH = len("20261123T045000Z")
_DIGEST_LENGTH = 8
_STAMPED = re.compile(r"(?P<resource>.+)-(?P<stamp>\d{8}T\d{6}Z)")


def snapshot_name(kind: Kind, resource: str, source_arn: str, time: datetime) -> str:
    """Name the snapshot of a resource at a scheduled time.

    `<resource>-<YYYYMMDDTHHMMSSZ>`, in UTC. A resource part that had to be cut or altered
    ends in the first 8 hex digits of SHA-256 of the source's ARN, so two sources never meet.
    """
    part = re.sub(r"[^A-Za-z0-9-]+", "-", resource).strip("-") if kind.plain_names else resource
    limit = NAME_LIMIT - 1 - _STAMP_LENGTH
    if part != resource or len(part) > limit:
        part = _with_digest(part, source_arn, limit)
    return f"{part}-{time.astimezone(UTC).strftime(_STAMP)}"


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


def _with_digest(part: str, source_arn: str, limit: int) -> str:
    digest = hashlib.sha256(source_arn.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{part[: limit - 1 - _DIGEST_LENGTH]}-{digest}"


def _split(snapshot: str) -> tuple[str, str]:
    match = _STAMPED.match(snapshot)
    return (match["resource"], match["stamp"]) if match else (snapshot, "")
