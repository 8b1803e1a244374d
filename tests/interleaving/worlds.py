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


def _event(action: str, hours: float = 0, **more: Any) -> dict[str, Any]:
    return {"action": action, "scheduledTime": to_iso(NIGHT + timedelta(hours=hours)), **more}


def _name(days: int) -> str:
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
            _name(days), source, tags={**source.tags, **ours}, created_at=at
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


def _three_points(account: Control) -> None:
    """One more than `daily=2` keeps."""
    _web(account, 3, 2, 1)


def _held_point(account: Control) -> None:
    points = _web(account, 9, 3, 2, 1)
    points[0].tags["snapshotter:hold"] = "audit"


def _uncopied(account: Control) -> None:
    """The oldest point is copied already, the newest is not."""
    Seeding(account).copy(_web(account, 3, 2, 1)[0])


def _name_wanted(account: Control) -> None:
    """As above, and an instance of somebody in the region of the copies."""
    _uncopied(account)
    account.copies_carry_source = False
    account.seed.add_instance("other", WEST)


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


DRILL = "drill-web-20260302T035000Z"
NIGHTLY, EARLY_SWEEP = _event("snapshot"), _event("sweep", -0.25)
SWEEPS = {"A": _event("sweep", 0.25), "B": _event("sweep", 0.5)}
PRUNES = {"A": NIGHTLY, "B": _event("sweep", 0.5)}

DAILY = {"Retention": "daily=2"}
PATIENT = {**DAILY, "RecoveryPointObjectiveHours": "48"}
EAGER = {**DAILY, "RecoveryPointObjectiveHours": "20"}
COPIES = {"CopyToRegions": WEST}
RESTORES = {**PATIENT, "EnableRestore": "true"}
BOTH = (EAST, WEST)

COPY_READY = (Request.of("", ELAPSE, minutes=11),)
HOLD = Request.of(EAST, "TagResource", resourceName=_name(3), tags=[{"key": "snapshotter:hold"}])
UNTAG = Request.of(EAST, "UntagResource", resourceName="web", tagKeys=["snapshot"])
SHRINK = Request.of(
    EAST, "TagResource", resourceName="web", tags=[{"key": "snapshot:keep", "value": "last=1"}]
)
NAMESAKE = Request.of(
    EAST,
    "CreateInstances",
    instanceNames=[DRILL],
    availabilityZone="us-east-1a",
    blueprintId="amazon_linux_2023",
    bundleId="nano_3_0",
)
TAKE_NAME = Request.of(
    WEST,
    "CreateInstanceSnapshot",
    instanceName="other",
    instanceSnapshotName=f"{_name(1)}-{EAST}",
)
COPY_UNDER_NAME = Request.of(
    WEST,
    "CopySnapshot",
    sourceRegion=EAST,
    sourceSnapshotName="mine",
    targetSnapshotName=f"{_name(1)}-{EAST}",
)

TONIGHT = "~mine web web-0301T0450 web-0302T0450"
LAST_NIGHT = "~mine web web-0228T0450 web-0301T0450"
OLDER = "web-0227T0450"
COPIED = "web-0228T0450-us-east-1 web-0301T0450-us-east-1"
COPIED_TONIGHT = "web-0301T0450-us-east-1 web-0302T0450-us-east-1"
TAKEN = "~web-0301T0450-us-east-1"
GAP = "web-0227T0450-us-east-1 web-0301T0450-us-east-1"
"""A run that ends between two copies has made the newer one, and nothing older is copied then."""

# A restore with takeOver that is delivered twice belongs here once restores have steps.
WORLDS = (
    World(
        "a night is delivered twice at once",
        _three_points,
        {"A": NIGHTLY, "B": NIGHTLY},
        (TONIGHT,),
        parameters=DAILY,
        quick=True,
    ),
    World(
        "a night with copies is delivered twice at once",
        _uncopied,
        {"A": NIGHTLY, "B": NIGHTLY},
        (f"{TONIGHT} | {COPIED_TONIGHT}",),
        parameters={**COPIES, **DAILY},
        regions=BOTH,
    ),
    World(
        "a late night overlaps the next one",
        _uncopied,
        {"A": _event("snapshot", -6), "B": NIGHTLY},
        (
            "~mine web web-0301T2250 web-0302T0450"
            " | web-0301T2250-us-east-1 web-0302T0450-us-east-1",
        ),
        parameters={**COPIES, **DAILY},
        regions=BOTH,
    ),
    World(
        "a nightly run overlaps a sweep",
        _uncopied,
        {"A": NIGHTLY, "B": EARLY_SWEEP},
        (f"{TONIGHT} | {COPIED_TONIGHT}",),
        parameters={**COPIES, **EAGER},
        regions=BOTH,
    ),
    World(
        "two sweeps while a copy becomes ready",
        _uncopied,
        SWEEPS,
        (f"{LAST_NIGHT} | {COPIED}", f"{LAST_NIGHT} | {GAP}"),
        people={"T": COPY_READY},
        parameters={**COPIES, **PATIENT},
        regions=BOTH,
    ),
    World(
        "two sweeps replace a failed copy",
        _failed_copy,
        SWEEPS,
        (f"{LAST_NIGHT} | {COPIED}",),
        people={"T": COPY_READY},
        parameters={**COPIES, **PATIENT},
        regions=BOTH,
    ),
    World(
        "two sweeps tag an untagged copy",
        _untagged_copy,
        SWEEPS,
        (f"{LAST_NIGHT} | {COPIED}",),
        parameters={**COPIES, **PATIENT},
        regions=BOTH,
        quick=True,
    ),
    World(
        "two sweeps copy while somebody takes the copy's name",
        _name_wanted,
        SWEEPS,
        (
            f"{LAST_NIGHT} | other {COPIED}",
            f"{LAST_NIGHT} | other {GAP}",
            f"{LAST_NIGHT} | other {OLDER}-us-east-1 web-0228T0450-us-east-1 {TAKEN}",
            f"{LAST_NIGHT} | other {OLDER}-us-east-1 {TAKEN}",
        ),
        people={"P": (TAKE_NAME,), "Q": (COPY_UNDER_NAME,)},
        parameters={**COPIES, **PATIENT},
        regions=BOTH,
    ),
    World(
        "two sweeps follow a failed night",
        _failed_point,
        SWEEPS,
        ("~mine web web-0228T0450 web-0302T0505", "~mine web web-0228T0450 web-0302T0520"),
        people={"T": COPY_READY},
        parameters=DAILY,
    ),
    World(
        "a prune overlaps the beginning of a restore",
        _three_points,
        {"A": NIGHTLY, "B": _event("restore", snapshot=_name(3), **{"as": "old"})},
        (TONIGHT, "~mine old web web-0301T0450 web-0302T0450"),
        parameters=RESTORES,
        quick=True,
    ),
    World(
        "a prune while somebody holds a point",
        _held_point,
        PRUNES,
        tuple(
            f"~mine web web-0221T0450+hold{held} web-0301T0450 web-0302T0450"
            for held in ("", f" {OLDER}+hold")
        ),
        people={"P": (HOLD,)},
        parameters=DAILY,
        quick=True,
    ),
    World(
        "a prune while somebody removes the tag",
        _three_points,
        PRUNES,
        (
            TONIGHT,
            LAST_NIGHT,
            f"{LAST_NIGHT} web-0302T0450",
            f"~mine web {OLDER} web-0228T0450 web-0301T0450",
            f"~mine web {OLDER} web-0228T0450 web-0301T0450 web-0302T0450",
        ),
        people={"P": (UNTAG,)},
        parameters=DAILY,
    ),
    World(
        "a prune while somebody shrinks the policy",
        _three_points,
        PRUNES,
        (TONIGHT,),
        people={"P": (SHRINK,)},
        parameters=DAILY,
        quick=True,
    ),
    World(
        "two sweeps remove a drill",
        _drill,
        SWEEPS,
        (
            "data drill-of-mine web web-0301T0450+verified",
            "data drill-of-mine drill-web-0302T0350 web web-0301T0450+verified",
        ),
        people={"P": (NAMESAKE,)},
        parameters=RESTORES,
    ),
    World(
        "a drill starts while a night prunes",
        _three_points,
        {"A": NIGHTLY, "B": _event("drill", 0.25, resources=["web"])},
        (
            "~mine web web-0301T0450+verified web-0302T0450",
            "~mine web web-0301T0450 web-0302T0450+verified",
        ),
        people={"T": COPY_READY},
        parameters=RESTORES,
    ),
)


def world(name: str) -> World:
    return next(each for each in WORLDS if each.name == name)
