"""A change of policy that no point records yet is not forgotten."""

from datetime import UTC, timedelta

from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import evaluate_with_cooling_off
from tests.unit.builders import NOW, a_resource, a_snapshot, hours_ago


def test_newest_point_that_carries_a_policy_stays_while_newer_ones_carry_none() -> None:
    """`monthly=12` itself would replace it by a newer point that says nothing of the policy."""
    web = a_resource("web")
    points = [
        a_snapshot("tonight", of=web, at=hours_ago(1)),
        a_snapshot("before", of=web, at=hours_ago(25), retention="monthly=12"),
        a_snapshot("first", of=web, at=hours_ago(49)),
    ]

    evaluation = evaluate_with_cooling_off(
        points, parse_retention("last=1"), now=NOW, timezone=UTC, period=timedelta(days=7)
    )

    decisions = [(each.point.name, each.keep, each.reason) for each in evaluation.decisions]
    assert decisions == [
        ("tonight", True, "newest, last"),
        ("before", True, "policy change"),
        ("first", True, "cooling off"),
    ]
