"""The account as a graph of states: one for each that writes have led to."""

from __future__ import annotations

import json
import pickle
import re
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from ipaddress import IPv4Address
from itertools import count
from typing import Any
from unittest.mock import patch

import boto3
from botocore.awsrequest import AWSRequest
from moto import mock_aws
from moto.moto_api._internal import mock_random

from lightsail_moto import Call, Control, control, register, reset
from lightsail_moto.models.environment import Environment
from tests.integration.deployment import authorise
from tests.support.invariants import Key, Records, Write, foreign, read_records
from tests.support.role import Role

Seed = Callable[[Control], None]
ELAPSE = "Elapse"
"""No request: time passes. Its parameter is a number of minutes."""
_CONSTANT = re.compile("Get(Bundles|KeyPairs|Regions|Domains|LoadBalancers|Distributions)")


@dataclass(frozen=True)
class Answer:
    """What came back for a request."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Request:
    """One request to Lightsail. body: its parameters as JSON."""

    region: str
    operation: str
    body: str

    @classmethod
    def of(cls, region: str, operation: str, **parameters: Any) -> Request:
        return cls(region, operation, json.dumps(parameters, sort_keys=True))

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def is_write(self) -> bool:
        return not self.operation.startswith("Get")

    @property
    def is_constant(self) -> bool:
        """Whether no write of any world changes the answer."""
        return _CONSTANT.fullmatch(self.operation) is not None

    def writes(self, before: Records, after: Records) -> Iterator[Write]:
        """What it deletes or changes."""
        if self.operation.startswith(("Delete", "Tag", "Put", "Close")):
            for name in self.parameters.values():
                key = (self.region, str(name))
                if found := before.get(key):
                    yield Write(self.operation, key, found.tags, found != after.get(key))

    def __str__(self) -> str:
        return f"{self.operation} in {self.region} {self.body}"


@dataclass(eq=False)
class State:
    """A state of the account. saved: how to come back to it. theirs: what people have."""

    saved: bytes
    records: Records
    theirs: frozenset[Key]
    _after: dict[tuple[Request, bool], tuple[Answer, State]] = field(default_factory=dict)


class Account:
    """The account. Every request is answered once in each state; then it is remembered.

    Ids and ARNs are derived from the request that makes them, and lists are in the order of their
    names, so that the order of requests leaves no trace that does not matter.
    """

    def __init__(
        self, seed: Seed, role: Role, regions: tuple[str, ...], now: datetime, ids: _Ids
    ) -> None:
        self._role, self._ids, self._asking = role, ids, False
        self._control = control()
        self._control.page_size = 1000
        self._control.clock.set(now)
        self._ids.begin("the seed")
        seed(self._control)
        self._control.on_request(self._authorise)
        self._backends = [self._control.backends[region] for region in regions]
        self._events = {
            region: boto3.client("lightsail", region_name=region).meta.events for region in regions
        }
        self._states: dict[str, State] = {}
        self.initial = self._at = self._state(frozenset(), as_owner=True)

    def send(self, state: State, request: Request, *, as_owner: bool) -> tuple[Answer, State]:
        """Answer a request in a state; returns the answer and the state after it.

        as_owner: a person asks, and not the function in its role.
        """
        asked = (request, as_owner)
        if asked not in state._after:
            if self._at is not state:
                self._restore(state)
            answer = self._send(request, as_owner=as_owner)
            if request.is_write and answer.status == 200:
                self._at = self._state(state.theirs, as_owner=as_owner, before=state)
            state._after[asked] = answer, self._at
        return state._after[asked]

    def _state(
        self, theirs: frozenset[Key], *, as_owner: bool, before: State | None = None
    ) -> State:
        """The state that the account is in now."""
        records = read_records(self._control)
        now = self._control.clock.now()
        identity = "\n".join((str(now), *(each.text for each in records.values())))
        if identity not in self._states:
            if before is None:
                theirs = foreign(records)
            elif as_owner:
                theirs |= frozenset(records) - frozenset(before.records)
            parts = [(each.store, each.operation_log) for each in self._backends]
            with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
                saved = pickle.dumps((now, parts))
            self._states[identity] = State(saved, records, theirs & frozenset(records))
        return self._states[identity]

    def _restore(self, state: State) -> None:
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            now, parts = pickle.loads(state.saved)  # noqa: S301
        self._control.clock.set(now)
        for backend, (store, operation_log) in zip(self._backends, parts, strict=True):
            backend.store, backend.operation_log = store, operation_log
        self._at = state

    def _send(self, request: Request, *, as_owner: bool) -> Answer:
        if request.operation == ELAPSE:
            self._control.clock.advance(minutes=request.parameters["minutes"])
            return Answer(200, b"{}")
        self._asking = not as_owner
        self._ids.begin(str(request))
        event = f"before-send.lightsail.{request.operation}"
        responses = self._events[request.region].emit(event, request=_to_http(request))
        response = next(each for _, each in responses if each is not None)
        self._control.calls.clear()
        return Answer(response.status_code, _in_order(response.content))

    def _authorise(self, call: Call, phase: str) -> None:
        if phase == "before" and self._asking:
            authorise(self._role, call)


class _Ids:
    """Ids and IP addresses that depend on the request alone."""

    def begin(self, what: str) -> None:
        self._what, self._numbers = what, count()

    def address(self) -> str:
        return str(IPv4Address(self().int % 2**32))

    def __call__(self) -> uuid.UUID:
        digest = sha256(f"{self._what} {next(self._numbers)}".encode()).digest()
        return uuid.UUID(bytes=digest[:16], version=4)


@contextmanager
def open_account(
    seed: Seed, role: Role, regions: tuple[str, ...], now: datetime
) -> Iterator[Account]:
    """Open an account in the state that the seed makes."""
    register()
    with mock_aws():
        reset()
        ids = _Ids()
        with (
            patch.object(mock_random, "uuid4", ids),
            patch.object(Environment, "new_ip_address", lambda _: ids.address()),
        ):
            yield Account(seed, role, regions, now, ids)


def _to_http(request: Request) -> Any:
    scope = f"testing/20260302/{request.region}/lightsail/aws4_request"
    headers = {
        "X-Amz-Target": f"Lightsail_20161128.{request.operation}",
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    url = f"https://lightsail.{request.region}.amazonaws.com/"
    return AWSRequest("POST", url, headers=headers, data=request.body).prepare()


def _in_order(body: bytes) -> bytes:
    """The same answer with its resources in the order of their names."""
    read = json.loads(body)
    for member, value in read.items():
        if isinstance(value, list) and value and "name" in value[0]:
            read[member] = sorted(value, key=lambda each: each["name"])
    return json.dumps(read, sort_keys=True).encode()
