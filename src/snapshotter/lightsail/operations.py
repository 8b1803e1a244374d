"""Lightsail's records of the operations on a resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from snapshotter.lightsail.clients import Client

_MOST_PAGES = 50


def operations_of(client: Client, resource: str) -> Iterator[Mapping[str, Any]]:
    """List the operations on a resource. boto3 has no paginator for this list."""
    answer: Mapping[str, Any] = client.get_operations_for_resource(resourceName=resource)
    for _ in range(_MOST_PAGES):
        yield from answer["operations"]
        token = answer.get("nextPageToken")
        if not token:
            return
        answer = client.get_operations_for_resource(resourceName=resource, pageToken=token)
