"""Where an answer differs from a published one, apart from what differs between accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

VARIABLE = {
    "address",
    "fingerprint",
    "ipAddress",
    "privateIpAddress",
    "dnsName",
    "privateKeyBase64",
    "publicIpAddress",
    "publicKeyBase64",
    "supportCode",
    "arn",
    "backupRetentionEnabled",
    "createdAt",
    "docs",
    "engineVersion",
    "fromDiskArn",
    "fromInstanceArn",
    "fromRelationalDatabaseArn",
    "id",
    "latestRestorableTime",
    "message",
    "nextSnapshotTimeOfDay",
    "pages",
    "preferredBackupWindow",
    "preferredMaintenanceWindow",
    "progress",
    "statusChangedAt",
    "tlsCertificateSummaries",
}
"""Members that have other values in another account, or at another time."""


def differences(recorded: Any, found: Any, path: str = "") -> Iterator[str]:
    """Each member of which one side has nothing, or another value.

    Members that only the backend has are no difference: the service has gained members.
    """
    if isinstance(recorded, Mapping) and isinstance(found, Mapping):
        for key in sorted(recorded):
            below = f"{path}.{key}".lstrip(".")
            if key not in found:
                yield f"{below} is missing: {recorded[key]!r}"
            elif key not in VARIABLE:
                yield from differences(recorded[key], found[key], path=below)
    elif isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
        for number, pair in enumerate(zip(recorded, found, strict=True)):
            yield from differences(*pair, path=f"{path}[{number}]")
    elif _without_times(recorded) != _without_times(found):
        yield f"{path} was {recorded!r}, is {found!r}"


def _without_times(value: Any) -> Any:
    """Names of final snapshots end with a time in milliseconds."""
    return re.sub(r"\b\d{13}\b", "0", value) if isinstance(value, str) else value
