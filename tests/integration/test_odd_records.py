"""Odd records are read as far as they go; a list that only adds details stops nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import product
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from lightsail_moto import Control, Resource
from snapshotter.errors import OutOfTime
from snapshotter.lightsail import reads
from snapshotter.lightsail.clients import Client, Clients, new_session
from snapshotter.lightsail.inventory import take_inventory
from snapshotter.lightsail.pacing import Deadline
from snapshotter.lightsail.records import DnsEntry
from snapshotter.model.firewall import Firewall
from snapshotter.model.kinds import INSTANCE, KINDS, Kind, Status
from snapshotter.model.resource import Bundle, Inventory
from tests.support.virtual_time import virtual_time

EAST, WEST = "us-east-1", "us-west-2"
TAGS = {"snapshot": None, "team": "shop"}
Record = dict[str, Any]


@cache
def _session() -> boto3.Session:
    return new_session()


@pytest.fixture
def clients(lightsail: Control) -> Clients:
    """Clients of an account with one resource and one snapshot of each kind in each region."""
    add = lightsail.seed
    for region in (EAST, WEST):
        sources: list[Resource] = [
            add.add_instance("web", region, tags=TAGS, key_pair="mine", static_ip="address"),
            add.add_disk("data", region, tags=TAGS, attached_to="web"),
            add.add_database("shop", region, tags=TAGS),
        ]
        for source in sources:
            add.add_snapshot(f"{source.name}-1", source, tags=TAGS)
    made = Clients(_session(), Deadline(lambda: 900_000))
    made.prepare([EAST, WEST])
    return made


def change(client: Client, method: str, changed: Callable[[Record], Record]) -> None:
    """Change what the service answers, before botocore parses it."""

    def before_parse(response_dict: Record, **_: object) -> None:
        body = changed(json.loads(response_dict["body"]))
        response_dict["body"] = json.dumps(body).encode()

    operation = client.meta.method_to_api_mapping[method]
    client.meta.events.register(f"before-parse.lightsail.{operation}", before_parse)


def answer(client: Client, operation: str, body: Record) -> None:
    """Let a call return this, without sending it."""

    def before_call(**_: object) -> Any:
        return SimpleNamespace(status_code=200), body

    client.meta.events.register_first(f"before-call.lightsail.{operation}", before_call)


UNKNOWN: dict[str, Record] = {
    "arn": {"arn": ""},
    "attachedTo": {"attached_to": None},
    "bundleId": {"bundle_id": None},
    "createdAt": {"created_at": None},
    "fromAttachedDisks": {"attached": ()},
    "fromBundleId": {"from_bundle": None},
    "fromDiskArn": {"from_arn": None},
    "fromDiskName": {"from_name": None},
    "fromInstanceArn": {"from_arn": None},
    "fromInstanceName": {"from_name": None},
    "fromRelationalDatabaseArn": {"from_arn": None},
    "fromRelationalDatabaseBundleId": {"from_bundle": None},
    "fromRelationalDatabaseName": {"from_name": None},
    "ipAddressType": {"address_type": None},
    "isStaticIp": {"static_ip_known": True},
    "location": {"zone": None},
    "masterEndpoint": {"endpoint": None},
    "networking": {"firewall": None},
    "publicIpAddress": {"address": None},
    "publiclyAccessible": {"publicly_accessible": False},
    "relationalDatabaseBundleId": {"bundle_id": None},
    "sizeInGb": {"size_gb": 0},
    "sshKeyName": {"key_pair": None},
    "state": {"state": "", "status": Status.UNKNOWN},
    "tags": {"tags": {}},
}
"""What is unknown where a member is; other members are not read."""


@pytest.mark.parametrize("of_snapshots", [False, True], ids=["resources", "snapshots"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_member_that_is_absent_null_or_of_another_type_is_unknown(
    clients: Clients, kind: Kind, of_snapshots: bool
) -> None:
    method, member = kind.list_resources, kind.resources_member
    listing: Callable[..., list[Any]] = reads.list_resources
    if of_snapshots:
        method, member = kind.list_snapshots, kind.snapshots_member
        listing = reads.list_snapshots
    plain = listing(clients[EAST], kind, EAST)[0]
    odd: list[tuple[str, Record]] = []

    def one_odd_in_each_way(body: Record) -> Record:
        record = body[member][0]
        for name, way in product(record, ("absent", "null", "type")):
            other = 5 if isinstance(record[name], str | list) else "odd"
            rest = {key: value for key, value in record.items() if key != name}
            added: dict[str, Record] = {"absent": {}, "null": {name: None}, "type": {name: other}}
            odd.append((name, rest | added[way]))
        return {member: [record for _, record in odd]}

    change(clients[EAST], method, one_odd_in_each_way)
    found = listing(clients[EAST], kind, EAST)

    for (name, record), value in zip(odd, found, strict=True):
        members = {k: v for k, v in UNKNOWN.get(name, {}).items() if hasattr(plain, k)}
        assert value == (None if name == "name" else replace(plain, **members)), record


@pytest.mark.parametrize(
    ("ports", "firewall"),
    [
        ([], Firewall()),
        (None, None),
        ([None], None),
        (["tcp:80"], None),
        ([{"fromPort": "80", "toPort": 80, "protocol": "tcp"}], None),
        ([{"fromPort": 80, "toPort": 80, "protocol": 6}], None),
        ([{"fromPort": 80, "toPort": 80, "cidrs": 5}], None),
        ([{"fromPort": 80, "toPort": 80, "cidrs": [None]}], None),
    ],
)
def test_a_firewall_that_cannot_be_read_in_full_is_unknown(
    clients: Clients, ports: object, firewall: Firewall | None
) -> None:
    record = {"name": "web", "state": {}, "networking": {"ports": ports}}
    change(clients[EAST], "get_instances", lambda _: {"instances": [record]})

    (web,) = reads.list_resources(clients[EAST], INSTANCE, EAST)

    assert web is not None
    assert (web.state, web.firewall) == ("", firewall)


def test_an_odd_tag_or_attached_disk_does_not_hide_the_others(clients: Clients) -> None:
    plain = reads.list_snapshots(clients[EAST], INSTANCE, EAST)

    def with_odd_ones(body: Record) -> Record:
        for record in body["instanceSnapshots"]:
            record["tags"] += [None, "x", {}, {"key": 5}, {"key": "x", "value": 5}]
            record["fromAttachedDisks"] = [*record["fromAttachedDisks"], None, "x", {"path": 5}]
        return body

    change(clients[EAST], "get_instance_snapshots", with_odd_ones)

    assert [each and bool(each.attached) for each in plain] == [True]
    assert reads.list_snapshots(clients[EAST], INSTANCE, EAST) == plain


def inventory(clients: Clients) -> Inventory:
    with virtual_time():
        return take_inventory(clients, tuple(KINDS.values()), home=[EAST, WEST], policy="nightly")


def test_records_without_a_name_are_passed_over_and_counted(clients: Clients) -> None:
    plain = inventory(clients)
    for method, member in [
        ("get_disks", "disks"),
        ("get_relational_database_snapshots", "relationalDatabaseSnapshots"),
    ]:
        nameless = {member: [None, "x", {"arn": "y"}]}
        change(
            clients[EAST],
            method,
            lambda body, odd=nameless, of=member: {  # type: ignore[misc]
                of: body[of] + odd[of]
            },
        )

    passed_over = ("database snapshot",) * 3 + ("disk",) * 3
    assert inventory(clients).regions == {
        **plain.regions,
        EAST: replace(plain.regions[EAST], passed_over=passed_over),
    }


def test_resources_without_an_arn_are_all_there(clients: Clients) -> None:
    names = [{"name": "web-1"}, {"name": "web-2"}]
    change(clients[EAST], "get_instances", lambda _: {"instances": names})

    assert [
        (each.name, each.arn)
        for each in inventory(clients).regions[EAST].resources
        if each.kind is INSTANCE
    ] == [("web-1", ""), ("web-2", "")]


URL = "https://lightsail.us-east-1.amazonaws.com"
FAILURES: dict[str, Exception | bytes] = {
    "times out": ReadTimeoutError(endpoint_url=URL),
    "closed": ConnectionClosedError(endpoint_url=URL),
    "out of time": OutOfTime("no time left"),
    "cannot be parsed": ValueError("unreadable"),
    "not text": b"<p>\xff",
    "a list": b"[]",
    "empty": b"{}",
    "null": b'{"staticIps": null, "disks": null}',
    "the same page again": b'{"staticIps": [], "disks": [], "nextPageToken": "x"}',
}


def let_fail(lightsail: Control, client: Client, operation: str, way: str) -> None:
    """Let a list of one region fail each time."""
    how = FAILURES.get(way)

    def fail(response_dict: Record | None = None, **_: object) -> None:
        if isinstance(how, Exception):
            raise how
        assert response_dict is not None
        response_dict["body"] = how

    if how is None:
        lightsail.deny(EAST, [operation])
        return
    lost = ("times out", "closed", "out of time")
    event = "before-send" if way in lost else "before-parse"
    client.meta.events.register_first(f"{event}.lightsail.{operation}", fail)


@pytest.mark.parametrize("way", [*FAILURES, "refused"])
def test_a_list_that_only_adds_details_stops_no_backup(
    lightsail: Control, clients: Clients, way: str
) -> None:
    let_fail(lightsail, clients[EAST], "GetStaticIps", way)

    found = inventory(clients)

    assert found.unreadable == {}
    resources = {each.name: each for each in found.regions[EAST].resources}
    assert {*resources} == {"web", "data", "shop"}
    assert (resources["web"].static_ip, resources["web"].static_ip_known) == (None, False)


@pytest.mark.parametrize("way", [*FAILURES, "refused"])
def test_a_region_whose_list_fails_is_unreadable_and_the_others_are_read(
    lightsail: Control, clients: Clients, way: str
) -> None:
    let_fail(lightsail, clients[EAST], "GetDisks", way)

    found = inventory(clients)

    assert ({*found.unreadable}, {*found.regions}) == ({EAST}, {WEST})
    assert found.unreadable[EAST].message


def test_what_is_read_by_its_name_has_it(clients: Clients) -> None:
    answer(clients[EAST], "GetInstance", {"instance": {}})
    answer(clients[EAST], "GetInstanceSnapshot", {"instanceSnapshot": {}})

    resource = reads.read_resource(clients[EAST], INSTANCE, EAST, "web")
    snapshot = reads.read_snapshot(clients[EAST], INSTANCE, EAST, "web-1")

    assert [each and each.name for each in (resource, snapshot)] == ["web", "web-1"]


def test_what_a_restore_needs_is_read_as_far_as_it_goes(clients: Clients) -> None:
    client = clients[EAST]
    entry = {"name": "www.example.com", "type": "A", "target": "203.0.113.9"}
    answer(client, "GetDomains", {"domains": [{"domainEntries": [entry, {"name": "x"}]}, None]})
    front = {"name": "front", "instanceHealthSummary": [{"instanceName": "web"}, {}, None]}
    answer(client, "GetLoadBalancers", {"loadBalancers": [front, {"name": "bare"}, {}]})
    cdn = {"name": "cdn", "origin": {"name": "web"}}
    answer(client, "GetDistributions", {"distributions": [cdn, {"name": "bare"}, {}]})
    answer(client, "GetInstance", {"instance": {"instanceStatus": {"status": "ok"}}})
    nano = {
        "bundleId": "nano_3_0",
        "cpuCount": 2,
        "ramSizeInGb": 0.5,
        "diskSizeInGb": 20,
        "supportedPlatforms": ["LINUX_UNIX", None],
        "publicIpv4AddressCount": 1,
        "price": 5,
        "isActive": False,
    }
    answer(client, "GetBundles", {"bundles": [nano, {"bundleId": "bare"}, {"price": 5}]})

    web = reads.read_resource(client, INSTANCE, EAST, "web", include_health=True)

    assert web is not None
    assert web.health == "ok"
    assert reads.list_domains(client) == [DnsEntry("www.example.com", "A", "203.0.113.9")]
    assert reads.list_load_balancers(client) == {"front": ("web",), "bare": ()}
    assert reads.list_distributions(client) == {"cdn": "web", "bare": None}
    assert reads.list_bundles(client, INSTANCE) == {
        "nano_3_0": Bundle("nano_3_0", False, 20, 0.5, 2, frozenset({"LINUX_UNIX"}), 1, 5.0),
        "bare": Bundle("bare", True, 0, 0.0, 0),
    }
