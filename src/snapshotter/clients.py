"""Lightsail clients, one a region, and the time that is left to use them.

Source of the numbers: botocore's documentation of `Config`. Lightsail has no idempotency
token, so a retry after a lost answer meets our own snapshot's name; `writes` knows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

from snapshotter.errors import OutOfTime

if TYPE_CHECKING:
    from mypy_boto3_lightsail import LightsailClient

SERVICE: Final = "lightsail"
RESERVE_S = 30.0
"""No call begins this close to the function's end: what is left is for the report."""

REQUESTS_IN_FLIGHT = 8
"""Calls under way at once in one region."""

_CONFIG = Config(
    connect_timeout=5,
    read_timeout=20,
    max_pool_connections=REQUESTS_IN_FLIGHT,
    retries={"mode": "adaptive", "max_attempts": 12},
)


class Deadline:
    """When to stop beginning things.

    remaining_ms: milliseconds until Lambda ends the function, as its context tells.
    """

    def __init__(self, remaining_ms: Callable[[], float]) -> None:
        self._remaining_ms = remaining_ms

    def seconds_left(self) -> float:
        """Seconds in which a call may still begin; zero or less when there are none."""
        return self._remaining_ms() / 1000 - RESERVE_S

    def passed(self) -> bool:
        return self.seconds_left() <= 0

    def sleep(self, seconds: float) -> None:
        """Sleep, but never into the reserve."""
        time.sleep(max(0.0, min(seconds, self.seconds_left())))


class Clients:
    """The regions' clients, made when first asked for; all share one session's data.

    No request goes out once the deadline has passed, a retry of botocore's own included.
    """

    def __init__(self, session: boto3.Session, deadline: Deadline) -> None:
        self._session = session
        self._deadline = deadline
        self._clients: dict[str, LightsailClient] = {}

    def prepare(self, regions: Iterable[str]) -> None:
        """Make the clients of these regions; to be called from one thread only."""
        for region in regions:
            if region not in self._clients:
                client = self._session.client(SERVICE, region_name=region, config=_CONFIG)
                client.meta.events.register(f"before-send.{SERVICE}", self._refuse_when_late)
                self._clients[region] = client

    def __getitem__(self, region: str) -> LightsailClient:
        return self._clients[region]

    def _refuse_when_late(self, **_: Any) -> None:
        if self._deadline.passed():
            raise OutOfTime("there was no time left to begin another call")


def known_regions(session: boto3.Session) -> frozenset[str]:
    """All regions in which botocore knows an endpoint of Lightsail."""
    return frozenset(session.get_available_regions(SERVICE))
