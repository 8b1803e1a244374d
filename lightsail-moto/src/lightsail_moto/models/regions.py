"""Regions and their zones.

Regions come from botocore's endpoint data. Zones are a, b and c in every Region, which the
live lists are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from boto3 import Session
from botocore.session import get_session

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.resource import Record

# The Region whose backend keeps the account's environment; a default of the controls.
HOME_REGION = "us-east-1"
_CONTINENTS = {"us": "NA", "ca": "NA", "sa": "SA", "eu": "EU", "ap": "AS"}


@cache
def region_names() -> tuple[str, ...]:
    """The Regions that have a Lightsail endpoint, by the installed botocore."""
    return tuple(Session().get_available_regions("lightsail"))


def zones(region: str) -> tuple[str, ...]:
    return tuple(f"{region}{letter}" for letter in "abc")


def check_zone(zone: str, region: str) -> str:
    """Return the zone; InvalidInput if it is not a zone of the Region."""
    if zone not in zones(region):
        raise InvalidInput(f"The Availability Zone is not in {region}: {zone}")
    return zone


class RegionsBackend(RegionBackend):
    """GetRegions."""

    def get_regions(
        self,
        include_availability_zones: bool = False,
        include_relational_database_availability_zones: bool = False,
    ) -> Record:
        """Each list of zones is empty unless it is asked for."""
        regions = []
        for name in region_names():
            all_zones = [{"zoneName": zone, "state": "available"} for zone in zones(name)]
            for_databases = all_zones if include_relational_database_availability_zones else []
            regions.append(
                {
                    "continentCode": _CONTINENTS[name.partition("-")[0]],
                    "description": f"This Region serves users near {_place(name)}",
                    "displayName": _place(name),
                    "name": name,
                    "availabilityZones": all_zones if include_availability_zones else [],
                    "relationalDatabaseAvailabilityZones": for_databases,
                }
            )
        return {"regions": regions}


def _place(region: str) -> str:
    """The place that botocore names in parentheses: "US East (N. Virginia)" is Virginia."""
    described = str(_described().get(region, {}).get("description", region))
    return described.partition("(")[2].rstrip(")").removeprefix("N. ") or region


@cache
def _described() -> Mapping[str, Record]:
    """The Regions of the first partition in botocore's endpoint data."""
    regions: Mapping[str, Record] = get_session().get_data("endpoints")["partitions"][0]["regions"]
    return regions
