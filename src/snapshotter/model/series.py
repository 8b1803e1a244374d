"""Our snapshots among all there are, in series.

A series is what was taken of one source and lies in one region: the originals in the source's
own region, and the copies in each other one. What does not carry our ownership tag is not here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from snapshotter.model.inventory import Snapshot
from snapshotter.model.kinds import Kind, Status
from snapshotter.model.names import resource_part
from snapshotter.model.tags import HOLD, POLICY, RETENTION, SOURCE, TIME, VERIFIED
from snapshotter.model.times import from_iso


@dataclass(frozen=True, slots=True)
class OwnSnapshot:
    """A snapshot of ours, with what its tags say of it.

    time: the recovery point's time, in the original and in its copies alike.
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
        """Whether a drill has restored it and found it good."""
        return VERIFIED in self.snapshot.tags

    @property
    def verified_at(self) -> datetime | None:
        """When it was proven last; None when it never was, or the tag is unreadable."""
        return moment(self.snapshot.tags.get(VERIFIED))

    @property
    def retention_text(self) -> str | None:
        """The policy that was in force when it was taken, as its tag has it."""
        return self.snapshot.tags.get(RETENTION)

    @property
    def source_region(self) -> str:
        return region_of(self.source_arn) or self.region

    @property
    def is_copy(self) -> bool:
        return self.source_region != self.region

    @property
    def source_name(self) -> str:
        """The source's name, for people: what Lightsail says, else what our name for it tells."""
        return self.snapshot.from_name or resource_part(self.name)


@dataclass(frozen=True, slots=True)
class Series:
    """The snapshots of one source in one region, newest first."""

    kind: Kind
    source_arn: str
    region: str
    snapshots: tuple[OwnSnapshot, ...]

    @property
    def is_copies(self) -> bool:
        return self.snapshots[0].is_copy

    @property
    def source_region(self) -> str:
        return self.snapshots[0].source_region

    def of(self, *statuses: Status) -> tuple[OwnSnapshot, ...]:
        """Those in one of these states, newest first."""
        return tuple(own for own in self.snapshots if own.status in statuses)

    def at(self, time: datetime) -> OwnSnapshot | None:
        """The snapshot for a scheduled time, if it is there."""
        return next((own for own in self.snapshots if own.time == time), None)

    def newest(self, *statuses: Status) -> OwnSnapshot | None:
        return next(iter(self.of(*statuses)), None)


SeriesKey = tuple[str, str, str]
"""Kind, source ARN, region."""


def own(snapshot: Snapshot, policy: str) -> OwnSnapshot | None:
    """Read a snapshot as ours; None where it is not.

    Where our time is missing or unreadable, Lightsail's creation time stands in; where our
    source is missing, Lightsail's own record of it does. Without either the snapshot is a
    series of its own, so that it is never weighed against those of another source.
    """
    return read(snapshot) if snapshot.tags.get(POLICY) == policy else None


def read(snapshot: Snapshot) -> OwnSnapshot:
    """Read a snapshot as `own` does, whoever made it."""
    source = snapshot.tags.get(SOURCE) or snapshot.from_arn or snapshot.arn
    return OwnSnapshot(snapshot, source, _time(snapshot))


def group(snapshots: Iterable[Snapshot], policy: str) -> dict[SeriesKey, Series]:
    """Find our snapshots and put them into their series."""
    found: defaultdict[SeriesKey, list[OwnSnapshot]] = defaultdict(list)
    for mine in _ours(snapshots, policy):
        found[(mine.kind.name, mine.source_arn, mine.region)].append(mine)
    return {
        key: Series(
            kind=members[0].kind,
            source_arn=key[1],
            region=key[2],
            snapshots=tuple(sorted(members, key=_newest_first, reverse=True)),
        )
        for key, members in found.items()
    }


def region_of(arn: str) -> str:
    """The region in an ARN; empty when it has none."""
    parts = arn.split(":", 5)
    return parts[3] if len(parts) == 6 else ""


def _ours(snapshots: Iterable[Snapshot], policy: str) -> Iterator[OwnSnapshot]:
    for snapshot in snapshots:
        mine = own(snapshot, policy)
        if mine is not None:
            yield mine


def _newest_first(mine: OwnSnapshot) -> tuple[datetime, str]:
    return (mine.time, mine.name)


def _time(snapshot: Snapshot) -> datetime:
    return moment(snapshot.tags.get(TIME)) or snapshot.created_at


def moment(written: str | None) -> datetime | None:
    """Read a moment that a tag tells; None where it tells none that can be read."""
    try:
        return from_iso(written) if written else None
    except ValueError:
        return None
