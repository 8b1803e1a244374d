"""The demo's fleet: instances, disks and a database of two regions, tame and awkward ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import boto3

from demo.history import seed_history, seed_keepsakes
from invoke.environment import environment
from lightsail_moto import Control
from lightsail_moto.resources import Resource
from snapshotter.inputs.settings import Settings, from_env

HOME, SECOND = "us-east-1", "eu-central-1"
NIGHT = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)
"""The scheduled time in events/scheduled.json."""

PARAMETERS = {
    "Regions": f"{HOME},{SECOND}",
    "CopyToRegions": SECOND,
    "CopyRetention": "daily=3",
    "EnableRestore": "true",
}
"""The demo's stack; the rest is the template's defaults."""

MISUNDERSTOOD, MENDED = "two weeks", "daily=14"
LONGEST = ("archive-of-all-that-nobody-dared-to-delete" + "-since-the-last-time" * 11)[:255]
FORTY_EIGHT_TAGS: dict[str, str | None] = {f"cost:{n:02}": "platform" for n in range(1, 49)}
PROTECTED: dict[str, str | None] = {"snapshot": None}

Kind = Literal["Instance", "Disk", "RelationalDatabase"]


@dataclass(frozen=True)
class Member:
    """A resource of the fleet.

    nights: for how many nights it has been protected already.
    selected: what the demo promises that the function will make of its tags.
    remark: what a reader of the table should know of it.
    """

    region: str
    name: str
    tags: Mapping[str, str | None]
    nights: int = 0
    selected: bool = True
    remark: str = ""
    kind: Kind = "Instance"
    state: str = "running"
    attached_to: str | None = None


FLEET = (
    Member(HOME, "web-1", {**PROTECTED, "team": "shop"}, 200, remark="protected since May"),
    Member(HOME, "web-2", {"snapshot": "yes"}, 30),
    Member(HOME, "api-1", {**PROTECTED, "snapshot:keep": "daily=3 weekly=2"}, 30),
    Member(HOME, "api-2", PROTECTED, 9, remark="it will end in error"),
    Member(HOME, "batch-1", {**PROTECTED, "snapshot:copy-to": "none"}, 9, remark="never copied"),
    Member(HOME, "cache-1", PROTECTED, remark="but Lightsail is busy with it"),
    Member(
        HOME,
        "crm",
        {**PROTECTED, "snapshot:keep": MISUNDERSTOOD},
        9,
        remark="but its :keep is no policy",
    ),
    Member(HOME, "shop.example.com", PROTECTED, 9, remark="a dotted name"),
    Member(
        HOME,
        "ledger",
        {**PROTECTED, "snapshot:keep": "daily=2", **FORTY_EIGHT_TAGS},
        2,
        remark="50 tags is the limit",
    ),
    Member(HOME, LONGEST, PROTECTED, 2, remark="255 characters, to be cut"),
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
    Member(SECOND, "vpn-eu", PROTECTED, 9, state="stopped", remark="stopped, which is fine"),
    Member(SECOND, "lab-eu", {"snapshot": "No"}, selected=False),
    Member(SECOND, "ci-eu", {"Snapshot": None}, selected=False, remark="case matters"),
    Member(SECOND, "media-eu", PROTECTED, 9, kind="Disk", state="available"),
)


def settings() -> Settings:
    """The stack's settings, as the function reads them."""
    return from_env(environment(PARAMETERS, region=HOME), frozenset([HOME, SECOND]))


def settle(account: Control) -> None:
    """Seed the fleet and its past, which ends with the last night before the account's now."""
    stack = settings()
    made = {}
    for member in FLEET:
        made[member.name] = _seed(account, member)
        seed_history(account, made[member.name], stack, nights=member.nights)
    seed_keepsakes(account, made["web-1"], made["web-2"], stack)
    account.auto_snapshot_in_progress("cache-1", HOME, seconds=600)


def mend(account: Control) -> None:
    """Do what the owner of the tag that cannot be understood does in the end."""
    client = boto3.client("lightsail", region_name=HOME)
    client.tag_resource(resourceName="crm", tags=[{"key": "snapshot:keep", "value": MENDED}])


def _seed(account: Control, member: Member) -> Resource:
    seed = account.seed
    where, tags, state = member.region, member.tags, member.state
    if member.kind == "Disk":
        at = member.attached_to
        return seed.add_disk(member.name, where, tags=tags, state=state, attached_to=at)
    if member.kind == "RelationalDatabase":
        return seed.add_database(member.name, where, tags=tags, state=state)
    return seed.add_instance(member.name, where, tags=tags, state=state)
