"""The steps of the demo, in order. To add one, write a function and put it into STEPS."""

import io
import json
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import boto3

from demo.printer import Printer
from invoke import fleet
from invoke.fleet import HOME, NIGHT
from invoke.function import call
from lightsail_moto import Control
from snapshotter.errors import SnapshotRunFailed

Report = Mapping[str, Any]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAILING = "api-2"
"""Its first snapshot ends in error."""

SERVER, UNTAGGED, SHRUNK, SHORTER = "web-1", "web-2", "api-1", "last=1"
MORNING = NIGHT + 2 * DAY + 4 * HOUR


@dataclass(frozen=True)
class Demo:
    """The emulated account, and a printer for what happens in it."""

    printer: Printer
    account: Control

    def invoke(self, at: datetime, **event: object) -> Report:
        """Invoke the function at a moment of virtual time; returns its answer, or its report.

        A run that raises has logged its outcomes and its summary.
        """
        self.account.clock.set(at)
        log = io.StringIO()
        event = {"scheduledTime": f"{at:%Y-%m-%dT%H:%M:%SZ}", **event}
        try:
            answer: Report = call(event, fleet.environment(), output=log)
        except SnapshotRunFailed as error:
            records = [json.loads(line) for line in log.getvalue().splitlines()]
            outcomes = [record for record in records if "status" in record]
            (run,) = (record for record in records if "summary" in record)
            answer = {"outcomes": outcomes, "summary": run["summary"], "error": str(error)}
        return answer

    def show(self, title: str, answer: Report) -> None:
        """Print the outcomes that have action, status, region and reason in common as one row."""
        self.printer.title(title)
        self.printer.table(_rows(answer["outcomes"]), (16, 12))
        if counts := _counts(answer):
            self.printer.line()
            self.printer.text(f"Summary: {counts}")
        if "error" in answer:
            self.printer.text(_cut(f"The run failed: {answer['error']}"))


def dry_run(demo: Demo) -> None:
    before = demo.account.world()
    answer = demo.invoke(NIGHT, dryRun=True)
    demo.show("A dry run shows what a run would do", answer)
    unchanged = "nothing" if demo.account.world() == before else "something"
    demo.printer.text(f"It has changed {unchanged} in the account.")


def first_night(demo: Demo) -> None:
    at = f"{NIGHT:%A, %d %B %Y, %H:%M} UTC"
    demo.show(f"{at}: the nightly run", demo.invoke(NIGHT))
    answer = demo.invoke(NIGHT + timedelta(minutes=1), scheduledTime=f"{NIGHT:%Y-%m-%dT%H:%M:%SZ}")
    demo.printer.title("The same event is delivered again: nothing is taken twice")
    demo.printer.text(f"Summary: {_counts(answer)}")
    fleet.correct_policy_tag()
    demo.account.set_database_state("orders-db", HOME, "available")
    title = f"{NIGHT + HOUR:%H:%M}: the hourly sweep takes what failed or was busy, and copies"
    demo.show(title, demo.invoke(NIGHT + HOUR, action="sweep"))
    title = f"{NIGHT + 2 * HOUR:%H:%M}: the next sweep deletes what has been replaced"
    demo.show(title, demo.invoke(NIGHT + 2 * HOUR, action="sweep"))


def two_more_nights(demo: Demo) -> None:
    demo.printer.title("Two more nights, each with its run and two sweeps")
    for night in (NIGHT + DAY, NIGHT + 2 * DAY):
        for at, action in (
            (night, "snapshot"),
            (night + HOUR, "sweep"),
            (night + 2 * HOUR, "sweep"),
        ):
            counts = _counts(demo.invoke(at, action=action))
            demo.printer.table([(f"{at:%A %H:%M}", action, counts)], (16, 12))
    report = demo.invoke(MORNING - HOUR, action="report", resources=[SERVER])
    (resource,) = report["resources"]
    demo.printer.title(f"What {resource['retention']} has kept of {SERVER}, and why")
    points = [
        (p["time"].replace("T", " ")[:16], p["region"], p["reason"]) for p in resource["points"]
    ]
    demo.printer.table(points, (16, 12))


def mistakes(demo: Demo) -> None:
    client = boto3.client("lightsail", region_name=HOME)
    client.untag_resource(resourceName=UNTAGGED, tagKeys=["snapshot"])
    client.tag_resource(resourceName=SHRUNK, tags=[{"key": "snapshot:keep", "value": SHORTER}])
    title = (
        f"{MORNING:%H:%M}: the owner removes the tag of {UNTAGGED}, and lets {SHRUNK} keep "
        f"{SHORTER}; nothing is deleted"
    )
    demo.show(title, demo.invoke(MORNING, action="sweep"))


def letter(demo: Demo) -> None:
    demo.printer.title("The letter that the function sends about it")
    report = demo.invoke(MORNING + timedelta(minutes=5), action="report")
    for line in report["letter"].splitlines():
        demo.printer.text(line) if line else demo.printer.line()


def restore(demo: Demo) -> None:
    at = MORNING + HOUR
    before = _description(SERVER)
    event = {"action": "restore", "resource": SERVER, "takeOver": True, "wait": 300}
    answer = demo.invoke(at, **event)
    demo.show(f"{at:%H:%M}: {SERVER} is restored: {json.dumps(event)}", answer)
    name = next(each["resource"] for each in answer["outcomes"] if each["status"] == "started")
    after = _description(name)
    demo.printer.line()
    rows = [(key, before[key], after[key]) for key in before]
    demo.printer.table([("", f"{SERVER} before", name), *rows], (10, 34))


STEPS: tuple[Callable[[Demo], None], ...] = (
    dry_run,
    first_night,
    two_more_nights,
    mistakes,
    letter,
    restore,
)


def _counts(answer: Report) -> str:
    return ", ".join(f"{name} {count}" for name, count in answer["summary"].items() if count)


def _rows(outcomes: list[Report]) -> Iterator[tuple[str, str, str]]:
    groups: dict[tuple[str, str, str], list[str]] = {}
    for each in outcomes:
        # The reason of a tag names one snapshot each.
        why = each.get("error", {}).get("message") or each.get("reason") or ""
        why = "" if each["action"] == "tag" else _cut(why.rstrip("."))
        key = (f"{each['action']} {each['status']}", each.get("region", ""), why)
        groups.setdefault(key, []).append(_short(each.get("resource", "")))
    for (what, region, why), names in sorted(groups.items()):
        count = f"{len(names)} of " if len(names) > len(set(names)) else ""
        text = f"{count}{', '.join(dict.fromkeys(names))}"
        yield what, region, f"{text}: {why}" if why else text


def _description(name: str) -> dict[str, str]:
    client = boto3.client("lightsail", region_name=HOME)
    server = client.get_instance(instanceName=name)["instance"]
    tags = [f"{t['key']}={t.get('value', '')}".rstrip("=") for t in server["tags"]]
    ports = [
        f"{port['protocol']} {port['fromPort']} from {', '.join(port.get('cidrs', ['anywhere']))}"
        for port in server["networking"]["ports"]
    ]
    return {
        "tags": ", ".join(tag for tag in tags if not tag.startswith("snapshotter:")),
        "disks": ", ".join(f"{disk['sizeInGb']} GB" for disk in server["hardware"]["disks"]),
        "firewall": ", ".join(ports),
        "key pair": server["sshKeyName"],
        "address": f"{server['publicIpAddress']}{', static' if server['isStaticIp'] else ''}",
    }


def _short(name: str, limit: int = 40) -> str:
    """Leave out the middle of a long name."""
    return name if len(name) <= limit else f"{name[: limit - 9]}...{name[-6:]}"


def _cut(text: str) -> str:
    return textwrap.shorten(text, 180, placeholder=" ...")
