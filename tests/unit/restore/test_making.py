"""What is made of a recovery point, checked against what the region offers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.validate import ParamValidator

from snapshotter.lightsail.records import DnsEntry
from snapshotter.model.firewall import Firewall, only_tcp
from snapshotter.model.kinds import KINDS, Kind
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import StaticAddress
from snapshotter.model.snapshot import Snapshot
from snapshotter.policy.selection import Drilling
from snapshotter.restore.making import Restore
from snapshotter.restore.offers import Offers
from snapshotter.restore.source import Surroundings, known_from
from tests.unit.builders import EAST, WEST, a_resource, hours_ago, some_settings
from tests.unit.restore.restores import (
    BUNDLES,
    DATA,
    DB,
    OFFERS,
    RECORDED,
    WEB,
    a_bundle,
    a_copy,
    a_point,
    a_refusal,
    a_restore,
    a_world,
    planned,
    with_disks,
)

EVERYTHING = some_settings(ENABLE_RESTORE="true", SELECTION="all", COPY_TO_REGIONS=WEST)
BY_HAND = "by hand: DNS entries elsewhere that name the old address 192.0.2.1, alarms"


def offering(*bundles: Any, elsewhere: Any = ()) -> Offers:
    known = {each.id: each for each in bundles}
    return replace(
        OFFERS,
        bundles={"Instance": known, "RelationalDatabase": known},
        elsewhere={each.id: each for each in elsewhere},
    )


def bundle_of(restore: Restore) -> str | None:
    return restore.bundle and restore.bundle.id


# Bundles.


@pytest.mark.parametrize(
    ("own", "offers", "expected"),
    [
        pytest.param("micro_3_0", OFFERS, "micro_3_0", id="offered"),
        pytest.param("micro_2_0", OFFERS, "micro_3_0", id="withdrawn"),
        pytest.param(
            "medium_3_0",
            replace(OFFERS, elsewhere={"medium_3_0": a_bundle("medium_3_0", 20, ram_gb=1.5)}),
            "small_3_0",
            id="known only elsewhere, cheapest that is not less",
        ),
        pytest.param(
            "micro_3_0",
            offering(a_bundle("micro_3_1", 7), a_bundle("cheap_3_1", 1, ram_gb=0.5)),
            "micro_3_1",
            id="known nowhere, the same name in this region",
        ),
        pytest.param(
            "micro_win_2_0",
            replace(
                OFFERS, elsewhere={"micro_win_2_0": BUNDLES["micro_win_3_0"]._replace(price_usd=1)}
            ),
            "micro_win_3_0",
            id="same platform",
        ),
        pytest.param(
            "micro_ipv6_2_0",
            replace(OFFERS, elsewhere={"micro_ipv6_2_0": BUNDLES["micro_ipv6_3_0"]}),
            "micro_ipv6_3_0",
            id="same number of addresses",
        ),
    ],
)
def test_bundle_is_the_points_or_the_cheapest_that_can_replace_it(
    own: str, offers: Offers, expected: str
) -> None:
    point = a_point(from_bundle=own)

    assert bundle_of(a_restore(point, a_world(point, offers=offers))) == expected


def test_outcome_says_which_bundle_replaces_which_and_its_price() -> None:
    point = a_point(from_bundle="micro_2_0")

    reason = a_restore(point, a_world(point)).action.reason

    assert reason.endswith(
        "bundle micro_3_0 instead of micro_2_0, which us-east-1 does not offer, 7 USD a month"
    )


def test_bundle_that_is_asked_for_must_be_offered_and_hold_the_snapshot() -> None:
    point = a_point(size_gb=40)
    world = a_world(point)

    assert bundle_of(a_restore(point, world, bundle_id="small_3_0")) == "small_3_0"
    fitting = "micro_ipv6_3_0, micro_3_0, small_3_0"
    for wrong, why in (
        ("nano_3_0", "the bundle nano_3_0 is too small for it, or of another platform"),
        ("huge", "us-east-1 does not offer the bundle huge"),
        ("micro_2_0", "us-east-1 does not offer the bundle micro_2_0"),
    ):
        assert a_refusal(point, world, bundle_id=wrong) == ErrorInfo(
            "InvalidBundle", f"web-1: {why}", f"Give one of {fitting} with bundleId"
        )


@pytest.mark.parametrize("drill", [None, Drilling()])
def test_point_that_nothing_in_the_region_fits_is_refused_before_anything_is_made(
    drill: Drilling | None,
) -> None:
    point = a_point()

    error = a_refusal(point, a_world(point, offers=offering()), drill=drill)

    assert error == ErrorInfo(
        "InvalidBundle",
        "web-1: us-east-1 does not offer the bundle micro_3_0",
        "Restore it in another region, since us-east-1 offers no bundle for it",
    )


# IP address types.


@pytest.mark.parametrize(
    ("source", "recorded", "bundle", "expected"),
    [
        ("ipv4", "dualstack", "micro_3_0", "ipv4"),
        (None, "ipv4", "micro_3_0", "ipv4"),
        (None, None, "micro_3_0", "dualstack"),
        ("ipv6", "dualstack", "micro_3_0", "dualstack"),
        ("ipv6", None, "micro_3_0", "dualstack"),
        ("dualstack", "dualstack", "micro_ipv6_3_0", "ipv6"),
    ],
)
def test_ip_address_type_is_always_sent_and_fits_the_bundle(
    source: str | None, recorded: str | None, bundle: str, expected: str
) -> None:
    tags = {"snapshotter:ip-address-type": recorded} if recorded else {}
    point = a_point(more=tags, from_bundle=bundle)
    there = (replace(WEB, address_type=source),) if source else ()

    sent = a_restore(point, a_world(point, *there)).arguments()

    assert sent["ipAddressType"] == expected


def test_drill_with_a_port_on_what_becomes_a_server_with_ipv6_only_is_refused_up_front() -> None:
    point = a_point(from_bundle="micro_ipv6_3_0")

    outcome = planned(point, a_world(point), drill=Drilling(80), target="drill-web-1")

    assert isinstance(outcome, Outcome)
    assert (outcome.status, outcome.error and outcome.error.code) == ("refused", "InvalidTag")
    assert isinstance(planned(point, a_world(point), drill=Drilling(), target="d-1"), Restore)


# Zones.


@pytest.mark.parametrize(
    ("point", "there", "wanted", "expected"),
    [
        (a_point(), (WEB,), "us-east-1a", "us-east-1a"),
        (a_point(), (WEB,), None, "us-east-1b"),
        (a_point(), (replace(WEB, zone="us-east-1z"),), None, "us-east-1c"),
        (a_point(), (), None, "us-east-1c"),
        (a_point(more={}), (), None, "us-east-1a"),
        (a_point(of=DB), (), None, None),
    ],
)
def test_zone_is_the_sources_else_the_points_else_the_first_that_is_offered(
    point: Any, there: Any, wanted: str | None, expected: str | None
) -> None:
    assert a_restore(point, a_world(point, *there), zone=wanted).zone == expected


def test_zone_that_the_region_does_not_have_is_refused() -> None:
    point = a_point()

    assert a_refusal(point, a_world(point), zone="us-west-2a") == ErrorInfo(
        "InvalidZone",
        "us-west-2a: it is not a zone of us-east-1, the region of web-1",
        "Give one of us-east-1a, us-east-1b, us-east-1c, or leave availabilityZone out. To restore "
        "in another region, restore a copy that is in that region",
    )


# Names.


@pytest.mark.parametrize(
    "taken",
    [
        pytest.param(a_resource("web-2", kind=DATA.kind), id="resource"),
        pytest.param(a_point("web-2", of=DATA), id="snapshot"),
        pytest.param(a_resource("web-2-disk-1", kind=DATA.kind), id="disk"),
        pytest.param(StaticAddress("web-2", "192.0.2.3", None), id="address"),
    ],
)
def test_name_that_anything_has_is_refused_before_anything_is_made(taken: Any) -> None:
    point, address = with_disks(a_point(), "logs"), isinstance(taken, StaticAddress)
    offers = replace(OFFERS, addresses=(taken,)) if address else OFFERS
    there = () if address else (taken,)

    error = a_refusal(point, a_world(point, *there, offers=offers))

    assert error.code == "NameTaken"
    assert a_refusal(a_point(of=DB), a_world(a_point(of=DB)), target="db_2").code == "InvalidName"


# Identity.


KNOWN = "key pair and address type"
DEFAULTS = "so Lightsail's defaults apply"


@pytest.mark.parametrize(
    ("point", "there", "network", "said"),
    [
        pytest.param(
            a_point(),
            (WEB,),
            (only_tcp(443), "deploy", "dualstack"),
            [f"with the firewall, {KNOWN} of web now"],
            id="source",
        ),
        pytest.param(
            a_point(),
            (),
            (only_tcp(22), "old-key", "ipv4"),
            [f"with the firewall, {KNOWN} recorded in web-1"],
            id="recorded",
        ),
        pytest.param(
            a_point(more={}),
            (),
            (None, None, "dualstack"),
            [f"its firewall, {KNOWN} are not known, {DEFAULTS}"],
            id="foreign",
        ),
        pytest.param(
            a_point(more={"snapshotter:key-pair": "old-key"}),
            (),
            (None, "old-key", "dualstack"),
            [f"with the {KNOWN} recorded in web-1", f"its firewall is not known, {DEFAULTS}"],
            id="without a firewall",
        ),
        pytest.param(
            a_copy(more={**RECORDED, "snapshotter:key-pair": "gone"}),
            (),
            (only_tcp(22), None, "ipv4"),
            [
                f"with the firewall, {KNOWN} recorded in web-5",
                "us-west-2 has no key pair gone, so it has the default one",
            ],
            id="a key pair that the region does not have",
        ),
        pytest.param(
            a_copy(more={**RECORDED, "snapshotter:key-pair": "LightsailDefaultKeyPair"}),
            (),
            (only_tcp(22), None, "ipv4"),
            [
                f"with the firewall, {KNOWN} recorded in web-5",
                "its key pair is the default one of us-west-2, not of us-east-1",
            ],
            id="the default key pair of another region",
        ),
    ],
)
def test_network_is_the_sources_while_it_exists_else_the_points_and_what_is_not_known_is_said(
    point: Snapshot, there: Any, network: Any, said: list[str]
) -> None:
    restore = a_restore(point, a_world(point, *there))

    assert (restore.identity.firewall, restore.key_pair, restore.address_type) == network
    assert list(known_from(point, restore.identity, OFFERS)) == said


@pytest.mark.parametrize(
    ("there", "more", "expected"),
    [
        ((replace(DB, publicly_accessible=True),), {}, True),
        ((DB,), {"snapshotter:publicly-accessible": "true"}, False),
        ((), {"snapshotter:publicly-accessible": "true"}, True),
        ((), {}, False),
    ],
)
def test_database_is_publicly_accessible_only_if_it_was(
    there: Any, more: Any, expected: bool
) -> None:
    point = a_point(of=DB, more=more)

    sent = a_restore(point, a_world(point, *there), target="db-2").arguments()

    assert sent["publiclyAccessible"] is expected


# Tags and protection.


@pytest.mark.parametrize(
    ("protect", "settings", "expected"),
    [
        (False, None, {"team": "shop"}),
        (True, None, {"team": "shop", "snapshot": None}),
        (False, EVERYTHING, {"team": "shop", "snapshot": "off"}),
    ],
)
def test_what_is_made_is_protected_only_if_that_is_wanted(
    protect: bool, settings: Any, expected: dict[str, str | None]
) -> None:
    given = {"settings": settings} if settings else {}
    for source in (WEB, DATA, DB):
        point = a_point(of=source)
        tags = a_restore(point, a_world(point, **given), target="x-2", protect=protect).action.tags
        assert {k: v for k, v in tags.items() if not k.startswith("snapshotter:")} == expected


def test_steps_are_written_on_the_instance_with_what_they_need() -> None:
    point = with_disks(a_point(), "data")
    data = a_point("data-1", of=DATA)
    addresses = (StaticAddress("old-ip", "192.0.2.1", None),)
    world = a_world(point, data, offers=replace(OFFERS, addresses=addresses))

    tags = a_restore(point, world, take_over=True, protect=True).action.tags

    assert {k: v for k, v in tags.items() if k.startswith("snapshotter:")} == {
        "snapshotter:restored": "web-1",
        "snapshotter:policy": "nightly",
        "snapshotter:source": WEB.arn,
        "snapshotter:firewall": "tcp:22",
        "snapshotter:static-ip": "old-ip",
        "snapshotter:to-do": "firewall static-ip:old-ip disks:1",
    }
    plain = a_restore(point, world).action.tags
    assert plain["snapshotter:to-do"] == "firewall disks"


def test_firewall_that_does_not_fit_in_tags_is_a_step_all_the_same() -> None:
    rules = (only_tcp(port).rules for port in range(10_000, 10_200))
    large = replace(WEB, firewall=Firewall(frozenset().union(*rules)))
    point = a_point()

    tags = a_restore(point, a_world(point, large)).action.tags

    assert tags["snapshotter:to-do"] == "firewall"
    assert "snapshotter:firewall" not in tags


# Taking over the static address.


@pytest.mark.parametrize(
    ("owner", "there"),
    [
        ("web", (WEB,)),
        (None, (WEB,)),
        (
            "web-first",
            (
                replace(WEB, static_ip=None),
                a_resource(
                    "web-first",
                    {
                        "snapshotter:restored": "web-2",
                        "snapshotter:policy": "nightly",
                        "snapshotter:source": WEB.arn,
                        "snapshotter:static-ip": "web-ip",
                    },
                ),
            ),
        ),
    ],
    ids=["source", "nobody", "first restore"],
)
def test_address_of_the_source_or_of_an_earlier_restore_of_it_can_move(
    owner: str | None, there: Any
) -> None:
    point = a_point()
    offers = replace(OFFERS, addresses=(StaticAddress("web-ip", "192.0.2.7", owner),))

    restore = a_restore(
        point, a_world(point, *there, offers=offers), target="web-3", take_over=True
    )

    assert restore.action.tags["snapshotter:static-ip"] == "web-ip"


@pytest.mark.parametrize(
    ("point", "given", "why"),
    [
        (a_point(), {}, "us-east-1 has no static address web-ip"),
        (
            a_point(),
            {"addresses": (StaticAddress("web-ip", "192.0.2.7", "shop"),)},
            "web-ip is attached to shop, which is not the source of web-1",
        ),
        (
            a_point(from_bundle="micro_ipv6_3_0"),
            {},
            "an instance with the bundle micro_ipv6_3_0 has IPv6 only",
        ),
        (a_point(of=DATA), {}, "a disk has no static address"),
        (
            a_copy(),
            {"addresses": (StaticAddress("old-ip", "192.0.2.1", None),)},
            "static addresses do not move between regions, and web-5 is a copy",
        ),
    ],
    ids=["gone", "third", "ipv6", "disk", "copy"],
)
def test_other_takeovers_are_refused_before_anything_is_made(
    point: Any, given: Any, why: str
) -> None:
    world = a_world(point, WEB, offers=replace(OFFERS, **given))

    assert a_refusal(point, world, take_over=True) == ErrorInfo(
        "InvalidTakeOver", f"{point.name}: takeOver is not possible: {why}", "Leave takeOver out"
    )


def test_takeover_cannot_be_added_to_a_restore_that_exists_and_is_found_again_otherwise() -> None:
    point = a_point()
    plain = a_resource("web-2", {"snapshotter:restored": "web-1"}, state="running")
    taken = replace(plain, tags={**plain.tags, "snapshotter:static-ip": "web-ip"})

    assert a_refusal(point, a_world(point, plain), take_over=True).code == "InvalidTakeOver"
    again = planned(point, a_world(point, taken), take_over=True)
    assert isinstance(again, Outcome)
    assert (again.status, again.reason) == (
        "exists",
        "an earlier run restored web-2 from web-1; its state is running",
    )


# What is said of it.


def test_reason_of_a_restore_names_what_a_person_must_do() -> None:
    surroundings = Surroundings(
        dns=[
            DnsEntry("www.example.com", "A", "192.0.2.1"),
            DnsEntry("example.com", "A", "192.0.2.1"),
            DnsEntry("mail.example.com", "A", "192.0.2.99"),
        ],
        distributions={"cdn": "web", "other": "shop"},
        balancers={EAST: {"shop-lb": ("web", "web-9"), "other": ()}},
    )
    copy = a_copy()

    reason = a_restore(copy, a_world(copy, surroundings=surroundings)).action.reason

    assert reason == (
        "the copy of the recovery point of web of 2026-11-22T23:50:00Z; with the firewall, key "
        "pair and address type recorded in web-5; its static address old-ip cannot move between "
        "regions; by hand: the DNS entries www.example.com (A) and example.com (A) in Lightsail's "
        "zones, which hold the old address 192.0.2.1, DNS entries elsewhere that name the old "
        "address 192.0.2.1, the load balancer shop-lb, which web belongs to, the distribution cdn, "
        "whose origin is called web, alarms; us-west-2 is not among Regions, so nothing in it is "
        "backed up: add it; bundle micro_3_0, 7 USD a month"
    )


def test_lists_that_cannot_be_read_are_said() -> None:
    point = a_point()

    assert (
        "by hand: entries of Lightsail's DNS zones, which could not be read, DNS entries elsewhere "
        "that name the old address 192.0.2.1, load balancers that web belonged to, which could not "
        "be read, distributions whose origin was web, which could not be read, alarms"
    ) in a_restore(point, a_world(point)).action.reason


def test_disks_and_databases_say_what_is_left_for_a_person() -> None:
    point, db = a_point(of=DATA), a_point(of=DB)
    holder = with_disks(a_point("web-9"), "data")

    assert "by hand: attach it to web as /dev/xvdf" in (
        a_restore(point, a_world(point, holder)).action.reason
    )
    assert "by hand: detach data from web and attach this disk in its place" in (
        a_restore(point, a_world(point, replace(DATA, attached_to="web"))).action.reason
    )
    assert "by hand: it has a new endpoint: write that where the database is configured" in (
        a_restore(db, a_world(db), target="db-2").action.reason
    )


@pytest.mark.parametrize("restored", ["original", "copy"])
def test_point_whose_drill_failed_is_restored_with_a_warning(restored: str) -> None:
    failed = {**RECORDED, "snapshotter:drill-failed": hours_ago(2).isoformat()}
    original, copy = a_point(more=failed), a_copy()
    passed = {**failed, "snapshotter:verified": hours_ago(1).isoformat()}
    point = original if restored == "original" else copy
    warning = "warning: its last restore test failed at 2026-11-23T02:50:00Z, so check it"

    assert warning in a_restore(point, a_world(original, copy)).action.reason
    better = a_world(a_point(more=passed), copy)
    assert "warning" not in a_restore(copy, better).action.reason


# The call.


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_arguments_are_those_of_the_api(kind: Kind) -> None:
    point = a_point(of={each.kind: each for each in (WEB, DATA, DB)}[kind])
    point = with_disks(point, "logs") if kind is WEB.kind else point
    model = boto3.client("lightsail", region_name=EAST).meta.service_model
    names = {xform_name(each): each for each in model.operation_names}

    arguments = a_restore(point, a_world(point), target="x-2").arguments()

    shape = model.operation_model(names[kind.create_from_snapshot]).input_shape
    assert shape is not None
    assert ParamValidator().validate(arguments, shape).generate_report() == ""
    assert set(arguments) <= set(shape.members)
