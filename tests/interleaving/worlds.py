"""The worlds that are explored, each as small as its question allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from snapshotter.model.times import to_iso
from tests.interleaving import seeds
from tests.interleaving.requests import ELAPSE, Request
from tests.interleaving.schedules import World
from tests.interleaving.seeds import DRILL, EAST, NIGHT, WEST, name_of


def _event(action: str, hours: float = 0, **more: Any) -> dict[str, Any]:
    return {"action": action, "scheduledTime": to_iso(NIGHT + timedelta(hours=hours)), **more}


NIGHTLY, EARLY_SWEEP = _event("snapshot"), _event("sweep", -0.25)
SWEEPS = {"A": _event("sweep", 0.25), "B": _event("sweep", 0.5)}
PRUNES = {"A": NIGHTLY, "B": _event("sweep", 0.5)}

TAKE_OVER = _event("restore", resource="web", takeOver=True, wait=5)

DAILY = {"Retention": "daily=2"}
PATIENT = {**DAILY, "RecoveryPointObjectiveHours": "48"}
EAGER = {**DAILY, "RecoveryPointObjectiveHours": "20"}
COPIES = {"CopyToRegions": WEST}
RESTORES = {**PATIENT, "EnableRestore": "true"}

COPY_READY = (Request.of("", ELAPSE, minutes=11),)
HOLD = Request.of(EAST, "TagResource", resourceName=name_of(3), tags=[{"key": "snapshotter:hold"}])
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
    instanceSnapshotName=f"{name_of(1)}-{EAST}",
)
COPY_UNDER_NAME = Request.of(
    WEST,
    "CopySnapshot",
    sourceRegion=EAST,
    sourceSnapshotName="mine",
    targetSnapshotName=f"{name_of(1)}-{EAST}",
)

TONIGHT = "~mine web web-0301T0450 web-0302T0450"
LAST_NIGHT = "~mine web web-0228T0450 web-0301T0450"
OLDER = "web-0227T0450"
COPIED = "web-0228T0450-us-east-1 web-0301T0450-us-east-1"
COPIED_TONIGHT = "web-0301T0450-us-east-1 web-0302T0450-us-east-1"
TAKEN_OVER = "other web web-0301T0450 web-restored-0301T0450(done tcp:443 web-ip)"
TAKEN = "~web-0301T0450-us-east-1"

WORLDS = (
    World(
        "a night is delivered twice at once",
        seeds.three_points,
        {"A": NIGHTLY, "B": NIGHTLY},
        (TONIGHT,),
        parameters=DAILY,
        quick=True,
    ),
    World(
        "a night with copies is delivered twice at once",
        seeds.uncopied,
        {"A": NIGHTLY, "B": NIGHTLY},
        (f"{TONIGHT} | {COPIED_TONIGHT}",),
        parameters={**COPIES, **DAILY},
    ),
    World(
        "a late night overlaps the next one",
        seeds.uncopied,
        {"A": _event("snapshot", -6), "B": NIGHTLY},
        (
            "~mine web web-0301T2250 web-0302T0450"
            " | web-0301T2250-us-east-1 web-0302T0450-us-east-1",
        ),
        parameters={**COPIES, **DAILY},
    ),
    World(
        "a nightly run overlaps a sweep",
        seeds.uncopied,
        {"A": NIGHTLY, "B": EARLY_SWEEP},
        (f"{TONIGHT} | {COPIED_TONIGHT}",),
        parameters={**COPIES, **EAGER},
    ),
    World(
        "two sweeps while a copy becomes ready",
        seeds.uncopied,
        SWEEPS,
        (f"{LAST_NIGHT} | {COPIED}",),
        people={"T": COPY_READY},
        parameters={**COPIES, **PATIENT},
    ),
    World(
        "two sweeps replace a failed copy",
        seeds.failed_copy,
        SWEEPS,
        (f"{LAST_NIGHT} | {COPIED}",),
        people={"T": COPY_READY},
        parameters={**COPIES, **PATIENT},
    ),
    World(
        "two sweeps tag an untagged copy",
        seeds.untagged_copy,
        SWEEPS,
        (f"{LAST_NIGHT} | {COPIED}",),
        parameters={**COPIES, **PATIENT},
        quick=True,
    ),
    World(
        "two sweeps copy while somebody takes the copy's name",
        seeds.name_wanted,
        SWEEPS,
        (
            f"{LAST_NIGHT} | other {COPIED}",
            f"{LAST_NIGHT} | other {OLDER}-us-east-1 web-0228T0450-us-east-1 {TAKEN}",
            f"{LAST_NIGHT} | other {OLDER}-us-east-1 {TAKEN}",
        ),
        people={"P": (TAKE_NAME,), "Q": (COPY_UNDER_NAME,)},
        parameters={**COPIES, **PATIENT},
    ),
    World(
        "two sweeps follow a failed night",
        seeds.failed_point,
        SWEEPS,
        ("~mine web web-0228T0450 web-0302T0505", "~mine web web-0228T0450 web-0302T0520"),
        people={"T": COPY_READY},
        parameters=DAILY,
    ),
    World(
        "a prune overlaps the beginning of a restore",
        seeds.three_points,
        {"A": NIGHTLY, "B": {**_event("restore", snapshot=name_of(3)), "as": "old"}},
        (TONIGHT, "~mine old(done tcp:22 tcp:80) web web-0301T0450 web-0302T0450"),
        parameters=RESTORES,
        quick=True,
    ),
    World(
        "a prune while somebody holds a point",
        seeds.held_point,
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
        seeds.three_points,
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
        seeds.three_points,
        PRUNES,
        (TONIGHT,),
        people={"P": (SHRINK,)},
        parameters=DAILY,
    ),
    World(
        "two sweeps remove a drill",
        seeds.drill,
        SWEEPS,
        (
            "data drill-of-mine web web-0301T0450+verified",
            "data drill-of-mine drill-web-0302T0350 web web-0301T0450+verified",
        ),
        people={"P": (NAMESAKE,)},
        parameters=RESTORES,
    ),
    World(
        "a restore with takeOver is delivered twice at once",
        seeds.address,
        {"A": TAKE_OVER, "B": TAKE_OVER},
        (TAKEN_OVER,),
        people={"T": COPY_READY},
        parameters=RESTORES,
    ),
    World(
        "a restore with takeOver overlaps a sweep",
        seeds.address,
        {"A": TAKE_OVER, "B": SWEEPS["B"]},
        (TAKEN_OVER,),
        people={"T": COPY_READY},
        parameters=RESTORES,
    ),
    World(
        "two sweeps complete a restore with takeOver",
        seeds.address_to_move,
        SWEEPS,
        (TAKEN_OVER,),
        parameters=RESTORES,
    ),
    World(
        "a drill starts while a night prunes",
        seeds.three_points,
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
