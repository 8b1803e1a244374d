"""A server is restored, next to the one that it is a copy of."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from demo.printer import Cell
from demo.scenario import Scenario, format_tags
from demo.steps.fortnight import NIGHTS, SERVER, recovery_points
from invoke.fleet import HOME, NIGHT, settings
from snapshotter.tags import RESTORED
from snapshotter.times import to_iso

AT = NIGHT + timedelta(days=NIGHTS, hours=4, minutes=22)
LATER = AT + timedelta(minutes=5)
AS_OF = (AT - timedelta(days=1)).replace(hour=12, minute=0)
EVENT = {"action": "restore", "resource": SERVER.name, "asOf": to_iso(AS_OF)}


def restore(scenario: Scenario) -> None:
    printer, account = scenario.printer, scenario.account
    printer.title(f"{AT:%A, %Y-%m-%d %H:%M} UTC: restore {SERVER.name} as of the day before")
    printer.text(json.dumps(EVENT), "dim")
    printer.line()
    account.clock.set(AT)
    before, calls = account.world(), len(account.calls)
    run = scenario.invoke(EVENT, AT)
    scenario.show(run)
    (outcome,) = run.outcomes
    name, point = outcome["resource"], outcome["snapshot"]
    writes = scenario.writes(calls)
    printer.check("It takes one write.", writes, ["CreateInstancesFromSnapshot"])
    newest = max(time for time in recovery_points(scenario, HOME) if time <= AS_OF)
    expected = f"{SERVER.name}-{newest:%Y%m%dT%H%M%SZ}"
    printer.check(f"The recovery point is the newest before {AS_OF:%A} noon.", point, expected)
    _compare(scenario, name, point, before)
    _again(scenario, name)


def _compare(scenario: Scenario, name: str, point: str, before: Mapping[str, Any]) -> None:
    """Print source and restored instance side by side, and check the restored one."""
    printer = scenario.printer
    world = scenario.account.world()
    instances, disks = world[HOME]["Instance"], world[HOME]["Disk"]
    sizes = {
        instance: [disk["sizeInGb"] for disk in disks.values() if disk["attachedTo"] == instance]
        for instance in (SERVER.name, name)
    }
    made = instances.pop(name)
    tags = {**SERVER.tags, RESTORED: point}
    del tags[settings().selection_tag_key]
    printer.check("It has the source's tags, without the one that protects.", made["tags"], tags)
    printer.check("It has the source's disks.", sizes[name], sizes[SERVER.name])
    for disk in [key for key, value in disks.items() if value["attachedTo"] == name]:
        del disks[disk]
    printer.check(f"{SERVER.name} and everything else is unchanged.", world, before)
    printer.line()
    rows = [
        ("", SERVER.name, name),
        ("tags", *(format_tags(each["tags"]) for each in (instances[SERVER.name], made))),
        ("disks", *(f"{', '.join(map(str, sizes[each]))} GB" for each in (SERVER.name, name))),
    ]
    printer.table([[Cell(text) for text in row] for row in rows], (6, 22))


def _again(scenario: Scenario, name: str) -> None:
    printer, account = scenario.printer, scenario.account
    printer.title(f"{LATER:%H:%M}: the same event again")
    account.clock.set(LATER)
    before, calls = account.world(), len(account.calls)
    state = before[HOME]["Instance"][name]["state"]
    run = scenario.invoke(EVENT, LATER)
    scenario.show(run)
    printer.check("The restored server is running.", state, "running")
    printer.check("The existing restore is reported.", run.resources("restore", "exists"), {name})
    printer.check("Nothing is written.", scenario.writes(calls), [])
    printer.check("Nothing in the account has changed.", account.world(), before)
