"""Helpers of these tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeAlias

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_lightsail import LightsailClient

from lightsail_moto.controls.seed import Seed

Client: TypeAlias = LightsailClient

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
ACCOUNT = "123456789012"
REGION: Final = "us-east-1"
OTHER: Final = "eu-west-1"
NAMES = {"zone": "availabilityZone"}
IN_ZONES = ("Instance", "Disk", "RelationalDatabase")
NOW = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)

both = pytest.mark.parametrize("make_client", ["in-process", "http"], indirect=True)


class MakeClient(Protocol):
    """Makes a client; it makes one attempt by default."""

    def __call__(
        self,
        region: str = REGION,
        attempts: int = 1,
        fips: bool = False,
        timeout_s: float = 60,
    ) -> LightsailClient: ...


def read_request(text: str) -> tuple[str, dict[str, Any]]:
    """The method of a client and the members that a line of text names; JSON, or a string.

    `zone` is short for availabilityZone.
    """
    method, *members = text.split()
    if "=" in method:
        method, members = "", [method, *members]
    given = (member.partition("=")[::2] for member in members)
    return method, {NAMES.get(name, name): _value(value) for name, value in given}


def _value(text: str) -> Any:
    is_json = text[:1] in "[{" or text.isdigit() or text in ("true", "false")
    return json.loads(text) if is_json else text


def without_ids(operations: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The operations as the client received them, each without its random id."""
    received = [dict(operation) for operation in operations]
    assert all(len(operation.pop("id")) == 36 for operation in received)
    return received


def operation(
    kind: str,
    resource: str,
    resource_type: str,
    *,
    zone: str = "",
    region: str = REGION,
    status: str = "Started",
    at: datetime = NOW,
    details: str | None = None,
) -> dict[str, Any]:
    """An operation as it is expected, without its id; by default in the first zone, or in all."""
    zone = zone or (f"{region}a" if resource_type in IN_ZONES else "all")
    expected: dict[str, Any] = {
        "resourceName": resource,
        "resourceType": resource_type,
        "createdAt": at,
        "location": {"availabilityZone": zone, "regionName": region},
        "isTerminal": status != "Started",
        "operationType": kind,
        "status": status,
        "statusChangedAt": at,
    }
    return expected if details is None else expected | {"operationDetails": details}


def one_of_each(seed: Seed) -> None:
    """An account with a resource of each type, and some more that can be attached."""
    tags = {"colour": "red", "key-only": None}
    web = seed.add_instance(
        "web", bundle_id="small_3_0", blueprint_id="wordpress", static_ip="address", tags=tags
    )
    seed.add_disk("used", attached_to="web", size_gb=16)
    seed.add_instance("idle")
    data, database = (
        seed.add_disk("data", size_gb=32),
        seed.add_database("db", bundle_id="small_2_0"),
    )
    for source in (web, data, database):
        seed.add_snapshot(f"{source.name}-1", source, tags=tags)
    seed.add_static_ip("spare")
    seed.add_key_pair("deploy")


def refused(call: Callable[..., Any], **arguments: Any) -> tuple[str, str | None, str]:
    """The error's code, Lightsail's finer code and the message of a call that is refused."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response: Any = caught.value.response
    return response["Error"]["Code"], response.get("code"), response["Error"]["Message"]


def names(resources: Iterable[Mapping[str, Any]]) -> list[str]:
    return [resource["name"] for resource in resources]
