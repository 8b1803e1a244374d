"""A server, its recovery points and what regions offer, for the tests of restores."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from snapshotter.inputs.event import parse_event
from snapshotter.inputs.restore_event import RestoreEvent
from snapshotter.inputs.settings import Settings
from snapshotter.model.firewall import only_tcp
from snapshotter.model.kinds import DATABASE, DISK, INSTANCE
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Bundle, Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import AttachedDisk, Snapshot
from snapshotter.restore.making import Restore, Wanted, plan_restore
from snapshotter.restore.offers import Offers
from snapshotter.restore.source import World
from tests.unit.builders import EAST, NOW, WEST, a_resource, a_snapshot, hours_ago, some_settings

RESTORES = some_settings(ENABLE_RESTORE="true", COPY_TO_REGIONS=WEST)
LINUX = frozenset({"LINUX_UNIX"})
WEB = a_resource(
    "web",
    {"snapshot": None, "team": "shop"},
    zone="us-east-1b",
    address="192.0.2.7",
    firewall=only_tcp(443),
    key_pair="deploy",
    address_type="dualstack",
    static_ip="web-ip",
)
DATA = a_resource("data", {"snapshot": None, "team": "shop"}, kind=DISK)
DB = a_resource("db", kind=DATABASE)
RECORDED = {
    "team": "shop",
    "snapshot": None,
    "snapshotter:firewall": "tcp:22",
    "snapshotter:key-pair": "old-key",
    "snapshotter:ip-address-type": "ipv4",
    "snapshotter:static-ip": "old-ip",
    "snapshotter:zone": "us-east-1c",
    "snapshotter:address": "192.0.2.1",
}


def a_bundle(name: str, usd: float, **given: Any) -> Bundle:
    size = {"disk_gb": 40, "ram_gb": 1.0, "cpus": 2, "platforms": LINUX, "ipv4_addresses": 1}
    return Bundle(**{"id": name, "active": True, "price_usd": usd, **size, **given})


BUNDLES = {
    each.id: each
    for each in (
        a_bundle("micro_3_0", 7),
        a_bundle("micro_2_0", 5, active=False),
        a_bundle("micro_ipv6_3_0", 5, ipv4_addresses=0),
        a_bundle("micro_win_3_0", 6, platforms=frozenset({"WINDOWS"})),
        a_bundle("nano_3_0", 4, disk_gb=20, ram_gb=0.5),
        a_bundle("small_3_0", 12, disk_gb=60, ram_gb=2.0),
    )
}
OFFERS = Offers(
    zones=dict.fromkeys(("Instance", "Disk"), ("us-east-1a", "us-east-1b", "us-east-1c")),
    bundles={"Instance": BUNDLES, "RelationalDatabase": BUNDLES},
    key_pairs=frozenset({"LightsailDefaultKeyPair", "deploy", "old-key"}),
)


def a_point(name: str = "web-1", *, of: Resource = WEB, hours: float = 5, **given: Any) -> Snapshot:
    bundle = None if of.kind is DISK else "micro_3_0"
    more = RECORDED if of.kind is INSTANCE else {"team": "shop", "snapshot": None}
    defaults = {"from_bundle": bundle, "more": more}
    return a_snapshot(name, of=of, at=hours_ago(hours), **{**defaults, **given})


def a_copy(of: Resource = WEB, *, hours: float = 5, region: str = WEST, **given: Any) -> Snapshot:
    return a_point(f"{of.name}-{hours:g}", of=of, hours=hours, region=region, **given)


def with_disks(point: Snapshot, *names: str) -> Snapshot:
    paths = ("/dev/xvdf", "/dev/xvdg")
    attached = zip(paths, names, strict=False)
    return replace(point, attached=tuple(AttachedDisk(path, name) for path, name in attached))


def an_inventory(
    *found: Resource | Snapshot, unreadable: dict[str, ErrorInfo] | None = None
) -> Inventory:
    """Both regions, with each resource and snapshot in its own."""
    regions = {
        region: RegionInventory(
            tuple(e for e in found if isinstance(e, Resource) and e.region == region),
            tuple(e for e in found if isinstance(e, Snapshot) and e.region == region),
        )
        for region in (EAST, WEST)
        if region not in (unreadable or {})
    }
    return Inventory(regions, unreadable or {})


def a_restore_event(settings: Settings = RESTORES, **keys: Any) -> RestoreEvent:
    keys = {"name" if key == "as_" else key: value for key, value in keys.items()}
    request = parse_event({"action": "restore", **keys}, now=NOW, settings=settings)
    assert isinstance(request, RestoreEvent)
    return request


def a_world(*found: Resource | Snapshot, offers: Offers = OFFERS, **given: Any) -> World:
    settings = given.pop("settings", RESTORES)
    return World(settings, an_inventory(*found), {EAST: offers, WEST: offers}, **given)


def planned(point: Snapshot, world: World, **wanted: Any) -> Restore | Outcome:
    target = wanted.pop("target", "web-2")
    return plan_restore(point, Wanted(target, **wanted), world)


def a_restore(point: Snapshot, world: World, **wanted: Any) -> Restore:
    found = planned(point, world, **wanted)
    assert isinstance(found, Restore), found
    return found


def a_refusal(point: Snapshot, world: World, **wanted: Any) -> ErrorInfo:
    found = planned(point, world, **wanted)
    assert isinstance(found, Outcome)
    assert found.error is not None
    return found.error
