"""Regions and bundles."""

import boto3
import pytest
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto import Control
from tests.backend.support import both, names


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


@pytest.mark.parametrize("paginator", ["get_bundles", "get_relational_database_bundles"])
def test_bundles_are_listed_page_by_page(
    client: LightsailClient, controls: Control, paginator: str
) -> None:
    pages = [page["bundles"] for page in client.get_paginator(paginator).paginate()]  # type: ignore[call-overload]

    sizes = [bundle["diskSizeInGb"] for page in pages for bundle in page]
    assert len(pages) == 4
    assert sizes == sorted(sizes)
