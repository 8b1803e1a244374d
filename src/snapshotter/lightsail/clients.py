"""Lightsail clients, one for each region: paced, retried, and stopped at the deadline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from threading import local
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader, create_loader
from botocore.parsers import JSONParser, ResponseParserFactory

from snapshotter.lightsail.pacing import MOST_IN_FLIGHT, Deadline, Pacer
from snapshotter.lightsail.refusals import Failure, classify

if TYPE_CHECKING:
    from mypy_boto3_lightsail import LightsailClient

SERVICE: Final = "lightsail"
Client: TypeAlias = "LightsailClient"
ATTEMPT_EVENTS: Final = tuple(
    f"{event}.{SERVICE}" for event in ("before-send", "needs-retry", "after-call-error")
)
"""The events at which an attempt begins and ends; also the ids of our handlers for them."""

_CONNECT_SHARE, _READ_SHARE = 0.2, 0.6
"""Of the time in which no read starts any more: an attempt that hangs ends before the function."""

READ_PATIENCE_S = 120.0
WRITE_PATIENCE_S = 300.0
"""How long a call that fails is tried again, from the start of its first attempt."""

LONGEST_PAUSE_S = 20.0
FIRST_PAUSE_S = 0.5
"""After a throttled attempt it is always this: the pacer delays the next one as needed."""


class Clients:
    """The clients of the regions. They share the data of one session, and one deadline.

    No request is sent after the deadline, and no retry of one either.
    """

    def __init__(self, session: boto3.Session, deadline: Deadline) -> None:
        self._session = session
        self.deadline = deadline
        self._clients: dict[str, Client] = {}

    def prepare(self, regions: Iterable[str]) -> None:
        """Create the clients of these regions. Call it from one thread only."""
        config = _config(self.deadline.read_reserve_s)
        for region in regions:
            if region not in self._clients:
                client = self._session.client(SERVICE, region_name=region, config=config)
                attempts = Attempts(self.deadline, Pacer(self.deadline.seconds_left))
                attempts.hook_into(client.meta.events)
                self._clients[region] = client

    def __getitem__(self, region: str) -> Client:
        return self._clients[region]


@cache
def _config(reserve_s: float) -> Config:
    return Config(
        # 5 s and 15 s, but for a function with a timeout of less than a minute.
        connect_timeout=max(1.0, _CONNECT_SHARE * reserve_s),
        read_timeout=max(1.0, _READ_SHARE * reserve_s),
        max_pool_connections=MOST_IN_FLIGHT,
        retries={"mode": "standard", "total_max_attempts": 1},
    )


def new_session() -> boto3.Session:
    """Create a session. The service model is read from disk once for all sessions."""
    session = botocore.session.Session()
    session.register_component("data_loader", _loader())
    session.register_component("response_parser_factory", _Parsers())
    return boto3.Session(botocore_session=session)


@cache
def _loader() -> Loader:
    return create_loader()


def known_regions(session: boto3.Session) -> frozenset[str]:
    """All regions in which botocore knows a Lightsail endpoint."""
    return frozenset(session.get_available_regions(SERVICE))


class _Parsers(ResponseParserFactory):
    """Makes parsers that read an answer as far as it goes."""

    def create_parser(self, protocol_name: str) -> Any:
        return _LenientParser() if protocol_name == "json" else super().create_parser(protocol_name)


class _LenientParser(JSONParser):
    """What is of another type than in the service model is None: botocore fails on all of it."""

    _TYPES: Final[Mapping[str, tuple[type, ...]]] = {
        "structure": (dict,),
        "list": (list,),
        "timestamp": (int, float, str),
    }

    def _parse_body_as_json(self, body_contents: bytes) -> Any:
        try:
            body = super()._parse_body_as_json(body_contents)  # type: ignore[misc]
        except UnicodeDecodeError:
            body = None
        return body if isinstance(body, dict) else {}

    def _parse_shape(self, shape: Any, node: Any) -> Any:
        if not isinstance(node, self._TYPES.get(shape.type_name, (object,))):
            return None
        try:
            return super()._parse_shape(shape, node)  # type: ignore[misc]
        except (OverflowError, ValueError):
            return None


class Attempts:
    """Applies the pace, the deadline and the retries to every attempt of one client's calls.

    A throttled write is repeated as long as the function has time. Everything else ends after the
    call's patience: a list that only adds details must not use up the time of the writes.

    botocore's own retries are off. Their quota, one for each client, is used up by about 35
    retries, so an outage of a few seconds would cost most calls of a run. Source of the event names
    and their arguments: botocore's adaptive retry mode, which uses the same events.

    Lightsail has no idempotency token, so a retry after a lost response is refused because the name
    is taken; `apply` resolves that.
    """

    def __init__(self, deadline: Deadline, pacer: Pacer) -> None:
        self._deadline = deadline
        self._pacer = pacer
        self._thread = local()

    def hook_into(self, events: Any) -> None:
        # Before botocore's own handlers, and moto's: the first answer counts.
        handlers = (self._begin, self._end, self._abandon)
        for event, handler in zip(ATTEMPT_EVENTS, handlers, strict=True):
            events.register_first(event, handler, unique_id=event)

    def _begin(self, event_name: str, **_: Any) -> None:
        reading = _is_read(event_name)
        self._deadline.check(reading=reading)
        self._thread.began_s = self._pacer.monotonic()
        self._pacer.begin()
        self._thread.in_flight = True
        self._deadline.check(reading=reading)

    def _end(
        self,
        event_name: str,
        attempts: int = 1,
        response: Any = None,
        caught_exception: BaseException | None = None,
        **_: Any,
    ) -> float | None:
        """Return the pause before the next attempt; None for no other.

        Called after each attempt, also after one that `_begin` stopped. Raises OutOfTime if the
        next attempt could not start in time.
        """
        failure = classify(response, caught_exception)
        if not self._release(failure) or failure is None:
            return None
        reading = _is_read(event_name)
        patience = READ_PATIENCE_S if reading else WRITE_PATIENCE_S
        # The pauses are added up, so that this ends also where a clock stands still.
        failing_s: float = 0.0 if attempts == 1 else self._thread.failing_s
        if reading or failure is Failure.OUTAGE:
            failing_s += self._pacer.monotonic() - self._thread.began_s
        if failing_s >= patience:
            return None
        pause = FIRST_PAUSE_S
        if failure is Failure.OUTAGE:
            # Each pause is as long as the call has failed so far.
            pause = min(max(failing_s, pause), LONGEST_PAUSE_S, patience - failing_s)
        self._thread.failing_s = failing_s + pause
        self._deadline.check(reading=reading, after=pause)
        return pause

    def _abandon(self, **_: Any) -> None:
        """An error has left botocore before the attempt ended: an answer that it cannot parse."""
        self._release(None)

    def _release(self, failure: Failure | None) -> bool:
        """Tell the pacer that the attempt is over; return whether there was one."""
        in_flight: bool = getattr(self._thread, "in_flight", False)
        if in_flight:
            self._thread.in_flight = False
            self._pacer.end(throttled=failure is Failure.THROTTLED)
        return in_flight


def _is_read(event_name: str) -> bool:
    """Return whether the operation is a read. It is the last part of an event's name."""
    return event_name.rpartition(".")[2].startswith("Get")
