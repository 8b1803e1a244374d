"""A restored server comes back with its firewall, key pair and address type."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from lightsail_moto import Control
from snapshotter.model.firewall import Firewall, from_ports, to_port_infos
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.deployment import Deployment
from tests.integration.restoring import (
    EAST,
    NAME,
    RESTORED,
    WEST,
    backed_up,
    failing_sweep,
    outcomes,
    refusal,
    resources,
    restore,
    sweep,
    to_do,
)
from tests.support.soak import SOAK
from tests.unit.model.firewalls import firewalls

pytestmark = pytest.mark.usefixtures("waits")

FIREWALL = (
    {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrs": ["203.0.113.0/24"]},
    {"protocol": "tcp", "fromPort": 443, "toPort": 443},
    {"protocol": "icmp", "fromPort": 8, "toPort": -1},
)
WORDS = "icmp:8--1 tcp:22@203.0.113.0/24 tcp:443"
BY_HAND = "by hand: DNS entries elsewhere that name the old address 198.51.100.2, alarms"
TRIES = 61
"""At once, and every five seconds for five minutes."""

PRICE = "bundle nano_3_0, 5 USD a month"


@pytest.fixture
def nightly(lightsail: Control, deploy: Deploy) -> Deployment:
    """A stack that may restore, two hours after it took its first snapshots; they are copied."""
    lightsail.seed.add_instance(
        "web",
        tags={"snapshot": None},
        key_pair="deploy",
        ip_address_type="ipv4",
        static_ip="web-ip",
        firewall=FIREWALL,
    )
    return backed_up(lightsail, deploy, CopyToRegions=WEST)


def a_port(port: int) -> dict[str, Any]:
    return {"protocol": "tcp", "fromPort": port, "toPort": port}


def firewall_of(client: Client, name: str, region: str = EAST) -> Firewall:
    instance = client(region).get_instance(instanceName=name)["instance"]
    return from_ports(instance["networking"]["ports"])


def network_of(client: Client, name: str, region: str = EAST) -> tuple[Firewall, str, str]:
    instance = client(region).get_instance(instanceName=name)["instance"]
    firewall = from_ports(instance["networking"]["ports"])
    return firewall, instance["sshKeyName"], instance["ipAddressType"]


def remove(lightsail: Control, client: Client, name: str = "web") -> None:
    client(EAST).delete_instance(instanceName=name, forceDeleteAddOns=True)


def test_recovery_point_carries_the_network_of_its_source_in_its_create_call(
    lightsail: Control, nightly: Deployment
) -> None:
    tags = resources(lightsail, "InstanceSnapshot")[NAME]["tags"]

    assert {key: value for key, value in tags.items() if key.startswith("snapshotter:")} == {
        "snapshotter:policy": "nightly",
        "snapshotter:source": tags["snapshotter:source"],
        "snapshotter:time": "2026-03-02T04:50:00Z",
        "snapshotter:retention": "daily=7 weekly=4 monthly=6",
        "snapshotter:firewall": WORDS,
        "snapshotter:static-ip": "web-ip",
        "snapshotter:key-pair": "deploy",
        "snapshotter:ip-address-type": "ipv4",
        "snapshotter:zone": "us-east-1a",
        "snapshotter:address": "198.51.100.2",
    }


@pytest.mark.parametrize(("static_ip", "more"), [(None, []), ("web-1-ip", ["GetStaticIps"])])
def test_network_tags_need_no_request_but_one_list_where_there_is_a_static_address(
    lightsail: Control, deploy: Deploy, static_ip: str | None, more: list[str]
) -> None:
    lightsail.page_size = 1000
    for number in range(5):
        named = static_ip if number == 1 else None
        lightsail.seed.add_instance(f"web-{number}", tags={"snapshot": None}, static_ip=named)
    stack = deploy()

    stack.nightly(NIGHT)

    assert sorted(call.operation for call in lightsail.calls) == sorted(
        [
            "GetInstances",
            "GetDisks",
            "GetRelationalDatabases",
            "GetInstanceSnapshots",
            "GetDiskSnapshots",
            "GetRelationalDatabaseSnapshots",
            *more,
            *["CreateInstanceSnapshot"] * 5,
        ]
    )


def test_list_of_static_addresses_that_cannot_be_read_stops_no_snapshot(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None}, static_ip="web-ip")
    lightsail.inject("GetStaticIps", error="AccessDeniedException", times=None)

    (created,) = deploy().nightly(NIGHT)["outcomes"]

    assert created["status"] == "started"
    assert created["reason"] == (
        "scheduled; the name of its static address could not be read, and is not recorded"
    )


def test_firewall_that_needs_six_tags_is_not_recorded_and_named(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    ports = [a_port(port) for port in range(10_000, 10_200)]
    lightsail.seed.add_instance("web", tags={"snapshot": None}, firewall=ports)
    stack = deploy(EnableRestore="true")

    (created,) = stack.nightly(NIGHT)["outcomes"]
    assert created["reason"] == (
        "scheduled; its firewall is not recorded: it needs more than 5 tags"
    )

    lightsail.clock.advance(hours=1)
    restore(stack, resource="web")
    assert firewall_of(client, RESTORED) == from_ports(ports)
    remove(lightsail, client)
    restored = restore(stack, resource="web", **{"as": "web-2"})
    assert "its firewall is not known, so Lightsail's defaults apply" in restored["reason"]


def test_restored_server_has_the_network_of_its_source_as_it_is_now(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    changed: Any = [a_port(53) | {"ipv6Cidrs": ["2001:db8::/32"]}]
    client(EAST).put_instance_public_ports(instanceName="web", portInfos=changed)

    created, firewall, written = outcomes(nightly, resource="web")

    assert created["reason"] == (
        "the recovery point of web of 2026-03-02T04:50:00Z; with the firewall, key pair and "
        "address type of web now; its static address web-ip is not moved without takeOver; "
        f"{BY_HAND}; {PRICE}"
    )
    assert (firewall["status"], firewall["reason"]) == (
        "exists",
        f"{RESTORED} has the firewall of its source",
    )
    assert (written["action"], written["status"], written["reason"]) == (
        "tag",
        "tagged",
        "steps left of the restore: done",
    )
    assert network_of(client, RESTORED) == (from_ports(changed), "deploy", "ipv4")
    assert to_do(lightsail) == "done"


def test_copy_is_restored_with_the_recorded_network_and_the_default_key_pair(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    created = restore(nightly, resource="web", region=WEST)

    assert created["reason"] == (
        "the copy of the recovery point of web of 2026-03-02T04:50:00Z; with the firewall, key "
        f"pair and address type recorded in {NAME}-us-east-1; us-west-2 has no key pair deploy, "
        "so it has the default one; its static address web-ip cannot move between regions; "
        f"{BY_HAND}; us-west-2 is not among Regions, so nothing in it is backed up: add it; {PRICE}"
    )
    assert network_of(client, RESTORED, WEST) == (
        from_ports(FIREWALL),
        "LightsailDefaultKeyPair",
        "ipv4",
    )
    assert to_do(lightsail, region=WEST) == "done"


def test_server_that_lets_nothing_in_comes_back_closed(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    lightsail.seed.add_instance("web", tags={"snapshot": None}, firewall=())
    stack = deploy(EnableRestore="true")
    stack.nightly(NIGHT)
    lightsail.clock.advance(hours=1)

    restore(stack, resource="web")

    assert firewall_of(client, RESTORED) == Firewall()
    assert to_do(lightsail) == "done"


def test_firewall_is_tried_for_five_minutes_by_the_run_itself_while_the_stack_is_paused(
    lightsail: Control, nightly: Deployment, client: Client, waits: list[float]
) -> None:
    lightsail.inject("PutInstancePublicPorts", error="InvalidInputException", times=TRIES - 1)

    created, firewall, written = outcomes(nightly, resource="web")

    assert (created["status"], firewall["status"], written["status"]) == (
        "started",
        "exists",
        "tagged",
    )
    assert (sum(waits), firewall_of(client, RESTORED)) == (300, from_ports(FIREWALL))
    assert to_do(lightsail) == "done"


@pytest.mark.parametrize("region", [EAST, WEST])
def test_firewall_that_cannot_be_set_in_five_minutes_is_set_by_the_next_sweep_in_every_region(
    lightsail: Control, nightly: Deployment, client: Client, waits: list[float], region: str
) -> None:
    lightsail.restore_seconds = 3000
    lightsail.inject("PutInstancePublicPorts", error="InvalidInputException", times=TRIES)

    _, firewall = outcomes(nightly, resource="web", region=region)
    assert (firewall["status"], sum(waits)) == ("deferred", 300)
    assert to_do(lightsail, region=region) == "firewall"

    reported = sweep(nightly)
    assert [(each["region"], each["resource"], each["status"]) for each in reported] == [
        (region, RESTORED, "exists"),
        (region, RESTORED, "tagged"),
    ]
    assert firewall_of(client, RESTORED, region) == from_ports(FIREWALL)
    assert to_do(lightsail, region=region) == "done"
    assert sweep(nightly) == []


def test_dry_run_of_a_sweep_reports_the_steps_that_are_left_and_does_none(
    lightsail: Control, nightly: Deployment
) -> None:
    lightsail.restore_seconds = 3000
    lightsail.inject("PutInstancePublicPorts", error="InvalidInputException", times=TRIES)
    restore(nightly, resource="web")
    lightsail.clock.advance(hours=1)
    before = lightsail.world()

    answer = nightly.sweep(lightsail.clock.now(), dryRun=True)

    planned = [each for each in answer["outcomes"] if each["resource"] == RESTORED]
    assert [(each["status"], each["reason"]) for each in planned] == [
        ("planned", "steps left of the restore: firewall")
    ]
    assert lightsail.world() == before


def test_after_three_hours_the_steps_that_are_left_fail_with_what_to_do_by_hand(
    lightsail: Control,
    nightly: Deployment,
    client: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    lightsail.inject("PutInstancePublicPorts", error="InvalidInputException", times=None)
    refusal(nightly, resource="web")

    for _ in range(2):
        failing_sweep(nightly)
    assert "RestoreIncomplete" not in {each["code"] for each in logged_errors(caplog)}
    failing_sweep(nightly)

    assert logged_errors(caplog)[-1] == {
        "code": "RestoreIncomplete",
        "message": f"{RESTORED}: the restore is not complete 3 hours after it started. Do by hand: "
        "set its firewall as its tag snapshotter:firewall describes it. Then set the tag "
        "snapshotter:to-do to 'done'",
    }
    done: Any = [{"key": "snapshotter:to-do", "value": "done"}]
    client(EAST).tag_resource(resourceName=RESTORED, tags=done)
    assert sweep(nightly) == []


def logged_errors(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    return [record.error for record in caplog.records if hasattr(record, "error")]


@pytest.mark.parametrize("in_reverse", [False, True])
@pytest.mark.parametrize("form", ["without-cidrs", "dual-stack", "separate", "ipv4"])
def test_any_firewall_is_the_same_set_when_the_service_reports_it(
    lightsail: Control, client: Client, form: str, in_reverse: bool
) -> None:
    lightsail.seed.add_instance("web")
    lightsail.firewall_form, lightsail.firewall_in_reverse = form, in_reverse
    service = client(EAST)

    @given(firewalls())
    @settings(max_examples=100 if SOAK else 10)
    def is_the_same(firewall: Firewall) -> None:
        infos: Any = to_port_infos(firewall)
        service.put_instance_public_ports(instanceName="web", portInfos=infos)

        (web,) = service.get_instances()["instances"]
        # In this form nothing of IPv6 is reported.
        wanted = ipv4_of(firewall) if form == "ipv4" else firewall
        assert from_ports(web["networking"]["ports"]) == wanted

    is_the_same()


def ipv4_of(firewall: Firewall) -> Firewall:
    return Firewall(frozenset(rule for rule in firewall.rules if ":" not in rule.source))
