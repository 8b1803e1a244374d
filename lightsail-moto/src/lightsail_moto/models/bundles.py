"""Bundles and blueprints: what an instance or a database can be made of.

The last digit of a bundle's id differs in a few Regions, and the generation before the present
one is inactive (reports of users). Bundles, prices and sizes: AWS CLI reference, get-bundles and
get-relational-database-bundles, and the Lightsail pricing page; the `power` of the larger ones is
not published and absent. Blueprints that are not listed here are accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.resource import Record
from lightsail_moto.models.store import PagedList


@dataclass(frozen=True)
class Bundle:
    """A plan for an instance; monthly price in USD, transfer in GB a month."""

    id: str
    name: str
    price: float
    ram_gb: float
    disk_gb: int
    transfer_gb: int
    cpus: int = 2
    power: int | None = None
    platform: str = "LINUX_UNIX"
    active: bool = True

    @property
    def ip_address_types(self) -> tuple[str, ...]:
        """Those that an instance of this bundle can have."""
        return ("ipv6",) if "_ipv6_" in self.id else ("dualstack", "ipv4")

    def describe(self) -> Record:
        power = {} if self.power is None else {"power": self.power}
        return power | {
            "price": self.price,
            "cpuCount": self.cpus,
            "diskSizeInGb": self.disk_gb,
            "bundleId": self.id,
            "instanceType": self.name.lower(),
            "isActive": self.active,
            "name": self.name,
            "ramSizeInGb": self.ram_gb,
            "transferPerMonthInGb": self.transfer_gb,
            "supportedPlatforms": [self.platform],
            "publicIpv4AddressCount": int("ipv4" in self.ip_address_types),
        }


@dataclass(frozen=True)
class DatabaseBundle:
    """A plan for a database."""

    id: str
    name: str
    price: float
    ram_gb: float
    disk_gb: int
    transfer_gb: int = 100
    cpus: int = 2
    active: bool = True
    encrypted: bool = True

    def describe(self) -> Record:
        return {
            "bundleId": self.id,
            "name": self.name,
            "price": self.price,
            "ramSizeInGb": self.ram_gb,
            "diskSizeInGb": self.disk_gb,
            "transferPerMonthInGb": self.transfer_gb,
            "cpuCount": self.cpus,
            "isEncrypted": self.encrypted,
            "isActive": self.active,
        }


_PLANS = (
    Bundle("nano", "Nano", 5.0, 0.5, 20, 1024, power=298),
    Bundle("micro", "Micro", 7.0, 1.0, 40, 2048, power=500),
    Bundle("small", "Small", 12.0, 2.0, 60, 3072, power=1000),
    Bundle("medium", "Medium", 24.0, 4.0, 80, 4096),
    Bundle("large", "Large", 44.0, 8.0, 160, 5120),
    Bundle("xlarge", "Xlarge", 84.0, 16.0, 320, 6144, cpus=4),
    Bundle("2xlarge", "2Xlarge", 164.0, 32.0, 640, 7168, cpus=8),
)
_IPV6_PRICES = (3.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0)
_WINDOWS_PRICES = (9.5, 14.0, 22.0, 44.0, 74.0, 124.0, 244.0)
_LAST_DIGITS = {"ap-south-1": 1, "ap-southeast-2": 2}
"""Of the bundle ids of a Region; 0 in all others."""


@cache
def bundles_of(region: str) -> dict[str, Bundle]:
    """The bundles of a Region by their ids: the present generation, and an inactive one."""
    digit = _LAST_DIGITS.get(region, 0)
    bundles = []
    for plan, ipv6, windows in zip(_PLANS, _IPV6_PRICES, _WINDOWS_PRICES, strict=True):
        bundles += [
            replace(plan, id=f"{plan.id}_3_{digit}"),
            replace(plan, id=f"{plan.id}_ipv6_3_{digit}", price=ipv6),
            replace(plan, id=f"{plan.id}_win_3_{digit}", price=windows, platform="WINDOWS"),
            replace(plan, id=f"{plan.id}_2_{digit}", price=ipv6, active=False),
        ]
    by_kind = sorted(bundles, key=lambda bundle: (not bundle.active, bundle.id.split("_")[1:]))
    return {bundle.id: bundle for bundle in by_kind}


BUNDLES = {plan.id: plan for region in ("", *_LAST_DIGITS) for plan in bundles_of(region).values()}
"""Those of all Regions."""

_DATABASE_PLANS = (
    DatabaseBundle("micro_2_0", "Micro", 15.0, 1.0, 40),
    DatabaseBundle("small_2_0", "Small", 30.0, 2.0, 80),
    DatabaseBundle("medium_2_0", "Medium", 60.0, 4.0, 120),
    DatabaseBundle("large_2_0", "Large", 115.0, 8.0, 240, 200),
    DatabaseBundle("micro_1_0", "Micro", 15.0, 1.0, 40, cpus=1, active=False, encrypted=False),
    DatabaseBundle("small_1_0", "Small", 30.0, 2.0, 80, cpus=1, active=False),
    DatabaseBundle("medium_1_0", "Medium", 60.0, 4.0, 120, active=False),
    DatabaseBundle("large_1_0", "Large", 115.0, 8.0, 240, 200, active=False),
)


def _database_bundles() -> Iterator[DatabaseBundle]:
    for plan in _DATABASE_PLANS:
        yield plan
        yield replace(
            plan,
            id=plan.id.replace("_", "_ha_", 1),
            name=f"{plan.name} with High Availability",
            price=2 * plan.price,
        )


DATABASE_BUNDLES = {plan.id: plan for plan in _database_bundles()}

_BLUEPRINTS = {
    "amazon_linux_2023": ("Amazon Linux 2023", "ec2-user"),
    "ubuntu_24_04": ("Ubuntu", "ubuntu"),
    "debian_12": ("Debian", "admin"),
    "wordpress": ("WordPress", "bitnami"),
    "mean": ("MEAN", "bitnami"),
    "windows_server_2022": ("Windows Server 2022", "Administrator"),
}
_ENGINE_PORTS = {"mysql": 3306, "postgres": 5432}
_ENGINE_VERSIONS = {"mysql_8_0": "8.0.40", "postgres_16": "16.6"}


def bundle(bundle_id: str) -> Bundle:
    """The plan with this id, in whichever Region; InvalidInput for an unknown one."""
    if bundle_id not in BUNDLES:
        raise InvalidInput(f"The bundle is not valid: {bundle_id}")
    return BUNDLES[bundle_id]


def database_bundle(bundle_id: str) -> DatabaseBundle:
    """The database plan with this id; InvalidInput for an unknown one."""
    if bundle_id not in DATABASE_BUNDLES:
        raise InvalidInput(f"The database bundle is not valid: {bundle_id}")
    return DATABASE_BUNDLES[bundle_id]


def engine(blueprint_id: str) -> tuple[str, str, int]:
    """Engine, version and port of a database blueprint; InvalidInput for an unknown engine.

    Any version is accepted, since databases of old ones go on; most are shown as in the id.
    """
    name, _, version = blueprint_id.partition("_")
    if name not in _ENGINE_PORTS or not version:
        raise InvalidInput(f"The database blueprint is not valid: {blueprint_id}")
    shown = _ENGINE_VERSIONS.get(blueprint_id, version.replace("_", "."))
    return name, shown, _ENGINE_PORTS[name]


def blueprint(blueprint_id: str) -> tuple[str, str]:
    """Name and user of a blueprint."""
    return _BLUEPRINTS.get(blueprint_id, (blueprint_id.replace("_", " ").title(), "ec2-user"))


class BundleBackend(RegionBackend):
    """GetBundles, GetRelationalDatabaseBundles.

    An instance is refused with a bundle that the Region does not have, or not any more; databases
    can be made of inactive ones too, as AWS's own sample does. Not processed: appCategory, as no
    bundle has one.
    """

    def get_bundles(
        self,
        include_inactive: bool = False,
        page_token: str | None = None,
        app_category: str | None = None,
    ) -> Record:
        listed = (
            [] if app_category else [*map(self._as_here, bundles_of(self.region_name).values())]
        )
        shown = [bundle for bundle in listed if bundle.active or include_inactive]
        page, next_token = self.page(PagedList(shown), page_token)
        return self.with_token({"bundles": [bundle.describe() for bundle in page]}, next_token)

    def offered_bundle(self, bundle_id: str) -> Bundle:
        """The plan, if an instance can be made of it here. The message is reported by users."""
        bundle = bundles_of(self.region_name).get(bundle_id)
        if bundle is None or not self._as_here(bundle).active:
            raise InvalidInput("The specified bundle does not exist in this region")
        return bundle

    def _as_here(self, bundle: Bundle) -> Bundle:
        retired = (self.region_name, bundle.id) in self.environment.retired_bundles
        return replace(bundle, active=False) if retired else bundle

    def get_relational_database_bundles(
        self, page_token: str | None = None, include_inactive: bool = False
    ) -> Record:
        bundles = [plan for plan in DATABASE_BUNDLES.values() if plan.active or include_inactive]
        page, next_token = self.page(PagedList(bundles), page_token)
        return self.with_token({"bundles": [bundle.describe() for bundle in page]}, next_token)
