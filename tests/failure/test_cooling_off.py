"""A night that fails while a policy is reduced must not end the cooling-off."""

from __future__ import annotations

from datetime import timedelta

from lightsail_moto import Control
from tests.failure.managed import EAST, SELECTED, add_managed
from tests.integration.conftest import NIGHT, Deploy

DAY = timedelta(days=1)
FRIDAY = NIGHT + 4 * DAY


def test_failed_snapshot_with_the_earlier_policy_does_not_end_its_cooling_off(
    lightsail: Control, deploy: Deploy
) -> None:
    """The failed snapshot is deleted; the point before it still carries the earlier policy."""
    lightsail.clock.set(FRIDAY)
    web = lightsail.seed.add_instance("web", tags=SELECTED)
    for days in (60, 30, 2, 1):
        state = "error" if days == 1 else None
        add_managed(lightsail, web, FRIDAY - days * DAY, state=state, retention="weekly=12")
    stack = deploy(Retention="last=1")

    for night in range(3):
        stack.nightly(FRIDAY + night * DAY)
        lightsail.clock.advance(days=1)

    assert sorted(lightsail.world()[EAST]["InstanceSnapshot"]) == [
        f"web-{FRIDAY + days * DAY:%Y%m%dT%H%M%SZ}" for days in (-60, -30, -2, 1, 2)
    ]
