"""The resources in the backend, added without requests."""

from datetime import datetime, timedelta

from lightsail_moto import Control
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.names import snapshot_name
from snapshotter.model.tags import ownership

POLICY = "bench"
_TAGS: dict[str, str | None] = {"snapshot": None, "team": "web", "stage": "production"}


def name_of(rank: int) -> str:
    return f"server-{rank:04d}"


def seed_fleet(
    account: Control, regions: tuple[str, ...], *, instances: int, nights: int, now: datetime
) -> None:
    """Add selected instances to each region, each with a snapshot of every past night.

    now: aware; the newest snapshot is a day older.
    """
    for region in regions:
        for rank in range(instances):
            name = name_of(rank)
            first = now - timedelta(days=nights + 1)
            source = account.seed.add_instance(name, region, tags=_TAGS, created_at=first)
            for night in range(1, nights + 1):
                at = now - timedelta(days=night)
                account.seed.add_snapshot(
                    snapshot_name(INSTANCE, name, source.arn, at),
                    source,
                    created_at=at,
                    tags={**_TAGS, **ownership(POLICY, source.arn, at)},
                )
