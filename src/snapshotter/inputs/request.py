"""What a run is asked to do, as a frozen value; `event` reads it out of an event."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RunAction(StrEnum):
    """What a run is for.

    Snapshot and sweep differ only in what makes a resource due; restore and drill are for a
    stack that has EnableRestore.
    """

    SNAPSHOT = "snapshot"
    SWEEP = "sweep"
    RESTORE = "restore"
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class RestoreRequest:
    """What to restore, and as what. Either a snapshot is named or a resource.

    as_of: of the resource, the newest recovery point at or before this moment; None for the
    newest there is.
    name, zone, bundle_id: of what is made; None for what the recovery point suggests.
    region: where the snapshot lies, and where it is restored; None to look in all regions.
    protect: whether what is made is selected for protection like its source.
    foreign: whether a snapshot that is not ours will do.
    """

    snapshot: str | None = None
    resource: str | None = None
    as_of: datetime | None = None
    name: str | None = None
    region: str | None = None
    zone: str | None = None
    bundle_id: str | None = None
    protect: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One run, as asked for.

    scheduled_time: aware, in UTC, to the second; the run's name, and its "now".
    regions: where to work; all of the stack's unless the event names some.
    resources: None for all that are selected.
    wait_s: how long to wait, at the most, for what the run itself began to become ready.
    restore: what to restore, where that is the action.
    """

    action: RunAction
    scheduled_time: datetime
    dry_run: bool
    regions: tuple[str, ...]
    resources: tuple[str, ...] | None
    wait_s: int
    restore: RestoreRequest | None = None
