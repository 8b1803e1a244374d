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


def _three_points(account: Control) -> None:
    """One more than `daily=2` keeps."""
    _web(account, 3, 2, 1)


def _uncopied(account: Control) -> None:
    """The oldest point is copied already, the newest is not."""
    Seeding(account).copy(_web(account, 3, 2, 1)[0])


def _failed_copy(account: Control) -> None:
    old, new = _web(account, 2, 1)
    seeding = Seeding(account)
    seeding.copy(old)
    seeding.copy(new, state="error")


def _untagged_copy(account: Control) -> None:
    """A run was killed between the copy and its tags."""
    old, new = _web(account, 2, 1)
    seeding = Seeding(account)
    seeding.copy(old)
    seeding.copy(new, tagged=False)


def _failed_point(account: Control) -> None:
    old, new = _web(account, 2, 1)
    account.set_snapshot_state(new.name, EAST, "error")


def _drill(account: Control) -> None:
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


def _event(action: str, hours: float = 0, **more: Any) -> dict[str, Any]:
    return {"action": action, "scheduledTime": to_iso(NIGHT + timedelta(hours=hours)), **more}


def _elapse(minutes: int) -> Request:
    return Request.of("", ELAPSE, minutes=minutes)


DRILL = "drill-web-20260302T035000Z"
NIGHTLY, SWEEP = _event("snapshot"), _event("sweep", 0.25)
EARLIER, LATER = _event("sweep", -0.25), _event("sweep", 0.5)
OLDEST = f"web-{NIGHT - timedelta(days=3):%Y%m%dT%H%M%SZ}"
DAILY = {"Retention": "daily=2"}
PATIENT = {**DAILY, **COPIES, "RecoveryPointObjectiveHours": "48"}
EAGER = {**DAILY, "RecoveryPointObjectiveHours": "20"}
RESTORES = {**DAILY, "EnableRestore": "true", "RecoveryPointObjectiveHours": "48"}
END = "use/mine use/web use/web-20260301T045000Z use/web-20260302T045000Z"
HELD = f"use/mine use/web use/{OLDEST}+hold use/web-20260301T045000Z use/web-20260302T045000Z"
HOLD = Request.of(EAST, "TagResource", resourceName=OLDEST, tags=[{"key": "snapshotter:hold"}])
UNTAG = Request.of(EAST, "UntagResource", resourceName="web", tagKeys=["snapshot"])
KEEP = {"key": "snapshot:keep", "value": "last=1"}
SHRINK = Request.of(EAST, "TagResource", resourceName="web", tags=[KEEP])
CREATE = Request.of(
    EAST,
    "CreateInstances",
    instanceNames=[DRILL],
    availabilityZone="us-east-1a",
    blueprintId="amazon_linux_2023",
    bundleId="nano_3_0",
)

WORLDS = (
    World(
        "one night, delivered twice at once",
        _uncopied,
        {"A": NIGHTLY, "B": NIGHTLY},
        frozenset(),
        parameters={**COPIES, **DAILY},
        regions=BOTH,
    ),
    World(
        "a late night and the next one",
        _uncopied,
        {"A": _event("snapshot", -6), "B": NIGHTLY},
        frozenset(),
        parameters={**COPIES, **DAILY},
        regions=BOTH,
    ),
    World(
        "a nightly run and a sweep",
        _uncopied,
        {"A": NIGHTLY, "B": EARLIER},
        frozenset(),
        parameters={**COPIES, **EAGER},
        regions=BOTH,
    ),
    World(
        "two sweeps while a copy becomes ready",
        _uncopied,
        {"A": SWEEP, "B": LATER},
        frozenset(),
        people={"T": (_elapse(11),)},
        parameters=PATIENT,
        regions=BOTH,
    ),
    World(
        "two sweeps replace a failed copy",
        _failed_copy,
        {"A": SWEEP, "B": LATER},
        frozenset(),
        people={"T": (_elapse(11),)},
        parameters=PATIENT,
        regions=BOTH,
    ),
    World(
        "two sweeps tag an untagged copy",
        _untagged_copy,
        {"A": SWEEP, "B": LATER},
        frozenset(),
        parameters=PATIENT,
        regions=BOTH,
    ),
    World(
        "two sweeps after a failed night",
        _failed_point,
        {"A": SWEEP, "B": LATER},
        frozenset(),
        people={"T": (_elapse(11),)},
        parameters=DAILY,
    ),
    World(
        "a prune while a restore begins",
        _three_points,
        {"A": NIGHTLY, "B": _event("restore", snapshot=OLDEST, **{"as": "old"})},
        frozenset(),
        parameters=RESTORES,
    ),
    World(
        "a prune while somebody holds a point",
        _three_points,
        {"A": NIGHTLY, "B": LATER},
        frozenset(),
        people={"P": (HOLD,)},
        parameters=DAILY,
    ),
    World(
        "a prune while somebody removes the tag",
        _three_points,
        {"A": NIGHTLY, "B": LATER},
        frozenset(),
        people={"P": (UNTAG,)},
        parameters=DAILY,
    ),
    World(
        "a prune while somebody shrinks the policy",
        _three_points,
        {"A": NIGHTLY, "B": LATER},
        frozenset(),
        people={"P": (SHRINK,)},
        parameters=DAILY,
    ),
    World(
        "two sweeps remove a drill",
        _drill,
        {"A": SWEEP, "B": LATER},
        frozenset(),
        people={"P": (CREATE,)},
        parameters=RESTORES,
    ),
    World(
        "a drill starts while a night prunes",
        _three_points,
        {"A": NIGHTLY, "B": _event("drill", 0.25, resources=["web"])},
        frozenset(),
        people={"T": (_elapse(11),)},
        parameters=RESTORES,
    ),
)
