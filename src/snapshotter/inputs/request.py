"""What a run is asked to do, as a frozen value that `event` reads from an event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from snapshotter.model.times import to_iso
from snapshotter.policy.grammar import Retention


class RunAction(StrEnum):
    """What a run is for.

    Snapshot and sweep differ only in what is due; report only reads; restore and drill need
    EnableRestore.
    """

    SNAPSHOT = "snapshot"  # snapshot every selected resource; copy, tag and prune
    SWEEP = "sweep"  # snapshot only what lacks a recent recovery point; copy, tag, prune, confirm
    REPORT = "report"  # report what is protected and what needs attention; reads only
    RESTORE = "restore"  # make a new resource from a recovery point
    DRILL = "drill"  # start restore tests; the sweeps finish them


@dataclass(frozen=True, slots=True)
class RestoreRequest:
    """What to restore: a snapshot or a resource that is named, or everything in a region.

    resources: with everything, the names of the resources; None for all.
    as_of: the resource's newest recovery point at or before this time; None for the newest.
    name, zone, bundle_id: of what is created; None for the values of the recovery point.
    region: of the snapshot and of what is created; None to look in all regions.
    protect: whether what is created keeps the selection tag of its source.
    foreign: whether a snapshot that is not ours is accepted.
    take_over: whether the new instance takes the static address of its source.
    """

    snapshot: str | None = None
    resource: str | None = None
    everything: bool = False
    resources: tuple[str, ...] | None = None
    as_of: datetime | None = None
    name: str | None = None
    region: str | None = None
    zone: str | None = None
    bundle_id: str | None = None
    protect: bool = False
    foreign: bool = False
    take_over: bool = False

    @property
    def when(self) -> str:
        """The end of a sentence about recovery points."""
        return f" at or before {to_iso(self.as_of)}" if self.as_of else ""

    def is_in_time(self, time: datetime) -> bool:
        return self.as_of is None or time <= self.as_of


class Send(StrEnum):
    """Whether a report is sent as a letter."""

    NEVER = "never"
    IF_NEEDED = "attention"
    """While something needs attention, and on Mondays."""
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class AlarmChange:
    """An alarm of the stack that changed its state, as CloudWatch reports it."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Request:
    """One run, as asked for.

    scheduled_time: aware, in UTC, to the second; names the run and is its present.
    regions: all of the stack's, unless the event names some.
    resources: None for all that are selected.
    wait_s: seconds to wait, at most, until what the run started is ready.
    end_cooling_off: whether policies that were in force earlier keep nothing in this run.
    restore: what to restore, where that is the action.
    retention: a policy that a report tries on every series. send, alarm: of a report's letter.
    """

    action: RunAction
    scheduled_time: datetime
    dry_run: bool
    regions: tuple[str, ...]
    resources: tuple[str, ...] | None
    wait_s: int
    end_cooling_off: bool = False
    restore: RestoreRequest | None = None
    retention: Retention | None = None
    send: Send = Send.NEVER
    alarm: AlarmChange | None = None

    def cooling_off(self, period: timedelta) -> timedelta:
        """The cooling-off period of this run, in a stack with the given one."""
        return timedelta(0) if self.end_cooling_off else period
