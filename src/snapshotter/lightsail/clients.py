"""Lightsail clients, one for each region: paced, retried, and stopped at the deadline.

Source of the event names and their arguments: botocore's adaptive retry mode, which uses the same
two events. Lightsail has no idempotency token, so a retry after a lost response is refused because
the name is taken; `apply` resolves that.
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
ATTEMPT_EVENTS: Final = (f"before-send.{SERVICE}", f"needs-retry.{SERVICE}")
"""The events at which every attempt begins and ends; also the ids of our handlers for them."""

# An attempt that hangs takes 20 s, and botocore waits at most 20 s before the next one. Either
# ends before the function does if it started in time.
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
    """The clients of the regions. They share the data of one session, and one deadline.

    No request is sent after the deadline, and no retry by botocore either.
    """

    def __init__(self, session: boto3.Session, deadline: Deadline) -> None:
        self._session = session
        self.deadline = deadline
        self._clients: dict[str, Client] = {}

    def prepare(self, regions: Iterable[str]) -> None:
        """Create the clients of these regions. Call it from one thread only."""
        for region in regions:
            if region not in self._clients:
                client = self._session.client(SERVICE, region_name=region, config=_CONFIG)
                _Attempts(self.deadline, Pacer(self.deadline.seconds_left)).hook_into(client)
                self._clients[region] = client

    def __getitem__(self, region: str) -> Client:
        return self._clients[region]


class _Attempts:
    """Applies the deadline and the pace to every attempt of every request of one client."""

    def __init__(self, deadline: Deadline, pacer: Pacer) -> None:
        self._deadline = deadline
        self._pacer = pacer
        self._thread = local()

    def hook_into(self, client: Client) -> None:
        # Before botocore's own handlers: OutOfTime then takes the place of another wait.
        for event, handler in zip(ATTEMPT_EVENTS, (self._begin, self._end), strict=True):
            client.meta.events.register_first(event, handler, unique_id=event)

    def _begin(self, event_name: str, **_: Any) -> None:
        reading = _is_read(event_name)
        self._deadline.check(reading=reading)
        self._pacer.begin()
        self._thread.began = True
        self._deadline.check(reading=reading)

    def _end(self, event_name: str, response: Any = None, **_: Any) -> None:
        """Called after each attempt, also after one that `_begin` stopped.

        Raises OutOfTime where botocore would otherwise wait for an attempt that cannot start.
        """
        if not getattr(self._thread, "began", False):
            return
        self._thread.began = False
        throttled = _code(response) in _THROTTLED
        self._pacer.end(throttled=throttled)
        if throttled or response is None or response[0].status_code >= 500:
            self._deadline.check(reading=_is_read(event_name))


def _is_read(event_name: str) -> bool:
    """Return whether the operation is a read. It is the last part of an event's name."""
    return event_name.rpartition(".")[2].startswith("Get")


def _code(response: Any) -> str:
    """The error code in the argument of needs-retry: an HTTP response and its body, or None."""
    body = response[1] if response else {}
    return str(body.get("Error", {}).get("Code", ""))


def new_session() -> boto3.Session:
    """Create a session. The service model is read from disk once for all sessions."""
    session = botocore.session.Session()
    session.register_component("data_loader", _loader())
    return boto3.Session(botocore_session=session)


@cache
def _loader() -> Loader:
    return create_loader()


def known_regions(session: boto3.Session) -> frozenset[str]:
    """All regions in which botocore knows a Lightsail endpoint."""
    return frozenset(session.get_available_regions(SERVICE))
