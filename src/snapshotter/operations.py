"""Lightsail's own records of what was done to a resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from snapshotter.series import OwnSnapshot

if TYPE_CHECKING:
    from mypy_boto3_lightsail import LightsailClient

_MOST_PAGES = 50


def operations_of(client: LightsailClient, resource: str) -> Iterator[Mapping[str, Any]]:
    """Read the operations of a resource; boto3 has no paginator for this list."""
    answer: Mapping[str, Any] = client.get_operations_for_resource(resourceName=resource)
    for _ in range(_MOST_PAGES):
        yield from answer["operations"]
        token = answer.get("nextPageToken")
        if not token:
            return
        answer = client.get_operations_for_resource(resourceName=resource, pageToken=token)


def was_copied(client: LightsailClient, copy: str, original: OwnSnapshot) -> bool:
    """Tell whether Lightsail made a snapshot as a copy of an original.

    Source: AWS's published answers of CopySnapshot; the details of its operation read
    `<source region>:<source snapshot>`.
    """
    wanted = f"{original.region}:{original.name}"
    return any(each.get("operationDetails") == wanted for each in operations_of(client, copy))
