"""What a restored instance gets of the network of its source, and what the outcome reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from snapshotter.inputs.request import RestoreRequest
from snapshotter.model.firewall import Firewall, only_tcp
from snapshotter.model.inventory import (
    Network,
    RegionInventory,
    Resource,
    Snapshot,
    StaticAddress,
)
from snapshotter.model.kinds import DISK
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.series import OwnSnapshot, read
from snapshotter.plan.restores import RestoreResource
from snapshotter.plan.steps import is_stuck, left_to_do
from snapshotter.restore.checks import Offers
from snapshotter.restore.identity import Identity, identity_of, restore_tags, wrong_address
from snapshotter.restore.plan import plan_restore
from tests.unit.builders import (
    NOW,
    WEST,
    a_resource,
    a_snapshot,
    hours_ago,
    some_settings,
)

NETWORK = Network(only_tcp(443), "deploy", "dualstack", "web-ip")
WEB = replace(a_resource("web"), network=NETWORK, zone="us-east-1a")
RECORDED = {
    "snapshotter:firewall": "tcp:22",
    "snapshotter:key-pair": "old-key",
    "snapshotter:ip-address-type": "ipv4",
    "snapshotter:static-ip": "old-ip",
}
OFFERS = Offers(key_pairs=frozenset({"deploy", "old-key"}))


def a_point(tags: Mapping[str, str] = RECORDED, *, region: str | None = None) -> OwnSnapshot:
    return read(a_web_snapshot(tags, region=region))


def a_web_snapshot(tags: Mapping[str, str] = RECORDED, *, region: str | None = None) -> Snapshot:
    snapshot = a_snapshot("web-1", of=WEB, at=hours_ago(5), region=region)
    return replace(snapshot, tags={**snapshot.tags, **tags}, from_bundle="nano")


def test_identity_is_that_of_the_source_while_it_exists() -> None:
    assert identity_of(a_point(), WEB, OFFERS) == Identity(
        only_tcp(443),
        "deploy",
        "dualstack",
        "web-ip",
        ("with the firewall, key pair and address type of web now",),
    )


def test_identity_is_that_of_the_tags_once_the_source_is_gone() -> None:
    assert identity_of(a_point(), None, OFFERS) == Identity(
        only_tcp(22),
        "old-key",
        "ipv4",
        "old-ip",
        ("with the firewall, key pair and address type recorded in web-1",),
    )


def test_identity_of_a_point_without_tags_of_the_network_is_not_known() -> None:
    assert identity_of(a_point({}), None, OFFERS) == Identity(
        reasons=(
            "its firewall, key pair and address type are not known, so Lightsail's defaults apply",
        )
    )


def test_identity_without_a_recorded_firewall_keeps_what_is_known() -> None:
    """A firewall that needs more than five tags is not recorded."""
    others = {key: value for key, value in RECORDED.items() if "firewall" not in key}

    assert identity_of(a_point(others), None, OFFERS) == Identity(
        None,
        "old-key",
        "ipv4",
        "old-ip",
        (
            "with the key pair and address type recorded in web-1",
            "its firewall is not known, so Lightsail's defaults apply",
        ),
    )


def test_key_pair_that_the_region_lacks_is_left_out_and_named() -> None:
    identity = identity_of(a_point(region=WEST), None, Offers())

    assert (identity.key_pair, identity.reasons) == (
        None,
        (
            "with the firewall, key pair and address type recorded in web-1",
            "us-west-2 has no key pair old-key, so it has the default one",
        ),
    )


def test_default_key_pair_is_not_asked_for_and_named_only_in_another_region() -> None:
    default = {**RECORDED, "snapshotter:key-pair": "LightsailDefaultKeyPair"}

    here = identity_of(a_point(default), None, OFFERS)
    there = identity_of(a_point(default, region=WEST), None, OFFERS)

    assert (here.key_pair, len(here.reasons)) == (None, 1)
    assert (there.key_pair, there.reasons[1:]) == (
        None,
        ("its key pair is the default one of us-west-2, not of us-east-1",),
    )


def test_disk_has_no_identity() -> None:
    disk = a_resource("data", kind=DISK)
    point = read(a_snapshot("data-1", of=disk, at=hours_ago(5)))

    assert identity_of(point, disk, OFFERS) == Identity()
    assert restore_tags(point, Identity(), False, "nightly") == {"snapshotter:restored": "data-1"}


def test_steps_are_written_on_the_instance_with_what_they_need() -> None:
    ours = {
        "snapshotter:restored": "web-1",
        "snapshotter:policy": "nightly",
        "snapshotter:source": WEB.arn,
    }
    identity = identity_of(a_point(), None, OFFERS)

    assert restore_tags(a_point(), identity, True, "nightly") == {
        **ours,
        "snapshotter:firewall": "tcp:22",
        "snapshotter:static-ip": "old-ip",
        "snapshotter:to-do": "firewall static-ip:old-ip",
    }
    assert restore_tags(a_point(), identity, False, "nightly") == {
        **ours,
        "snapshotter:firewall": "tcp:22",
        "snapshotter:to-do": "firewall",
    }
    assert restore_tags(a_point(), Identity(), False, "nightly") == {
        **ours,
        "snapshotter:to-do": "done",
    }


def test_firewall_that_does_not_fit_in_tags_is_a_step_all_the_same() -> None:
    """It is read from the source then."""
    rules = (only_tcp(port).rules for port in range(10_000, 10_200))
    large = Firewall(frozenset().union(*rules))
    identity = identity_of(a_point(), replace(WEB, network=Network(large)), OFFERS)

    tags = restore_tags(a_point(), identity, False, "nightly")

    assert tags["snapshotter:to-do"] == "firewall"
    assert "snapshotter:firewall" not in tags


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (None, ()),
        ("", ()),
        ("done", ()),
        ("firewall", ("firewall",)),
        ("firewall static-ip:web-ip", ("firewall", "static-ip:web-ip")),
    ],
)
def test_steps_that_are_left_are_read_from_the_tag(
    written: str | None, left: tuple[str, ...]
) -> None:
    restored = a_resource("web-2", {"snapshotter:to-do": written})

    assert left_to_do(restored) == left


def test_restore_is_stuck_three_hours_after_it_started_if_steps_are_left() -> None:
    def stuck(hours: float, to_do: str = "firewall") -> bool:
        restored = a_resource("web-2", {"snapshotter:to-do": to_do})
        return is_stuck(replace(restored, created_at=hours_ago(hours)), NOW)

    assert (stuck(2.99), stuck(3), stuck(99, "done")) == (False, True, False)


def taken_over(
    *addresses: StaticAddress,
    source: Resource | None = WEB,
    point: OwnSnapshot | None = None,
) -> str | None:
    """The message of the refusal; None if the address can move."""
    point = point or a_point()
    offers = replace(OFFERS, addresses=addresses)
    identity = identity_of(point, source, offers)
    request = RestoreRequest(take_over=True)
    refused = wrong_address(point, request, identity, source, offers, "web-2")
    assert refused is None or refused.error is not None
    return refused.error.message if refused and refused.error else None


@pytest.mark.parametrize("owner", ["web", "web-2", None])
def test_address_of_the_source_or_of_nobody_can_move(owner: str | None) -> None:
    assert taken_over(StaticAddress("web-ip", "192.0.2.1", owner)) is None


def test_recorded_address_can_move_once_the_source_is_gone() -> None:
    assert taken_over(StaticAddress("old-ip", "192.0.2.1", None), source=None) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        pytest.param({}, "us-east-1 has no static address web-ip", id="gone"),
        pytest.param(
            {"addresses": [StaticAddress("web-ip", "192.0.2.1", "shop")]},
            "web-ip is attached to shop, which is not the source of web-1",
            id="third",
        ),
        pytest.param(
            {"source": replace(WEB, network=replace(NETWORK, static_ip=None))},
            "no static address of web is known",
            id="none",
        ),
        pytest.param(
            {"source": None, "point": a_point(region=WEST)},
            "us-west-2 has no static address old-ip, and none can move between regions",
            id="another-region",
        ),
        pytest.param(
            {"point": read(a_snapshot("d-1", of=a_resource("d", kind=DISK), at=hours_ago(5)))},
            "a disk has no static address",
            id="disk",
        ),
    ],
)
def test_other_takeovers_are_refused_with_the_reason(given: dict[str, Any], why: str) -> None:
    message = taken_over(*given.pop("addresses", ()), **given)

    assert message is not None
    assert f"takeOver is not possible: {why}" in message
    assert message.endswith("leave takeOver out")


def planned(
    *there: Resource, tags: Mapping[str, str] = RECORDED, **request: Any
) -> RestoreResource | Outcome:
    snapshot = a_web_snapshot(tags)
    offers = replace(OFFERS, zones=("us-east-1a",))
    return plan_restore(
        read(snapshot),
        RestoreRequest(**request),
        RegionInventory(there, (snapshot,)),
        offers,
        some_settings(),
    )


BY_HAND = (
    "by hand: DNS entries that name the old address, load balancers and distributions that the "
    "source belonged to, and alarms"
)


def test_restore_names_what_it_cannot_bring_back() -> None:
    action = planned()

    assert isinstance(action, RestoreResource)
    assert action.reason == (
        "the recovery point of web of 2026-11-22T23:50:00Z; with the firewall, key pair and "
        "address type recorded in web-1; its static address old-ip is not moved without takeOver; "
        f"{BY_HAND}"
    )
    assert (action.key_pair, action.address_type) == ("old-key", "ipv4")


def test_repeated_restore_that_took_the_address_over_is_found_without_it_at_the_source() -> None:
    moved = replace(WEB, network=replace(NETWORK, static_ip=None))
    ours = {"snapshotter:restored": "web-1", "snapshotter:static-ip": "web-ip"}
    restored = a_resource("web-2", ours, state="running")

    outcome = planned(moved, restored, name="web-2", take_over=True)

    assert isinstance(outcome, Outcome)
    assert (outcome.status, outcome.error) == ("exists", None)


def test_takeover_cannot_be_added_to_a_restore_that_exists() -> None:
    restored = a_resource("web-2", {"snapshotter:restored": "web-1"}, state="running")

    outcome = planned(WEB, restored, name="web-2", take_over=True)

    assert isinstance(outcome, Outcome)
    assert outcome.error == ErrorInfo(
        "InvalidTakeOver",
        "web-2: it was restored without takeOver, which cannot be added: move the static address "
        'by hand, or restore under another name with "as"',
    )
