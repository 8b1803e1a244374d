"""Digests: while something needs attention, and the first one of each week of the schedule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from snapshotter.inputs.event import ReportEvent, Send
from snapshotter.inputs.schedules import is_first_of_week
from snapshotter.report.item import Attention
from snapshotter.report.letter import is_due
from snapshotter.report.status import StatusReport
from tests.unit.report.worlds import NOW, stack

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def on(day: str, time: str = "07:00", *, zone: tzinfo = UTC) -> datetime:
    hour, minute = map(int, time.split(":"))
    date = MONDAY + timedelta(days=DAYS.index(day))
    return date.replace(hour=hour, minute=minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("expression", "first", "others"),
    [
        ("cron(0 7 * * ? *)", ["mon 07:00"], ["tue 07:00", "sun 07:00"]),
        ("cron(0 7 ? * TUE,FRI *)", ["tue 07:00"], ["fri 07:00"]),
        ("cron(0 7 ? * 3-7/2 *)", ["tue 07:00"], ["thu 07:00", "sat 07:00"]),
        ("cron(0 6/6 ? * MON *)", ["mon 06:00"], ["mon 12:00", "mon 18:00"]),
        ("cron(30,45 7 ? * SUN *)", ["sun 07:30"], ["sun 07:45"]),
        ("cron(0 7 25 11 ? *)", ["wed 07:00"], []),
        ("cron(0 7 1/24 NOV ? 2026)", ["wed 07:00"], []),
        ("cron(0 7 * 12 ? *)", [], []),
        ("rate(7 days)", ["mon 03:00", "sun 23:00"], []),
        ("rate(1 day)", ["mon 03:00"], ["tue 03:00", "sun 03:00"]),
        ("rate(12 hours)", ["mon 11:00"], ["mon 12:00", "sun 23:00"]),
        # What cannot be read, or is not known: Monday.
        ("cron(0 7 ? * FRI#1 *)", ["mon 09:00"], ["fri 07:00"]),
        ("cron(0 7 L * ? *)", ["mon 09:00"], ["tue 07:00"]),
        ("cron(0 7)", ["mon 09:00"], ["tue 07:00"]),
        ("at(2026-11-25T07:00:00)", ["mon 09:00"], ["wed 07:00"]),
        ("", ["mon 09:00"], ["tue 09:00"]),
        # At a time that is none of the schedule's own, by hand: Monday.
        ("cron(0 7 ? * TUE *)", ["mon 09:00", "tue 07:00"], ["tue 09:00"]),
    ],
)
def test_first_digest_of_the_week(expression: str, first: list[str], others: list[str]) -> None:
    found = [
        each for each in (*first, *others) if is_first_of_week(on(*each.split()), expression, UTC)
    ]

    assert found == first


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Auckland", "America/New_York"])
@pytest.mark.parametrize(
    ("expression", "days", "hours"),
    [
        ("cron(15 7 * * ? *)", range(7), [7]),
        ("cron(15 1/5 ? * WED-SAT *)", range(2, 6), range(1, 24, 5)),
        ("rate(3 hours)", range(7), range(24)),
    ],
)
def test_each_week_of_a_year_has_exactly_one_first_digest(
    zone: str, expression: str, days: Sequence[int], hours: Sequence[int]
) -> None:
    """Weeks in which summer time begins or ends, too."""
    weeks = []
    for count in range(52 * 7):
        date = MONDAY + timedelta(days=count)
        for hour in hours:
            at = date.replace(hour=hour, minute=15, tzinfo=ZoneInfo(zone))
            rated = "rate" in expression and (at - MONDAY) // timedelta(hours=1) % 3
            if date.weekday() in days and not rated:
                weeks += [date.isocalendar()[:2]] * is_first_of_week(at, expression, ZoneInfo(zone))

    assert len(weeks) == len(set(weeks)) == 52


@pytest.mark.parametrize(
    ("send", "day", "attention", "sent"),
    [
        (Send.NEVER, "mon", True, False),
        (Send.ALWAYS, "tue", False, True),
        (Send.IF_NEEDED, "tue", True, True),
        (Send.IF_NEEDED, "tue", False, False),
        (Send.IF_NEEDED, "mon", False, True),
    ],
)
def test_letter_is_sent_as_the_event_asks_and_never_by_a_dry_run(
    send: Send, day: str, attention: bool, sent: bool
) -> None:
    items = (Attention("web-1 is lost", "What.", "Do."),) if attention else ()
    report = StatusReport("nightly", "", items, ())
    request = ReportEvent.model_construct(scheduled_time=on(day), send=send, dry_run=False)

    assert is_due(report, request, stack()) is sent
    assert not is_due(report, request.model_copy(update={"dry_run": True}), stack())


def test_monday_is_that_of_the_time_zone_of_the_schedule() -> None:
    late_sunday = NOW.replace(day=22, hour=23)

    assert is_first_of_week(late_sunday, "", ZoneInfo("Europe/Berlin"))
    assert not is_first_of_week(late_sunday, "", UTC)
