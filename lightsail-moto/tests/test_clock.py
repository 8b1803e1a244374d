"""The account's clock."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from lightsail_moto import Control, control, lightsail_backends
from lightsail_moto.controls.clock import Clock

from .support import NOW, Client


def test_it_runs_with_real_time_until_it_is_set_and_again_from_its_reading() -> None:
    clock = Clock()
    soon = timedelta(seconds=5)
    real = abs(clock.now() - datetime.now(UTC))
    clock.advance(timedelta(days=1), hours=1)
    ahead = clock.now() - datetime.now(UTC)
    clock.set(NOW)
    stepped = clock.advance(seconds=1, minutes=1)
    stopped = clock.now()
    clock.run()

    assert real < soon
    assert abs(ahead - timedelta(hours=25)) < soon
    assert stepped == stopped == NOW + timedelta(seconds=61)
    assert stopped <= clock.now() < stopped + soon


def test_it_follows_another_clock_until_it_is_set(controls: Control) -> None:
    times = iter([NOW, NOW + timedelta(hours=1)])
    controls.clock.follow(lambda: next(times))
    followed = [controls.clock.now(), controls.clock.now()]
    controls.clock.set(NOW)

    assert (followed, controls.clock.now()) == ([NOW, NOW + timedelta(hours=1)], NOW)


def test_it_takes_aware_times_only_and_keeps_them_in_utc(controls: Control) -> None:
    with pytest.raises(ValueError, match="aware"):
        controls.clock.set(datetime(2026, 1, 1))  # noqa: DTZ001 - naive on purpose
    controls.clock.set(NOW.astimezone(timezone(timedelta(hours=9))))

    assert controls.clock.now().utcoffset() == timedelta(0)


def test_times_on_the_wire_have_milliseconds(client: Client, controls: Control) -> None:
    controls.clock.set(NOW.replace(microsecond=123_456))

    controls.seed.add_disk("data")

    created = client.get_disk(diskName="data")["disk"]["createdAt"]
    assert created == NOW.replace(microsecond=123_000)


def test_reset_restores_the_defaults(controls: Control) -> None:
    controls.page_size = 9
    controls.inject(error="Odd")
    controls.seed.add_disk("data")
    lightsail_backends[controls.account_id].reset()  # as moto does in a new mock
    after = control()

    assert (after.page_size, after.world(), after.calls) == (2, {}, [])
    assert after.clock.now() != NOW
