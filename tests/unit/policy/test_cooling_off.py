"""Cooling-off by example: how long an earlier policy keeps points, and what is said of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from snapshotter.model.snapshot import Snapshot
from snapshotter.policy.retention import last_written
from tests.unit.policy.points import DAY, WEEK, a_point, cooled, moment

SECOND = timedelta(seconds=1)
NIGHT = moment("2026-11-23 04:50")


def nights(
    policies: Mapping[Any, str | None], *, created: datetime | None = None
) -> list[Snapshot]:
    """Points by their age in days, which is their name, with the policy that each carries.

    created: when the newest was created, if not at its time.
    """
    newest = min(policies)
    return [
        a_point(
            NIGHT - age * DAY, f"{age:g}", policy=policy, created=created if age == newest else None
        )
        for age, policy in policies.items()
    ]


AFTER = None
"""A week after the next recovery point."""
END = datetime.max.replace(tzinfo=NIGHT.tzinfo)
SOME: dict[int, str | None] = {3: "last=3", 2: "last=3", 1: "last=3"}
LAST: dict[int, str | None] = {3: "last=1", 2: "last=1", 1: "last=1"}
BOTH = "last=1 hourly=1"
"""It keeps the same as last=1, and is another policy."""
NIGHTS: dict[str, tuple[Any, str, datetime | None, str]] = {
    "no-point-since-the-change": (SOME, "2 3", AFTER, "last=3"),
    "from-the-first-point": ({**SOME, 0: "last=1"}, "1 2", NIGHT + WEEK, "last=3"),
    "one-that-keeps-no-more-is-not-named": ({**SOME, 0: BOTH}, "1 2", NIGHT + WEEK, "last=3"),
    "one-that-keeps-no-more-but-shows-the-change": ({2: "last=1", 1: BOTH}, "2", AFTER, BOTH),
    "the-last-end-counts": (
        {4: "last=3", 3: "last=3", 2: BOTH, 1: "last=1"},
        *("2 3", NIGHT - DAY + WEEK, "last=3"),
    ),
    "twice": ({3: "last=3", 2: "last=4", 1: "last=3"}, "2 3", AFTER, "last=3 and last=4"),
    "several-changes": (
        {5: "last=4", 4: "last=3", 3: "last=2", 2: "last=1"},
        *("3 4 5", NIGHT + 5 * DAY, "last=2 and last=3 and last=4"),
    ),
    "the-first-after-it-too": (
        {3: "last=2", 2: "last=1", 1: "last=1", 0: "last=1"},
        *("1 2 3", NIGHT + 5 * DAY, "last=2"),
    ),
}
CREATED = {
    "to-the-last-second": (NIGHT - WEEK + SECOND, "1 2", NIGHT + SECOND, "last=3"),
    "and-no-longer": (NIGHT - WEEK, "", None, ""),
    "at-the-end-of-the-calendar": (END, "1 2", END, "last=3"),
}
FUTURE = {
    "in-the-future": (NIGHT, "2 3", NIGHT + WEEK, "last=3"),
    "in-the-future-and-created-long-ago": (NIGHT - WEEK, "", None, ""),
}


@pytest.mark.parametrize(
    ("points", "held", "until", "earlier"),
    [
        *(pytest.param(nights(each), *found, id=case) for case, (each, *found) in NIGHTS.items()),
        *(
            pytest.param(nights({**SOME, 0: "last=1"}, created=created), *found, id=case)
            for case, (created, *found) in CREATED.items()
        ),
        *(
            pytest.param(nights({**LAST, -1: "last=3"}, created=created), *found, id=case)
            for case, (created, *found) in FUTURE.items()
        ),
    ],
)
def test_points_are_held_until_a_week_after_the_first_point_under_last_1_was_created(
    points: list[Snapshot], held: str, until: datetime | None, earlier: str
) -> None:
    found = cooled(points[::-1], "last=1", NIGHT)

    assert " ".join(point.name for point in found.held) == held
    assert found.until == until
    assert " and ".join(str(policy) for policy in found.earlier) == earlier


@pytest.mark.parametrize(
    ("ages", "reasons"),
    [
        ((40, 20, 1, 0), {"0": "newest, monthly", "20": "policy change", "40": "monthly"}),
        ((70, 40, 35, 0), {"0": "newest, monthly", "35": "monthly", "70": "monthly"}),
    ],
)
def test_first_point_under_a_policy_stays_while_the_change_would_look_recent_without_it(
    ages: tuple[int, ...], reasons: dict[str, str]
) -> None:
    points = nights({age: "monthly=12" if age < max(ages) else "daily=9" for age in ages})

    found = cooled(points, "monthly=12", NIGHT)

    assert {each.point.name: each.reason for each in found.decisions if each.keep} == reasons
    assert found.held == ()


@pytest.mark.parametrize(
    ("policies", "found"),
    [
        ({2: "last=9", 1: "last=1"}, "last=1"),
        ({3: "last=9", 2: "last=4", 1: None, 0: "for ever"}, "last=4"),
        ({2: None, 1: ""}, "None"),
        ({}, "None"),
    ],
)
def test_policy_last_written_is_that_of_the_newest_point_that_has_one(
    policies: dict[float, str | None], found: str
) -> None:
    points = nights(policies) if policies else []

    assert str(last_written(points)) == str(last_written(points[::-1])) == found
