"""A restore fits the region that it is made in, and comes back whole, from end to end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lightsail_moto import Control
from tests.integration.conftest import NIGHT, Client, Deploy
from tests.integration.restoring import (
    EAST,
    NAME,
    RESTORED,
    WEST,
    backed_up,
    outcomes,
    owner_of,
    refusal,
    resources,
    restore,
    sweep,
)

pytestmark = pytest.mark.usefixtures("waits")

MUMBAI = "ap-south-1"
TAGS = {"snapshot": None, "team": "shop"}


@pytest.mark.parametrize("lost", [False, True])
def test_copy_is_restored_with_the_bundle_that_its_region_has_instead(
    lightsail: Control, deploy: Deploy, client: Client, lost: bool
) -> None:
    lightsail.seed.add_instance("web", tags=TAGS, bundle_id="nano_3_0")
    stack = backed_up(lightsail, deploy, CopyToRegions=MUMBAI)
    if lost:
        lightsail.deny(EAST)
    instead = "bundle nano_3_1 instead of nano_3_0, which ap-south-1 does not offer, 5 USD a month"

    planned = restore(stack, resource="web", region=MUMBAI, dryRun=True)
    made = restore(stack, resource="web", region=MUMBAI)

    assert (planned["status"], planned["reason"].endswith(instead)) == ("planned", True)
    assert (made["status"], made["reason"]) == ("started", planned["reason"])
    instance = client(MUMBAI).get_instance(instanceName=RESTORED)["instance"]
    assert (instance["bundleId"], instance["ipAddressType"]) == ("nano_3_1", "dualstack")
    assert instance["location"]["availabilityZone"] == "ap-south-1a"


def test_server_that_was_switched_to_ipv6_since_is_restored_as_its_point_was(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    web = lightsail.seed.add_instance("web", tags=TAGS, bundle_id="nano_3_0")
    stack = backed_up(lightsail, deploy)
    lightsail.seed.remove(web)
    lightsail.seed.add_instance("web", bundle_id="nano_ipv6_3_0", ip_address_type="ipv6")

    assert restore(stack, resource="web")["status"] == "started"

    instance = client(EAST).get_instance(instanceName=RESTORED)["instance"]
    assert (instance["bundleId"], instance["ipAddressType"]) == ("nano_3_0", "dualstack")


def test_disks_get_the_tags_of_the_source_with_the_restore_or_by_the_next_sweep(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags=TAGS)
    lightsail.seed.add_disk("logs", attached_to="web", tags={"snapshot": None, "level": "7"})
    stack = backed_up(lightsail, deploy)
    marks = {"snapshotter:policy": "nightly", "snapshotter:restored": NAME}

    outcomes(stack, resource="web")
    outcomes(stack, resource="web", protect=True, **{"as": "web-2"})
    lightsail.inject("TagResource", error="InvalidInputException", resource="web-3-disk-1")
    refusal(stack, resource="web", **{"as": "web-3"})
    assert resources(lightsail, "Disk")["web-3-disk-1"]["tags"] == {}
    sweep(stack)

    disks = resources(lightsail, "Disk")
    assert disks[f"{RESTORED}-disk-1"]["tags"] == {"level": "7", **marks}
    assert disks["web-2-disk-1"]["tags"] == {"snapshot": None, "level": "7", **marks}
    assert disks["web-3-disk-1"]["tags"] == {"level": "7", **marks}
    instances = [resources(lightsail, "Instance")[each] for each in (RESTORED, "web-2", "web-3")]
    assert {each["tags"]["snapshotter:to-do"] for each in instances} == {"done"}


def test_where_all_is_selected_a_restore_beside_its_source_is_taken_out_with_its_disks(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web")
    lightsail.seed.add_disk("logs", attached_to="web")
    stack = backed_up(lightsail, deploy, Selection="all")

    outcomes(stack, resource="web")

    assert resources(lightsail, "Instance")[RESTORED]["tags"]["snapshot"] == "off"
    assert resources(lightsail, "Disk")[f"{RESTORED}-disk-1"]["tags"]["snapshot"] == "off"
    lightsail.clock.advance(hours=1)
    answer = stack.nightly(lightsail.clock.now())
    assert [e["resource"] for e in answer["outcomes"] if e["action"] == "create"] == ["web"]


def test_restore_that_is_refused_for_now_fails_since_no_sweep_repeats_it(
    lightsail: Control, deploy: Deploy
) -> None:
    lightsail.seed.add_instance("web", tags=TAGS)
    stack = backed_up(lightsail, deploy)
    busy = "We're sorry, your AWS account is pending verification. Please try again later"
    lightsail.inject(
        "CreateInstancesFromSnapshot", error="InvalidInputException", message=busy, times=1
    )

    assert f"{RESTORED}: it was not restored: {busy}" in refusal(stack, resource="web")
    assert restore(stack, resource="web")["status"] == "started"


def test_what_a_person_must_do_is_named_and_a_list_that_is_denied_stops_nothing(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    lightsail.seed.add_instance("web", tags=TAGS)
    address = client(EAST).get_instance(instanceName="web")["instance"]["publicIpAddress"]
    lightsail.seed.add_domain("example.com", [("www.example.com", "A", address)])
    lightsail.seed.add_load_balancer("shop-lb", ["web"])
    lightsail.seed.add_distribution("cdn", "web")
    stack = backed_up(lightsail, deploy)

    named = restore(stack, resource="web")["reason"]
    lightsail.deny(EAST, ["GetDomains", "GetDistributions", "GetLoadBalancers"])
    denied = restore(stack, resource="web", **{"as": "web-2"})

    assert (
        f"by hand: the DNS entries www.example.com (A) in Lightsail's zones, which hold the old "
        f"address {address}, DNS entries elsewhere that name the old address {address}, the load "
        "balancer shop-lb, which web belongs to, the distribution cdn, whose origin is called web, "
        "alarms"
    ) in named
    assert denied["status"] == "started"
    assert denied["reason"].count("which could not be read") == 3


def test_restored_database_reports_its_new_endpoint_and_is_public_only_if_it_was(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    lightsail.seed.add_database("db", tags=TAGS)
    stack = backed_up(lightsail, deploy)

    *_, confirmed = outcomes(stack, resource="db", wait=600, **{"as": "db-2"})

    made = client(EAST).get_relational_database(relationalDatabaseName="db-2")["relationalDatabase"]
    endpoint = made["masterEndpoint"]["address"]
    assert confirmed["reason"] == f"ready: available; its endpoint is {endpoint}"
    assert made["publiclyAccessible"] is False


def test_second_takeover_of_an_older_point_takes_the_address_from_the_first(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    lightsail.seed.add_instance("web", tags=TAGS, static_ip="web-ip")
    stack = backed_up(lightsail, deploy)
    day = timedelta(days=1)
    lightsail.clock.set(NIGHT + day)
    stack.nightly(NIGHT + day)
    lightsail.clock.advance(hours=1)

    first = restore(stack, resource="web", takeOver=True, wait=600)["resource"]
    assert owner_of(client) == first
    lightsail.clock.advance(minutes=10)
    older = {"asOf": "2026-03-02T12:00:00Z", "takeOver": True}
    second = restore(stack, resource="web", wait=600, **older)["resource"]

    assert owner_of(client) == second == RESTORED != first
    tags = resources(lightsail, "Instance")[second]["tags"]
    assert (tags["snapshot"], tags["snapshotter:to-do"]) == (None, "done")
    assert sweep(stack) == []
    assert owner_of(client) == second


def test_address_that_a_later_restore_took_is_not_taken_back_by_an_earlier_one(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    lightsail.seed.add_instance("web", tags=TAGS, static_ip="web-ip")
    stack = backed_up(lightsail, deploy)
    lightsail.restore_seconds = 4000
    outcomes(stack, resource="web", takeOver=True, **{"as": "first"})
    lightsail.restore_seconds = 60
    lightsail.clock.advance(minutes=10)
    outcomes(stack, resource="web", takeOver=True, wait=600, **{"as": "second"})
    assert owner_of(client) == "second"

    reported = [sweep(stack), sweep(stack)]

    assert owner_of(client) == "second"
    assert "web-ip stays with second, which was restored later" in str(reported)
    assert resources(lightsail, "Instance")["first"]["tags"]["snapshotter:to-do"] == "done"


def test_two_servers_of_one_name_that_are_copied_to_a_third_region_are_told_apart(
    lightsail: Control, deploy: Deploy
) -> None:
    for region in (EAST, WEST):
        lightsail.seed.add_instance("web", region, tags=TAGS)
    stack = backed_up(lightsail, deploy, Regions=f"{EAST},{WEST}", CopyToRegions=MUMBAI)

    assert "more than one resource of this name" in refusal(stack, resource="web", region=MUMBAI)
    whole = outcomes(stack, all=True, region=MUMBAI)
    assert [(e["status"], e["error"]["code"]) for e in whole if e["resource"] == "web"] == [
        ("refused", "Ambiguous")
    ]
    made = restore(stack, snapshot=f"{NAME}-{WEST}")
    assert (made["status"], made["region"]) == ("started", MUMBAI)
