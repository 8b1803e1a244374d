"""The worlds that are explored, each as small as its question allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from lightsail_moto import Control
from snapshotter.model.times import to_iso
from tests.interleaving.explore import World
from tests.interleaving.requests import ELAPSE, Request

NIGHT = datetime(2026, 3, 2, 4, 50, tzinfo=UTC)
EAST, WEST = "us-east-1", "us-west-2"
SELECTED = {"snapshot": None}
COPIES = {"CopyToRegions": WEST}
BOTH = (EAST, WEST)


class Seeding:
    """Sources, and the points that earlier runs took of them."""

    def __init__(self, account: Control) -> None:
        self.seed = account.seed

    def point(self, source: Any, days: int, **tags: str | None) -> Any:
        """The point of so many nights ago; a word in tags is one of ours, as `hold`."""
        at = NIGHT - timedelta(days=days)
        ours = {
            "snapshotter:policy": "nightly",
            "snapshotter:source": source.arn,
            "snapshotter:time": to_iso(at),
            "snapshotter:retention": "daily=2",
            **{f"snapshotter:{key}": value for key, value in tags.items()},
        }
        name = f"{source.name}-{at:%Y%m%dT%H%M%SZ}"
        return self.seed.add_snapshot(
            name, source, tags={**source.tags, **ours}, created_at=at, state=None
        )

    def copy(self, point: Any, *, tagged: bool = True, state: str | None = None) -> Any:
        name, tags = f"{point.name}-{point.region}", point.tags if tagged else {}
        return self.seed.add_snapshot(
            name, point, WEST, tags=tags, created_at=point.created_at, state=state
        )


def _event(action: str, hours: float = 0, **more: Any) -> dict[str, Any]:
    return {"action": action, "scheduledTime": to_iso(NIGHT + timedelta(hours=hours)), **more}


def _web(account: Control, *days: int) -> Any:
    seeding = Seeding(account)
    web = account.seed.add_instance("web", tags=SELECTED)
    account.seed.add_snapshot("mine", web, tags={"by": "hand"})
    return [seeding.point(web, each) for each in days]


def _three(account: Control) -> None:
    _web(account, 3, 2, 1)


def _copied(account: Control) -> None:
    Seeding(account).copy(_web(account, 2, 1)[0])


NIGHTLY, SWEEP = _event("snapshot"), _event("sweep", 0.5)

TWO_NIGHTLIES = World(
    name="one night delivered twice at once",
    seed=_copied,
    runs={"A": NIGHTLY, "B": NIGHTLY},
    ends=frozenset(),
    parameters={**COPIES, "Retention": "daily=2"},
    regions=BOTH,
    now=NIGHT,
)
