"""Where hours, days, ISO weeks, months and years begin and end, and how far `within` reaches."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.unit.policy.points import a_point, by_name, decided, kept, moment, reasons

MICROSECOND = timedelta(microseconds=1)
BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"
LORD_HOWE = "Australia/Lord_Howe"


@pytest.mark.parametrize(
    ("period", "older", "newer"),
    [
        pytest.param("hourly", "2026-11-23 04:59:59.999999", "2026-11-23 05:00", id="hour"),
        pytest.param("daily", "2026-11-22 23:59:59.999999", "2026-11-23 00:00", id="day"),
        pytest.param("daily", "2028-02-28 23:59:59.999999", "2028-02-29 00:00", id="leap-day"),
        pytest.param("weekly", "2026-11-22 23:59:59.999999", "2026-11-23 00:00", id="monday"),
        pytest.param("weekly", "2021-01-03 23:59:59.999999", "2021-01-04 00:00", id="week-53"),
        pytest.param("weekly", "2024-01-03 12:00", "2024-12-30 12:00", id="week-1-a-year-on"),
        pytest.param("weekly", "2020-12-30 12:00", "2026-12-30 12:00", id="week-53-six-years-on"),
        pytest.param("monthly", "2026-02-28 23:59:59.999999", "2026-03-01 00:00", id="month"),
        pytest.param("monthly", "2028-02-29 23:59:59.999999", "2028-03-01 00:00", id="leap-month"),
        pytest.param("monthly", "2025-11-23 04:50", "2026-11-23 04:50", id="month-a-year-on"),
        pytest.param("yearly", "2025-12-31 23:59:59.999999", "2026-01-01 00:00", id="year"),
    ],
)
def test_a_period_ends_where_the_next_begins(period: str, older: str, newer: str) -> None:
    assert reasons(f"{period}=all", older, newer) == {newer: f"newest, {period}", older: period}


@pytest.mark.parametrize(
    ("period", "older", "newer"),
    [
        pytest.param("hourly", "2026-11-23 04:00", "2026-11-23 04:59:59.999999", id="hour"),
        pytest.param("daily", "2026-11-23 00:00", "2026-11-23 23:59:59.999999", id="day"),
        pytest.param("weekly", "2026-11-23 00:00", "2026-11-29 23:59:59.999999", id="week"),
        pytest.param("weekly", "2020-12-28 00:00", "2021-01-03 23:59:59.999999", id="week-53"),
        pytest.param("weekly", "2024-12-30 00:00", "2025-01-05 23:59:59.999999", id="week-1"),
        pytest.param("monthly", "2028-02-01 00:00", "2028-02-29 23:59:59.999999", id="month"),
        pytest.param("yearly", "2026-01-01 00:00", "2026-12-31 23:59:59.999999", id="year"),
    ],
)
def test_a_period_lasts_to_its_last_microsecond(period: str, older: str, newer: str) -> None:
    assert reasons(f"{period}=1", older, newer) == {
        newer: f"newest, {period}",
        older: f"not kept by {period}=1",
    }
    assert reasons(f"{period}=2", older, newer)[older] == f"oldest {period}"


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        pytest.param("UTC", 1, id="one-day-in-utc"),
        pytest.param(BERLIN, 2, id="midnight-between-in-berlin"),
        pytest.param(NEW_YORK, 1, id="one-day-in-new-york"),
        pytest.param("Asia/Kathmandu", 1, id="one-day-in-kathmandu"),
    ],
)
def test_the_zone_decides_where_a_day_ends(zone: str, days: int) -> None:
    before, after = "2026-12-31 22:30", "2026-12-31 23:30"

    for period in ("daily", "monthly", "yearly"):
        found = reasons(f"{period}=all", before, after, zone=zone)
        assert found[before] == (period if days == 2 else f"oldest {period}")


def test_the_zone_decides_where_an_hour_begins() -> None:
    before, after = "2026-11-23 04:14", "2026-11-23 04:16"

    assert kept("hourly=1", before, after) == [after]
    assert reasons("hourly=2", before, after)[before] == "oldest hourly"
    assert reasons("hourly=2", before, after, zone="Asia/Kathmandu")[before] == "hourly"


@pytest.mark.parametrize(
    ("zone", "first", "second"),
    [
        pytest.param(BERLIN, "2026-10-25 00:30", "2026-10-25 01:30", id="berlin-2-30"),
        pytest.param(NEW_YORK, "2026-11-01 05:30", "2026-11-01 06:30", id="new-york-1-30"),
        pytest.param(LORD_HOWE, "2026-04-04 14:45", "2026-04-04 15:15", id="lord-howe-1-45"),
    ],
)
def test_an_hour_that_the_clock_repeats_is_one_hour(zone: str, first: str, second: str) -> None:
    assert reasons("hourly=2", first, second, zone=zone) == {
        second: "newest, hourly",
        first: "oldest hourly",
    }


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        pytest.param(BERLIN, "2026-03-29 00:59", "2026-03-29 01:00", id="berlin-1-59-to-3-00"),
        pytest.param(NEW_YORK, "2026-03-08 06:59", "2026-03-08 07:00", id="new-york-1-59-to-3-00"),
        pytest.param(LORD_HOWE, "2026-10-03 15:29", "2026-10-03 15:30", id="lord-howe-to-2-30"),
    ],
)
def test_an_hour_that_the_clock_skips_is_no_hour(zone: str, before: str, after: str) -> None:
    assert reasons("hourly=2", before, after, zone=zone) == {
        after: "newest, hourly",
        before: "hourly",
    }


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        pytest.param(BERLIN, "2026-03-28 23:00", "2026-03-29 21:59:59.999999", id="berlin-23h"),
        pytest.param(BERLIN, "2026-10-24 22:00", "2026-10-25 22:59:59.999999", id="berlin-25h"),
        pytest.param(NEW_YORK, "2026-03-08 05:00", "2026-03-09 03:59:59.999999", id="new-york-23h"),
        pytest.param(NEW_YORK, "2026-11-01 04:00", "2026-11-02 04:59:59.999999", id="new-york-25h"),
        pytest.param(LORD_HOWE, "2026-10-03 13:30", "2026-10-04 12:59:59.999999", id="howe-23h30"),
        pytest.param(LORD_HOWE, "2026-04-04 13:00", "2026-04-05 13:29:59.999999", id="howe-24h30"),
    ],
)
def test_the_day_of_a_change_of_clocks_is_one_day(zone: str, first: str, last: str) -> None:
    day_before = (moment(first) - MICROSECOND).isoformat()
    day_after = (moment(last) + MICROSECOND).isoformat()

    assert kept("daily=all", day_before, first, last, day_after, zone=zone) == [
        day_after,
        last,
        day_before,
    ]


def test_a_day_to_which_the_clock_returns_counts_twice() -> None:
    """A rule compares with the last period that it kept, as restic does, and so keeps more.

    In Newfoundland, until 2011, clocks went back at 0:01, to 23:01 of the day before.
    """
    evening, past_midnight, evening_again, morning = (
        "2010-11-07 00:30",  # 22:00 on the 6th
        "2010-11-07 02:30:30",  # 0:00:30 on the 7th
        "2010-11-07 03:00",  # 23:30 on the 6th
        "2010-11-07 12:00",
    )
    found = reasons(
        "daily=3", evening, past_midnight, evening_again, morning, zone="America/St_Johns"
    )

    assert found == {
        morning: "newest, daily",
        evening_again: "daily",
        past_midnight: "daily",
        evening: "not kept by daily=3",
    }


@pytest.mark.parametrize(
    ("newest", "within", "limit", "zone"),
    [
        pytest.param("2026-11-23 04:50", "1h", "2026-11-23 03:50", "UTC", id="an-hour"),
        pytest.param("2026-11-23 04:50", "30d", "2026-10-24 04:50", "UTC", id="days"),
        pytest.param("2026-11-23 04:50", "2w", "2026-11-09 04:50", "UTC", id="weeks"),
        pytest.param("2026-11-23 04:50", "1m", "2026-10-23 04:50", "UTC", id="a-month"),
        pytest.param(
            "2026-11-23 04:50", "11m", "2025-12-23 04:50", "UTC", id="months-into-last-year"
        ),
        pytest.param(
            "2026-11-23 04:50", "14m", "2025-09-23 04:50", "UTC", id="more-than-a-year-of-months"
        ),
        pytest.param("2026-11-23 04:50", "1y", "2025-11-23 04:50", "UTC", id="a-year"),
        pytest.param("2026-11-23 04:50", "1y2m1w3d5h", "2025-09-12 23:50", "UTC", id="everything"),
        pytest.param(
            "2026-03-31 04:50", "1m", "2026-03-03 04:50", "UTC", id="february-31-is-march-3"
        ),
        pytest.param(
            "2028-03-31 04:50", "1m", "2028-03-02 04:50", "UTC", id="march-2-in-a-leap-year"
        ),
        pytest.param(
            "2026-03-30 04:50", "1m", "2026-03-02 04:50", "UTC", id="february-30-is-march-2"
        ),
        pytest.param(
            "2026-03-29 04:50", "1m", "2026-03-01 04:50", "UTC", id="february-29-is-march-1"
        ),
        pytest.param(
            "2028-03-29 04:50", "1m", "2028-02-29 04:50", "UTC", id="february-29-in-a-leap-year"
        ),
        pytest.param(
            "2026-12-31 04:50", "1m", "2026-12-01 04:50", "UTC", id="november-31-is-december-1"
        ),
        pytest.param(
            "2026-03-31 04:50", "1m1d", "2026-03-02 04:50", "UTC", id="months-before-days"
        ),
        pytest.param(
            "2026-03-31 04:50", "1m3d", "2026-02-28 04:50", "UTC", id="days-out-of-february-31"
        ),
        pytest.param(
            "2028-02-29 04:50", "1y", "2027-03-01 04:50", "UTC", id="leap-day-less-a-year"
        ),
        pytest.param(
            "2028-02-29 04:50", "4y", "2024-02-29 04:50", "UTC", id="leap-day-less-four-years"
        ),
        pytest.param(
            "2026-01-15 00:30", "1h", "2026-01-14 23:30", "UTC", id="an-hour-into-yesterday"
        ),
        pytest.param(
            "2026-03-29 10:00", "1d", "2026-03-28 11:00", BERLIN, id="berlin-a-day-of-23h"
        ),
        pytest.param(
            "2026-03-29 10:00", "24h", "2026-03-28 10:00", BERLIN, id="berlin-24h-in-spring"
        ),
        pytest.param(
            "2026-10-25 11:00", "1d", "2026-10-24 10:00", BERLIN, id="berlin-a-day-of-25h"
        ),
        pytest.param(
            "2026-10-25 11:00", "24h", "2026-10-24 11:00", BERLIN, id="berlin-24h-in-autumn"
        ),
        pytest.param("2026-03-08 16:00", "1d", "2026-03-07 17:00", NEW_YORK, id="new-york-23h"),
        pytest.param("2026-11-01 17:00", "1d", "2026-10-31 16:00", NEW_YORK, id="new-york-25h"),
        pytest.param("2026-10-04 01:00", "1d", "2026-10-03 01:30", LORD_HOWE, id="howe-23h30"),
        pytest.param("2026-04-05 01:30", "1d", "2026-04-04 01:00", LORD_HOWE, id="howe-24h30"),
        # 2:30 on 29 March does not exist: it is read by the clock as it stood before.
        pytest.param("2026-03-30 00:30", "1d", "2026-03-29 01:30", BERLIN, id="a-skipped-hour"),
        # 2:30 on 25 October exists twice: the first is meant, which keeps more.
        pytest.param("2026-10-26 01:30", "1d", "2026-10-25 00:30", BERLIN, id="a-repeated-hour"),
        pytest.param(
            "2026-10-25 00:30", "1h", "2026-10-24 23:30", BERLIN, id="from-the-first-2-30"
        ),
        pytest.param(
            "2026-10-25 01:30", "1h", "2026-10-25 00:30", BERLIN, id="from-the-second-2-30"
        ),
        pytest.param("2026-11-01 06:30", "1h", "2026-11-01 05:30", NEW_YORK, id="the-second-1-30"),
        pytest.param("2026-04-04 15:15", "1h", "2026-04-04 14:15", LORD_HOWE, id="the-second-1-45"),
        pytest.param("2026-10-25 01:30", "1d", "2026-10-24 00:30", BERLIN, id="a-day-before-2-30"),
        pytest.param("2026-03-31 22:30", "1m", "2026-02-28 23:30", BERLIN, id="april-1-in-berlin"),
    ],
)
def test_within_goes_back_on_the_calendar_by_the_clock_of_the_zone(
    newest: str, within: str, limit: str, zone: str
) -> None:
    """A point at the limit is deleted, and one a microsecond younger is kept."""
    points = [
        a_point(moment(newest), "newest"),
        a_point(moment(limit) + MICROSECOND, "younger"),
        a_point(moment(limit), "at the limit"),
    ]
    found = decided(points, f"within={within}", now=moment(newest), zone=ZoneInfo(zone))

    assert by_name(found) == {
        "newest": (True, ("newest", f"within {within}")),
        "younger": (True, (f"within {within}",)),
        "at the limit": (False, (f"not kept by within={within}",)),
    }


@pytest.mark.parametrize("zone", ["UTC", BERLIN, NEW_YORK])
def test_a_point_at_the_beginning_of_the_calendar_is_a_point_like_any_other(zone: str) -> None:
    first, newest = "0001-01-01 00:00", "2026-11-23 04:50"

    assert reasons("daily=1 within=1d", first, newest, zone=zone) == {
        newest: "newest, within 1d, daily",
        first: "not kept by daily=1 within=1d",
    }


@pytest.mark.parametrize(
    "within", ["2026y", "9999y", "99999999999y", "9" * 30 + "h", "9" * 30 + "w"]
)
def test_within_more_than_there_is_of_a_calendar_keeps_everything(within: str) -> None:
    assert kept(f"within={within}", "0001-01-02 00:00", "2026-11-23 04:50") == [
        "2026-11-23 04:50",
        "0001-01-02 00:00",
    ]
