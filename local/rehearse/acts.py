"""What a rehearsal does, in order, and what must hold after each act."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rehearse.account import PLACEHOLDER, Account, awaited
from rehearse.processes import REGION
from rehearse.sam import FUNCTION, STACK, Sam, machine
from rehearse.told import Told
from snapshotter.model.times import to_iso
from translate import translate

WEST = "us-west-2"
PARAMETERS = {
    "ScheduleExpression": "'rate(1 minute)'",
    "CopyToRegions": WEST,
    "NotificationEmail": "backups@example.com",
}
UNKNOWN = {"AWS::Logs::QueryDefinition"}
"""Types of template.yaml that the emulator cannot make."""

# The emulator looks at its schedules every ten seconds.
A_MINUTE_S = 90


@dataclass
class Rehearsal:
    """One rehearsal: who speaks, who acts, and what was deployed."""

    told: Told
    sam: Sam
    account: Account
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    moment: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def physical(self, logical_id: str) -> str:
        return str(self.resources[logical_id]["PhysicalResourceId"])


def deploy(rehearsal: Rehearsal) -> None:
    told, account = rehearsal.told, rehearsal.account
    told.act("1  sam build, sam deploy")
    account.order_fleet()
    rehearsal.sam.build()
    told.say(f"built for {machine()}, which runs here; Lambda is given arm64")
    for name in rehearsal.sam.leave_out(UNKNOWN):
        told.say(f"left out, since ministack does not know its type: {name}")
    rehearsal.sam.deploy(PARAMETERS)
    rehearsal.resources = account.stack_resources()
    states = {each["ResourceStatus"] for each in rehearsal.resources.values()}
    told.must(
        f"{len(rehearsal.resources)} resources of template.yaml are CREATE_COMPLETE",
        states == {"CREATE_COMPLETE"},
        states,
    )
    wanted = {"AlarmTopic", "NoRunCompleted"} | {
        name
        for name, each in translate()["Resources"].items()
        if "Condition" not in each and each["Type"] not in UNKNOWN
    }
    missing = wanted - set(rehearsal.resources)
    told.holds("no other is missing, and the alarms have their topic", not missing, missing)


def invoke_dry(rehearsal: Rehearsal) -> None:
    told = rehearsal.told
    told.act('2  sam remote invoke with {"dryRun": true}')
    answer = rehearsal.sam.invoke('{"dryRun": true}')
    told.holds(
        "it would take a snapshot of the two that carry the tag",
        {each["resource"] for each in answer["outcomes"]} == {"web-1", "orders"},
        answer,
    )
    told.holds("and took none", not rehearsal.account.snapshots(), rehearsal.account.snapshots())


def let_schedule_fire(rehearsal: Rehearsal) -> None:
    told, account = rehearsal.told, rehearsal.account
    told.act("3  the schedule fires")
    moment = to_iso(rehearsal.moment)
    deployed = account.put_time_into_schedule(rehearsal.physical(f"{FUNCTION}Nightly"), moment)
    told.holds(
        "as deployed it sends the time that EventBridge puts in",
        PLACEHOLDER in deployed["Target"]["Input"],
        deployed["Target"]["Input"],
    )
    told.say(f"ministack does not put it in, so the rehearsal wrote {moment} into the schedule")
    stamp = f"{rehearsal.moment:%Y%m%dT%H%M%SZ}"
    names = {f"web-1-{stamp}", f"orders-{stamp}"}
    fired = awaited(lambda: names <= set(account.snapshots()), within_s=A_MINUTE_S)
    told.must("within a minute there are snapshots of that time", fired, account.snapshots())
    for name, each in account.snapshots().items():
        told.say(f"{REGION}  {name}  {each['state']}  {_tags(each)}")


def invoke_again(rehearsal: Rehearsal) -> None:
    told = rehearsal.told
    told.act("4  sam remote invoke with the same time: a second delivery")
    before = set(rehearsal.account.snapshots())
    answer = rehearsal.sam.invoke(f'{{"scheduledTime": "{to_iso(rehearsal.moment)}"}}')
    statuses = {each["status"] for each in answer["outcomes"] if each["action"] == "create"}
    told.holds("every snapshot exists already", statuses == {"exists"}, answer["outcomes"])
    told.holds("there is none more", set(rehearsal.account.snapshots()) == before)


def sweep(rehearsal: Rehearsal) -> None:
    told, account = rehearsal.told, rehearsal.account
    told.act("5  sweeps, once the snapshots are ready")
    awaited(account.all_ready)
    copies = {f"{name}-{REGION}" for name in account.snapshots()}
    rehearsal.sam.invoke('{"action": "sweep"}')
    told.holds(f"each is copied to {WEST}", set(account.snapshots(WEST)) == copies)
    answer = rehearsal.sam.invoke('{"action": "sweep"}')
    told.holds("a second sweep finds nothing to do, and nothing stale", _is_calm(answer), answer)
    for name, each in account.snapshots(WEST).items():
        told.say(f"{WEST}  {name}  {each['state']}  {_tags(each)}")


def fail(rehearsal: Rehearsal) -> None:
    told, account = rehearsal.told, rehearsal.account
    told.act("6  an event that is refused, handed over as a schedule does")
    account.send(rehearsal.physical(FUNCTION), {"actoin": "sweep"})
    queue = rehearsal.physical("FailedRuns")
    kept = awaited(lambda: account.messages(queue))
    told.holds("its attempts over, it lies in the queue of failed runs", kept)
    told.holds("with the sentence that it failed with", "actoin" in " ".join(kept or []), kept)


def look(rehearsal: Rehearsal) -> None:
    told, account = rehearsal.told, rehearsal.account
    told.act("7  what an operator looks at")
    records = awaited(lambda: account.log_records(rehearsal.physical("RunLogs")), within_s=10)
    outcomes = [each for each in records or [] if "status" in each]
    made = [each["snapshot"] for each in outcomes if each["status"] == "started"]
    there = {name for region in (REGION, WEST) for name in account.snapshots(region)}
    told.holds("the log has a record of every snapshot that was made", there <= {*made}, made)
    cloudwatch = account.client("cloudwatch")
    alarms = cloudwatch.describe_alarms()["MetricAlarms"]
    topic = rehearsal.physical("AlarmTopic")
    told.holds(
        f"{len(alarms)} alarms tell the topic",
        alarms and all(each["AlarmActions"] == [topic] for each in alarms),
        alarms,
    )
    told.holds(
        "the dashboard is there",
        cloudwatch.get_dashboard(DashboardName=rehearsal.physical("Dashboard"))["DashboardBody"],
    )


def delete(rehearsal: Rehearsal) -> None:
    told, account = rehearsal.told, rehearsal.account
    told.act("8  sam delete")
    before = {region: set(account.snapshots(region)) for region in (REGION, WEST)}
    rehearsal.sam.delete()
    told.holds(f"the stack {STACK} is gone", not account.stack_is_there())
    after = {region: set(account.snapshots(region)) for region in (REGION, WEST)}
    told.holds("every snapshot is still there", before == after and all(after.values()), after)


ACTS = (deploy, invoke_dry, let_schedule_fire, invoke_again, sweep, fail, look, delete)


def _is_calm(answer: dict[str, Any]) -> bool:
    return not any(answer["summary"][key] for key in ("created", "copied", "failed", "stale"))


def _tags(snapshot: dict[str, Any]) -> str:
    return " ".join(
        each["key"] + (f"={each['value']}" if each.get("value") else "")
        for each in sorted(snapshot.get("tags", []), key=lambda each: str(each["key"]))
        if each["key"] != "snapshotter:source"
    )
