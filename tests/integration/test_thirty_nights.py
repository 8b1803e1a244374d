"""Thirty nights of virtual time, with everything that can happen to a fleet in a month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from lightsail_moto import Control
from snapshotter.errors import InvalidEvent, SnapshotRunFailed
from snapshotter.model.snapshot import Snapshot
from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import evaluate
from tests.integration.conftest import Client, Deploy
from tests.integration.deployment import Deployment
from tests.support.soak import SOAK
from tests.unit.builders import a_resource, a_snapshot

FIRST = datetime(2026, 2, 1, 4, 50, tzinfo=UTC)
SWEEPS = [timedelta(hours=hours) for hours in ((1, 2, 9, 17) if SOAK else (1, 9))]
POLICIES = {"web": "daily=4 weekly=2", "api": "last=2"}
FAILING_NIGHTS = {7, 8}


@dataclass
class Expected:
    """The points of each series that the policies of their owner keep, computed night by night."""

    points: defaultdict[str, list[Snapshot]] = field(default_factory=lambda: defaultdict(list))

    def take(self, series: str, resource: str, at: datetime) -> None:
        name = f"{resource}-{at:%Y%m%dT%H%M%SZ}"
        if name not in {point.name for point in self.points[series]}:
            self.points[series].append(a_snapshot(name, of=a_resource(resource), at=at))

    def prune(self, now: datetime) -> None:
        for series, points in self.points.items():
            policy = parse_retention(POLICIES.get(series, POLICIES["web"]))
            decisions = evaluate(points, policy, now=now, timezone=UTC)
            self.points[series] = [decision.point for decision in decisions if decision.keep]

    def hold(self, series: str, name: str) -> None:
        self.points[series] = [
            replace(point, tags={**point.tags, "snapshotter:hold": None})
            if point.name == name
            else point
            for point in self.points[series]
        ]

    def names(self) -> set[str]:
        return {point.name for points in self.points.values() for point in points}


def run(deployment: Deployment, action: str, at: datetime) -> None:
    """Invoke as Lambda does: an event whose run raises is delivered once more."""
    event = {"action": action, "scheduledTime": at.isoformat()}
    try:
        deployment(event)
    except SnapshotRunFailed:
        deployment(event)


def names(lightsail: Control) -> set[str]:
    return set(lightsail.world()["us-east-1"].get("InstanceSnapshot", {}))


def test_on_every_day_of_a_month_exactly_the_points_exist_that_the_policies_keep(
    lightsail: Control, deploy: Deploy, client: Client
) -> None:
    seed = lightsail.seed
    lightsail.page_size = 20
    nightly = deploy(Retention=POLICIES["web"])
    web = seed.add_instance("web", tags={"snapshot": None})
    seed.add_instance("api", tags={"snapshot": None, "snapshot:keep": POLICIES["api"]})
    doomed = seed.add_instance("doomed", tags={"snapshot": None})
    by_hand = {
        seed.add_snapshot("before-the-upgrade", web, tags={"by": "hand"}).name,
        seed.add_snapshot("web-20200101T000000Z", web).name,
    }
    expected = Expected()
    alive = {"web": "web", "api": "api", "doomed": "doomed"}

    for night in range(30):
        at = FIRST + timedelta(days=night)
        lightsail.clock.set(at)
        if night in FAILING_NIGHTS:
            lightsail.end_in_error(f"web-{at:%Y%m%dT%H%M%SZ}")
        if night == 10:
            seed.remove(doomed)
            del alive["doomed"]
        if night == 15:
            seed.add_instance("doomed", tags={"snapshot": None})
            alive["namesake"] = "doomed"
        run(nightly, "snapshot", at)
        if night == 20:  # an event of long ago is delivered once more
            long_ago = {"scheduledTime": (FIRST + timedelta(days=3)).isoformat()}
            with pytest.raises(InvalidEvent, match="more than 24 hours in the past"):
                nightly(long_ago, now=at)
        for series, resource in alive.items():
            retried = series == "web" and night in FAILING_NIGHTS
            expected.take(series, resource, at + SWEEPS[0] if retried else at)
        for later in SWEEPS:
            lightsail.clock.set(at + later)
            run(nightly, "sweep", at + later)
        expected.prune(at + SWEEPS[-1])
        if night == 5:
            held = f"web-{FIRST + timedelta(days=4):%Y%m%dT%H%M%SZ}"
            client("us-east-1").tag_resource(resourceName=held, tags=[{"key": "snapshotter:hold"}])
            expected.hold("web", held)

        assert names(lightsail) - by_hand == expected.names(), f"night {night}"
        assert by_hand <= names(lightsail)
