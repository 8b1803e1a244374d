"""The pace is estimated from throttled requests; the service here is a token bucket."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

import pytest

from snapshotter.lightsail import pacing
from snapshotter.lightsail.clients import FIRST_PAUSE_S
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT, Pacer
from tests.support.soak import SOAK
from tests.support.virtual_time import VirtualCondition, VirtualTime

NO_LIMIT = 1e6
MORE_THREADS = 2 * MOST_IN_FLIGHT


@dataclass
class Service:
    """Admits `rate` requests a second, and `burst` at once. It responds after about 100 ms."""

    time: VirtualTime
    rate: float
    burst: float
    admitted: list[bool] = field(default_factory=list)
    most_in_flight: int = 0
    _in_flight: int = 0
    _at: float = 0.0

    def __post_init__(self) -> None:
        self._tokens = self.burst
        self._random = random.Random(7)

    def request(self) -> bool:
        """Handle a request; return whether it was admitted."""
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        self.time.sleep(self._random.uniform(0.08, 0.12))
        self._in_flight -= 1
        earned = (self.time.now - self._at) * self.rate
        self._tokens, self._at = min(self.burst, self._tokens + earned), self.time.now
        admitted = self._tokens >= 1
        self._tokens -= admitted
        self.admitted.append(admitted)
        return admitted

    @property
    def throttled_share(self) -> float:
        return self.admitted.count(False) / len(self.admitted)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> VirtualTime:
    time = VirtualTime()
    monkeypatch.setattr(pacing, "Condition", lambda: VirtualCondition(time))
    return time


def a_pacer(time: VirtualTime, *, ends_at: float = float("inf")) -> Pacer:
    return Pacer(lambda: ends_at - time.now, time.monotonic)


def send(
    service: Service,
    pacer: Pacer,
    count: int,
    *,
    threads: int = 12,
    also: Callable[[], None] | None = None,
) -> float:
    """Send requests from several threads until `count` are admitted; return the seconds it took."""
    time, left = service.time, iter(range(count))

    def work() -> None:
        for _ in left:
            while not send_once(service, pacer):
                time.sleep(FIRST_PAUSE_S)

    started = time.now
    time.run([*([work] * threads), *([also] if also else [])])
    return time.now - started


def send_once(service: Service, pacer: Pacer) -> bool:
    pacer.begin()
    admitted = service.request()
    pacer.end(throttled=not admitted)
    return admitted


@pytest.mark.parametrize(
    ("rate", "burst_s"),
    list(product((2, 5, 10, 20, 50), (0.5, 1, 2, 5)))
    if SOAK
    else [(2, 0.5), (2, 5), (10, 1), (50, 0.5), (50, 5)],
)
def test_pace_comes_close_to_an_unknown_rate(
    time: VirtualTime, rate: float, burst_s: float
) -> None:
    service = Service(time, rate, burst=max(2, rate * burst_s))

    seconds = send(service, a_pacer(time), 300)

    assert seconds < 1.15 * 300 / rate


@pytest.mark.parametrize("rate", [5, 10, 20])
def test_with_a_burst_of_one_second_few_requests_and_little_time_are_lost(
    time: VirtualTime, rate: float
) -> None:
    service = Service(time, rate, burst=rate)

    seconds = send(service, a_pacer(time), 200, threads=MOST_IN_FLIGHT)

    assert service.throttled_share < 0.05
    assert seconds < 1.05 * 200 / rate


def test_without_a_limit_requests_are_not_delayed(time: VirtualTime) -> None:
    service = Service(time, NO_LIMIT, NO_LIMIT)

    seconds = send(service, a_pacer(time), 200, threads=MOST_IN_FLIGHT)

    assert seconds < 200 * 0.1 / 8


def test_pace_rises_when_the_limit_is_lifted(time: VirtualTime) -> None:
    service = Service(time, rate=5, burst=5)
    pacer = a_pacer(time)
    limited = send(service, pacer, 150)
    service.rate = service.burst = NO_LIMIT

    lifted = send(service, pacer, 400)

    assert limited / 150 > 2.5 * lifted / 400


def test_pace_falls_when_the_limit_falls(time: VirtualTime) -> None:
    service = Service(time, rate=20, burst=20)
    pacer = a_pacer(time)
    send(service, pacer, 300)
    service.rate = service.burst = 5

    assert send(service, pacer, 300) < 1.15 * 300 / 5
    assert service.throttled_share < 0.05


@pytest.mark.parametrize(
    ("rate", "count", "most"),
    [(5, 200, MOST_IN_FLIGHT), (NO_LIMIT, 200, MOST_IN_FLIGHT), (NO_LIMIT, 4, 4)],
)
def test_concurrent_requests_never_exceed_the_window_and_begin_a_few_at_a_time(
    time: VirtualTime, rate: float, count: int, most: int
) -> None:
    service = Service(time, rate, burst=rate)

    send(service, a_pacer(time), count, threads=MORE_THREADS)

    assert service.most_in_flight <= most


@pytest.mark.parametrize("throttled", [False, True], ids=["no-free-slot", "slowest-pace"])
def test_no_request_waits_past_the_deadline(time: VirtualTime, throttled: bool) -> None:
    pacer = a_pacer(time, ends_at=10.0)
    released: list[float] = []

    def work() -> None:
        while time.now < 10:
            pacer.begin()
            released.append(time.now)
            if throttled:
                pacer.end(throttled=True)
            else:
                return

    time.run([work] * MORE_THREADS)

    assert len(released) >= MORE_THREADS
    assert max(released) == pytest.approx(10.0)


def test_no_thread_waits_forever_when_all_requests_are_throttled_for_a_while(
    time: VirtualTime,
) -> None:
    service = Service(time, rate=0.0, burst=1)

    def lift_the_limit() -> None:
        time.sleep(60)
        service.rate = service.burst = 10

    send(service, a_pacer(time), 100, threads=MORE_THREADS, also=lift_the_limit)

    assert service.admitted.count(True) == 100
