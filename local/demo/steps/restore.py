"""A server is restored, next to the one that it is a copy of."""

import json
from datetime import timedelta
from typing import Any

from demo.scenario import Scenario, format_tags
from demo.steps.fortnight import NIGHTS, SERVER, recovery_points
from invoke.fleet import HOME, NIGHT, settings
from snapshotter.model.tags import RESTORED
from snapshotter.model.times import to_iso

AT = NIGHT + timedelta(days=NIGHTS, hours=4, minutes=22)
LATER = AT + timedelta(minutes=5)
AS_OF = (AT - timedelta(days=1)).replace(hour=12, minute=0)
EVENT = {"action": "restore", "resource": SERVER.name, "asOf": to_iso(AS_OF)}


def restore(scenario: Scenario) -> None:
    printer, account = scenario.printer, scenario.account
    printer.title(f"{AT:%A, %Y-%m-%d %H:%M} UTC: restore {SERVER.name} as of the day before")
    printer.text(json.dumps(EVENT))
    printer.line()
    account.clock.set(AT)
    before, calls = account.world(), len(account.calls)
    run = scenario.invoke(EVENT, AT)
    scenario.show(run)
    (outcome,) = run.outcomes
    writes = scenario.writes(calls)
    printer.check("It takes one write.", writes, ["CreateInstancesFromSnapshot"])
    newest = max(time for time in recovery_points(scenario, HOME) if time <= AS_OF)
    point = f"{SERVER.name}-{newest:%Y%m%dT%H%M%SZ}"
    claim = f"The recovery point is the newest before {AS_OF:%A} noon."
    printer.check(claim, outcome["snapshot"], point)

    world = account.world()
    restored = _take_server(world, outcome["resource"])
    printer.check(f"{SERVER.name} and everything else is unchanged.", world, before)
    source = _take_server(world, SERVER.name)
    tags = {**source["tags"], RESTORED: point}
    del tags[settings().selection_tag_key]
    claim = "It has the source's tags, without the one that protects."
    printer.check(claim, restored["tags"], tags)
    printer.check("It has the source's disks.", restored["disks"], source["disks"])
    printer.line()
    rows = [(key, _format(source[key]), _format(restored[key])) for key in source]
    printer.table([("", SERVER.name, outcome["resource"]), *rows], (6, 22))


def restore_again(scenario: Scenario) -> None:
    printer, account = scenario.printer, scenario.account
    printer.title(f"{LATER:%H:%M}: the same event again")
    account.clock.set(LATER)
    before, calls = account.world(), len(account.calls)
    run = scenario.invoke(EVENT, LATER)
    scenario.show(run)
    (name,) = run.resources("restore", "exists")
    state = before[HOME]["Instance"][name]["state"]
    printer.check("The existing restore is reported, and is running.", state, "running")
    printer.check("Nothing is written.", scenario.writes(calls), [])
    printer.check("Nothing in the account has changed.", account.world(), before)


def _take_server(world: dict[str, Any], name: str) -> dict[str, Any]:
    """Remove a server and its disks from a copy of the world; returns what is compared of it."""
    instance, disks = world[HOME]["Instance"].pop(name), world[HOME]["Disk"]
    attached = [disk for disk, record in disks.items() if record["attachedTo"] == name]
    return {"tags": instance["tags"], "disks": [disks.pop(disk)["sizeInGb"] for disk in attached]}


def _format(value: Any) -> str:
    return format_tags(value) if isinstance(value, dict) else f"{', '.join(map(str, value))} GB"
