"""The worlds that are explored, each as small as its question allows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from snapshotter.model.names import to_iso
from snapshotter.model.tags import HOLD, RESTORED, SOURCE, TIME, TO_DO, VERIFIED
from tests.interleaving import seeds
from tests.interleaving.account import ELAPSE, Request, Seed
from tests.interleaving.seeds import DRILL, point_name
from tests.support.accounts import EAST, EUROPE, NIGHT, WEST
from tests.support.invariants import READY, Records


@dataclass(frozen=True)
class World:
    """What is explored.

    runs, people: by letter, the event of a run, or the requests of a person (time is one). alone:
    one run, of which the deaths are explored. ends: what is there after the sweeps, as `summary`
    writes it; several where it depends on what came first, none for what is there without a death.
    may_fail: whether a run may report a failure. quick: small enough for every test run.
    """

    name: str
    seed: Seed
    parameters: Mapping[str, str]
    runs: Mapping[str, dict[str, Any]]
    ends: tuple[str, ...] = ()
    people: Mapping[str, tuple[Request, ...]] = field(default_factory=dict)
    may_fail: bool = False
    quick: bool = False

    now = NIGHT

    @property
    def alone(self) -> bool:
        return len(self.runs) == 1 and not self.people

    @property
    def regions(self) -> tuple[str, ...]:
        lists = (self.parameters.get(each, "") for each in ("Regions", "CopyToRegions"))
        return tuple(dict.fromkeys((EAST, *filter(None, ",".join(lists).split(",")))))


def summary(records: Records) -> str:
    """What is there, region by region, in short: `20260302T045000Z` becomes `0302T0450`.

    Marked are snapshots that are not ours or lack tags of ours (`~`), tags that matter here, and
    states other than ready. An instance that was restored has its steps that are left, its firewall
    and its static address in parentheses.
    """
    regions: dict[str, list[str]] = {}
    addresses = {each.attached_to: each.name for each in records.values()}
    for (region, name), record in sorted(records.items()):
        text = re.sub(r"20\d\d(\d{4}T\d{4})\d\dZ", r"\1", name)
        if record.is_snapshot and not (record.is_ours and record.tags.keys() >= {SOURCE, TIME}):
            text = f"~{text}"
        text += "+hold" * (HOLD in record.tags) + "+verified" * (VERIFIED in record.tags)
        if RESTORED in record.tags:
            has = (record.tags.get(TO_DO), record.firewall, addresses.get(name))
            text += f"({' '.join(filter(None, has))})"
        if record.type != "StaticIp":
            unready = "" if record.state in READY else f"?{record.state}"
            regions.setdefault(region, []).append(text + unready)
    return " | ".join(" ".join(names) for names in regions.values())


def _event(action: str, hours: float = 0, **more: Any) -> dict[str, Any]:
    return {"action": action, "scheduledTime": to_iso(NIGHT + timedelta(hours=hours)), **more}


def _tag(name: str, key: str, value: str | None = None) -> Request:
    tag = {"key": key} | ({"value": value} if value else {})
    return Request.of(EAST, "TagResource", resourceName=name, tags=[tag])


NIGHTLY, SWEEP = _event("snapshot"), _event("sweep", 0.5)
ONE_SWEEP = {"A": SWEEP}
SWEEPS = {"A": _event("sweep", 0.25), "B": SWEEP}
ONE_NIGHT = {"A": NIGHTLY}
NIGHT_TWICE, PRUNES = {"A": NIGHTLY, "B": NIGHTLY}, {"A": NIGHTLY, "B": SWEEP}
OVERLAPPING = {"A": _event("snapshot", -6), "B": NIGHTLY}
RESTORE = {**_event("restore", snapshot=point_name(3)), "as": "old"}
TAKE_OVER = _event("restore", resource="web", takeOver=True, wait=5)

DAILY = {"Retention": seeds.DAILY}
COPIES = {"CopyToRegions": WEST, **DAILY}
PATIENT = {**DAILY, "RecoveryPointObjectiveHours": "48"}
PATIENT_COPIES, EAGER_COPIES = COPIES | PATIENT, {**COPIES, "RecoveryPointObjectiveHours": "20"}
RESTORES = {**PATIENT, "EnableRestore": "true"}
EVERYTHING = {
    **EAGER_COPIES,
    "ResourceTypes": "Instance,Disk,RelationalDatabase",
    "Regions": f"{EAST},{EUROPE}",
    "EnableRestore": "true",
}

READY_NOW = {"T": (Request.of("", ELAPSE, minutes=11),)}
"""Time in which a snapshot becomes ready, and a restored instance runs."""
HOLD_ONE = {"P": (_tag(point_name(3), "snapshotter:hold"),)}
SHRINK = {"P": (_tag("web", "snapshot:keep", "last=1"),)}
UNTAG = {"P": (Request.of(EAST, "UntagResource", resourceName="web", tagKeys=["snapshot"]),)}
DELETE_ONE = {
    "P": (Request.of(EAST, "DeleteInstanceSnapshot", instanceSnapshotName=point_name(3)),)
}
NAMESAKE = Request.of(
    EAST,
    "CreateInstances",
    instanceNames=[DRILL],
    availabilityZone="us-east-1a",
    blueprintId="amazon_linux_2023",
    bundleId="nano_3_0",
)
COPY = f"{point_name(1)}-{EAST}"
TAKE_NAME = Request.of(
    WEST, "CreateInstanceSnapshot", instanceName="other", instanceSnapshotName=COPY
)
COPY_UNDER_NAME = Request.of(
    WEST, "CopySnapshot", sourceRegion=EAST, sourceSnapshotName="mine", targetSnapshotName=COPY
)

FOREIGN = "~mine ~theirs web"
TONIGHT = f"{FOREIGN} web-0301T0450 web-0302T0450"
LAST_NIGHT = f"{FOREIGN} web-0228T0450 web-0301T0450"
OLDER, HELD = "web-0227T0450", "web-0221T0450+hold web-0225T0450+hold?error"
COPIED = f"{LAST_NIGHT} | web-0228T0450-us-east-1 web-0301T0450-us-east-1"
COPIED_TONIGHT = f"{TONIGHT} | web-0301T0450-us-east-1 web-0302T0450-us-east-1"
LATE_NIGHT = f"{FOREIGN} web-0301T2250 web-0302T0450"
TAKEN = "~web-0301T0450-us-east-1"
COPYING = f"{OLDER}-us-east-1?pending web-0301T0450-us-east-1 web-0302T0450-us-east-1"
OLD = "old(done tcp:22 tcp:80)"
MOVED = "other web web-0301T0450 web-restored-0301T0450(done tcp:443 web-ip)"
TAKEN_OVER = f"{MOVED} web-restored-0301T0450-0302T0550"
CHANGED = "web web-0225T0450 web-0226T0450 web-0227T0450 web-0228T0450 web-0301T0450 web-0302T0450"

WORLDS = (
    World("a night", seeds.three_points, DAILY, ONE_NIGHT, (TONIGHT,), quick=True),
    World("a night with everything", seeds.everything, EVERYTHING, ONE_NIGHT, may_fail=True),
    World("a sweep with everything", seeds.everything, EVERYTHING, ONE_SWEEP, may_fail=True),
    World(
        "a night copies",
        seeds.uncopied,
        COPIES,
        ONE_NIGHT,
        (COPIED_TONIGHT,),
    ),
    World(
        "a night while a copy is pending",
        seeds.pending_copy,
        COPIES,
        ONE_NIGHT,
        (f"{FOREIGN} {OLDER} web-0301T0450 web-0302T0450 | {COPYING}",),
    ),
    World(
        "a night after the tag was lost",
        seeds.lost,
        DAILY,
        ONE_NIGHT,
        (f"web {OLDER} web-0228T0450 web-0301T0450",),
        quick=True,
    ),
    World(
        "a night after a change of policy",
        seeds.changed_policy,
        DAILY,
        ONE_NIGHT,
        (CHANGED,),
        quick=True,
    ),
    World(
        "a night after a change of policy and a failed night",
        seeds.changed_policy_and_failed_night,
        DAILY,
        ONE_NIGHT,
        ("web web-0218T0450 web-0219T0450 web-0220T0450 web-0302T0450",),
        may_fail=True,
        quick=True,
    ),
    World(
        "a night long after a change of policy",
        seeds.changed_policy_long_ago,
        DAILY,
        ONE_NIGHT,
        ("web web-0301T0450 web-0302T0450",),
        quick=True,
    ),
    World(
        "a disk's snapshot has the name of a copy",
        seeds.disk_with_name_of_copy,
        {**PATIENT_COPIES, "ResourceTypes": "Instance,Disk"},
        ONE_SWEEP,
        (f"{LAST_NIGHT} | data web-0228T0450-us-east-1 {TAKEN}",),
        quick=True,
    ),
    World(
        "a restore with takeOver",
        seeds.address,
        RESTORES,
        {"A": TAKE_OVER},
        (TAKEN_OVER,),
        may_fail=True,
        quick=True,
    ),
    World(
        "a night is delivered twice at once",
        seeds.three_points,
        DAILY,
        NIGHT_TWICE,
        (TONIGHT,),
        quick=True,
    ),
    World(
        "a night with copies is delivered twice at once",
        seeds.uncopied,
        COPIES,
        NIGHT_TWICE,
        (COPIED_TONIGHT,),
    ),
    World(
        "a late night overlaps the next one",
        seeds.uncopied,
        COPIES,
        OVERLAPPING,
        (f"{LATE_NIGHT} | web-0301T2250-us-east-1 web-0302T0450-us-east-1",),
    ),
    World(
        "a nightly run overlaps a sweep",
        seeds.uncopied,
        EAGER_COPIES,
        {"A": NIGHTLY, "B": _event("sweep", -0.25)},
        (COPIED_TONIGHT,),
    ),
    World(
        "two sweeps while a copy becomes ready",
        seeds.uncopied,
        PATIENT_COPIES,
        SWEEPS,
        (COPIED,),
        READY_NOW,
    ),
    World(
        "two sweeps replace a failed copy",
        seeds.failed_copy,
        PATIENT_COPIES,
        SWEEPS,
        (COPIED,),
        READY_NOW,
        may_fail=True,
    ),
    World(
        "two sweeps tag an untagged copy",
        seeds.untagged_copy,
        PATIENT_COPIES,
        SWEEPS,
        (COPIED,),
        quick=True,
    ),
    World(
        "two sweeps copy while somebody takes the copy's name",
        seeds.name_wanted,
        PATIENT_COPIES,
        SWEEPS,
        (
            COPIED.replace("| ", "| other "),
            f"{LAST_NIGHT} | other {OLDER}-us-east-1 web-0228T0450-us-east-1 {TAKEN}",
            f"{LAST_NIGHT} | other {OLDER}-us-east-1 {TAKEN}",
        ),
        {"P": (TAKE_NAME,), "Q": (COPY_UNDER_NAME,)},
    ),
    World(
        "two sweeps follow a failed night",
        seeds.failed_point,
        DAILY,
        SWEEPS,
        tuple(f"{FOREIGN} web-0228T0450 web-0302T05{minute}" for minute in ("05", "20")),
        READY_NOW,
        may_fail=True,
    ),
    World(
        "a prune overlaps the beginning of a restore",
        seeds.three_points,
        RESTORES,
        {"A": NIGHTLY, "B": RESTORE},
        (TONIGHT, TONIGHT.replace("~theirs", f"{OLD} ~theirs")),
        may_fail=True,
    ),
    World(
        "a prune while somebody holds a point",
        seeds.held_points,
        DAILY,
        PRUNES,
        tuple(
            f"{FOREIGN} {each} web-0301T0450 web-0302T0450"
            for each in (HELD, f"web-0221T0450+hold web-0225T0450+hold?error {OLDER}+hold")
        ),
        HOLD_ONE,
        quick=True,
    ),
    World(
        "a prune while somebody deletes a point",
        seeds.three_points,
        DAILY,
        PRUNES,
        (TONIGHT,),
        DELETE_ONE,
    ),
    World(
        "a prune while somebody removes the tag",
        seeds.three_points,
        DAILY,
        PRUNES,
        (
            TONIGHT,
            LAST_NIGHT,
            f"{LAST_NIGHT} web-0302T0450",
            f"{FOREIGN} {OLDER} web-0228T0450 web-0301T0450",
            f"{FOREIGN} {OLDER} web-0228T0450 web-0301T0450 web-0302T0450",
        ),
        UNTAG,
    ),
    World(
        "a prune while somebody shrinks the policy",
        seeds.three_points,
        DAILY,
        PRUNES,
        (TONIGHT,),
        SHRINK,
    ),
    World(
        "two sweeps remove a drill",
        seeds.drill,
        RESTORES,
        SWEEPS,
        (
            "data drill-of-mine web web-0301T0450+verified",
            "data drill-of-mine drill-web-0302T0350 web web-0301T0450+verified",
            "data drill-of-mine drill-web-0302T0350 drill-web-0302T0350-disk-1 web "
            "web-0301T0450+verified",
        ),
        {"P": (NAMESAKE,)},
        may_fail=True,
    ),
    World(
        "a restore with takeOver is delivered twice at once",
        seeds.address,
        RESTORES,
        {"A": TAKE_OVER, "B": TAKE_OVER},
        (TAKEN_OVER,),
        READY_NOW,
        may_fail=True,
    ),
    World(
        "a restore with takeOver overlaps a sweep",
        seeds.address,
        RESTORES,
        {"A": TAKE_OVER, "B": SWEEP},
        (TAKEN_OVER, TAKEN_OVER.replace("0550", "0520")),
        READY_NOW,
        may_fail=True,
    ),
    World(
        "two sweeps complete a restore with takeOver",
        seeds.address_to_move,
        RESTORES,
        SWEEPS,
        (MOVED,),
        may_fail=True,
    ),
    World(
        "a drill starts while a night prunes",
        seeds.three_points,
        RESTORES,
        {"A": NIGHTLY, "B": _event("drill", 0.25, resources=["web"])},
        tuple(
            f"{FOREIGN} {each}"
            for each in (
                "web-0301T0450+verified web-0302T0450",
                "web-0301T0450 web-0302T0450+verified",
                "web-0301T0450+verified web-0302T0450+verified",
            )
        ),
        READY_NOW,
        may_fail=True,
    ),
)


def world(name: str) -> World:
    return next(each for each in WORLDS if each.name == name)
