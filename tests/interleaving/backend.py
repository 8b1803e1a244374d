"""The account as a graph of states: one for each world that writes have led to."""

from __future__ import annotations

import json
import uuid
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
from lightsail_moto.exceptions import AccessDenied
from lightsail_moto.models.environment import Environment
from snapshotter.model.firewall import from_ports, to_tags
from snapshotter.model.tags import FIREWALL
from tests.interleaving.requests import ELAPSE, TYPES, Answer, Request
from tests.support.role import Role

READY = ("available", "completed", "running", "in-use")
Seed = Callable[[Control], None]
Key = tuple[str, str]
"""A region and a name."""


@dataclass(frozen=True)
class Record:
    """One resource or snapshot as a list shows it."""

    region: str
    type: str
    name: str
    state: str
    tags: Mapping[str, str | None]
    created_at: float
    firewall: str = ""
    attached_to: str | None = None

    @property
    def is_snapshot(self) -> bool:
        return self.type.endswith("Snapshot")


@dataclass(eq=False)
class State:
    """A state of the account.

    trail: the writes that led to it from the seed, each with whether a person made it. text: all
    lists. theirs: what people made since the seed.
    """

    trail: tuple[tuple[Request, bool], ...]
    text: str
    theirs: frozenset[Key] = frozenset()
    _after: dict[tuple[Request, bool], tuple[Answer, State]] = field(default_factory=dict)

    @cached_property
    def records(self) -> Mapping[Key, Record]:
        """All there is, by region and name."""
        return {(each.region, each.name): each for each in _records(json.loads(self.text))}


class Backend:
    """The account. Every request is answered once in each state; then it is remembered.

    Ids and ARNs are derived from the request that makes them, and lists are in the order of their
    names, so that the order of requests which commute leaves no trace.
    """

    def __init__(
        self, seed: Seed, role: Role, regions: tuple[str, ...], now: datetime, ids: _Ids
    ) -> None:
        self._seed, self._role, self._regions, self._now = seed, role, regions, now
        self._ids = ids
        self._events = {
            region: boto3.client("lightsail", region_name=region).meta.events for region in regions
        }
        self._asking: Request | None = None
        self._states: dict[str, State] = {}
        self._at: State | None = None
        self._rebuild(())
        self.initial = self._state((), None)

    def send(self, state: State, request: Request, *, as_owner: bool) -> tuple[Answer, State]:
        """Answer a request in a state; returns the answer and the state after it.

        as_owner: a person asks, and not the function in its role.
        """
        asked = (request, as_owner)
        if asked not in state._after:
            if self._at is not state:
                self._rebuild(state.trail)
                self._at = state
            answer = self._send(request, as_owner=as_owner)
            changed = request.is_write and answer.status == 200
            after = self._state((*state.trail, asked), state) if changed else state
            state._after[asked] = answer, after
        return state._after[asked]

    def _state(self, trail: tuple[tuple[Request, bool], ...], before: State | None) -> State:
        """The state that the backend is in now."""
        text = json.dumps([control().clock.now().isoformat(), *self._lists()])
        if text not in self._states:
            state = self._states[text] = State(trail, text)
            if before is not None:
                made = state.records.keys() - before.records.keys() if trail[-1][1] else set()
                state.theirs = (before.theirs | made) & state.records.keys()
        self._at = self._states[text]
        return self._at

    def _lists(self) -> Iterator[Any]:
        for region in self._regions:
            for each in (*TYPES, "StaticIp"):
                body = self._send(Request(region, f"Get{each}s", "{}"), as_owner=True).body
                yield from json.loads(body).values()

    def _rebuild(self, trail: tuple[tuple[Request, bool], ...]) -> None:
        reset()
        account = control()
        account.clock.set(self._now)
        account.page_size = 1000
        self._ids.begin("the seed")
        self._seed(account)
        account.on_request(self._authorise)
        for request, as_owner in trail:
            self._send(request, as_owner=as_owner)

    def _send(self, request: Request, *, as_owner: bool) -> Answer:
        if request.operation == ELAPSE:
            control().clock.advance(minutes=request.parameters["minutes"])
            return Answer(200, b"{}")
        self._asking = None if as_owner else request
        self._ids.begin(str(request))
        event = f"before-send.lightsail.{request.operation}"
        responses = self._events[request.region].emit(event, request=_to_http(request))
        response = next(each for _, each in responses if each is not None)
        return Answer(response.status_code, _in_order(response.content))

    def _authorise(self, call: Call, phase: str) -> None:
        """Refuse what the stack's role does not allow."""
        if phase != "before" or self._asking is None:
            return
        for arn in call.resources or ("*",):
            if not self._role.allows(
                call.action,
                region=call.region,
                resources=[arn],
                request_tags=call.request_tags,
                resource_tags=call.resource_tags.get(arn, {}),
            ):
                raise AccessDenied(f"the role does not allow {call.action} on {arn}")


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
def backend(seed: Seed, role: Role, regions: tuple[str, ...], now: datetime) -> Iterator[Backend]:
    """Open an account in the state that the seed makes."""
    register()
    with mock_aws():
        ids = _Ids()
        with (
            patch.object(mock_random, "uuid4", ids),
            patch.object(Environment, "new_ip_address", lambda _: ids.address()),
        ):
            yield Backend(seed, role, regions, now, ids)


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


def _firewall(ports: Any) -> str:
    return (to_tags(from_ports(ports)) or {}).get(FIREWALL) or ""


def _records(lists: list[Any]) -> Iterator[Record]:
    for found in lists[1:]:
        for each in found:
            state = each.get("state", "")
            yield Record(
                region=each["location"]["regionName"],
                type=each["resourceType"],
                name=each["name"],
                state=state["name"] if isinstance(state, dict) else state,
                tags={tag["key"]: tag.get("value") for tag in each.get("tags", ())},
                created_at=each["createdAt"],
                firewall=_firewall(each.get("networking", {}).get("ports", ())),
                attached_to=each.get("attachedTo"),
            )
