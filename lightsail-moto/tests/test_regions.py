"""Regions and bundles."""

from functools import partial
from typing import Any

import boto3
import pytest

from lightsail_moto import Control

from .support import Client, MakeClient, both, names, refused


@both
def test_the_regions_are_those_that_botocore_has_endpoints_for(client: Client) -> None:
    regions = client.get_regions()["regions"]

    assert names(regions) == boto3.Session().get_available_regions("lightsail")
    virginia = next(region for region in regions if region["name"] == "us-east-1")
    assert virginia == {
        "continentCode": "NA",
        "description": "This Region serves users near Virginia",
        "displayName": "Virginia",
        "name": "us-east-1",
        "availabilityZones": [],
        "relationalDatabaseAvailabilityZones": [],
    }


def test_zones_are_included_on_request(client: Client) -> None:
    asked = client.get_regions(
        includeAvailabilityZones=True, includeRelationalDatabaseAvailabilityZones=True
    )["regions"][0]

    zones = [
        {"zoneName": f"{asked['name']}{letter}", "state": "available"} for letter in ("a", "b", "c")
    ]
    assert asked["availabilityZones"] == zones
    assert asked["relationalDatabaseAvailabilityZones"] == zones


PRICES = (5.0, 7.0, 12.0, 24.0, 44.0, 84.0, 164.0)
IPV6_PRICES = (3.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0)
WINDOWS_PRICES = (9.5, 14.0, 22.0, 44.0, 74.0, 124.0, 244.0)
SIZES = ("nano", "micro", "small", "medium", "large", "xlarge", "2xlarge")


def bundles(client: Client, **options: Any) -> dict[str, Any]:
    pages = client.get_paginator("get_bundles").paginate(**options)
    return {bundle["bundleId"]: bundle for page in pages for bundle in page["bundles"]}


@pytest.mark.parametrize(
    ("region", "digit"),
    [("us-east-1", 0), ("eu-west-1", 0), ("ap-south-1", 1), ("ap-southeast-2", 2)],
)
def test_a_region_has_its_own_bundles_and_shows_retired_ones_on_request(
    make_client: MakeClient, controls: Control, region: str, digit: int
) -> None:
    controls.page_size = 10
    client = make_client(region)
    active = {
        f"{size}{kind}_3_{digit}": (price, platform, addresses, True)
        for kind, prices, platform, addresses in (
            ("", PRICES, "LINUX_UNIX", 1),
            ("_ipv6", IPV6_PRICES, "LINUX_UNIX", 0),
            ("_win", WINDOWS_PRICES, "WINDOWS", 1),
        )
        for size, price in zip(SIZES, prices, strict=True)
    }
    retired = {
        f"{size}_2_{digit}": (price, "LINUX_UNIX", 1, False)
        for size, price in zip(SIZES, IPV6_PRICES, strict=True)
    }

    members = ("price", "supportedPlatforms", "publicIpv4AddressCount", "isActive")
    for options, expected in (({}, active), ({"includeInactive": True}, active | retired)):
        listed = bundles(client, **options).items()
        found = {name: tuple(bundle[key] for key in members) for name, bundle in listed}
        assert found == {
            name: (price, [platform], *rest) for name, (price, platform, *rest) in expected.items()
        }


REFUSED = ("InvalidInputException", None, "The specified bundle does not exist in this region")


def test_an_instance_is_made_only_of_a_bundle_that_its_region_offers(
    make_client: MakeClient, controls: Control
) -> None:
    seed = controls.seed
    controls.retired_bundles.add(("ap-south-1", "micro_3_1"))
    client = make_client("ap-south-1")
    seed.add_snapshot("web-1", seed.add_instance("web", "ap-south-1", bundle_id="nano_3_0"))
    request: Any = {"instanceNames": ["new"], "availabilityZone": "ap-south-1a"}
    creates: tuple[Any, ...] = (
        partial(client.create_instances, blueprintId="wordpress", **request),
        partial(client.create_instances_from_snapshot, instanceSnapshotName="web-1", **request),
    )

    for create in creates:
        for bundle in ("nano_3_0", "nano_2_1", "micro_3_1", "pico_3_1"):
            assert refused(create, bundleId=bundle) == REFUSED
    creates[1](bundleId="nano_3_1")
    assert bundles(client, includeInactive=True)["micro_3_1"]["isActive"] is False
    assert client.get_instance(instanceName="new")["instance"]["bundleId"] == "nano_3_1"


def test_bundles_of_databases_are_listed_with_inactive_ones_on_request(
    client: Client, controls: Control
) -> None:
    controls.page_size = 20
    prices = {"micro": 15.0, "small": 30.0, "medium": 60.0, "large": 115.0}
    both_kinds = {
        f"{size}{kind}": price * factor
        for size, price in prices.items()
        for kind, factor in (("", 1), ("_ha", 2))
    }
    active = {f"{name}_2_0": (price, True) for name, price in both_kinds.items()}
    inactive = {f"{name}_1_0": (price, False) for name, price in both_kinds.items()}

    for asked, expected in ((False, active), (True, active | inactive)):
        listed = client.get_relational_database_bundles(includeInactive=asked)["bundles"]
        assert {each["bundleId"]: (each["price"], each["isActive"]) for each in listed} == expected
