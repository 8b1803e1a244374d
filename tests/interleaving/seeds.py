"""The accounts that the worlds begin with: one instance, and what earlier runs left of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from lightsail_moto import Control
from snapshotter.model.times import to_iso

NIGHT = datetime(2026, 3, 2, 4, 50, tzinfo=UTC)
EAST, WEST = "us-east-1", "us-west-2"
SELECTED = {"snapshot": None}
DRILL, RESTORED = "drill-web-20260302T035000Z", "web-restored-20260301T045000Z"
OPEN_443 = ({"protocol": "tcp", "fromPort": 443, "toPort": 443},)


def name_of(days: int) -> str:
    return f"web-{NIGHT - timedelta(days=days):%Y%m%dT%H%M%SZ}"


def _ours(source: Any, at: datetime, **more: str) -> dict[str, str | None]:
    tags = {"policy": "nightly", "source": source.arn, "time": to_iso(at), **more}
    return {f"snapshotter:{key.replace('_', '-')}": value for key, value in tags.items()}


def _point(account: Control, source: Any, days: int) -> Any:
    """The point of so many nights ago."""
    at = NIGHT - timedelta(days=days)
    tags = {**source.tags, **_ours(source, at, retention="daily=2")}
    return account.seed.add_snapshot(name_of(days), source, tags=tags, created_at=at)


def _copy(account: Control, point: Any, **given: Any) -> None:
    named = {"tags": point.tags, "created_at": point.created_at, **given}
    account.seed.add_snapshot(f"{point.name}-{point.region}", point, WEST, **named)


def _web(account: Control, *days: int) -> Any:
    web = account.seed.add_instance("web", tags=SELECTED)
    account.seed.add_snapshot("mine", web, tags={"by": "hand"})
    return [_point(account, web, each) for each in days]


def three_points(account: Control) -> None:
    """One more than `daily=2` keeps."""
    _web(account, 3, 2, 1)


def held_point(account: Control) -> None:
    _web(account, 9, 3, 2, 1)[0].tags["snapshotter:hold"] = "audit"


def uncopied(account: Control) -> None:
    """The oldest point is copied already, the newest is not."""
    _copy(account, _web(account, 3, 2, 1)[0])


def name_wanted(account: Control) -> None:
    """As above, and an instance of somebody in the region of the copies."""
    uncopied(account)
    account.copies_carry_source = False
    account.seed.add_instance("other", WEST)


def _two_copies(account: Control, **of_the_newer: Any) -> None:
    old, new = _web(account, 2, 1)
    _copy(account, old)
    _copy(account, new, **of_the_newer)


def failed_copy(account: Control) -> None:
    _two_copies(account, state="error")


def untagged_copy(account: Control) -> None:
    """A run was killed between the copy and its tags."""
    _two_copies(account, tags={})


def failed_point(account: Control) -> None:
    account.set_snapshot_state(_web(account, 2, 1)[1].name, EAST, "error")


def address(account: Control) -> Any:
    """A server with a static address, and another one."""
    web = account.seed.add_instance("web", tags=SELECTED, static_ip="web-ip", firewall=OPEN_443)
    _point(account, web, 1)
    account.seed.add_instance("other", tags={})
    return web


def address_to_move(account: Control) -> None:
    """A restore with takeOver has created its instance, and was killed right after that."""
    left = {"restored": name_of(1), "static_ip": "web-ip", "to_do": "firewall static-ip:web-ip"}
    account.seed.add_instance(RESTORED, tags=_ours(address(account), NIGHT, **left))


def drill(account: Control) -> None:
    """A drill that has passed, and a disk that came with it and is not tagged yet."""
    web = account.seed.add_instance("web", tags={**SELECTED, "snapshot:drill": None})
    account.seed.add_disk("data", tags={}, attached_to="web")
    point = _point(account, web, 1)
    tags = _ours(web, NIGHT - timedelta(hours=1), drill=point.name)
    account.seed.add_instance(DRILL, tags=tags)
    account.seed.add_disk(f"{DRILL}-disk-1", attached_to=DRILL)
    account.seed.add_instance("drill-of-mine", tags={"snapshotter:drill": "by hand"})
