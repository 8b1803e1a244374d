"""Snapshots that exist before the first run: those of earlier nights, and some of other origin."""

from datetime import UTC, datetime, timedelta
from typing import Any

from lightsail_moto import Control
from simulate.timeline import point_of
from snapshotter.inputs.settings import Settings
from snapshotter.model.kinds import KINDS
from snapshotter.model.names import copy_name, snapshot_name
from snapshotter.model.resource import Resource
from snapshotter.model.tags import HOLD, inherit, ownership
from snapshotter.plan.situation import selector_of
from snapshotter.policy.grammar import Retention
from snapshotter.policy.retention import evaluate

Record = Any
"""What a method of `Control.seed` returns: it has name, arn, region, type, tags, created_at."""

HELD = datetime(2026, 9, 17, 4, 50, tzinfo=UTC)
"""Time of a recovery point of web-1 that carries a hold."""

MANUAL = "web-1-before-the-upgrade"
SAME_PATTERN = "web-2-20260901T045000Z"
FOREIGN = (MANUAL, SAME_PATTERN)
"""Snapshots that people took; the second has a name like one of the function's."""


def last_nights(now: datetime, count: int) -> list[datetime]:
    """Return the last nights before `now`, newest first."""
    tonight = now.replace(hour=4, minute=50, second=0, microsecond=0)
    newest = tonight if tonight < now else tonight - timedelta(days=1)
    return [newest - timedelta(days=night) for night in range(count)]


def seed_history(account: Control, source: Record, settings: Settings, *, nights: int) -> None:
    """Add the recovery points and copies that the policies keep of the last nights."""
    now = account.clock.now()
    resource = Resource(KINDS[source.type], source.region, source.name, source.arn, source.tags)
    protection = selector_of(settings).protection(resource)
    times = last_nights(now, nights)
    copied = _kept(times, settings.copy_retention, settings, now)
    # Where the tag cannot be understood nothing is pruned.
    kept = _kept(times, protection.retention, settings, now) if protection.retention else times
    for time in kept:
        original = _add_point(account, source, settings, time)
        for region in protection.copy_to if time in copied else ():
            _add_copy(account, source, original, region)


def seed_special_snapshots(
    account: Control, web_1: Record, web_2: Record, settings: Settings
) -> None:
    """Add two snapshots that people took, and a recovery point with a hold."""
    account.seed.add_snapshot(
        MANUAL, web_1, tags={"by": "maria"}, created_at=HELD + timedelta(days=20)
    )
    account.seed.add_snapshot(SAME_PATTERN, web_2, created_at=HELD - timedelta(days=16))
    _add_point(account, web_1, settings, HELD).tags[HOLD] = "until the audit is over"


def _kept(
    times: list[datetime], retention: Retention, settings: Settings, now: datetime
) -> list[datetime]:
    points = [point_of(time, retention) for time in times]
    verdicts = evaluate(points, retention, now=now, timezone=settings.timezone)
    return [verdict.point.time for verdict in verdicts if verdict.keep]


def _add_point(account: Control, source: Record, settings: Settings, time: datetime) -> Record:
    ours = ownership(settings.policy_name, source.arn, time)
    return account.seed.add_snapshot(
        snapshot_name(KINDS[source.type], source.name, source.arn, time),
        source,
        tags=inherit(source.tags, ours)[0],
        created_at=time,
    )


def _add_copy(account: Control, source: Record, original: Record, region: str) -> None:
    account.seed.add_snapshot(
        copy_name(original.name, source.arn, source.region),
        original,
        region,
        tags=original.tags,
        created_at=original.created_at + timedelta(hours=1),
    )
