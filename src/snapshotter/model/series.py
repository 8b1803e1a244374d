"""Our snapshots, grouped into series.

A series is all snapshots of one source in one region: the originals in the source's own region, and
the copies in each other region. Snapshots without our ownership tag are in none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from snapshotter.model.inventory import Snapshot
from snapshotter.model.kinds import Kind, Status
from snapshotter.model.names import resource_part
from snapshotter.model.tags import (
    DRILL_FAILED,
    HOLD,
    POLICY,
    RECOVERY_SECONDS,
    RETENTION,
    SOURCE,
    TIME,
    VERIFIED,
    tags_of_copy,
)
from snapshotter.model.times import from_tag, to_iso


@dataclass(frozen=True, slots=True)
class OwnSnapshot:
    """A snapshot of ours, with the contents of its tags.

    time: the recovery point's time, the same in the original and in its copies.
    """

    snapshot: Snapshot
    source_arn: str
    time: datetime

    @property
    def name(self) -> str:
        return self.snapshot.name

    @property
    def region(self) -> str:
        return self.snapshot.region

    @property
    def kind(self) -> Kind:
        return self.snapshot.kind

    @property
    def status(self) -> Status:
        return self.snapshot.status

    @property
    def held(self) -> bool:
        return HOLD in self.snapshot.tags

    @property
    def verified(self) -> bool:
        """Whether a drill of it has passed."""
        return VERIFIED in self.snapshot.tags

    @property
    def verified_at(self) -> datetime | None:
        """The time of the last drill that passed; None if there is none or it cannot be read."""
        return from_tag(self.snapshot.tags.get(VERIFIED))

    @property
    def drilled_at(self) -> datetime:
        """When its last drill ended."""
        times = (self.verified_at, self.drill_failed_at)
        return max((time for time in times if time), default=datetime.min.replace(tzinfo=UTC))

    @property
    def recovery_seconds(self) -> int | None:
        """How long the drill that passed took; None where that is not known."""
        written = self.snapshot.tags.get(RECOVERY_SECONDS) or ""
        return int(written) if written.isdecimal() else None

    @property
    def drill_failed_at(self) -> datetime | None:
        """When its last failed drill was; None where none failed, or the tag is unreadable."""
        return from_tag(self.snapshot.tags.get(DRILL_FAILED))

    @property
    def retention_text(self) -> str | None:
        """The policy that was in force when it was taken, as its tag has it."""
        return self.snapshot.tags.get(RETENTION)

    def tags_of_copy(self, retention: str) -> dict[str, str | None]:
        """The tags of a copy: always with source and time, also where the original has none."""
        own = {SOURCE: self.source_arn, TIME: to_iso(self.time)}
        return tags_of_copy({**self.snapshot.tags, **own}, retention)

    @property
    def source_region(self) -> str:
        return region_of(self.source_arn) or self.region

    @property
    def is_copy(self) -> bool:
        return self.source_region != self.region

    @property
    def source_name(self) -> str:
        """The source's name for messages: from Lightsail, else from the snapshot's name."""
        return self.snapshot.from_name or resource_part(self.name)


@dataclass(frozen=True, slots=True)
class Series:
    """The snapshots of one source in one region, newest first."""

    kind: Kind
    source_arn: str
    region: str
    snapshots: tuple[OwnSnapshot, ...] = ()

    @property
    def is_copies(self) -> bool:
        return self.source_region != self.region

    @property
    def source_region(self) -> str:
        return region_of(self.source_arn) or self.region

    @property
    def source_name(self) -> str:
        return self.snapshots[0].source_name

    def of(self, *statuses: Status) -> tuple[OwnSnapshot, ...]:
        """The snapshots with one of these statuses, newest first."""
        return tuple(own for own in self.snapshots if own.status in statuses)

    def at(self, time: datetime) -> OwnSnapshot | None:
        """The snapshot for a scheduled time, if there is one."""
        return next((own for own in self.snapshots if own.time == time), None)

    @property
    def failed_drill(self) -> OwnSnapshot | None:
        """The snapshot of the last failed drill, unless a later one of the series has passed."""
        drilled = [own for own in self.snapshots if own.verified_at or own.drill_failed_at]
        last = max(drilled, key=lambda own: own.drilled_at, default=None)
        return last if last and last.drill_failed_at == last.drilled_at else None

    def newest(self, *statuses: Status) -> OwnSnapshot | None:
        return next(iter(self.of(*statuses)), None)


SeriesKey = tuple[str, str, str]
"""Kind, source ARN, region."""


def own(snapshot: Snapshot, policy: str) -> OwnSnapshot | None:
    """Read a snapshot of ours; None if it is not ours.

    If our time tag is missing or unreadable, Lightsail's creation time is used; if our source tag
    is missing, Lightsail's record of the source. Without either, the snapshot is a series of its
    own, so that it never counts among those of another source.
    """
    return read(snapshot) if snapshot.tags.get(POLICY) == policy else None


def read(snapshot: Snapshot) -> OwnSnapshot:
    """Read any snapshot as `own` does, whether it is ours or not."""
    source = snapshot.tags.get(SOURCE) or snapshot.from_arn or snapshot.arn
    time = from_tag(snapshot.tags.get(TIME)) or snapshot.created_at
    return OwnSnapshot(snapshot, source, time)


def group(snapshots: Iterable[Snapshot], policy: str) -> dict[SeriesKey, Series]:
    """Group our snapshots into series."""
    found: defaultdict[SeriesKey, list[OwnSnapshot]] = defaultdict(list)
    for snapshot in snapshots:
        if (mine := own(snapshot, policy)) is not None:
            found[(mine.kind.name, mine.source_arn, mine.region)].append(mine)
    return {
        key: Series(
            kind=members[0].kind,
            source_arn=key[1],
            region=key[2],
            snapshots=tuple(sorted(members, key=lambda own: (own.time, own.name), reverse=True)),
        )
        for key, members in found.items()
    }


def region_of(arn: str) -> str:
    """The region in an ARN; empty if it has none."""
    parts = arn.split(":", 5)
    return parts[3] if len(parts) == 6 else ""
