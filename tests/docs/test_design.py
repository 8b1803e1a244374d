"""The example, names and numbers in docs/design.md are those of the code."""

from datetime import UTC, datetime, timedelta

from simulate.timeline import point_of
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT, READ_RESERVE_S, WRITE_RESERVE_S
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.names import copy_name, snapshot_name
from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import evaluate
from tests.docs.pages import page
from translate.stack import translated

DESIGN = page("docs/design.md")
LAST = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)


def test_the_example_of_retention_is_what_the_code_keeps() -> None:
    policy = parse_retention("daily=4 weekly=3 monthly=2")
    points = [point_of(LAST - timedelta(days=ago), policy) for ago in range(35)]
    decisions = evaluate(points, policy, now=LAST, timezone=UTC)
    kept = [(f"{each.point.time:%a %Y-%m-%d}", each.reason) for each in decisions if each.keep]

    assert DESIGN.table("point", "kept by") == kept


def test_the_names_of_snapshots_are_those_that_the_code_gives() -> None:
    name = snapshot_name(INSTANCE, "web-1", "arn", LAST)

    assert {name, copy_name(name, "arn", "us-east-1")} <= set(DESIGN.spans)


def test_the_limits_are_those_of_the_code() -> None:
    text = " ".join(DESIGN.text.split())
    function = translated()["Resources"]["SnapshotFunction"]["Properties"]

    assert f"A function has {function['Timeout'] // 60} minutes" in text
    assert f"In its last {WRITE_RESERVE_S:.0f} seconds no write begins" in text
    assert f"in the last {READ_RESERVE_S:.0f} no read" in text
    assert f"up to {MOST_IN_FLIGHT} at once" in text
