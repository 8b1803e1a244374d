"""DNS zones, load balancers and distributions."""

import pytest

from lightsail_moto import Control

from .support import ACCOUNT, NOW, OTHER, REGION, Client, MakeClient, both, names, refused

ENTRIES = [("example.com", "A", "192.0.2.1"), ("www.example.com", "CNAME", "example.com")]


@both
def test_a_domain_has_the_published_members_and_its_entries(
    client: Client, controls: Control
) -> None:
    controls.seed.add_domain("example.com", ENTRIES, tags={"team": "web"})

    domain = client.get_domain(domainName="example.com")["domain"]

    assert client.get_domains()["domains"] == [domain]
    assert domain.pop("arn").startswith(f"arn:aws:lightsail:global:{ACCOUNT}:Domain/")
    assert domain == {
        "name": "example.com",
        "supportCode": f"{ACCOUNT[::-1]}/example.com",
        "createdAt": NOW,
        "location": {"availabilityZone": "all", "regionName": "global"},
        "resourceType": "Domain",
        "tags": [{"key": "team", "value": "web"}],
        "domainEntries": [
            {"id": str(number), "name": name, "target": target, "isAlias": False, "type": kind}
            for number, (name, kind, target) in enumerate(ENTRIES, 1)
        ],
    }


def test_load_balancers_belong_to_their_region_and_name_the_health_of_their_instances(
    make_client: MakeClient, controls: Control
) -> None:
    seed = controls.seed
    seed.add_load_balancer("front", ["web-1", "web-2"], OTHER)
    seed.add_load_balancer("other", {"web-3": "unhealthy"}, OTHER, state="provisioning")

    listed = make_client(OTHER).get_load_balancers()["loadBalancers"]

    found = {
        each["name"]: {
            health["instanceName"]: health["instanceHealth"]
            for health in each["instanceHealthSummary"]
        }
        for each in listed
    }
    assert found == {
        "front": {"web-1": "healthy", "web-2": "healthy"},
        "other": {"web-3": "unhealthy"},
    }
    one = make_client(OTHER).get_load_balancer(loadBalancerName="other")["loadBalancer"]
    assert (one, one["state"]) == (listed[1], "provisioning")
    assert make_client().get_load_balancers()["loadBalancers"] == []


def test_a_distribution_names_its_origin(client: Client, controls: Control) -> None:
    controls.seed.add_distribution("cdn", "web", origin_region=OTHER)
    controls.seed.add_distribution("other", "front", origin_type="LoadBalancer")

    origins = {each["name"]: each["origin"] for each in client.get_distributions()["distributions"]}
    named = client.get_distributions(distributionName="cdn")["distributions"]

    http = {"protocolPolicy": "http-only"}
    assert origins == {
        "cdn": {"name": "web", "resourceType": "Instance", "regionName": OTHER} | http,
        "other": {"name": "front", "resourceType": "LoadBalancer", "regionName": REGION} | http,
    }
    assert names(named) == ["cdn"]


@pytest.mark.parametrize("operation", ["get_domains", "get_distributions"])
def test_what_is_global_is_answered_in_one_region_alone(
    make_client: MakeClient, operation: str
) -> None:
    code, _, message = refused(getattr(make_client(OTHER), operation))

    assert code == "InvalidInputException"
    assert "only available in the us-east-1 Region" in message
