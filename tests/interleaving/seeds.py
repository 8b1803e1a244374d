"""The accounts that the worlds begin with: one instance, and what earlier runs left of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from lightsail_moto import Control
from snapshotter.model.times import to_iso

NIGHT = datetime(2026, 3, 2, 4, 50, tzinfo=UTC)
EAST, WEST = "us-east-1", "us-west-2"
SELECTED = {"snapshot": None}
DRILL = "drill-web-20260302T035000Z"


def name_of(days: int) -> str:
    return f"web-{NIGHT - timedelta(days=days):%Y%m%dT%H%M%SZ}"


class Seeding:
    """Sources, and the points that earlier runs took of them."""

    def __init__(self, account: Control) -> None:
        self.seed = account.seed

    def point(self, source: Any, days: int) -> Any:
        """The point of so many nights ago."""
        at = NIGHT - timedelta(days=days)
        ours = {
            "snapshotter:policy": "nightly",
            "snapshotter:source": source.arn,
            "snapshotter:time": to_iso(at),
            "snapshotter:retention": "daily=2",
        }
        return self.seed.add_snapshot(
            name_of(days), source, tags={**source.tags, **ours}, created_at=at
        )

    def copy(self, point: Any, *, tagged: bool = True, state: str | None = None) -> Any:
        name, tags = f"{point.name}-{point.region}", point.tags if tagged else {}
        return self.seed.add_snapshot(
            name, point, WEST, tags=tags, created_at=point.created_at, state=state
        )


def _web(account: Control, *days: int) -> Any:
    seeding = Seeding(account)
    web = account.seed.add_instance("web", tags=SELECTED)
    account.seed.add_snapshot("mine", web, tags={"by": "hand"})
    return [seeding.point(web, each) for each in days]


def three_points(account: Control) -> None:
    """One more than `daily=2` keeps."""
    _web(account, 3, 2, 1)


def held_point(account: Control) -> None:
    points = _web(account, 9, 3, 2, 1)
    points[0].tags["snapshotter:hold"] = "audit"


def uncopied(account: Control) -> None:
    """The oldest point is copied already, the newest is not."""
    Seeding(account).copy(_web(account, 3, 2, 1)[0])


def name_wanted(account: Control) -> None:
    """As above, and an instance of somebody in the region of the copies."""
    uncopied(account)
    account.copies_carry_source = False
    account.seed.add_instance("other", WEST)


def failed_copy(account: Control) -> None:
    old, new = _web(account, 2, 1)
    seeding = Seeding(account)
    seeding.copy(old)
    seeding.copy(new, state="error")


def untagged_copy(account: Control) -> None:
    """A run was killed between the copy and its tags."""
    old, new = _web(account, 2, 1)
    seeding = Seeding(account)
    seeding.copy(old)
    seeding.copy(new, tagged=False)


def failed_point(account: Control) -> None:
    _, new = _web(account, 2, 1)
    account.set_snapshot_state(new.name, EAST, "error")


FIREWALL = ({"protocol": "tcp", "fromPort": 443, "toPort": 443},)
RESTORED = "web-restored-20260301T045000Z"


def address(account: Control) -> Any:
    """A server with a static address, and another one."""
    web = account.seed.add_instance("web", tags=SELECTED, static_ip="web-ip", firewall=FIREWALL)
    Seeding(account).point(web, 1)
    account.seed.add_instance("other", tags={})
    return web


def address_to_move(account: Control) -> None:
    """A restore with takeOver has created its instance, and was killed right after that."""
    web = address(account)
    tags = {
        "snapshotter:policy": "nightly",
        "snapshotter:source": web.arn,
        "snapshotter:restored": name_of(1),
        "snapshotter:static-ip": "web-ip",
        "snapshotter:to-do": "firewall static-ip:web-ip",
    }
    account.seed.add_instance(RESTORED, tags=tags)


def drill(account: Control) -> None:
    """A drill that has passed, and a disk that came with it and is not tagged yet."""
    seeding = Seeding(account)
    web = account.seed.add_instance("web", tags={**SELECTED, "snapshot:drill": None})
    account.seed.add_disk("data", tags={}, attached_to="web")
    point = seeding.point(web, 1)
    tags = {
        "snapshotter:policy": "nightly",
        "snapshotter:source": web.arn,
        "snapshotter:time": to_iso(NIGHT - timedelta(hours=1)),
        "snapshotter:drill": point.name,
    }
    account.seed.add_instance(DRILL, tags=tags)
    account.seed.add_disk(f"{DRILL}-disk-1", attached_to=DRILL)
    account.seed.add_instance("drill-of-mine", tags={"snapshotter:drill": "by hand"})
