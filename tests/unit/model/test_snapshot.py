"""A snapshot says what it is of and when, as far as it can be known; a series is of one source."""

from datetime import UTC, datetime, timedelta
from typing import Any

from snapshotter.model.kinds import DISK, INSTANCE, Status
from snapshotter.model.snapshot import UNKNOWN_TIME, Series, SeriesKey, Snapshot, group
from snapshotter.model.tags import Tags
from tests.unit.builders import EAST, NOW, WEST, a_resource, a_snapshot, an_arn, our_tags
from tests.unit.cases import cases

WEB = a_resource("web")
ARN = an_arn("web")
OF_BEFORE = NOW - timedelta(hours=3)


def a_web(name: str = "web-20261123T015000Z", **given: Any) -> Snapshot:
    return a_snapshot(name, **{"of": WEB, "at": OF_BEFORE, **given})


@cases(
    "snapshot source region name",
    {
        "tagged": (a_web(), ARN, EAST, "web"),
        "the-tag-first": (a_web(from_arn="arn:of:another"), ARN, EAST, "web"),
        "from-lightsail": (a_web(tags={}), ARN, EAST, "web"),
        "copy": (a_web(region=WEST, from_name=None), ARN, EAST, "web"),
        "none": (a_web(tags={}, from_arn=None, arn="itself"), "itself", EAST, "web"),
        "nothing-at-all": (
            a_web("by-hand", tags={}, from_arn=None, from_name=None, arn=""),
            *("us-east-1/by-hand", EAST, "by-hand"),
        ),
    },
)
def test_source_of_a_snapshot(snapshot: Snapshot, source: str, region: str, name: str) -> None:
    found = (snapshot.source_arn, snapshot.source_region, snapshot.source_name)

    assert found == (source, region, name)
    assert snapshot.is_copy == (snapshot.region != region)


@cases(
    "tag created_at time created status",
    {
        "the-tag": ("2026-11-23T01:50:00Z", NOW, OF_BEFORE, NOW, Status.READY),
        "offset": ("2026-11-23T02:50:00+01:00", NOW, OF_BEFORE, NOW, Status.READY),
        "without-offset": ("2026-11-23T01:50:00", NOW, NOW, NOW, Status.READY),
        "unreadable": ("yesterday", NOW, NOW, NOW, Status.READY),
        "key-only": (None, NOW, NOW, NOW, Status.READY),
        "not-created": ("2026-11-23T01:50:00Z", None, OF_BEFORE, OF_BEFORE, Status.READY),
        "no-time-at-all": ("?", None, UNKNOWN_TIME, UNKNOWN_TIME, Status.UNKNOWN),
    },
)
def test_time_of_a_snapshot(
    tag: str | None, created_at: datetime | None, time: datetime, created: datetime, status: Status
) -> None:
    """Without one it is never counted as good."""
    snapshot = a_web(created_at=created_at, tags={"snapshotter:time": tag})

    assert (snapshot.time, snapshot.created, snapshot.status) == (time, created, status)


AT_NOW, NEVER = "2026-11-23T04:50:00Z", (None, None)


@cases(
    "tags marks times seconds",
    {
        "none": ({}, (False, False), NEVER, None),
        "held": ({"hold": None}, (True, False), NEVER, None),
        "proven": ({"verified": AT_NOW, "recovery-seconds": "90"}, (False, True), (NOW, None), 90),
        "unreadable": ({"verified": "?", "recovery-seconds": "-1"}, (False, True), NEVER, None),
        "failed": ({"drill-failed": AT_NOW}, (False, False), (None, NOW), None),
    },
)
def test_what_our_tags_say_of_one_snapshot(
    tags: Tags, marks: tuple[bool, bool], times: tuple[datetime | None, ...], seconds: int | None
) -> None:
    web = a_web(tags={f"snapshotter:{key}": value for key, value in tags.items()})

    assert (web.held, web.verified) == marks
    assert (web.verified_at, web.drill_failed_at) == times
    assert web.recovery_seconds == seconds
    assert web.drilled_at == next(filter(None, times), datetime.min.replace(tzinfo=UTC))


@cases(
    "drills failed",
    {
        "none": ({}, None),
        "failed": ({"a": ("drill-failed", 1)}, "a"),
        "passed-later": ({"a": ("drill-failed", 2), "b": ("verified", 1)}, None),
        "failed-later": ({"a": ("verified", 2), "b": ("drill-failed", 1)}, "b"),
    },
)
def test_failed_drill_speaks_until_a_later_one_of_the_series_has_passed(
    drills: dict[str, tuple[str, int]], failed: str | None
) -> None:
    snapshots = tuple(
        a_web(name, more={f"snapshotter:{tag}": (NOW - timedelta(hours=age)).isoformat()})
        for name, (tag, age) in drills.items()
    )

    found = Series(INSTANCE, ARN, EAST, snapshots).failed_drill

    assert (found.name if found else None) == failed


def test_series_are_of_one_kind_source_and_region_newest_first_and_hold_only_ours() -> None:
    disk = a_resource("web", kind=DISK)
    first, second = a_web("a", at=OF_BEFORE), a_web("b", at=NOW)
    same_time, copy, other = a_web("c", at=NOW), a_web("d", region=WEST), a_web("e", of=disk)
    foreign = (a_web("f", tags={}), a_web("g", tags=our_tags(WEB, NOW, policy="weekly")))

    assert group((first, second, same_time, copy, other, *foreign), "nightly") == {
        SeriesKey("Instance", ARN, EAST): Series(INSTANCE, ARN, EAST, (same_time, second, first)),
        SeriesKey("Instance", ARN, WEST): Series(INSTANCE, ARN, WEST, (copy,)),
        SeriesKey("Disk", disk.arn, EAST): Series(DISK, disk.arn, EAST, (other,)),
    }
