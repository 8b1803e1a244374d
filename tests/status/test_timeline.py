"""Time lines: where a point stands, and what its dot means."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from status.timeline import DOTS, WIDTH, Scale, Timeline, dot_of, draw, fate_of
from tests.status.builders import a_point, a_resource

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
DAY = timedelta(days=1)


def test_scale_goes_from_the_oldest_point_to_now() -> None:
    scale = Scale.over([DAY, 200 * DAY, 30 * DAY])

    assert (scale.x(200 * DAY), scale.x(timedelta(0)), scale.x(-DAY)) == (0, WIDTH, WIDTH)
    ages = [hours * timedelta(hours=1) for hours in range(0, 4800, 6)]
    positions = [scale.x(age) for age in ages]
    assert positions == sorted(set(positions), reverse=True)


def test_ticks_are_the_round_ages_of_the_scale() -> None:
    assert [label for _, label, _ in Scale.over([40 * DAY]).ticks()] == [
        "1 day", "3 days", "1 week", "2 weeks", "1 month",
    ]  # fmt: skip
    assert [label for _, label, _ in Scale.over([]).ticks()] == ["1 day", "3 days", "1 week"]


def test_points_are_drawn_oldest_first_with_a_line_for_each_region() -> None:
    newest = a_point("2026-11-23T04:50:00Z", reason="newest, daily", snapshot="web-2")
    copy = a_point("2026-11-22T04:50:00Z", region="eu-central-1", snapshot="web-1-us-east-1")
    scale = Scale(10)
    x = [scale.x(timedelta(hours=26, minutes=10)), scale.x(timedelta(hours=2, minutes=10))]

    assert draw(a_resource("web", newest, copy), NOW, scale) == Timeline(
        regions=("us-east-1", "eu-central-1"),
        paths={"kept": f"M{x[0]:g} 33h0M{x[1]:g} 11h0"},
        entries=[
            [
                x[0],
                33,
                "Sunday, 22 November 2026, 04:50 UTC",
                "eu-central-1",
                "Kept: daily",
                "web-1-us-east-1",
            ],
            [
                x[1],
                11,
                "Monday, 23 November 2026, 04:50 UTC",
                "us-east-1",
                "Kept: newest, daily",
                "web-2",
            ],
        ],
    )


@pytest.mark.parametrize(
    ("members", "dot", "fate"),
    [
        ({}, "kept", "Kept: daily"),
        ({"verified": "2026-11-22T06:00:00Z"}, "verified", "Kept: daily"),
        ({"reason": "hold", "held": True}, "hold", "Kept: hold"),
        ({"reason": "cooling off", "held": True}, "cooling", "Kept: cooling off"),
        (
            {"keep": False, "reason": "not kept by daily=7"},
            "leaving",
            "Deleted by the next sweep: not kept by daily=7",
        ),
        (
            {"keep": False, "status": "failed", "reason": "it ended in error"},
            "leaving",
            "Deleted by the next sweep: it ended in error",
        ),
        ({"status": "failed", "reason": "failed"}, "failed", "Failed"),
        ({"status": "pending", "reason": "pending"}, "pending", "Not ready yet"),
        ({"status": "unknown", "reason": "unknown"}, "unknown", "In an unknown state"),
    ],
)
def test_dot_and_text_of_a_point(members: dict[str, Any], dot: str, fate: str) -> None:
    point = a_point("2026-11-22T04:50:00Z", **members)

    assert (dot_of(point), fate_of(point)) == (dot, fate)
    assert dot in DOTS
