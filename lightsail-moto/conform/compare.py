"""Where two answers differ, apart from what differs from one account to another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from conform.recordings import REMOVED
from conform.transcript import Exchange, NotReached, Transcript

VARIABLE = {
    *REMOVED,
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
}
"""Members that have other values in another account, or at another time."""

NOT_IN_THE_SCENARIO = ("busy", "prepare-", "role", "throttled")
"""Steps that depend on the role, or on how busy the account is."""


def differences(
    recorded: Any, found: Any, *, gained: bool = False, path: str = ""
) -> Iterator[str]:
    """Each member of which one side has nothing, or another value.

    gained: members that only the second side has are no difference.
    """
    if isinstance(recorded, Mapping) and isinstance(found, Mapping):
        for key in sorted({*recorded, *found}):
            below = f"{path}.{key}".lstrip(".")
            if key not in found:
                yield f"{below} is missing: {recorded[key]!r}"
            elif key not in recorded:
                yield from () if gained else (f"{below} was not recorded: {found[key]!r}",)
            elif key not in VARIABLE:
                yield from differences(recorded[key], found[key], gained=gained, path=below)
    elif isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
        for number, pair in enumerate(zip(recorded, found, strict=True)):
            yield from differences(*pair, gained=gained, path=f"{path}[{number}]")
    elif _without_times(recorded) != _without_times(found):
        yield f"{path} was {recorded!r}, is {found!r}"


def _without_times(value: Any) -> Any:
    """Names of final snapshots end with a time in milliseconds."""
    return re.sub(r"\b\d{13}\b", "0", value) if isinstance(value, str) else value


def compare(recorded: Transcript, found: Transcript) -> Iterator[str]:
    """The differences of every step that the scenario has, by its last exchange."""
    for step in dict.fromkeys(exchange.step for exchange in recorded):
        if step.startswith(NOT_IN_THE_SCENARIO):
            continue
        try:
            pair = [_form(seen(step)) for seen in (recorded, found)]
        except NotReached as why:
            yield str(why)
        else:
            yield from (f"{step}: {difference}" for difference in differences(*pair))


def _form(exchange: Exchange) -> dict[str, Any]:
    return {"answer": exchange.answer, "error": exchange.error}
