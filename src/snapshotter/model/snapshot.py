"""Snapshots, with the contents of our tags, and their series.

A series is all snapshots of one source in one region: the originals in the source's own region, and
the copies in each other region. Snapshots without our ownership tag are in none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from snapshotter.model.kinds import Kind, Status
from snapshotter.model.names import from_tag, resource_part
from snapshotter.model.tags import (
    DRILL_FAILED,
    HOLD,
    POLICY,
    RECOVERY_SECONDS,
    RETENTION,
    SOURCE,
    TIME,
    VERIFIED,
    Tags,
)

UNKNOWN_TIME = datetime.min.replace(tzinfo=UTC)


class AttachedDisk(NamedTuple):
    """A disk that an instance's snapshot holds: its path on the instance, and its name then."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot in Lightsail, whoever made it.

    source_arn: our source tag, else Lightsail's record of the source. Without either, the snapshot
    is a series of its own, so that it never counts among those of another source.
    time: the recovery point's, the same in the original and in its copies: our time tag, else
    Lightsail's creation time. Without either, the status is unknown: never counted as good, and
    never deleted.
    """

    kind: Kind
    region: str
    name: str
    arn: str
    status: Status
    state: str
    created_at: datetime | None
    tags: Tags
    size_gb: int = 0
    from_name: str | None = None
    from_arn: str | None = None
    from_bundle: str | None = None
    attached: tuple[AttachedDisk, ...] = ()
    source_arn: str = field(init=False)
    time: datetime = field(init=False)

    def __post_init__(self) -> None:
        identity = self.arn or f"{self.region}/{self.name}"
        source = self.tags.get(SOURCE) or self.from_arn or identity
        time = from_tag(self.tags.get(TIME)) or self.created_at
        object.__setattr__(self, "source_arn", source)
        object.__setattr__(self, "time", time or UNKNOWN_TIME)
        if time is None:
            object.__setattr__(self, "status", Status.UNKNOWN)

    def is_owned_by(self, policy: str) -> bool:
        """Return whether the stack with this PolicyName made it."""
        return self.tags.get(POLICY) == policy

    @property
    def created(self) -> datetime:
        """When it was made; where Lightsail does not say, the recovery point's time."""
        return self.created_at or self.time

    @property
    def held(self) -> bool:
        return HOLD in self.tags

    @property
    def retention_text(self) -> str | None:
        """The policy that was in force when it was taken, as its tag has it."""
        return self.tags.get(RETENTION)

    @property
    def verified_at(self) -> datetime | None:
        """The time of the last drill that passed; None if there is none or it cannot be read."""
        return from_tag(self.tags.get(VERIFIED))

    @property
    def verified(self) -> bool:
        """Whether a drill of it has passed."""
        return VERIFIED in self.tags

    @property
    def drill_failed_at(self) -> datetime | None:
        """When its last failed drill was; None where none failed, or the tag is unreadable."""
        return from_tag(self.tags.get(DRILL_FAILED))

    @property
    def drilled_at(self) -> datetime:
        """When its last drill ended; UNKNOWN_TIME where it had none."""
        return max(self.verified_at or UNKNOWN_TIME, self.drill_failed_at or UNKNOWN_TIME)

    @property
    def recovery_seconds(self) -> int | None:
        """How long the drill that passed took; None where that is not known."""
        written = self.tags.get(RECOVERY_SECONDS) or ""
        return int(written) if written.isdecimal() else None

    @property
    def source_region(self) -> str:
        return region_of(self.source_arn) or self.region

    @property
    def is_copy(self) -> bool:
        return self.source_region != self.region

    @property
    def source_name(self) -> str:
        """The source's name for messages: from Lightsail, else from the snapshot's name."""
        return self.from_name or resource_part(self.name)


@dataclass(frozen=True, slots=True)
class Series:
    """The snapshots of one source in one region, newest first."""

    kind: Kind
    source_arn: str
    region: str
    snapshots: tuple[Snapshot, ...] = ()

    @property
    def source_region(self) -> str:
        return region_of(self.source_arn) or self.region

    @property
    def is_copies(self) -> bool:
        return self.source_region != self.region

    @property
    def source_name(self) -> str:
        return self.snapshots[0].source_name

    @property
    def ready(self) -> tuple[Snapshot, ...]:
        """Its recovery points, newest first."""
        return self.with_status(Status.READY)

    @property
    def newest_ready(self) -> Snapshot | None:
        return next(iter(self.ready), None)

    def with_status(self, *statuses: Status) -> tuple[Snapshot, ...]:
        """The snapshots with one of these statuses, newest first."""
        return tuple(each for each in self.snapshots if each.status in statuses)

    def find(self, time: datetime) -> Snapshot | None:
        """The snapshot for a scheduled time, if there is one."""
        return next((each for each in self.snapshots if each.time == time), None)

    @property
    def failed_drill(self) -> Snapshot | None:
        """The snapshot of the last failed drill, unless a later one of the series has passed."""
        last = max(self.snapshots, key=lambda each: each.drilled_at, default=None)
        return last if last and last.drill_failed_at == last.drilled_at else None


class SeriesKey(NamedTuple):
    """What makes a series: the kind's name, the source's ARN and the region."""

    kind: str
    source_arn: str
    region: str


def group(snapshots: Iterable[Snapshot], policy: str) -> dict[SeriesKey, Series]:
    """Group the snapshots of the stack with this PolicyName into series."""
    found: defaultdict[SeriesKey, list[Snapshot]] = defaultdict(list)
    for each in snapshots:
        if each.is_owned_by(policy):
            found[SeriesKey(each.kind.name, each.source_arn, each.region)].append(each)
    return {
        key: Series(members[0].kind, key.source_arn, key.region, tuple(newest_first(members)))
        for key, members in found.items()
    }


def newest_first(snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    """Order snapshots by their times; equal times by name."""
    return sorted(snapshots, key=lambda each: (each.time, each.name), reverse=True)


def region_of(arn: str) -> str:
    """The region in an ARN; empty if it has none."""
    parts = arn.split(":", 5)
    return parts[3] if len(parts) == 6 else ""
