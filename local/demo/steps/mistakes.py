"""The owner's mistakes: a tag that vanished, and a policy that keeps less. Then the letter."""

from datetime import timedelta

import boto3

from demo.scenario import Scenario
from demo.steps.fortnight import NIGHTS
from invoke.fleet import HOME, NIGHT
from snapshotter.model.times import to_iso

AT = NIGHT + timedelta(days=NIGHTS, hours=3)
UNTAGGED, SHRUNK, POLICY = "web-2", "api-1", "last=1"


def lost_and_held(scenario: Scenario) -> None:
    printer, account = scenario.printer, scenario.account
    printer.title(f"{AT:%A, %Y-%m-%d %H:%M} UTC: the owner makes two mistakes")
    printer.text(
        f"The tag of {UNTAGGED} is removed, and the policy of {SHRUNK} becomes {POLICY}. Nothing "
        "is deleted for either of them."
    )
    printer.line()
    client = boto3.client("lightsail", region_name=HOME)
    client.untag_resource(resourceName=UNTAGGED, tagKeys=["snapshot"])
    client.tag_resource(resourceName=SHRUNK, tags=[{"key": "snapshot:keep", "value": POLICY}])
    before, calls = scenario.snapshots(HOME), len(account.calls)
    run = scenario.sweep(AT)
    scenario.show(run)
    printer.check(f"{UNTAGGED} is lost.", run.resources("select", "lost"), {UNTAGGED})
    printer.check(f"{SHRUNK} is in its cooling-off.", run.resources("delete", "held"), {SHRUNK})
    printer.check("No recovery point is deleted.", scenario.snapshots(HOME), before)
    printer.check("Nothing is written.", scenario.writes(calls), [])
    printer.check("Both wait for a person and fail no run.", run.error, None)


def letter(scenario: Scenario) -> None:
    printer, account = scenario.printer, scenario.account
    printer.title("The letter that the function sends about it")
    calls = len(account.calls)
    event = {"action": "report", "scheduledTime": to_iso(AT)}
    answer = scenario.invoke(event, AT).answer
    for line in answer["letter"].splitlines():
        printer.text(line) if line else printer.line()
    printer.line()
    attention = {each["resource"] for each in answer["attention"]}
    printer.check("It names both resources.", attention >= {UNTAGGED, SHRUNK}, True)
    printer.check("A report writes nothing.", scenario.writes(calls), [])


def corrected(scenario: Scenario) -> None:
    printer, at = scenario.printer, AT + timedelta(hours=1)
    printer.title(f"{at:%H:%M}: the owner corrects both")
    client = boto3.client("lightsail", region_name=HOME)
    client.tag_resource(resourceName=UNTAGGED, tags=[{"key": "snapshot", "value": "yes"}])
    keep = "daily=3 weekly=2"
    client.tag_resource(resourceName=SHRUNK, tags=[{"key": "snapshot:keep", "value": keep}])
    run = scenario.sweep(at)
    scenario.show(run)
    waiting = {name: run.summary[name] for name in ("lost", "held", "deleted")}
    printer.check("Nothing is lost.", waiting, {"lost": 0, "held": 0, "deleted": 0})
