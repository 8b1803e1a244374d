"""The worked example of the page on design is what the code does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from snapshotter.lightsail.deadline import READ_RESERVE_S, WRITE_RESERVE_S
from snapshotter.lightsail.pacing import MOST_IN_FLIGHT
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.names import copy_name, snapshot_name
from snapshotter.policy.grammar import parse_retention
from snapshotter.policy.retention import evaluate
from tests.docs.pages import page
from translate.stack import translated

DESIGN = page("docs/design.md")
FIRST = datetime(2026, 10, 20, 4, 50, tzinfo=UTC)
NIGHTS = 35


@dataclass(frozen=True)
class Night:
    """A point of the example."""

    time: datetime
    held: bool = False
    verified: bool = False

    @property
    def name(self) -> str:
        return self.time.isoformat()


def kept(nights: int) -> list[tuple[str, str]]:
    points = [Night(FIRST + timedelta(days=number)) for number in range(nights)]
    verdicts = evaluate(
        points,
        parse_retention("daily=4 weekly=3 monthly=2"),
        now=points[-1].time,
        timezone=UTC,
    )
    return [(f"{each.point.time:%a %Y-%m-%d}", each.reason) for each in verdicts if each.keep]


def test_the_example_of_retention_is_what_the_code_keeps() -> None:
    assert list(DESIGN.table("point", "kept by")) == kept(NIGHTS)


def test_on_the_next_day_the_point_goes_that_the_page_says() -> None:
    today, tomorrow = ({point for point, _ in kept(nights)} for nights in (NIGHTS, NIGHTS + 1))

    assert today - tomorrow == {"Fri 2026-11-20"}


def test_the_names_on_the_pages_are_those_that_the_code_gives() -> None:
    night = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)
    name = snapshot_name(INSTANCE, "web-1", "arn", night)

    assert name in DESIGN.spans
    assert copy_name(name, "arn", "us-east-1") in page("docs/operations.md").spans


def test_the_numbers_on_the_page_are_those_of_the_code() -> None:
    text = " ".join(DESIGN.text.split())
    function = translated()["Resources"]["SnapshotFunction"]["Properties"]

    assert f"A function has {function['Timeout'] // 60} minutes" in text
    assert f"In its last {WRITE_RESERVE_S:.0f} seconds no write begins" in text
    assert f"in the last {READ_RESERVE_S:.0f} no read" in text
    assert f"up to {MOST_IN_FLIGHT} at once" in text
