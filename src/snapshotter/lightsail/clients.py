"""Lightsail clients, one a region: paced, retried, and silent once time is up.

Source of the events' names and arguments: botocore's own adaptive retries, which hang on the
same two. Lightsail has no idempotency token, so a retry after a lost answer meets our own
snapshot's name; `writes` knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from threading import local
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader, create_loader

from snapshotter.lightsail.deadline import Deadline
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT, Pacer

if TYPE_CHECKING:
    from mypy_boto3_lightsail import LightsailClient

SERVICE: Final = "lightsail"
Client: TypeAlias = "LightsailClient"

# An attempt that hangs takes 20 s, and botocore waits 20 s at the most before the next one.
# Each of them, begun in time, is over before the function is.
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=15,
    max_pool_connections=MOST_IN_FLIGHT,
    retries={"mode": "standard", "max_attempts": 10},
)
_THROTTLED = (
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
)


class Clients:
    """The regions' clients, made when first asked for; all share one session's data.

    No request goes out once the deadline has passed, a retry of botocore's own included.
    """

    def __init__(self, session: boto3.Session, deadline: Deadline) -> None:
        self._session = session
        self._deadline = deadline
        self._clients: dict[str, Client] = {}

    def prepare(self, regions: Iterable[str]) -> None:
        """Make the clients of these regions; to be called from one thread only."""
        for region in regions:
            if region not in self._clients:
                client = self._session.client(SERVICE, region_name=region, config=_CONFIG)
                _Gate(self._deadline, Pacer(self._deadline.seconds_left)).stand_before(client)
                self._clients[region] = client

    def __getitem__(self, region: str) -> Client:
        return self._clients[region]


class _Gate:
    """Stands before every attempt of every request of one client."""

    def __init__(self, deadline: Deadline, pacer: Pacer) -> None:
        self._deadline = deadline
        self._pacer = pacer
        self._thread = local()

    def stand_before(self, client: Client) -> None:
        events = client.meta.events
        events.register_first(f"before-send.{SERVICE}", self._begin)
        # Before botocore's own, so that what it raises stands instead of another wait.
        events.register_first(f"needs-retry.{SERVICE}", self._end)

    def _begin(self, event_name: str, **_: Any) -> None:
        reading = _reads(event_name)
        self._deadline.check(reading=reading)
        self._pacer.begin()
        self._thread.began = True
        self._deadline.check(reading=reading)

    def _end(self, event_name: str, response: Any = None, **_: Any) -> None:
        """Called after each attempt, also after one that was never begun.

        Raises OutOfTime where botocore would wait for another attempt that could not begin.
        """
        if not getattr(self._thread, "began", False):
            return
        self._thread.began = False
        throttled = _code(response) in _THROTTLED
        self._pacer.end(throttled=throttled)
        if throttled or response is None or response[0].status_code >= 500:
            self._deadline.check(reading=_reads(event_name))


def _reads(event_name: str) -> bool:
    """Tell whether an event of botocore's is about a read; its last part is the operation."""
    return event_name.rpartition(".")[2].startswith("Get")


def _code(response: Any) -> str:
    """The error code in what needs-retry is told: an HTTP response and its body, or None."""
    body = response[1] if response else {}
    return str(body.get("Error", {}).get("Code", ""))


def new_session() -> boto3.Session:
    """Make a session. The service's description is read from disk once for all of them."""
    session = botocore.session.Session()
    session.register_component("data_loader", _loader())
    return boto3.Session(botocore_session=session)


@cache
def _loader() -> Loader:
    return create_loader()


def known_regions(session: boto3.Session) -> frozenset[str]:
    """All regions in which botocore knows an endpoint of Lightsail."""
    return frozenset(session.get_available_regions(SERVICE))
