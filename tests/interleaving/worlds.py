"""The worlds that are explored, each as small as its question allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from snapshotter.model.times import to_iso
from tests.interleaving import seeds
from tests.interleaving.requests import ELAPSE, Request
from tests.interleaving.schedules import Setup, World
from tests.interleaving.seeds import DRILL, EAST, NIGHT, WEST, name_of


def _event(action: str, hours: float = 0, **more: Any) -> dict[str, Any]:
    return {"action": action, "scheduledTime": to_iso(NIGHT + timedelta(hours=hours)), **more}


def _tag(name: str, key: str, value: str | None = None) -> Request:
    tag = {"key": key} | ({"value": value} if value else {})
    return Request.of(EAST, "TagResource", resourceName=name, tags=[tag])


NIGHTLY, SWEEP = _event("snapshot"), _event("sweep", 0.5)
SWEEPS = {"A": _event("sweep", 0.25), "B": SWEEP}
NIGHT_TWICE, PRUNES = {"A": NIGHTLY, "B": NIGHTLY}, {"A": NIGHTLY, "B": SWEEP}
OVERLAPPING = {"A": _event("snapshot", -6), "B": NIGHTLY}
RESTORE = {**_event("restore", snapshot=name_of(3)), "as": "old"}
TAKE_OVER = _event("restore", resource="web", takeOver=True, wait=5)

DAILY = {"Retention": "daily=2"}
COPIES = {"CopyToRegions": WEST, **DAILY}
PATIENT = {**DAILY, "RecoveryPointObjectiveHours": "48"}
PATIENT_COPIES, EAGER_COPIES = COPIES | PATIENT, {**COPIES, "RecoveryPointObjectiveHours": "20"}
RESTORES = {**PATIENT, "EnableRestore": "true"}

READY = {"T": (Request.of("", ELAPSE, minutes=11),)}
"""Time in which a snapshot becomes ready, and a restored instance runs."""
HOLD = {"P": (_tag(name_of(3), "snapshotter:hold"),)}
SHRINK = {"P": (_tag("web", "snapshot:keep", "last=1"),)}
UNTAG = {"P": (Request.of(EAST, "UntagResource", resourceName="web", tagKeys=["snapshot"]),)}
NAMESAKE = Request.of(
    EAST,
    "CreateInstances",
    instanceNames=[DRILL],
    availabilityZone="us-east-1a",
    blueprintId="amazon_linux_2023",
    bundleId="nano_3_0",
)
COPY = f"{name_of(1)}-{EAST}"
TAKE_NAME = Request.of(
    WEST, "CreateInstanceSnapshot", instanceName="other", instanceSnapshotName=COPY
)
COPY_UNDER_NAME = Request.of(
    WEST, "CopySnapshot", sourceRegion=EAST, sourceSnapshotName="mine", targetSnapshotName=COPY
)

TONIGHT = "~mine web web-0301T0450 web-0302T0450"
LAST_NIGHT = "~mine web web-0228T0450 web-0301T0450"
OLDER = "web-0227T0450"
COPIED = f"{LAST_NIGHT} | web-0228T0450-us-east-1 web-0301T0450-us-east-1"
COPIED_TONIGHT = f"{TONIGHT} | web-0301T0450-us-east-1 web-0302T0450-us-east-1"
LATE_NIGHT = "~mine web web-0301T2250 web-0302T0450"
TAKEN = "~web-0301T0450-us-east-1"
OLD = "old(done tcp:22 tcp:80)"
TAKEN_OVER = "other web web-0301T0450 web-restored-0301T0450(done tcp:443 web-ip)"

WORLDS = (
    World(
        "a night is delivered twice at once",
        Setup(seeds.three_points, DAILY, NIGHT_TWICE),
        TONIGHT,
        quick=True,
    ),
    World(
        "a night with copies is delivered twice at once",
        Setup(seeds.uncopied, COPIES, NIGHT_TWICE),
        COPIED_TONIGHT,
    ),
    World(
        "a late night overlaps the next one",
        Setup(seeds.uncopied, COPIES, OVERLAPPING),
        f"{LATE_NIGHT} | web-0301T2250-us-east-1 web-0302T0450-us-east-1",
    ),
    World(
        "a nightly run overlaps a sweep",
        Setup(seeds.uncopied, EAGER_COPIES, {"A": NIGHTLY, "B": _event("sweep", -0.25)}),
        COPIED_TONIGHT,
    ),
    World(
        "two sweeps while a copy becomes ready",
        Setup(seeds.uncopied, PATIENT_COPIES, SWEEPS, READY),
        COPIED,
    ),
    World(
        "two sweeps replace a failed copy",
        Setup(seeds.failed_copy, PATIENT_COPIES, SWEEPS, READY),
        COPIED,
    ),
    World(
        "two sweeps tag an untagged copy",
        Setup(seeds.untagged_copy, PATIENT_COPIES, SWEEPS),
        COPIED,
        quick=True,
    ),
    World(
        "two sweeps copy while somebody takes the copy's name",
        Setup(
            seeds.name_wanted,
            PATIENT_COPIES,
            SWEEPS,
            {"P": (TAKE_NAME,), "Q": (COPY_UNDER_NAME,)},
        ),
        COPIED.replace("| ", "| other "),
        f"{LAST_NIGHT} | other {OLDER}-us-east-1 web-0228T0450-us-east-1 {TAKEN}",
        f"{LAST_NIGHT} | other {OLDER}-us-east-1 {TAKEN}",
    ),
    World(
        "two sweeps follow a failed night",
        Setup(seeds.failed_point, DAILY, SWEEPS, READY),
        "~mine web web-0228T0450 web-0302T0505",
        "~mine web web-0228T0450 web-0302T0520",
    ),
    World(
        "a prune overlaps the beginning of a restore",
        Setup(seeds.three_points, RESTORES, {"A": NIGHTLY, "B": RESTORE}),
        TONIGHT,
        f"~mine {OLD} web web-0301T0450 web-0302T0450",
        quick=True,
    ),
    World(
        "a prune while somebody holds a point",
        Setup(seeds.held_point, DAILY, PRUNES, HOLD),
        "~mine web web-0221T0450+hold web-0301T0450 web-0302T0450",
        f"~mine web web-0221T0450+hold {OLDER}+hold web-0301T0450 web-0302T0450",
        quick=True,
    ),
    World(
        "a prune while somebody removes the tag",
        Setup(seeds.three_points, DAILY, PRUNES, UNTAG),
        TONIGHT,
        LAST_NIGHT,
        f"{LAST_NIGHT} web-0302T0450",
        f"~mine web {OLDER} web-0228T0450 web-0301T0450",
        f"~mine web {OLDER} web-0228T0450 web-0301T0450 web-0302T0450",
    ),
    World(
        "a prune while somebody shrinks the policy",
        Setup(seeds.three_points, DAILY, PRUNES, SHRINK),
        TONIGHT,
    ),
    World(
        "two sweeps remove a drill",
        Setup(seeds.drill, RESTORES, SWEEPS, {"P": (NAMESAKE,)}),
        "data drill-of-mine web web-0301T0450+verified",
        "data drill-of-mine drill-web-0302T0350 web web-0301T0450+verified",
    ),
    World(
        "a restore with takeOver is delivered twice at once",
        Setup(seeds.address, RESTORES, {"A": TAKE_OVER, "B": TAKE_OVER}, READY),
        TAKEN_OVER,
    ),
    World(
        "a restore with takeOver overlaps a sweep",
        Setup(seeds.address, RESTORES, {"A": TAKE_OVER, "B": SWEEP}, READY),
        TAKEN_OVER,
    ),
    World(
        "two sweeps complete a restore with takeOver",
        Setup(seeds.address_to_move, RESTORES, SWEEPS),
        TAKEN_OVER,
    ),
    World(
        "a drill starts while a night prunes",
        Setup(
            seeds.three_points,
            RESTORES,
            {"A": NIGHTLY, "B": _event("drill", 0.25, resources=["web"])},
            READY,
        ),
        "~mine web web-0301T0450+verified web-0302T0450",
        "~mine web web-0301T0450 web-0302T0450+verified",
    ),
)


def world(name: str) -> World:
    return next(each for each in WORLDS if each.name == name)
