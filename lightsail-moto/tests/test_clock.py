"""The account's clock."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from moto import mock_aws

from lightsail_moto import Control, control

from .support import NOW, Client


def test_it_runs_with_real_time_until_it_is_set() -> None:
    with mock_aws():
        clock = control().clock

        assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_can_be_advanced_running_or_stopped() -> None:
    with mock_aws():
        clock = control().clock
        clock.advance(timedelta(days=1), hours=1)
        ahead = clock.now() - datetime.now(UTC)

        clock.set(NOW)
        stepped = clock.advance(seconds=1, minutes=1)

        assert timedelta(hours=24, minutes=59) < ahead <= timedelta(hours=25)
        assert stepped == clock.now() == NOW + timedelta(seconds=61)


def test_run_starts_it_again_from_its_reading() -> None:
    with mock_aws():
        clock = control().clock
        clock.set(NOW)

        clock.run()

        assert NOW <= clock.now() < NOW + timedelta(seconds=5)


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

    client.create_disk(diskName="data", availabilityZone="us-east-1a", sizeInGb=8)

    created = client.get_disk(diskName="data")["disk"]["createdAt"]
    assert created == NOW.replace(microsecond=123_000)


def test_a_duration_by_type_overrides_the_general_one(client: Client, controls: Control) -> None:
    controls.seed.add_instance("web")
    controls.snapshot_seconds = 100
    controls.snapshot_seconds_by_type["DiskSnapshot"] = 10
    client.create_instance_snapshot(instanceName="web", instanceSnapshotName="web-1")
    client.create_disk_snapshot(instanceName="web", diskSnapshotName="root-1")

    controls.clock.advance(seconds=10)

    instance = client.get_instance_snapshot(instanceSnapshotName="web-1")["instanceSnapshot"]
    disk = client.get_disk_snapshot(diskSnapshotName="root-1")["diskSnapshot"]
    assert (instance["state"], disk["state"]) == ("pending", "completed")


def test_reset_restores_the_defaults() -> None:
    with mock_aws():
        before = control()
        before.clock.set(NOW)
        before.page_size = 9
        before.inject(error="Odd")
        before.seed.add_disk("data")
    with mock_aws():
        after = control()

        assert after.page_size == 2
        assert after.world() == {}
        assert after.calls == []
        assert after.clock.now() != NOW
