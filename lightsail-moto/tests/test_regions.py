"""Regions and bundles."""

import boto3
import pytest
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control

from .support import both, names


@both
def test_the_regions_are_those_that_botocore_has_endpoints_for(client: LightsailClient) -> None:
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


def test_zones_are_included_on_request(client: LightsailClient) -> None:
    asked = client.get_regions(
        includeAvailabilityZones=True, includeRelationalDatabaseAvailabilityZones=True
    )["regions"][0]

    zones = [
        {"zoneName": f"{asked['name']}{letter}", "state": "available"} for letter in ("a", "b", "c")
    ]
    assert asked["availabilityZones"] == zones
    assert asked["relationalDatabaseAvailabilityZones"] == zones


@pytest.mark.parametrize(
    ("paginator", "prices"),
    [
        pytest.param(
            "get_bundles",
            {
                "nano_3_0": 5.0,
                "micro_3_0": 7.0,
                "small_3_0": 12.0,
                "medium_3_0": 24.0,
                "large_3_0": 44.0,
                "xlarge_3_0": 84.0,
                "2xlarge_3_0": 164.0,
                "nano_ipv6_3_0": 3.5,
                "micro_ipv6_3_0": 5.0,
                "small_ipv6_3_0": 10.0,
                "medium_ipv6_3_0": 20.0,
                "large_ipv6_3_0": 40.0,
                "xlarge_ipv6_3_0": 80.0,
                "2xlarge_ipv6_3_0": 160.0,
            },
            id="instances",
        ),
        pytest.param(
            "get_relational_database_bundles",
            {
                "micro_2_0": 15.0,
                "micro_ha_2_0": 30.0,
                "small_2_0": 30.0,
                "small_ha_2_0": 60.0,
                "medium_2_0": 60.0,
                "medium_ha_2_0": 120.0,
                "large_2_0": 115.0,
                "large_ha_2_0": 230.0,
            },
            id="databases",
        ),
    ],
)
def test_bundles_are_listed_page_by_page_with_their_monthly_prices(
    client: LightsailClient, controls: Control, paginator: str, prices: dict[str, float]
) -> None:
    pages = [page["bundles"] for page in client.get_paginator(paginator).paginate()]  # type: ignore[call-overload]

    listed = {bundle["bundleId"]: bundle["price"] for page in pages for bundle in page}
    assert len(pages) == len(prices) / 2
    assert list(listed.items()) == list(prices.items())
