"""Helpers of these tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_lightsail import LightsailClient

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
ACCOUNT = "123456789012"
REGION: Final = "us-east-1"
OTHER: Final = "eu-west-1"
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
    zone: str = "all",
    region: str = REGION,
    status: str = "Started",
    at: datetime = NOW,
    changed: datetime | None = None,
    details: str | None = None,
) -> dict[str, Any]:
    """An operation as it is expected, without its id."""
    expected: dict[str, Any] = {
        "resourceName": resource,
        "resourceType": resource_type,
        "createdAt": at,
        "location": {"availabilityZone": zone, "regionName": region},
        "isTerminal": status != "Started",
        "operationType": kind,
        "status": status,
        "statusChangedAt": changed or at,
    }
    return expected if details is None else expected | {"operationDetails": details}


def refused(call: Callable[..., Any], **arguments: Any) -> tuple[str, str | None, str]:
    """The error's code, Lightsail's finer code and the message of a call that is refused."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response: Any = caught.value.response
    return response["Error"]["Code"], response.get("code"), response["Error"]["Message"]


def names(resources: Iterable[Mapping[str, Any]]) -> list[str]:
    return [resource["name"] for resource in resources]
