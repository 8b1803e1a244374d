"""Letters, whole: what a reader learns beside the things that need attention."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshotter.inputs.event import AlarmChange
from snapshotter.report.item import Attention
from snapshotter.report.letter import SUBJECT_LIMIT, TEXT_LIMIT, write_letter
from snapshotter.report.status import StatusReport
from tests.unit.report.worlds import (
    EAST,
    EUROPE,
    SENDER,
    SIGNATURE,
    WEST,
    World,
    point,
    server,
    stack,
    world,
)

WEB, API = server(), server("api")
GOOD, STALE = point(WEB, 5), point(WEB, 72)
FINE = (API, point(API, 5))
ALARM = AlarmChange("backups-ResourceStale-1A2B3C", "ALARM")
ENDED = AlarmChange(ALARM.name, "OK")
FAILED_RUN = AlarmChange("backups-RunFailed-1A2B3C", "ALARM")
INVALID = "create web-1-20261123T045000Z: The instance is in an invalid state."
FAILURES = (INVALID, "read us-west-2")
IN_THE_LOG = f"Failed in the last 24 hours:\n  {INVALID}\n  read us-west-2"
NOTHING, BOTH_FINE = (
    "Nothing needs attention now.",
    "Fine: 2 of 2 resources. Newest backups are 5 hours old.",
)
WELL = world(WEB, GOOD, *FINE)


def read(there: World, **given: object) -> tuple[str, list[str]]:
    """The subject of a letter and its paragraphs, without the signature."""
    letter = there.letter(**given)  # type: ignore[arg-type]
    *paragraphs, signature = letter.text.split("\n\n")
    assert signature == SIGNATURE
    return letter.subject, paragraphs


WORLDS = [
    pytest.param(WELL, "all is well (2 resources)", [NOTHING, BOTH_FINE], id="all-is-well"),
    pytest.param(
        world(
            *(WEB, GOOD, point(WEB, 5, region=EUROPE), API, point(API, 5)),
            point(API, 5, region=EUROPE),
            point(WEB, 29, verified="2025-11-22T09:50:00Z", recovery_seconds="700"),
            COPY_TO_REGIONS=EUROPE,
        ),
        "all is well (2 resources)",
        [
            NOTHING,
            "Fine: 2 of 2 resources. Newest backups are 5 hours old; 2 copies in eu-central-1. "
            "Last restore test that passed: web-1 on 22 November 2025, in 12 minutes.",
        ],
        id="with-copies-and-restore-tests",
    ),
    pytest.param(
        world(
            *(WEB, GOOD, *FINE, point(server("gone"), 900), server("ended", {"snapshot": "off"})),
            *(point(server("ended"), hours) for hours in (100, 200)),
            server("never", {"snapshot": "off"}),
        ),
        "all is well (2 resources)",
        [
            NOTHING,
            BOTH_FINE,
            "Kept of resources that are gone, or whose protection was ended: 3 recovery points of "
            "2 resources, at most 60 GB.",
        ],
        id="with-points-of-what-is-gone",
    ),
    pytest.param(
        world(
            *(WEB, GOOD, point(server("far", region=WEST), 5, region=EAST)),
            REGIONS=f"{EAST},{WEST}",
            unreadable={WEST: "Denied"},
        ),
        "us-west-2 cannot be read",
        [
            "us-west-2 cannot be read: Denied.\n"
            "  Nothing in it is backed up or deleted meanwhile.\n"
            "  What to do: check the AWS Health Dashboard, and that the role may read this region.",
            "Fine: 1 of 1 resource, not counting those in us-west-2. Newest backups are 5 hours "
            "old; 1 copy in us-east-1.",
        ],
        id="a-region-that-cannot-be-read-counts-neither-way",
    ),
    pytest.param(
        world(server("web-1", {"snapshot": "off"}), *FINE, names=("web-1",)),
        "nothing that is asked for is protected",
        [NOTHING],
        id="a-report-about-what-is-not-protected",
    ),
    pytest.param(
        world(WEB, point(WEB, 29), *FINE, RECOVERY_POINT_OBJECTIVE_HOURS="30"),
        "all is well (2 resources)",
        [NOTHING, "Fine: 2 of 2 resources. Newest backups are up to 29 hours old."],
        id="of-several-ages",
    ),
    pytest.param(
        world(WEB, point(WEB, -0.1)),
        "all is well (1 resource)",
        [NOTHING, "Fine: 1 of 1 resource. Newest backups are 0 hours old."],
        id="a-point-of-the-next-minutes",
    ),
]


@pytest.mark.parametrize(("there", "subject", "paragraphs"), WORLDS)
def test_letter_of_a_world(there: World, subject: str, paragraphs: list[str]) -> None:
    assert read(there) == (f"Snapshotter: {subject}", paragraphs)


OCCASIONS = [
    pytest.param(
        WELL,
        {"alarm": ENDED, "failures": FAILURES},
        "all is well (2 resources)",
        [f"The alarm {ALARM.name} has ended.", NOTHING, IN_THE_LOG, BOTH_FINE],
        id="an-alarm-that-has-ended-was-about-what-failed",
    ),
    pytest.param(
        WELL,
        {"alarm": FAILED_RUN, "failures": FAILURES},
        "create web-1-20261123T045000Z: The instance is in an invalid state (and 1 more)",
        [f"The alarm {FAILED_RUN.name} is on.", NOTHING, IN_THE_LOG, BOTH_FINE],
        id="an-alarm-about-a-failed-run",
    ),
    pytest.param(
        WELL,
        {"alarm": AlarmChange("backups-x", "INSUFFICIENT_DATA")},
        "the alarm backups-x has no data",
        ["The alarm backups-x has no data.", NOTHING, BOTH_FINE],
        id="an-alarm-without-data",
    ),
    pytest.param(
        WELL,
        {"alarm": FAILED_RUN},
        f"the alarm {FAILED_RUN.name} is on",
        [f"The alarm {FAILED_RUN.name} is on.", NOTHING, BOTH_FINE],
        id="an-alarm-whose-reason-is-not-known",
    ),
    pytest.param(
        world(server("web-1", {}), GOOD, *FINE),
        {"alarm": AlarmChange(ALARM.name, "INSUFFICIENT_DATA")},
        "web-1 is no longer protected",
        [
            f"The alarm {ALARM.name} has no data.",
            'web-1 (instance, us-east-1) is no longer protected: its tag "snapshot" is gone.\n'
            "  Its recovery point is kept; no new ones are made.\n"
            '  What to do: put the tag back, or set it to "off" if that is intended.',
            "Fine: 1 of 2 resources. Newest backups are 5 hours old.",
        ],
        id="an-alarm-while-something-is-wrong",
    ),
    pytest.param(
        WELL,
        {"failures": None},
        "all is well (2 resources)",
        [
            NOTHING,
            "The log of the last 24 hours could not be read, so failures in it are not listed.",
            BOTH_FINE,
        ],
        id="a-log-that-cannot-be-read",
    ),
    pytest.param(
        WELL,
        {"failures": [f"failure {n}" for n in range(12)]},
        "failure 0 (and 11 more)",
        [
            NOTHING,
            "\n  ".join(
                ["Failed in the last 24 hours:", *map("failure {}".format, range(10)), "and 2 more"]
            ),
            BOTH_FINE,
        ],
        id="twelve-failures",
    ),
]


@pytest.mark.parametrize(("there", "given", "subject", "paragraphs"), OCCASIONS)
def test_letter_of_an_occasion(
    there: World, given: dict[str, object], subject: str, paragraphs: list[str]
) -> None:
    assert read(there, **given) == (f"Snapshotter: {subject}", paragraphs)


def many(count: int, name: str = "web-{:03}") -> World:
    return world(*(server(name.format(number)) for number in range(count)))


def test_beyond_forty_things_up_to_fifty_are_named() -> None:
    _, paragraphs = read(many(100))

    assert [each.endswith("every hour.") for each in paragraphs] == [True] * 40 + [False]
    names = ", ".join(f"web-{number:03}" for number in range(40, 90))
    assert paragraphs[40] == f"60 more need attention: {names} and 10 more"
    without_mail = replace(many(40), subscriptions=0)
    assert read(without_mail)[1][40] == "1 more needs attention: letters reach nobody"


def test_text_stays_within_the_limit_of_sns() -> None:
    assert len(many(2_000, "{:04}-" + "x" * 240).letter().text.encode()) <= TEXT_LIMIT


def subject_of(*briefs: str, failures: list[str] | None = None, alarm: str = "") -> str:
    items = tuple(Attention(brief, "What.", "Do.") for brief in briefs)
    report = StatusReport("nightly", "2026-11-23T04:50:00Z", items, ())
    change = AlarmChange(alarm, "ALARM") if alarm else None
    return write_letter(report, SENDER, stack(), failures=failures, alarm=change).subject


@given(briefs=st.lists(st.text(), max_size=3), failures=st.lists(st.text()), alarm=st.text())
def test_every_subject_is_one_line_of_at_most_100_ascii_characters(
    briefs: list[str], failures: list[str], alarm: str
) -> None:
    subject = subject_of(*briefs, failures=failures, alarm=alarm)

    assert subject.startswith("Snapshotter:")
    assert len(subject) <= SUBJECT_LIMIT
    assert all(" " <= character <= "~" for character in subject)


def test_subject_that_is_too_long_is_cut_and_keeps_the_count() -> None:
    assert subject_of("x" * 200, "y") == f"Snapshotter: {'x' * 71}... (and 1 more)"
