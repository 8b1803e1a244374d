"""A server is restored, next to the one that it is a copy of."""

import json
from datetime import timedelta
from typing import Any

import boto3

from demo.scenario import Scenario, format_tags
from demo.steps.fortnight import NIGHTS, SERVER, recovery_points
from invoke.fleet import HOME, NETWORK, NIGHT, settings
from snapshotter.model.firewall import from_ports, to_tags
from snapshotter.model.tags import FIREWALL, OURS, TO_DO
from snapshotter.model.times import to_iso

AT = NIGHT + timedelta(days=NIGHTS, hours=4, minutes=22)
LATER = AT + timedelta(minutes=5)
AS_OF = (AT - timedelta(days=1)).replace(hour=12, minute=0)
EVENT = {
    "action": "restore",
    "resource": SERVER.name,
    "asOf": to_iso(AS_OF),
    "takeOver": True,
    "wait": 300,
}
ADDRESS = NETWORK["static_ip"]


def restore(scenario: Scenario) -> None:
    printer, account = scenario.printer, scenario.account
    printer.title(f"{AT:%A, %Y-%m-%d %H:%M} UTC: restore {SERVER.name} as of the day before")
    printer.text(json.dumps(EVENT))
    printer.line()
    account.clock.set(AT)
    before, calls = account.world(), len(account.calls)
    source = _take_server(account.world(), SERVER.name)
    run = scenario.invoke(EVENT, AT)
    scenario.show(run)
    newest = max(time for time in recovery_points(scenario, HOME) if time <= AS_OF)
    point = f"{SERVER.name}-{newest:%Y%m%dT%H%M%SZ}"
    claim = f"The recovery point is the newest before {AS_OF:%A} noon."
    printer.check(claim, {each["snapshot"] for each in run.outcomes}, {point})

    world = account.world()
    (name,) = run.resources("restore", "started")
    restored, left = _take_server(world, name), _take_server(world, SERVER.name)
    _take_server(before, SERVER.name)
    printer.check(f"Everything but {SERVER.name} is unchanged.", _others(world), _others(before))
    claim = "It has the disks, firewall, key pair and static address of its source."
    printer.check(claim, _without_tags(restored), _without_tags(source))
    printer.check("The source has lost its address only.", left, {**source, "address": ["none"]})
    protected = {settings().selection_tag_key: None}
    claim = "It has its tags, without the one that protects."
    printer.check(claim, {**restored["tags"], **protected}, source["tags"])
    to_do = account.world()[HOME]["Instance"][name]["tags"][TO_DO]
    printer.check("The restore is complete.", to_do, "done")
    printer.check("The writes are these:", scenario.writes(calls), WRITES)
    printer.text(", ".join(WRITES))
    printer.line()
    rows = [(key, _format(source[key]), _format(restored[key])) for key in source]
    printer.table([("", f"{SERVER.name} before", name), *rows], (10, 30))


WRITES = [
    *("CreateInstancesFromSnapshot", "PutInstancePublicPorts", "TagResource"),
    *("DetachStaticIp", "AttachStaticIp", "TagResource"),
]


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
    record = boto3.client("lightsail", region_name=HOME).get_instance(instanceName=name)["instance"]
    address = [ADDRESS] if record["isStaticIp"] else ["none"]
    return {
        "tags": {k: v for k, v in instance["tags"].items() if not k.startswith(OURS)},
        "disks": [f"{disks.pop(disk)['sizeInGb']} GB" for disk in attached],
        "firewall": (to_tags(from_ports(record["networking"]["ports"])) or {})[FIREWALL].split(),
        "key pair": [record["sshKeyName"]],
        "address": address,
    }


def _others(world: dict[str, Any]) -> dict[str, Any]:
    """The world without static addresses, of which one moves."""
    return {
        region: {kind: each for kind, each in kinds.items() if kind != "StaticIp"}
        for region, kinds in world.items()
    }


def _without_tags(server: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in server.items() if key != "tags"}


def _format(value: Any) -> str:
    return format_tags(value) if isinstance(value, dict) else ", ".join(map(str, value))
