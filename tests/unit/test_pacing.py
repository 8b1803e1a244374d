"""The pace is found out by being refused; the service here counts tokens in virtual time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from snapshotter.lightsail import pacing
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT, Pacer
from tests.unit.virtual_time import VirtualCondition, World

NO_LIMIT = 1e6
MORE_THREADS = 2 * MOST_IN_FLIGHT


@dataclass
class Service:
    """Admits `rate` requests a second, and `burst` at once. It answers after some 100 ms."""

    world: World
    rate: float
    burst: float
    answers: list[bool] = field(default_factory=list)
    most_in_flight: int = 0
    _in_flight: int = 0
    _at: float = 0.0

    def __post_init__(self) -> None:
        self._tokens = self.burst
        self._random = random.Random(7)

    def request(self) -> bool:
        """Take a request's time, and tell whether it was admitted."""
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        self.world.sleep(self._random.uniform(0.08, 0.12))
        self._in_flight -= 1
        earned = (self.world.now - self._at) * self.rate
        self._tokens, self._at = min(self.burst, self._tokens + earned), self.world.now
        admitted = self._tokens >= 1
        self._tokens -= admitted
        self.answers.append(admitted)
        return admitted

    def back_off(self, attempt: int) -> None:
        """Wait as botocore's standard retries do."""
        self.world.sleep(self._random.random() * min(2**attempt, 20))

    @property
    def refused_share(self) -> float:
        return self.answers.count(False) / len(self.answers)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(pacing, "Condition", lambda: VirtualCondition(world))
    return world


def a_pacer(world: World, *, ends_at: float = float("inf")) -> Pacer:
    return Pacer(lambda: ends_at - world.now, world.monotonic)


def send(
    service: Service,
    pacer: Pacer,
    count: int,
    *,
    threads: int = 12,
    also: Callable[[], None] | None = None,
) -> float:
    """Have so many requests admitted by some threads, and say how many seconds that took."""
    world, left = service.world, iter(range(count))

    def work() -> None:
        for _ in left:
            attempt = 0
            while not once(service, pacer):
                service.back_off(attempt)
                attempt += 1

    began = world.now
    world.run([*([work] * threads), *([also] if also else [])])
    return world.now - began


def once(service: Service, pacer: Pacer) -> bool:
    pacer.begin()
    admitted = service.request()
    pacer.end(throttled=not admitted)
    return admitted


@pytest.mark.parametrize("seconds_saved_up", [0.5, 1, 2, 5])
@pytest.mark.parametrize("rate", [2, 5, 10, 20, 50])
def test_pace_comes_close_to_an_unknown_rate(
    world: World, rate: float, seconds_saved_up: float
) -> None:
    service = Service(world, rate, burst=max(2, rate * seconds_saved_up))

    seconds = send(service, a_pacer(world), 300)

    assert seconds < 1.15 * 300 / rate


@pytest.mark.parametrize("rate", [5, 10, 20])
def test_few_requests_are_refused_where_a_second_is_saved_up(world: World, rate: float) -> None:
    service = Service(world, rate, burst=rate)

    send(service, a_pacer(world), 200, threads=MOST_IN_FLIGHT)

    assert service.refused_share < 0.05


def test_nothing_is_held_back_where_there_is_no_limit(world: World) -> None:
    service = Service(world, NO_LIMIT, NO_LIMIT)

    seconds = send(service, a_pacer(world), 200, threads=MOST_IN_FLIGHT)

    assert seconds < 200 * 0.1 / 8


def test_pace_grows_again_once_the_limit_is_lifted(world: World) -> None:
    service = Service(world, rate=5, burst=5)
    pacer = a_pacer(world)
    limited = send(service, pacer, 150)
    service.rate = service.burst = NO_LIMIT

    lifted = send(service, pacer, 400)

    assert limited / 150 > 3 * lifted / 400


def test_pace_falls_when_the_limit_does(world: World) -> None:
    service = Service(world, rate=20, burst=20)
    pacer = a_pacer(world)
    send(service, pacer, 300)
    service.rate = service.burst = 5

    assert send(service, pacer, 300) < 1.15 * 300 / 5
    assert service.refused_share < 0.05


@pytest.mark.parametrize("rate", [5, NO_LIMIT])
def test_no_more_requests_are_under_way_than_the_window_holds(world: World, rate: float) -> None:
    service = Service(world, rate, burst=rate)

    send(service, a_pacer(world), 200, threads=MORE_THREADS)

    assert service.most_in_flight <= MOST_IN_FLIGHT


def test_first_requests_go_out_a_few_at_a_time(world: World) -> None:
    service = Service(world, NO_LIMIT, NO_LIMIT)

    send(service, a_pacer(world), 4, threads=MORE_THREADS)

    assert service.most_in_flight <= 4


def test_no_request_waits_for_its_turn_past_the_deadline(world: World) -> None:
    """Each lets go at the deadline at the latest; none is left waiting."""
    pacer = a_pacer(world, ends_at=3.0)
    let_go: list[float] = []

    def wait_for_a_turn_that_never_comes() -> None:
        pacer.begin()
        let_go.append(world.now)

    world.run([wait_for_a_turn_that_never_comes] * MORE_THREADS)

    assert len(let_go) == MORE_THREADS
    assert max(let_go) == pytest.approx(3.0)


def test_no_request_sleeps_past_the_deadline_at_the_slowest_pace(world: World) -> None:
    pacer = a_pacer(world, ends_at=10.0)
    let_go: list[float] = []

    def be_refused() -> None:
        while world.now < 10:
            pacer.begin()
            let_go.append(world.now)
            pacer.end(throttled=True)

    world.run([be_refused] * MOST_IN_FLIGHT)

    assert max(let_go) == pytest.approx(10.0)


def test_no_thread_is_left_waiting_when_everything_is_refused_for_a_while(world: World) -> None:
    service = Service(world, rate=0.0, burst=1)

    def relent() -> None:
        world.sleep(60)
        service.rate = service.burst = 10

    send(service, a_pacer(world), 100, threads=MORE_THREADS, also=relent)

    assert service.answers.count(True) == 100
