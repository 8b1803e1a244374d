"""Lightsail clients, one for each region: paced, retried, and stopped at the deadline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader, create_loader
from botocore.parsers import JSONParser, ResponseParserFactory

from snapshotter.lightsail.deadline import Deadline
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT, Pacer
from snapshotter.lightsail.retries import Attempts, attempt_events

if TYPE_CHECKING:
    from mypy_boto3_lightsail import LightsailClient

SERVICE: Final = "lightsail"
Client: TypeAlias = "LightsailClient"
ATTEMPT_EVENTS: Final = attempt_events(SERVICE)

_CONNECT_SHARE, _READ_SHARE = 0.2, 0.6
"""Of the time in which no read starts any more: an attempt that hangs ends before the function."""


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
                attempts.hook_into(client.meta.events, SERVICE)
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
