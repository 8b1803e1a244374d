"""Regions and what can be ordered there."""

from __future__ import annotations

from lightsail_moto import catalogue
from lightsail_moto.paging import Shelf
from lightsail_moto.resources import Record
from lightsail_moto.rooms.room import Room


class RegionRoom(Room):
    """GetRegions, GetBundles, GetRelationalDatabaseBundles."""

    def get_regions(
        self,
        include_availability_zones: bool = False,
        include_relational_database_availability_zones: bool = False,
    ) -> Record:
        return {
            "regions": [
                catalogue.describe_region(
                    name,
                    instance_zones=include_availability_zones,
                    database_zones=include_relational_database_availability_zones,
                )
                for name in catalogue.region_names()
            ]
        }

    def get_bundles(
        self,
        include_inactive: bool = False,
        page_token: str | None = None,
        app_category: str | None = None,
    ) -> Record:
        """Not processed: includeInactive, as all are active; appCategory, as none has one."""
        bundles = () if app_category else catalogue.BUNDLES.values()
        page, next_token = self.page(Shelf(bundles), page_token)
        return self.with_token({"bundles": [bundle.describe() for bundle in page]}, next_token)

    def get_relational_database_bundles(
        self, page_token: str | None = None, include_inactive: bool = False
    ) -> Record:
        """Not processed: includeInactive, as all are active."""
        page, next_token = self.page(Shelf(catalogue.DATABASE_BUNDLES.values()), page_token)
        return self.with_token({"bundles": [bundle.describe() for bundle in page]}, next_token)
