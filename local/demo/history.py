"""The past: what earlier nights would have left of the fleet, and what people left beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lightsail_moto import Control
from lightsail_moto.resources import Resource as Record
from lightsail_moto.snapshots import Snapshot
from snapshotter.inputs.settings import Settings
from snapshotter.model.inventory import Resource
from snapshotter.model.kinds import KINDS
from snapshotter.model.names import copy_name, snapshot_name
from snapshotter.model.tags import HOLD, inherit, ownership
from snapshotter.plan.situation import selector_of
from snapshotter.policy.retention import evaluate
from snapshotter.policy.grammar import Retention
from snapshotter.policy.selection import Protection

HELD = datetime(2026, 9, 17, 4, 50, tzinfo=UTC)
"""A recovery point of web-1 on which somebody wrote a hold."""

BY_HAND = "web-1-before-the-upgrade"
LOOK_ALIKE = "web-2-20260901T045000Z"
FOREIGN = (BY_HAND, LOOK_ALIKE)
"""Snapshots that people took; the second has a name just like one of ours."""


@dataclass(frozen=True)
class Past:
    """A night that was."""

    time: datetime
    held: bool = False
    verified: bool = False

    @property
    def name(self) -> str:
        return self.time.isoformat()


def last_nights(now: datetime, count: int) -> Iterator[datetime]:
    """The last so many nights before a moment, newest first."""
    tonight = now.replace(hour=4, minute=50, second=0, microsecond=0)
    newest = tonight if tonight < now else tonight - timedelta(days=1)
    return (newest - timedelta(days=night) for night in range(count))


def seed_history(account: Control, source: Record, settings: Settings, *, nights: int) -> None:
    """Seed what the policy left of so many nights, the copies in other regions included."""
    now = account.clock.now()
    owner = _protection(source, settings)
    points = [Past(time) for time in last_nights(now, nights)]
    for time in _kept(points, owner.retention, settings, now):
        taken = _seed_point(account, source, settings, time)
        for region in owner.copy_to:
            if time in set(_kept(points, settings.copy_retention, settings, now)):
                _seed_copy(account, source, taken, region)


def seed_keepsakes(account: Control, web_1: Record, web_2: Record, settings: Settings) -> None:
    """Seed two snapshots of people's own, and one of ours that somebody holds."""
    account.seed.add_snapshot(
        BY_HAND, web_1, tags={"by": "maria"}, created_at=HELD + timedelta(days=20)
    )
    account.seed.add_snapshot(LOOK_ALIKE, web_2, created_at=HELD - timedelta(days=16))
    held = _seed_point(account, web_1, settings, HELD)
    held.tags[HOLD] = "until the audit is over"


def _protection(source: Record, settings: Settings) -> Protection:
    resource = Resource(KINDS[source.type], source.region, source.name, source.arn, source.tags)
    return selector_of(settings).protection(resource)


def _kept(
    points: list[Past], retention: Retention, settings: Settings, now: datetime
) -> Iterator[datetime]:
    decisions = evaluate(points, retention, now=now, timezone=settings.timezone)
    return (decision.point.time for decision in decisions if decision.keep)


def _seed_point(account: Control, source: Record, settings: Settings, time: datetime) -> Snapshot:
    ours = ownership(settings.policy_name, source.arn, time)
    return account.seed.add_snapshot(
        snapshot_name(KINDS[source.type], source.name, source.arn, time),
        source,
        tags=inherit(source.tags, ours)[0],
        created_at=time,
    )


def _seed_copy(account: Control, source: Record, original: Snapshot, region: str) -> None:
    account.seed.add_snapshot(
        copy_name(original.name, source.arn, source.region),
        original,
        region,
        tags=original.tags,
        created_at=original.created_at + timedelta(hours=1),
    )
