"""The accounts that the worlds begin with: resources, and what earlier runs left of them."""

from __future__ import annotations

from typing import Any

from lightsail_moto import Control
from snapshotter.model.names import to_iso
from tests.support.accounts import (
    DAY,
    EAST,
    EUROPE,
    HOUR,
    NIGHT,
    SELECTED,
    WEST,
    Tags,
    add_copy,
    add_point,
    name_of,
)

DRILL, RESTORED = "drill-web-20260302T035000Z", "web-restored-20260301T045000Z"
ADDRESS = "web-ip"
OPEN_443 = ({"protocol": "tcp", "fromPort": 443, "toPort": 443},)
DAILY = "daily=2"
NOT_COPIED: Tags = {**SELECTED, "snapshot:copy-to": "none"}


def point_name(days: int) -> str:
    return name_of("web", NIGHT - days * DAY)


def _points(account: Control, source: Any, *days: int, **how: Any) -> list[Any]:
    """The points of so many nights ago."""
    how = {"retention": DAILY, **how}
    return [add_point(account, source, NIGHT - each * DAY, **how) for each in days]


def _web(account: Control, *days: int) -> list[Any]:
    """A server with points, one that its owner took, and one of another stack."""
    web = account.seed.add_instance("web", tags=SELECTED)
    account.seed.add_snapshot("mine", web, tags={"by": "hand"})
    _points(account, web, 9, stack="weekly", name="theirs")
    return _points(account, web, *days)


def three_points(account: Control) -> None:
    """One more than `daily=2` keeps."""
    _web(account, 3, 2, 1)


def held_points(account: Control) -> None:
    """A held point, and one on hold that ended in error."""
    _web(account, 3, 2, 1)
    web = account.backends[EAST].store.names["web"]
    _points(account, web, 9, held=True)
    _points(account, web, 5, held=True, state="error")


def changed_policy(account: Control) -> None:
    """The policy was daily=9 until two nights ago."""
    source = account.seed.add_instance("web", tags=SELECTED)
    _points(account, source, 5, 4, 3, retention="daily=9")
    _points(account, source, 2, 1)


def changed_policy_long_ago(account: Control) -> None:
    """The policy was daily=9 until eight nights ago."""
    source = account.seed.add_instance("web", tags=SELECTED)
    _points(account, source, 12, 11, 10, retention="daily=9")
    _points(account, source, 8, 1)


def changed_policy_and_failed_night(account: Control) -> None:
    """The policy was daily=9, and the only snapshot under another one ended in error."""
    source = account.seed.add_instance("web", tags=SELECTED)
    _points(account, source, 12, 11, 10, retention="daily=9")
    _points(account, source, 9, state="error")


def uncopied(account: Control) -> None:
    """The oldest point is copied already, the newest is not."""
    add_copy(account, _web(account, 3, 2, 1)[0])


def pending_copy(account: Control) -> None:
    """The oldest point expires, and its copy is not ready yet."""
    add_copy(account, _web(account, 3, 2, 1)[0], state="pending")


def lost(account: Control) -> None:
    """Somebody removed the tag from the server."""
    _points(account, account.seed.add_instance("web"), 3, 2, 1)


def name_wanted(account: Control) -> None:
    """As above, and an instance of somebody in the region of the copies."""
    uncopied(account)
    account.copies_carry_source = False
    account.seed.add_instance("other", WEST)


def _two_copies(account: Control, **of_the_newer: Any) -> Any:
    old, new = _web(account, 2, 1)
    add_copy(account, old)
    return add_copy(account, new, **of_the_newer)


def failed_copy(account: Control) -> None:
    _two_copies(account, state="error")


def untagged_copy(account: Control) -> None:
    """A run was killed between the copy and its tags."""
    _two_copies(account, tagged=False)


def disk_with_name_of_copy(account: Control) -> None:
    """Somebody's snapshot of a disk has the name of the copy, and seems to be of the server."""
    copy = _two_copies(account, tagged=False)
    account.seed.remove(copy)
    disk = account.seed.add_disk("data", WEST)
    account.seed.add_snapshot(copy.name, disk).source_arn = copy.source_arn


def failed_point(account: Control) -> None:
    account.set_snapshot_state(_web(account, 2, 1)[1].name, EAST, "error")


def address(account: Control) -> Any:
    """A server with a static address, and another one."""
    web = account.seed.add_instance("web", tags=SELECTED, static_ip=ADDRESS, firewall=OPEN_443)
    _points(account, web, 1)
    account.seed.add_instance("other", tags={})
    return web


def _left(source: Any, **more: str) -> dict[str, str | None]:
    """The tags of what a restore or a drill made."""
    tags = {"policy": "nightly", "source": source.arn, **more}
    return {f"snapshotter:{key.replace('_', '-')}": value for key, value in tags.items()}


def address_to_move(account: Control) -> None:
    """A restore with takeOver has created its instance, and was killed right after that."""
    left = {"restored": point_name(1), "static_ip": ADDRESS, "time": to_iso(NIGHT)}
    tags = _left(address(account), **left, to_do=f"firewall static-ip:{ADDRESS}")
    account.seed.add_instance(RESTORED, tags=tags)


def drill(account: Control) -> None:
    """A drill that has passed, and a disk that came with it and is not tagged yet."""
    web = account.seed.add_instance("web", tags={**SELECTED, "snapshot:drill": None})
    account.seed.add_disk("data", tags={}, attached_to="web")
    (point,) = _points(account, web, 1)
    left = {"drill": point.name, "to_do": "disks check remove", "time": to_iso(NIGHT - HOUR)}
    tags = _left(web, **left)
    account.seed.add_instance(DRILL, tags=tags)
    account.seed.add_disk(f"{DRILL}-disk-1", attached_to=DRILL)
    account.seed.add_instance("drill-of-mine", tags={"snapshotter:drill": "by hand"})


def everything(account: Control) -> None:
    """One run has every kind of work to do, in three regions."""
    seed = account.seed
    _expiring_and_to_be_copied(account)
    api = seed.add_instance("api", tags=SELECTED)
    add_copy(account, _points(account, api, 1)[0], tagged=False)
    data = seed.add_disk("data", tags=SELECTED)
    add_copy(account, _points(account, data, 1)[0], state="error")
    logs = seed.add_disk("logs", EUROPE, tags=NOT_COPIED)
    for days, state in ((3, "error"), (2, None), (1, "error")):
        _points(account, logs, days, state=state)
    gone = seed.add_disk("gone", EUROPE)
    _points(account, gone, 3, 2, 1)
    seed.remove(gone)
    kept = seed.add_instance("kept", tags=NOT_COPIED)
    _points(account, kept, 9, held=True)
    seed.add_snapshot("mine", kept, tags={"team": "shop"})
    seed.add_snapshot("mine", kept, WEST)
    seed.add_instance("off", tags={"snapshot": "off"})
    _points(account, seed.add_instance("lost", EUROPE), 4, 3, 2, 1)
    shrunk = seed.add_disk("shrunk", tags=NOT_COPIED)
    _points(account, shrunk, 4, 3, 2, 1, retention="daily=30")


def _expiring_and_to_be_copied(account: Control) -> None:
    web = account.seed.add_instance("web", tags=SELECTED, static_ip=ADDRESS)
    for source in (web, account.seed.add_instance("shop", EUROPE, tags=SELECTED)):
        for each in _points(account, source, 3, 2, 1)[:2]:
            add_copy(account, each)
    account.seed.add_instance("new", tags=SELECTED)
    _points(account, account.seed.add_database("db", tags=SELECTED), 3, 2, 1)
