"""With takeOver, the static address of a server moves to the one that is restored from it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from lightsail_moto import Control
from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.firewall import from_ports
from snapshotter.model.names import to_iso
from tests.integration.conftest import Client, Deploy
from tests.integration.crashes import fewest, kills
from tests.integration.deployment import Deployment
from tests.integration.restoring import (
    EAST,
    RESTORED,
    WEST,
    backed_up,
    event,
    failing_sweep,
    outcomes,
    owner_of,
    resources,
    restore,
    sweep,
    to_do,
)
from tests.support.soak import long_form

pytestmark = pytest.mark.usefixtures("waits")

FIREWALL = ({"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrs": ["203.0.113.0/24"]},)
ADDRESS = "web-ip"


@pytest.fixture
def nightly(lightsail: Control, deploy: Deploy) -> Deployment:
    """A stack that may restore, two hours after it took its first snapshots; they are copied."""
    tags = {"snapshot": None}
    lightsail.seed.add_instance("web", tags=tags, static_ip=ADDRESS, firewall=FIREWALL)
    lightsail.seed.add_disk("logs", attached_to="web")
    lightsail.seed.add_disk("data", tags=tags)
    lightsail.seed.add_instance("shop", tags=tags)
    return backed_up(lightsail, deploy, CopyToRegions=WEST)


def attach(client: Client, instance: str) -> None:
    """Move the address as a person does it."""
    service = client(EAST)
    if owner_of(client):
        service.detach_static_ip(staticIpName=ADDRESS)
    service.attach_static_ip(staticIpName=ADDRESS, instanceName=instance)


def moves(lightsail: Control) -> list[str]:
    """The calls of the function that move an address, since the last time."""
    found = [call.operation for call in lightsail.calls if "tachStaticIp" in call.operation]
    lightsail.calls.clear()
    return found


def test_address_moves_in_one_detach_and_one_attach_once_the_new_server_runs(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    lightsail.restore_seconds = 5000
    lightsail.calls.clear()

    restore(nightly, resource="web", takeOver=True)
    assert sweep(nightly) == []
    assert (moves(lightsail), owner_of(client)) == ([], "web")
    assert to_do(lightsail) == f"static-ip:{ADDRESS}"

    reported = sweep(nightly)
    assert [(each["status"], each["reason"]) for each in reported] == [
        ("exists", f"{RESTORED} takes over the static address {ADDRESS}"),
        ("tagged", "steps left of the restore: done"),
    ]
    assert [each["operationType"] for each in reported[0]["operations"]] == [
        "DetachStaticIp",
        "DetachStaticIp",
        "AttachStaticIp",
        "AttachStaticIp",
    ]
    assert moves(lightsail) == ["DetachStaticIp", "AttachStaticIp"]
    assert (owner_of(client), to_do(lightsail)) == (RESTORED, "done")
    assert sweep(nightly) == []
    assert moves(lightsail) == []


def test_address_moves_in_the_same_run_if_that_waits(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    reported = outcomes(nightly, resource="web", takeOver=True, wait=600)

    assert [(each["action"], each["status"]) for each in reported] == [
        ("restore", "started"),
        ("restore", "exists"),
        ("tag", "tagged"),
        ("confirm", "exists"),
        ("restore", "exists"),
        ("tag", "tagged"),
    ]
    assert (owner_of(client), to_do(lightsail)) == (RESTORED, "done")


def test_restore_without_takeover_moves_nothing(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    outcomes(nightly, resource="web", wait=600)
    sweep(nightly)

    assert moves(lightsail) == []
    assert owner_of(client) == "web"


def test_address_of_a_source_that_is_gone_is_attached_without_a_detach(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    client(EAST).delete_instance(instanceName="web")
    restore(nightly, resource="web", takeOver=True)

    sweep(nightly)

    assert moves(lightsail) == ["AttachStaticIp"]
    assert (owner_of(client), to_do(lightsail)) == (RESTORED, "done")


def test_repeated_event_finds_the_restore_and_moves_nothing(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    restore(nightly, resource="web", takeOver=True)
    sweep(nightly)
    moves(lightsail)

    again = outcomes(nightly, resource="web", takeOver=True)

    assert [each["status"] for each in again] == ["exists"]
    assert (moves(lightsail), owner_of(client)) == ([], RESTORED)


def test_address_that_a_third_server_has_meanwhile_is_not_moved(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    restore(nightly, resource="web", takeOver=True)
    attach(client, "shop")
    moves(lightsail)

    message = failing_sweep(nightly)

    assert f"{ADDRESS}: it is attached to shop, which is not its source" in message
    assert (moves(lightsail), owner_of(client)) == ([], "shop")
    assert to_do(lightsail) == f"static-ip:{ADDRESS}"


def test_address_that_a_person_moves_after_the_takeover_stays_there(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    restore(nightly, resource="web", takeOver=True)
    sweep(nightly)
    attach(client, "shop")
    moves(lightsail)

    assert sweep(nightly) == []
    assert (moves(lightsail), owner_of(client)) == ([], "shop")


def test_address_that_an_overlapping_run_detached_is_attached_again(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    restore(nightly, resource="web", takeOver=True)
    sweep(nightly)
    client(EAST).detach_static_ip(staticIpName=ADDRESS)

    (attached,) = sweep(nightly)

    assert (attached["status"], owner_of(client)) == ("exists", RESTORED)


def test_address_that_does_not_move_in_three_hours_fails_with_what_to_do_by_hand(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    lightsail.restore_seconds = 5 * 3600
    restore(nightly, resource="web", takeOver=True)
    assert [sweep(nightly), sweep(nightly)] == [[], []]

    message = failing_sweep(nightly)

    assert (
        f"{RESTORED}: the restore is not complete 3 hours after it started. Do by hand: attach the "
        f"static address {ADDRESS} to it. Then set the tag snapshotter:to-do to 'done'"
    ) in message
    assert owner_of(client) == "web"


@long_form
def test_killed_at_any_call_a_restore_that_takes_over_is_completed(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    """The restore waits for the new server, is killed, and is retried with the same event."""
    lightsail.page_size = 1000
    lightsail.restore_seconds = 20
    names = (f"web-{number}" for number in count())
    events: list[dict[str, Any]] = []

    def restores() -> Iterator[dict[str, Any]]:
        for name in names:
            put_back(lightsail, client)
            keys: dict[str, Any] = {"resource": "web", "as": name, "takeOver": True, "wait": 600}
            events.append(event(nightly, **keys))
            yield events[-1]

    for _ in kills(nightly, restores()):
        nightly(events[-1])
        sweep(nightly)
        assert_taken_over(lightsail, client, events[-1]["as"])

    # Lists, offers, the create, a read, the firewall, its tag; then reads, a move and a tag.
    assert len(events) > fewest(20, 6)


@long_form
def test_killed_at_any_call_a_sweep_after_a_restore_is_completed_by_the_next(
    lightsail: Control, nightly: Deployment, client: Client
) -> None:
    lightsail.page_size = 1000
    names = [f"web-{number}" for number in range(100)]
    used: list[str] = []

    def sweeps() -> Iterator[dict[str, Any]]:
        for name in names:
            put_back(lightsail, client)
            lightsail.inject("PutInstancePublicPorts", error="InvalidInputException")
            restore(nightly, resource="web", takeOver=True, **{"as": name})
            used.append(name)
            lightsail.clock.advance(hours=1)
            yield {"action": "sweep", "scheduledTime": to_iso(lightsail.clock.now())}

    for _ in kills(nightly, sweeps()):
        with contextlib.suppress(SnapshotRunFailed):
            sweep(nightly)
        sweep(nightly)
        assert_taken_over(lightsail, client, used[-1])

    # Lists, the firewall, a read of the address, its move, and the tag.
    assert len(used) > fewest(12, 4)


def put_back(lightsail: Control, client: Client) -> None:
    """Delete what an earlier restore made, and give the address back to its source."""
    for name in set(resources(lightsail, "Instance")) - {"web", "shop"}:
        client(EAST).delete_instance(instanceName=name)
        client(EAST).delete_disk(diskName=f"{name}-disk-1")
    if owner_of(client) != "web":
        attach(client, "web")


def assert_taken_over(lightsail: Control, client: Client, name: str) -> None:
    restored = client(EAST).get_instance(instanceName=name)["instance"]
    assert set(resources(lightsail, "Instance")) == {"web", "shop", name}
    assert set(resources(lightsail, "Disk")) == {"logs", "data", f"{name}-disk-1"}
    assert from_ports(restored["networking"]["ports"]) == from_ports(FIREWALL)
    assert (owner_of(client), to_do(lightsail, name)) == (name, "done")
