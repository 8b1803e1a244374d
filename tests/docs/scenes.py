"""Short plays, each of which makes the function say some of its sentences."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import boto3

from lightsail_moto import Call
from snapshotter.drill.found import Drill
from snapshotter.drill.plan import plan_drills
from snapshotter.drill.result import evaluate
from snapshotter.inputs.request import RestoreRequest
from snapshotter.model.inventory import AttachedDisk
from snapshotter.model.outcome import Outcome
from snapshotter.model.series import read
from snapshotter.model.times import to_iso
from snapshotter.restore.checks import Offers, check
from tests.docs.said import Stage
from tests.integration.conftest import NIGHT
from tests.integration.deployment import Context
from tests.unit.builders import NOW, a_resource, a_situation, a_snapshot, some_settings

Scene = Callable[[Stage], None]
EAST, WEST, SOUTH = "us-east-1", "us-west-2", "ap-southeast-2"
TAGGED = {"snapshot": None}
AT_NIGHT = {"action": "snapshot", "scheduledTime": to_iso(NIGHT)}
STAMP = NIGHT.strftime("%Y%m%dT%H%M%SZ")


def _ours(arn: str, hours: float) -> dict[str, str | None]:
    time = to_iso(NIGHT - timedelta(hours=hours))
    return {"snapshotter:policy": "nightly", "snapshotter:source": arn, "snapshotter:time": time}


def _later(stage: Stage, **by: float) -> dict[str, str]:
    """Let time pass; returns the event of the sweep at its end."""
    stage.account.clock.advance(timedelta(**by))
    return {"action": "sweep", "scheduledTime": to_iso(stage.account.clock.now())}


def a_night_of_everything(stage: Stage) -> None:
    seed = stage.account.seed
    web = seed.add_instance("web", tags={"snapshot": None, **{f"tag-{n}": "x" for n in range(49)}})
    seed.add_disk("data", tags=TAGGED, attached_to=web.name, path="/dev/xvdf")
    for name, state in (("crm", "available"), ("erp", "modifying"), ("hr", "")):
        seed.add_database(name, tags=TAGGED)
        stage.account.set_database_state(name, EAST, state)
    nightly = stage.deploy(CopyToRegions=WEST)
    nightly({"dryRun": True})
    nightly(AT_NIGHT)
    nightly(AT_NIGHT)
    nightly(_later(stage, hours=1))
    nightly(_later(stage, hours=1))
    nightly(_later(stage, hours=30))


def an_answer_is_lost(stage: Stage) -> None:
    stage.account.seed.add_instance("web", tags=TAGGED)
    stage.account.inject("CreateInstanceSnapshot", drop_connection=True, when="after")
    nightly = stage.deploy(CopyToRegions=WEST)
    nightly(AT_NIGHT)
    stage.account.inject("CopySnapshot", drop_connection=True, when="after")
    nightly(_later(stage, hours=1))


def names_are_taken(stage: Stage) -> None:
    web = stage.account.seed.add_instance("web", tags=TAGGED)
    other = stage.account.seed.add_instance("other")
    stage.account.seed.add_snapshot(f"web-{STAMP}", other)
    nightly = stage.deploy(CopyToRegions=WEST)
    nightly(AT_NIGHT)
    stage.account.seed.add_snapshot("web-a", web, tags=_ours(web.arn, 2))
    stage.account.seed.add_snapshot(
        "web-a-us-east-1", other, WEST, tags={"snapshotter:policy": "x"}
    )
    nightly(_later(stage, minutes=30))


def a_hold_comes_late(stage: Stage) -> None:
    web = stage.account.seed.add_instance("web", tags=TAGGED)
    stage.account.seed.add_snapshot("web-a", web, tags=_ours(web.arn, 2))
    old = stage.account.seed.add_snapshot("web-b", web, tags=_ours(web.arn, 99))

    def hold(call: Call, phase: str) -> None:
        if (call.operation, phase) == ("CreateInstanceSnapshot", "after"):
            old.tags["snapshotter:hold"] = None

    stop = stage.account.on_request(hold)
    stage.deploy(Retention="last=1")(AT_NIGHT)
    stop()


def snapshots_break(stage: Stage) -> None:
    web = stage.account.seed.add_instance("web", tags=TAGGED)
    for name, hours in (("a", 60.0), ("b", 50.0)):
        stage.account.seed.add_snapshot(
            f"web-{name}", web, tags=_ours(web.arn, hours), state="error"
        )
    nightly = stage.deploy()
    nightly(_later(stage, minutes=1))


def a_night_breaks(stage: Stage) -> None:
    web = stage.account.seed.add_instance("web", tags=TAGGED)
    stage.account.seed.add_snapshot("web-a", web, tags=_ours(web.arn, 24))
    stage.account.end_in_error("web")
    nightly = stage.deploy()
    nightly(AT_NIGHT)
    stage.account.clock.advance(hours=1)
    nightly(AT_NIGHT)
    nightly(_later(stage, hours=1))


def a_broken_snapshot_is_met(stage: Stage) -> None:
    stage.account.seed.add_instance("web", tags=TAGGED)
    nightly = stage.deploy()
    nightly(AT_NIGHT)
    stage.account.set_snapshot_state(f"web-{STAMP}", EAST, "error")
    stage.account.list_delay_s = 1_000_000
    nightly(AT_NIGHT)


def an_operation_fails(stage: Stage) -> None:
    stage.account.seed.add_instance("web", tags=TAGGED)
    stage.account.inject("CreateInstanceSnapshot", failed_operation=("", ""))
    stage.deploy()(AT_NIGHT)


def a_run_waits(stage: Stage) -> None:
    stage.account.seed.add_instance("web", tags=TAGGED)
    stage.account.snapshot_seconds = 0
    stage.deploy()({"wait": 1})


def a_region_is_out_of_reach(stage: Stage) -> None:
    stage.account.seed.add_instance("web", tags=TAGGED)
    nightly = stage.deploy(CopyToRegions=WEST)
    nightly(AT_NIGHT)
    nightly(_later(stage, hours=1))
    nightly(_later(stage, hours=1))
    stage.account.deny(WEST)
    for _ in range(3):
        nightly({**_later(stage, hours=24), "action": "snapshot"})
    stage.account.allow(WEST)
    nightly(_later(stage, hours=1))


def copies_break(stage: Stage) -> None:
    stage.account.seed.add_instance("web", tags=TAGGED)
    nightly = stage.deploy(CopyToRegions=WEST)
    nightly(AT_NIGHT)
    stage.account.end_in_error(f"web-{STAMP}", region=WEST)
    for _ in range(3):
        nightly(_later(stage, hours=1))


def a_copy_is_left_untagged(stage: Stage) -> None:
    stage.account.seed.add_instance("web", tags=TAGGED)
    nightly = stage.deploy(CopyToRegions=WEST)
    nightly(AT_NIGHT)
    stage.account.inject("TagResource", error="AccessDeniedException", region=WEST)
    nightly(_later(stage, hours=1))
    nightly(_later(stage, hours=1))
    nightly(_later(stage, hours=1))


def copies_go_nowhere(stage: Stage) -> None:
    for name, region in (("web", "mars-north-1"), ("api", SOUTH)):
        tags = {**TAGGED, "snapshot:copy-to": region}
        stage.account.seed.add_instance(name, tags=tags)
    nightly = stage.deploy()
    nightly(AT_NIGHT)
    nightly(_later(stage, hours=1))


def things_are_deleted(stage: Stage) -> None:
    for name in ("web", "api"):
        resource = stage.account.seed.add_instance(name, tags=TAGGED)
        for hours in (30.0, 60.0):
            tags = _ours(resource.arn, hours)
            stage.account.seed.add_snapshot(f"{name}-{hours:.0f}", resource, tags=tags)
        tags = _ours(resource.arn, 90)
        stage.account.seed.add_snapshot(f"{name}-90", resource, tags=tags, state="error")
    stage.account.inject("DeleteInstanceSnapshot", error="NotFoundException", resource="web-60")
    stage.deploy(Retention="last=1")(AT_NIGHT)


def tags_are_not_understood(stage: Stage) -> None:
    wrong = {"keep": ["soon", "daily=0", "within=9", "last=1 last=2", ""], "copy-to": ["there", ""]}
    for key, values in wrong.items():
        for number, value in enumerate(values):
            tags = {**TAGGED, f"snapshot:{key}": value}
            stage.account.seed.add_instance(f"{key}-{number}", tags=tags)
    stage.deploy()(AT_NIGHT)


def only_what_is_not_there(stage: Stage) -> None:
    stage.account.seed.add_instance("web")
    stage.deploy()({"resources": ["web"]})
    stage.deploy()({})


def time_is_up(stage: Stage) -> None:
    stage.account.seed.add_instance("web", tags=TAGGED)
    stage.deploy()(AT_NIGHT, Context(remaining_ms=0))
    stage.deploy()(AT_NIGHT, Context(remaining_ms=28_000))


def something_is_busy(stage: Stage) -> None:
    stage.account.seed.add_instance("web", tags=TAGGED)
    for sentence in (
        "You cannot create manual snapshots when an automatic snapshot is being created.",
        "Please try again in a few minutes.",
        "Please wait for it to complete before trying again",
        "The database is not currently in the available state.",
    ):
        stage.account.inject(
            "CreateInstanceSnapshot", error="InvalidInputException", message=sentence
        )
        stage.deploy()(AT_NIGHT)


def a_name_is_in_use(stage: Stage) -> None:
    stage.account.seed.add_instance("web", tags=TAGGED)
    stage.account.inject(
        "CreateInstanceSnapshot",
        error="InvalidInputException",
        message="Some names are already in use: web",
    )
    stage.deploy()(AT_NIGHT)


def things_are_restored(stage: Stage) -> None:
    web = stage.account.seed.add_instance("web", tags=TAGGED, bundle_id="large_3_0")
    stage.account.seed.add_disk("data", attached_to="web", path="/dev/xvdf")
    stage.account.seed.add_database("crm", tags=TAGGED)
    disk = stage.account.seed.add_disk("ledger", tags=TAGGED)
    nightly = stage.deploy(EnableRestore="true", CopyToRegions=WEST)
    nightly(AT_NIGHT)
    for _ in range(2):
        nightly(_later(stage, hours=1))
    restore = {"action": "restore"}
    name = f"web-{STAMP}"
    for order in (
        {"resource": "web"},
        {"resource": "web"},
        {"resource": "web", "region": WEST},
        {"resource": "web", "asOf": "2020-01-01T00:00:00Z"},
        {"resource": "nobody"},
        {"snapshot": "nothing"},
        {"snapshot": name, "as": "crm"},
        {"snapshot": f"ledger-{STAMP}", "as": "web"},
        {"snapshot": name, "as": "w2", "availabilityZone": "eu-west-1a"},
        {"snapshot": name, "as": "w3", "bundleId": "nano_3_0"},
        {"snapshot": name, "as": "w3", "bundleId": "huge"},
        {"snapshot": f"ledger-{STAMP}", "bundleId": "nano_3_0"},
        {"snapshot": f"crm-{STAMP}", "as": "crm.2"},
    ):
        nightly({**restore, **order})
    stage.account.seed.add_snapshot("theirs", web)
    stage.account.seed.add_snapshot("broken", web, tags=_ours(web.arn, 1), state="error")
    stage.account.seed.add_snapshot("ledger-x", disk, WEST)
    stage.account.seed.add_snapshot("ledger-x", disk)
    for snapshot in ("theirs", "broken", "ledger-x"):
        nightly({**restore, "snapshot": snapshot})
    stage.account.inject("GetRegions", error="AccessDeniedException")
    nightly({**restore, "snapshot": name, "availabilityZone": "us-east-1a"})
    stage.account.deny(WEST)
    nightly({**restore, "resource": "web"})
    nightly({**restore, "snapshot": "nothing"})


def a_bundle_is_not_known(stage: Stage) -> None:
    """Lightsail's own snapshots of instances name a bundle; the API does not promise it."""
    point = read(a_snapshot("web-1", of=a_resource(), at=NIGHT))
    refusal = check(point, RestoreRequest(), "web-2", Offers())
    if refusal is not None:
        stage.said.add(refusal)


def restores_break(stage: Stage) -> None:
    web = stage.account.seed.add_instance("web", tags=TAGGED)
    stage.account.seed.add_snapshot("web-1", web, tags=_ours(web.arn, 1))
    disk = stage.account.seed.add_disk("data", tags=TAGGED)
    stage.account.seed.add_snapshot("data-1", disk, tags=_ours(disk.arn, 1))
    nightly = stage.deploy(EnableRestore="true")
    stage.account.restore_seconds = 0
    stage.account.end_in_error("data-1")
    nightly({"action": "restore", "snapshot": "data-1", "as": "data-2", "wait": 1})
    nightly({"action": "restore", "snapshot": "data-1", "as": "data-2"})


def two_regions_have_one(stage: Stage) -> None:
    for region in (EAST, WEST):
        web = stage.account.seed.add_instance("web", region, tags=TAGGED)
        stage.account.seed.add_snapshot("web-1", web, region, tags=_ours(web.arn, 1))
    nightly = stage.deploy(EnableRestore="true", Regions=f"{EAST},{WEST}")
    nightly({"action": "restore", "resource": "web"})


def _a_drill(stage: Stage, **by: float) -> dict[str, str]:
    """Let time pass; returns the event of a drill at its end."""
    return {**_later(stage, **by), "action": "drill"}


def _named(stage: Stage, name: str) -> str:
    """Name what a drill that begins now makes of a resource."""
    return f"drill-{name}-{stage.account.clock.now():%Y%m%dT%H%M%SZ}"


def _ports_answer(stage: Stage, answers: bool) -> None:
    stage.patch.setattr("snapshotter.drill.connection_check.answers", lambda *_: answers)


def _a_stack_with_drills(stage: Stage, **ports: str | None) -> Callable[..., None]:
    """Take the first snapshots of instances that ask for drills, each with its port or none.

    One of them is `web`, and has a disk.
    """
    for name, port in ports.items():
        stage.account.seed.add_instance(name, tags={**TAGGED, "snapshot:drill": port})
    stage.account.seed.add_disk("logs", attached_to="web", path="/dev/xvdf")
    nightly = stage.deploy(EnableRestore="true")
    nightly(AT_NIGHT)
    return nightly


def drills_pass(stage: Stage) -> None:
    _ports_answer(stage, True)
    nightly = _a_stack_with_drills(stage, web="80", api=None)
    begin = _a_drill(stage, hours=1)
    nightly({**begin, "dryRun": True})
    stage.account.inject("PutInstancePublicPorts", error="InvalidInputException")
    stage.account.inject("CloseInstancePublicPorts", error="InvalidInputException")
    nightly(begin)
    nightly(begin)
    nightly({**_later(stage, hours=1), "dryRun": True})
    nightly(_later(stage, minutes=1))
    nightly(begin)
    nightly(_later(stage, hours=1))


def drills_fail(stage: Stage) -> None:
    _ports_answer(stage, False)
    nightly = _a_stack_with_drills(stage, web="80", api=None)
    stage.account.end_in_error(f"api-{STAMP}")
    nightly(_a_drill(stage, hours=1))
    nightly(_later(stage, hours=1))
    nightly(_later(stage, hours=2))


def drills_cannot_be_closed_up(stage: Stage) -> None:
    nightly = _a_stack_with_drills(stage, web="80")
    stage.account.inject("PutInstancePublicPorts", error="InvalidInputException", times=None)
    nightly(_a_drill(stage, hours=1))
    nightly(_later(stage, hours=1))


def drills_cannot_begin(stage: Stage) -> None:
    nightly = _a_stack_with_drills(stage, web="80", api="http")
    begin = _a_drill(stage, hours=1)
    stage.account.seed.add_instance(_named(stage, "web"))
    nightly(begin)


def drilled_points_are_deleted(stage: Stage) -> None:
    nightly = _a_stack_with_drills(stage, web=None, api=None)
    nightly(_a_drill(stage, hours=1))
    lightsail = boto3.client("lightsail", EAST)
    lightsail.delete_instance_snapshot(instanceSnapshotName=f"web-{STAMP}")
    stage.account.inject("TagResource", error="NotFoundException", resource=f"api-{STAMP}")
    nightly(_later(stage, hours=1))


def disks_of_drills_are_used(stage: Stage) -> None:
    nightly = _a_stack_with_drills(stage, web=None)
    begin = _a_drill(stage, hours=1)
    disk = f"{_named(stage, 'web')}-disk-1"
    nightly(begin)
    nightly(_later(stage, hours=1))
    lightsail = boto3.client("lightsail", EAST)
    lightsail.attach_disk(diskName=disk, instanceName="web", diskPath="/dev/xvdz")
    nightly(_later(stage, hours=1))


def drills_are_left_behind(stage: Stage) -> None:
    _a_stack_with_drills(stage, web=None)(_a_drill(stage, hours=1))
    stage.deploy()(_later(stage, hours=1))


def drills_lack_something(stage: Stage) -> None:
    """What the stand-in for Lightsail always has: a bundle, an address, all disks at once."""
    asks = {**TAGGED, "snapshot:drill": "80", "snapshotter:port": "80"}
    web = a_resource("web", asks, state="running")
    taken = replace(
        a_snapshot("web-1", of=web, at=NOW), attached=(AttachedDisk("/dev/xvdf", "logs"),)
    )
    settings = some_settings(ENABLE_RESTORE="true")
    for outcome in plan_drills(a_situation((web,), (taken,), settings=settings)):
        if isinstance(outcome, Outcome):
            stage.said.add(outcome)
    for drill in (Drill(web, "web"), Drill(web, "web", point=read(taken))):
        verdict = evaluate(drill, now=NOW, answers=lambda *_: False)
        stage.said.texts.add(verdict.reason)


SCENES: tuple[Scene, ...] = (
    a_night_of_everything,
    an_answer_is_lost,
    names_are_taken,
    a_hold_comes_late,
    snapshots_break,
    a_night_breaks,
    a_broken_snapshot_is_met,
    an_operation_fails,
    a_run_waits,
    a_region_is_out_of_reach,
    copies_break,
    a_copy_is_left_untagged,
    copies_go_nowhere,
    things_are_deleted,
    tags_are_not_understood,
    only_what_is_not_there,
    time_is_up,
    something_is_busy,
    a_name_is_in_use,
    things_are_restored,
    a_bundle_is_not_known,
    restores_break,
    two_regions_have_one,
    drills_pass,
    drills_fail,
    drills_cannot_be_closed_up,
    drills_cannot_begin,
    drilled_points_are_deleted,
    disks_of_drills_are_used,
    drills_are_left_behind,
    drills_lack_something,
)

BAD_EVENTS: tuple[object, ...] = (
    "now",
    {"key1": "value1", "key2": "value2", "key3": "value3"},
    {"detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2"},
    {"dryrun": True},
    {"dryRun": "yes"},
    {"action": 7},
    {"scheduledTime": 7},
    {"scheduledTime": "2026-11-23T04:50:00"},
    {"scheduledTime": "2999-11-23T04:50:00Z"},
    {"regions": ["eu-west-1"]},
    {"regions": "us-east-1"},
    {"resources": [""]},
    {"wait": 9_999},
    {"protect": True},
    {"action": "restore"},
    {"action": "restore", "snapshot": "web-1", "asOf": "2026-11-23T04:50:00Z"},
    {"action": "restore", "snapshot": "web-1", "as": "w/b", "region": "eu-west-1"},
)

BAD_SETTINGS: tuple[dict[str, str], ...] = (
    {"POLICY_NAME": "Café"},
    {"POLICY_NAME": ""},
    {"SELECTION_TAG_KEY": "x" * 121},
    {"SELECTION_TAG_KEY": "aws:x"},
    {"SELECTION_TAG_VALUE": "never"},
    {"SELECTION_TAG_VALUE": "100%"},
    {"RESOURCE_TYPES": "Bucket"},
    {"RESOURCE_TYPES": ","},
    {"REGIONS": "mars-1"},
    {"SCHEDULE_TIMEZONE": "Mars/Base"},
    {"RETENTION": "soon"},
    {"COPY_RETENTION": "soon"},
    {"COPY_TO_REGIONS": "mars-1"},
    {"RECOVERY_POINT_OBJECTIVE_HOURS": "0"},
    {"ENABLE_RESTORE": "maybe"},
)
