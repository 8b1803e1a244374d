"""What leads people to an instance: DNS zones, load balancers, distributions. Read only here.

Domains and distributions are asked for in us-east-1 alone, and their records have "global" as
Region: AWS CLI reference, get-domain. That distributions have the same form, and the refusal
elsewhere, are assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lightsail_moto.exceptions import InvalidInput
from lightsail_moto.models.base import RegionBackend
from lightsail_moto.models.regions import HOME_REGION
from lightsail_moto.models.resource import Record, Resource


class GlobalResource(Resource):
    def describe(self) -> Record:
        described = super().describe()
        described["location"]["regionName"] = "global"
        described["arn"] = self.arn.replace(f":{self.region}:", ":global:", 1)
        return described


@dataclass(kw_only=True, eq=False)
class Domain(GlobalResource):
    """entries: name, type and target of each entry of the zone."""

    type = "Domain"

    entries: tuple[tuple[str, str, str], ...] = ()

    def details(self) -> Record:
        return {
            "domainEntries": [
                {"id": str(number), "name": name, "target": target, "isAlias": False, "type": kind}
                for number, (name, kind, target) in enumerate(self.entries, 1)
            ]
        }


@dataclass(kw_only=True, eq=False)
class LoadBalancer(Resource):
    """instances: the health of each attached instance, by its name."""

    type = "LoadBalancer"
    ready = "active"

    instances: Mapping[str, str]

    def details(self) -> Record:
        return {
            "dnsName": f"{self.arn.rpartition('/')[2]}.{self.region}.elb.amazonaws.com",
            "state": self.state,
            "protocol": "HTTP",
            "publicPorts": [80],
            "healthCheckPath": "/",
            "instancePort": 80,
            "instanceHealthSummary": [
                {"instanceName": name, "instanceHealth": health}
                for name, health in self.instances.items()
            ],
            "tlsCertificateSummaries": [],
            "configurationOptions": {
                "SessionStickinessEnabled": "false",
                "SessionStickiness_LB_CookieDurationSeconds": "86400",
            },
        }


@dataclass(kw_only=True, eq=False)
class Distribution(GlobalResource):
    """origin: name, type and Region of the resource whose content it distributes."""

    type = "Distribution"

    origin: tuple[str, str, str]

    def details(self) -> Record:
        name, kind, region = self.origin
        host = f"{self.arn.rpartition('/')[2]}.cloudfront.net"
        return {
            "alternativeDomainNames": [],
            "status": "InProgress" if self.state == "pending" else "Deployed",
            "isEnabled": True,
            "domainName": host,
            "bundleId": "small_1_0",
            "origin": {
                "name": name,
                "resourceType": kind,
                "regionName": region,
                "protocolPolicy": "http-only",
            },
            "defaultCacheBehavior": {"behavior": "cache"},
            "cacheBehaviors": [],
            "ableToUpdateBundle": True,
            "ipAddressType": "dualstack",
        }


class RoutingBackend(RegionBackend):
    """GetDomain(s), GetLoadBalancer(s), GetDistributions."""

    def get_domains(self, page_token: str | None = None) -> Record:
        self._only_at_home("Domain")
        return self.listing(Domain, "domains", page_token)

    def get_domain(self, domain_name: str) -> Record:
        self._only_at_home("Domain")
        return {"domain": self.get(Domain, domain_name).describe()}

    def get_load_balancers(self, page_token: str | None = None) -> Record:
        return self.listing(LoadBalancer, "loadBalancers", page_token)

    def get_load_balancer(self, load_balancer_name: str) -> Record:
        return {"loadBalancer": self.get(LoadBalancer, load_balancer_name).describe()}

    def get_distributions(
        self, distribution_name: str | None = None, page_token: str | None = None
    ) -> Record:
        """With a name, only the distribution of this name."""
        self._only_at_home("Distribution")
        if distribution_name:
            return {"distributions": [self.get(Distribution, distribution_name).describe()]}
        return self.listing(Distribution, "distributions", page_token)

    def _only_at_home(self, kind: str) -> None:
        if self.region_name != HOME_REGION:
            raise InvalidInput(
                f"{kind}-related APIs are only available in the {HOME_REGION} Region. Please set "
                f"your Region configuration to {HOME_REGION} to create, view, or edit these "
                "resources."
            )
