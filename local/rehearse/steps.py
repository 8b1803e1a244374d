"""The steps of a rehearsal, in order. To add one, write a function and put it into STEPS."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from demo.printer import Printer
from rehearse.account import FLEET, TIME_PLACEHOLDER, Account
from rehearse.sam import FUNCTION, Sam, machine
from rehearse.servers import REGION, wait_for
from snapshotter.model.names import to_iso
from snapshotter.model.tags import OURS
from translate import translate

COPY_REGION = "us-west-2"
PARAMETERS = {
    "ScheduleExpression": "'rate(1 minute)'",
    "CopyToRegions": COPY_REGION,
    "NotificationEmail": "backups@example.com",
}
RETENTION = "daily=3 weekly=2"
UNSUPPORTED = {"AWS::Logs::QueryDefinition"}
"""Types of template.yaml that ministack cannot create."""

SCHEDULE_TIMEOUT_S = 90
"""A minute, and the ten seconds after which ministack looks at its schedules again."""


@dataclass
class Rehearsal:
    """A printer, SAM and the account; the stack's resources, once it is deployed."""

    printer: Printer
    sam: Sam
    account: Account
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    moment: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def physical(self, logical_id: str) -> str:
        return str(self.resources[logical_id]["PhysicalResourceId"])

    def check_tags(self, region: str) -> None:
        """Check that the snapshots carry their sources' tags, apart from the function's own."""
        found = {
            each["from"]: {k: v for k, v in each["tags"].items() if not k.startswith(OURS)}
            for each in self.account.snapshots(region).values()
        }
        self.printer.check(f"Those in {region} carry the tags of their sources.", found, FLEET)


def deploy(rehearsal: Rehearsal) -> None:
    printer, account, sam = rehearsal.printer, rehearsal.account, rehearsal.sam
    printer.title("sam build, sam deploy")
    account.create_fleet()
    sam.build()
    printer.text(f"Built for {machine()}, where the emulator runs the function.")
    left_out = ", ".join(sam.leave_out(UNSUPPORTED))
    printer.text(f"Left out, because ministack does not support the type: {left_out}")
    sam.deploy(PARAMETERS)
    rehearsal.resources = account.stack_resources()
    states = {each["ResourceStatus"] for each in rehearsal.resources.values()}
    claim = f"{len(rehearsal.resources)} resources are CREATE_COMPLETE."
    printer.check(claim, states, {"CREATE_COMPLETE"})
    expected = {"AlarmTopic", "NoRunCompleted"} | {
        name
        for name, each in translate()["Resources"].items()
        if "Condition" not in each and each["Type"] not in UNSUPPORTED
    }
    missing = expected - set(rehearsal.resources)
    printer.check("No resource is missing; the topic of the alarms is there.", missing, set())


def dry_run(rehearsal: Rehearsal) -> None:
    printer = rehearsal.printer
    printer.title('sam remote invoke, {"dryRun": true}')
    answer = rehearsal.sam.invoke({"dryRun": True})
    planned = {each["resource"] for each in answer["outcomes"]}
    printer.check("The two resources with the tag are selected.", planned, set(FLEET))
    printer.check("No snapshot is taken.", rehearsal.account.snapshots(), {})


def wait_for_schedule(rehearsal: Rehearsal) -> None:
    printer, account = rehearsal.printer, rehearsal.account
    printer.title("The schedule invokes the function")
    moment = to_iso(rehearsal.moment)
    deployed = account.set_schedule_time(rehearsal.physical(f"{FUNCTION}Nightly"), moment)
    claim = "The deployed schedule sends the scheduled time."
    printer.check(claim, TIME_PLACEHOLDER in deployed, True)
    printer.text(f"ministack does not fill it in: the schedule is updated to send {moment}.")
    stamp = f"{rehearsal.moment:%Y%m%dT%H%M%SZ}"
    names = {f"{name}-{stamp}" for name in FLEET}
    wait_for(lambda: names <= set(account.snapshots()), timeout_s=SCHEDULE_TIMEOUT_S)
    printer.check("Both snapshots carry that time in their names.", set(account.snapshots()), names)
    rehearsal.check_tags(REGION)


def repeat(rehearsal: Rehearsal) -> None:
    printer = rehearsal.printer
    printer.title("sam remote invoke with the same time: a repeated delivery")
    before = set(rehearsal.account.snapshots())
    answer = rehearsal.sam.invoke({"scheduledTime": to_iso(rehearsal.moment)})
    statuses = {each["status"] for each in answer["outcomes"] if each["action"] == "create"}
    printer.check("Every snapshot exists already.", statuses, {"exists"})
    printer.check("No snapshot is added.", set(rehearsal.account.snapshots()), before)


def sweep(rehearsal: Rehearsal) -> None:
    printer, account, sam = rehearsal.printer, rehearsal.account, rehearsal.sam
    printer.title("Two sweeps, once the snapshots are ready")
    wait_for(account.all_ready)
    copies = {f"{name}-{REGION}" for name in account.snapshots()}
    sam.invoke({"action": "sweep"})
    found = set(account.snapshots(COPY_REGION))
    printer.check(f"Each snapshot is copied to {COPY_REGION}.", found, copies)
    summary = sam.invoke({"action": "sweep"})["summary"]
    remaining = {key: summary[key] for key in ("created", "copied", "failed", "stale")}
    printer.check("The second sweep has nothing to do.", remaining, dict.fromkeys(remaining, 0))
    rehearsal.check_tags(COPY_REGION)


def fail(rehearsal: Rehearsal) -> None:
    printer, account = rehearsal.printer, rehearsal.account
    printer.title("An invalid event, sent as a schedule sends it")
    account.invoke_async(rehearsal.physical(FUNCTION), {"actoin": "sweep"})
    messages = wait_for(lambda: account.messages(rehearsal.physical("FailedRuns")))
    claim = "After all retries the queue of failed runs has it, with the function's message."
    printer.check(claim, "actoin" in " ".join(messages), True)


def observe(rehearsal: Rehearsal) -> None:
    printer, account = rehearsal.printer, rehearsal.account
    printer.title("Log, alarms, dashboard")
    group = rehearsal.physical("RunLogs")
    records = wait_for(lambda: account.log_records(group), timeout_s=10)
    started = {each["snapshot"] for each in records if each.get("status") == "started"}
    snapshots = {name for region in (REGION, COPY_REGION) for name in account.snapshots(region)}
    printer.check("The log has a record of each snapshot and copy.", snapshots - started, set())
    cloudwatch = account.client("cloudwatch")
    alarms = cloudwatch.describe_alarms()["MetricAlarms"]
    actions = [tuple(action.split(":")[2] for action in each["AlarmActions"]) for each in alarms]
    claim = f"Of {len(alarms)} alarms three invoke the function, and three notify the topic."
    printer.check(claim, sorted(actions), [("lambda",)] * 3 + [("sns",)] * 3)
    name = rehearsal.physical("StackDashboard")
    body = cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"]
    printer.check("The dashboard is there.", bool(body), True)


def letter(rehearsal: Rehearsal) -> None:
    printer, account = rehearsal.printer, rehearsal.account
    printer.title("An alarm changes its state, and the function sends a letter to the topic")
    queue = account.subscribe_queue(rehearsal.physical("AlarmTopic"))
    alarm = {"alarmName": "ResourceStale", "state": {"value": "ALARM"}}
    rehearsal.sam.invoke({"source": "aws.cloudwatch", "alarmData": alarm})
    (message,) = wait_for(lambda: account.messages(queue))
    received = json.loads(message)
    for line in (f"Subject: {received['Subject']}", "", *received["Message"].splitlines()):
        printer.text(line)
    first = received["Message"].splitlines()[0]
    printer.check("The letter names the alarm.", first, "The alarm ResourceStale is on.")


def upgrade(rehearsal: Rehearsal) -> None:
    printer, account = rehearsal.printer, rehearsal.account
    printer.title("sam deploy with one parameter")
    function = rehearsal.physical(FUNCTION)
    before = account.environment(function)
    rehearsal.sam.deploy({"Retention": f'"{RETENTION}"'})
    after = account.environment(function)
    printer.check("It has the new value, blanks included.", after["RETENTION"], RETENTION)
    claim = "Every other parameter has kept its value."
    printer.check(claim, after, {**before, "RETENTION": RETENTION})


def delete(rehearsal: Rehearsal) -> None:
    printer, account = rehearsal.printer, rehearsal.account
    printer.title("sam delete")
    regions = (REGION, COPY_REGION)
    before = {region: set(account.snapshots(region)) for region in regions}
    rehearsal.sam.delete()
    printer.check("The stack is deleted.", account.stack_status(), "DELETE_COMPLETE")
    after = {region: set(account.snapshots(region)) for region in regions}
    printer.check(f"All {sum(map(len, before.values()))} snapshots are kept.", after, before)


STEPS: tuple[Callable[[Rehearsal], None], ...] = (
    deploy,
    dry_run,
    wait_for_schedule,
    repeat,
    sweep,
    fail,
    observe,
    letter,
    upgrade,
    delete,
)
