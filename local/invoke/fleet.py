"""The emulated fleet: instances, disks and a database in two regions, common and unusual ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import boto3

from invoke.history import Record, seed_history, seed_special_snapshots
from lightsail_moto import Control
from snapshotter.inputs.settings import Settings, from_env
from translate.stack import Stack

HOME, SECOND = "us-east-1", "eu-central-1"
NIGHT = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)
"""The scheduled time in events/scheduled.json."""

PARAMETERS = {
    "Regions": f"{HOME},{SECOND}",
    "CopyToRegions": SECOND,
    "CopyRetention": "daily=3",
    "EnableRestore": "true",
}
"""Parameters of the stack that differ from the template's defaults."""

INVALID_POLICY, CORRECTED_POLICY = "two weeks", "daily=14"
LONG_NAME = ("archive-" + "of-project-" * 23)[:255]
PROTECTED: dict[str, str | None] = {"snapshot": None}
MANY_TAGS: dict[str, str | None] = {f"cost:{n:02}": "platform" for n in range(1, 49)}


NETWORK: dict[str, Any] = {
    "key_pair": "shop-key",
    "static_ip": "shop-address",
    "firewall": [
        {"fromPort": 443, "toPort": 443, "protocol": "tcp"},
        {"fromPort": 22, "toPort": 22, "protocol": "tcp", "cidrs": ["203.0.113.0/24"]},
    ],
}
"""Of web-1: HTTPS for all, SSH for its office."""


@dataclass(frozen=True)
class Member:
    """A resource of the fleet.

    nights: for how many nights it has been protected already.
    selected: whether its tags ask for protection.
    """

    region: str
    name: str
    tags: Mapping[str, str | None]
    nights: int = 0
    selected: bool = True
    kind: Literal["Instance", "Disk", "RelationalDatabase"] = "Instance"
    state: str = "running"
    attached_to: str | None = None
    network: Mapping[str, Any] = field(default_factory=dict)


FLEET = (
    Member(HOME, "web-1", {**PROTECTED, "team": "shop"}, 200, network=NETWORK),
    Member(HOME, "web-2", {"snapshot": "yes"}, 30),
    Member(HOME, "api-1", {**PROTECTED, "snapshot:keep": "daily=3 weekly=2"}, 30),
    Member(HOME, "api-2", PROTECTED, 9),
    Member(HOME, "batch-1", {**PROTECTED, "snapshot:copy-to": "none"}, 9),
    Member(HOME, "cache-1", PROTECTED),
    Member(HOME, "crm", {**PROTECTED, "snapshot:keep": INVALID_POLICY}, 9),
    Member(HOME, "shop.example.com", PROTECTED, 9),
    Member(HOME, "ledger", {**PROTECTED, "snapshot:keep": "daily=2", **MANY_TAGS}, 2),
    Member(HOME, LONG_NAME, PROTECTED, 2),
    Member(HOME, "wiki", {"snapshot": "off"}, selected=False),
    Member(HOME, "sandbox", {}, selected=False),
    Member(HOME, "build-1", {"team": "ci"}, selected=False),
    Member(HOME, "web-1-data", PROTECTED, 9, kind="Disk", state="available", attached_to="web-1"),
    Member(HOME, "scratch", {}, selected=False, kind="Disk", state="available"),
    Member(
        HOME,
        "orders-db",
        {**PROTECTED, "snapshot:copy-to": "none"},
        kind="RelationalDatabase",
        state="backing-up",
    ),
    Member(SECOND, "web-eu-1", PROTECTED, 30),
    Member(SECOND, "web-eu-2", PROTECTED, 30),
    Member(SECOND, "mail.example.eu", {**PROTECTED, "snapshot:keep": "daily=14 yearly=5"}, 30),
    Member(SECOND, "metrics-eu", {"snapshot": "nightly", "team": "ops"}, 9),
    Member(SECOND, "vpn-eu", PROTECTED, 9, state="stopped"),
    Member(SECOND, "lab-eu", {"snapshot": "No"}, selected=False),
    Member(SECOND, "ci-eu", {"team": "ci"}, selected=False),
    Member(SECOND, "media-eu", PROTECTED, 9, kind="Disk", state="available"),
)


def environment() -> dict[str, str]:
    """The environment variables that the stack sets for the function."""
    return Stack(PARAMETERS, region=HOME).environment()


def settings() -> Settings:
    """The stack's settings, as the function reads them."""
    return from_env(environment(), frozenset([HOME, SECOND]))


def seed_fleet(account: Control) -> None:
    """Add the fleet and the recovery points of the nights before the account's time."""
    stack = settings()
    records = {member.name: _add(account, member) for member in FLEET}
    for member in FLEET:
        seed_history(account, records[member.name], stack, nights=member.nights)
    seed_special_snapshots(account, records["web-1"], records["web-2"], stack)
    account.auto_snapshot_in_progress("cache-1", HOME, seconds=600)


def correct_policy_tag() -> None:
    """Replace the policy tag that cannot be read, as its owner would."""
    client = boto3.client("lightsail", region_name=HOME)
    client.tag_resource(
        resourceName="crm", tags=[{"key": "snapshot:keep", "value": CORRECTED_POLICY}]
    )


def _add(account: Control, member: Member) -> Record:
    seed = account.seed
    name, where, tags, state = member.name, member.region, member.tags, member.state
    if member.kind == "Disk":
        return seed.add_disk(name, where, tags=tags, state=state, attached_to=member.attached_to)
    if member.kind == "RelationalDatabase":
        return seed.add_database(name, where, tags=tags, state=state)
    return seed.add_instance(name, where, tags=tags, state=state, **member.network)
