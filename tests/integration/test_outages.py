"""Outages are waited out, call by call, as long as the function has time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, HTTPClientError, ReadTimeoutError

from lightsail_moto import Call, Control
from lightsail_moto.exceptions import BareStatus, ConnectionDropped, LightsailError
from snapshotter.errors import OutOfTime
from snapshotter.lightsail import pacing
from snapshotter.lightsail.clients import Client, Clients, new_session
from snapshotter.lightsail.pacing import (
    MOST_IN_FLIGHT,
    READ_RESERVE_S,
    WRITE_RESERVE_S,
    Deadline,
    Pacer,
)
from snapshotter.lightsail.reads import list_addresses, list_resources
from snapshotter.lightsail.refusals import name_is_taken
from snapshotter.lightsail.writes import create_snapshot
from snapshotter.model.kinds import INSTANCE
from tests.support.virtual_time import VirtualCondition, VirtualTime

EAST = "us-east-1"
HANG_S = 15.0
"""The read timeout."""

Failing = Callable[[VirtualTime], Exception]


def _hang(time: VirtualTime) -> Exception:
    time.sleep(HANG_S)
    return ReadTimeoutError(endpoint_url="https://lightsail.us-east-1.amazonaws.com")


OUTAGES: dict[str, Failing] = {
    "500": lambda _: BareStatus(500),
    "503": lambda _: BareStatus(503),
    "service-exception": lambda _: LightsailError("An error.", error="ServiceException"),
    "request-timeout": lambda _: LightsailError("Late.", error="RequestTimeoutException"),
    "closed": lambda _: ConnectionDropped("closed"),
    "hangs": _hang,
}
every_outage = pytest.mark.parametrize("failing", OUTAGES.values(), ids=OUTAGES)


def _throttle(_: VirtualTime) -> Exception:
    return LightsailError("Rate exceeded", error="ThrottlingException")


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> VirtualTime:
    time = VirtualTime()
    monkeypatch.setattr("time.sleep", time.sleep)
    monkeypatch.setattr(pacing, "Condition", lambda: VirtualCondition(time))
    paced = partial(Pacer, monotonic=time.monotonic)
    monkeypatch.setattr("snapshotter.lightsail.clients.Pacer", paced)
    return time


@cache
def _session() -> boto3.Session:
    return new_session()


def a_client(time: VirtualTime, *, timeout_s: float = 900) -> Client:
    clients = Clients(_session(), Deadline(lambda: (timeout_s - time.now) * 1000))
    clients.prepare([EAST])
    return clients[EAST]


def fail(
    lightsail: Control,
    time: VirtualTime,
    failing: Failing,
    *,
    until: float = float("inf"),
    when: str = "before",
) -> None:
    """Let every call fail until a time."""

    def callback(_: Call, phase: str) -> None:
        if phase == when and time.now < until:
            raise failing(time)

    lightsail.on_request(callback)


def times_of_attempts(lightsail: Control, time: VirtualTime) -> list[float]:
    began: list[float] = []
    lightsail.on_request(lambda _, phase: began.append(time.now) if phase == "before" else None)
    return began


def create(client: Client, name: str = "web-1") -> None:
    create_snapshot(client, INSTANCE, source="web", name=name, tags={"snapshotter:policy": "x"})


def run(time: VirtualTime, *work: Callable[[], object]) -> list[Exception]:
    """Run in virtual time; return what was raised."""
    raised: list[Exception] = []

    def attempt(function: Callable[[], object]) -> None:
        try:
            function()
        except Exception as error:
            raised.append(error)

    time.run([partial(attempt, function) for function in work])
    return raised


def create_or_find(client: Client, name: str) -> None:
    """Create a snapshot; it may exist where the answer to the first attempt was lost."""
    try:
        create(client, name)
    except ClientError as error:
        if not name_is_taken(error):
            raise


@pytest.mark.parametrize(
    ("way", "when"), [("500", "before"), ("hangs", "before"), ("closed", "after")]
)
def test_a_minute_of_an_outage_costs_none_of_200_creates(
    lightsail: Control, time: VirtualTime, way: str, when: str
) -> None:
    lightsail.seed.add_instance("web")
    fail(lightsail, time, OUTAGES[way], until=60, when=when)
    client = a_client(time)
    names = iter([f"web-{n}" for n in range(200)])

    def work() -> None:
        for name in names:
            create_or_find(client, name)

    assert run(time, *[work] * MOST_IN_FLIGHT) == []
    assert len(lightsail.world()[EAST]["InstanceSnapshot"]) == 200


@pytest.mark.parametrize("when", ["before", "after"])
@every_outage
def test_whatever_may_pass_is_tried_again(
    lightsail: Control, time: VirtualTime, failing: Failing, when: str
) -> None:
    lightsail.seed.add_instance("web")
    fail(lightsail, time, failing, until=1, when=when)
    client = a_client(time)

    assert run(time, lambda: create_or_find(client, "web-1")) == []
    assert "web-1" in lightsail.world()[EAST]["InstanceSnapshot"]


@pytest.mark.parametrize("body", [b"[]", b'"Bad gateway"', b"\xff"])
def test_an_error_with_an_unreadable_body_is_tried_again(
    lightsail: Control, time: VirtualTime, body: bytes
) -> None:
    lightsail.seed.add_instance("web")
    fail(lightsail, time, OUTAGES["503"], until=1)
    client = a_client(time)

    def before_parse(response_dict: dict[str, Any], **_: object) -> None:
        if response_dict["status_code"] == 503:
            response_dict["body"] = body

    client.meta.events.register("before-parse.lightsail", before_parse)

    assert run(time, lambda: create(client)) == []


@pytest.mark.parametrize("failing", [OUTAGES["500"], OUTAGES["closed"]], ids=["500", "closed"])
@pytest.mark.parametrize(
    ("call", "patience_s"),
    [(lambda client: list_resources(client, INSTANCE, EAST), 120), (create, 300)],
    ids=["read", "write"],
)
def test_a_call_that_always_fails_is_repeated_with_growing_pauses_and_ends_with_its_error(
    lightsail: Control,
    time: VirtualTime,
    failing: Failing,
    call: Callable[[Client], object],
    patience_s: float,
) -> None:
    lightsail.seed.add_instance("web")
    at = times_of_attempts(lightsail, time)
    fail(lightsail, time, failing)
    client = a_client(time)

    (error,) = run(time, lambda: call(client))

    assert isinstance(error, ClientError | HTTPClientError)
    assert time.now == pytest.approx(patience_s)
    pauses = [after - before for before, after in pairwise(at)]
    assert pauses[:-1] == sorted(pauses[:-1])
    assert (pauses[0], max(pauses)) == (0.5, 20)


@every_outage
def test_no_attempt_begins_that_could_not_end_before_the_function(
    lightsail: Control, time: VirtualTime, failing: Failing
) -> None:
    lightsail.seed.add_instance("web")
    began = times_of_attempts(lightsail, time)
    fail(lightsail, time, failing)
    client = a_client(time, timeout_s=100)

    (error,) = run(time, lambda: create(client))

    assert isinstance(error, OutOfTime)
    assert max(began) < 100 - WRITE_RESERVE_S
    assert time.now <= max(began) + HANG_S


@pytest.mark.parametrize("timeout_s", [10, 40, 900])
def test_a_request_that_hangs_ends_before_the_function(time: VirtualTime, timeout_s: float) -> None:
    config: Any = a_client(time, timeout_s=timeout_s).meta.config

    # To connect, for the handshake of TLS, and to read.
    longest_s = 2 * config.connect_timeout + config.read_timeout
    assert longest_s <= min(READ_RESERVE_S, 0.7 * timeout_s)


def test_a_throttled_write_is_tried_again_as_long_as_the_function_has_time(
    lightsail: Control, time: VirtualTime
) -> None:
    lightsail.seed.add_instance("web")
    fail(lightsail, time, _throttle, until=400)
    client = a_client(time, timeout_s=500)

    assert run(time, lambda: create(client)) == []


def test_a_throttled_list_leaves_time_for_the_writes(lightsail: Control, time: VirtualTime) -> None:
    fail(lightsail, time, _throttle)
    client = a_client(time)

    (error,) = run(time, lambda: list_addresses(client))

    assert isinstance(error, ClientError)
    assert time.now < 125


REFUSALS = (
    "AccessDeniedException ExpiredTokenException InvalidInputException NotFoundException "
    "OperationFailureException RegionSetupInProgressException UnrecognizedClientException"
)


@pytest.mark.parametrize("code", REFUSALS.split())
def test_what_would_be_refused_again_is_not_tried_again(
    lightsail: Control, time: VirtualTime, code: str
) -> None:
    fail(lightsail, time, lambda _: LightsailError("No.", error=code))
    client = a_client(time)

    (error,) = run(time, lambda: create(client))

    assert isinstance(error, ClientError)
    assert (error.response["Error"]["Code"], len(lightsail.calls)) == (code, 1)


def test_invalid_parameters_are_not_sent(lightsail: Control, time: VirtualTime) -> None:
    client = a_client(time)

    (error,) = run(time, lambda: client.get_instance(instanceName=5))  # type: ignore[arg-type]

    assert type(error).__name__ == "ParamValidationError"
    assert lightsail.calls == []


def test_answers_that_cannot_be_read_leave_room_for_other_calls(
    lightsail: Control, time: VirtualTime
) -> None:
    client = a_client(time)
    malformed = iter(range(MOST_IN_FLIGHT))

    def fail_to_parse(**_: object) -> None:
        if next(malformed, None) is not None:
            raise ValueError("unreadable")

    client.meta.events.register("before-parse.lightsail", fail_to_parse)

    reads = [lambda: list_addresses(client)] * (MOST_IN_FLIGHT + 1)

    assert [type(error) for error in run(time, *reads)] == [ValueError] * MOST_IN_FLIGHT
    assert time.now == 0
