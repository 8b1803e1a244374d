"""Automatic snapshots of one instance or disk: one a day, the seven latest kept.

They come from the clock when they are read: each day at the add-on's time one begins, and is
InProgress for a while, then Success. The live service begins up to 45 minutes later.
Source: "Configuring automatic snapshots" in the Lightsail user guide; GetAutoSnapshots in
the API reference. That no instance snapshot of GetInstanceSnapshots is automatic is inferred.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lightsail_moto.exceptions import InvalidInput, NotFound
from lightsail_moto.models.resource import Record, Resource

KEPT = 7


@dataclass
class AutoSnapshot:
    """`disks` are the attached disks, as path and sizeInGb; `until` is the end of InProgress."""

    created_at: datetime
    until: datetime
    disks: list[Record]

    @property
    def date(self) -> str:
        return self.created_at.strftime("%Y-%m-%d")

    def describe(self, now: datetime) -> Record:
        return {
            "date": self.date,
            "createdAt": self.created_at,
            "status": "Success" if now >= self.until else "InProgress",
            "fromAttachedDisks": [dict(disk) for disk in self.disks],
        }


@dataclass
class AutoSnapshots:
    """The schedule (`next_at` is None while the add-on is disabled) and what it has made."""

    next_at: datetime | None = None
    made: list[AutoSnapshot] = field(default_factory=list)

    def enable(self, time_of_day: str, now: datetime) -> None:
        hour, _, minute = time_of_day.partition(":")
        first = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
        self.next_at = first if first > now else first + timedelta(days=1)

    def disable(self) -> None:
        """No more are made; those that are there stay."""
        self.next_at = None

    def settle(self, now: datetime, duration: timedelta, disks: list[Record]) -> None:
        """Make what was due up to `now`; days that seven newer ones would replace are left out."""
        if self.next_at is None or self.next_at > now:
            return
        missed = (now - self.next_at).days
        self.next_at += timedelta(days=max(0, missed - KEPT))
        while self.next_at <= now:
            self.begin(self.next_at, duration, disks)
            self.next_at += timedelta(days=1)

    def begin(self, at: datetime, duration: timedelta, disks: list[Record]) -> None:
        made = AutoSnapshot(at, at + duration, disks)
        self.made = [*(old for old in self.made if old.date != made.date), made][-KEPT:]

    def in_progress(self, now: datetime) -> bool:
        return any(made.created_at <= now < made.until for made in self.made)

    def delete(self, date: str) -> None:
        self.made.remove(self._of(date))

    def pick(self, date: str | None, latest: bool | None, now: datetime) -> AutoSnapshot:
        """The finished one of a date, or the latest; InvalidInput unless exactly one is asked."""
        if bool(date) == bool(latest):
            raise InvalidInput(
                "Give either restoreDate or useLatestRestorableAutoSnapshot, and not both."
            )
        finished = [made for made in self.made if now >= made.until]
        if date:
            finished = [made for made in finished if made.date == date]
        if not finished:
            raise NotFound("AutoSnapshot", date or "latest")
        return finished[-1]

    def describe(self, now: datetime) -> list[Record]:
        """Newest first."""
        return [made.describe(now) for made in reversed(self.made)]

    def _of(self, date: str) -> AutoSnapshot:
        for made in self.made:
            if made.date == date:
                return made
        raise NotFound("AutoSnapshot", date)


@dataclass(kw_only=True, eq=False)
class AddOnResource(Resource):
    """An instance or a disk: it can have add-ons, and so automatic snapshots."""

    auto: AutoSnapshots = field(default_factory=AutoSnapshots)
    add_ons: list[Record] = field(default_factory=list)

    @property
    def can_auto_snapshot(self) -> bool:
        return True

    def attached_disks(self) -> list[Record]:
        """The disks of an instance as an automatic snapshot shows them; a disk has none."""
        return []
