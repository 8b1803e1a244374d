"""Where hours, days, ISO weeks, months and years begin and end, and how far `within` reaches."""

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.policy.oracle import expected
from tests.unit.policy.points import DAY, a_point, by_name, decided, kept, moment, reasons
from tests.unit.policy.strategies import CHANGES_OF_CLOCKS

MICROSECOND = timedelta(microseconds=1)
BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"
LORD_HOWE = "Australia/Lord_Howe"


@pytest.mark.parametrize(
    ("period", "beginning", "end"),
    [
        ("hourly", "2026-11-23 04:00", "2026-11-23 05:00"),
        ("daily", "2026-11-23 00:00", "2026-11-24 00:00"),
        ("daily", "2028-02-28 00:00", "2028-02-29 00:00"),
        ("weekly", "2026-11-23 00:00", "2026-11-30 00:00"),
        ("weekly", "2020-12-28 00:00", "2021-01-04 00:00"),  # week 53
        ("weekly", "2024-12-30 00:00", "2025-01-06 00:00"),  # week 1
        ("monthly", "2026-02-01 00:00", "2026-03-01 00:00"),
        ("monthly", "2028-02-01 00:00", "2028-03-01 00:00"),
        ("yearly", "2026-01-01 00:00", "2027-01-01 00:00"),
    ],
)
def test_a_period_lasts_to_its_last_microsecond(period: str, beginning: str, end: str) -> None:
    last = str(moment(end) - MICROSECOND)

    assert reasons(f"{period}=9", beginning, last, end) == {
        end: f"newest, {period}",
        last: period,
        beginning: f"oldest {period}",
    }


@pytest.mark.parametrize(
    ("period", "older", "newer"),
    [
        ("hourly", "2026-10-23 04:50", "2026-11-23 04:50"),
        ("daily", "2026-10-23 04:50", "2026-11-23 04:50"),
        ("weekly", "2024-01-03 12:00", "2024-12-30 12:00"),  # week 1
        ("weekly", "2020-12-30 12:00", "2026-12-30 12:00"),  # week 53
        ("monthly", "2025-11-23 04:50", "2026-11-23 04:50"),
    ],
)
def test_a_period_of_the_same_name_later_on_is_another(period: str, older: str, newer: str) -> None:
    assert reasons(f"{period}=all", older, newer)[older] == period


@given(
    st.sampled_from(CHANGES_OF_CLOCKS),
    st.sets(st.integers(-12, 12) | st.integers(-110, 110), max_size=12),
    st.sampled_from(("hourly=3", "hourly=all", "daily=2", "daily=all", "within=1d", "within=3h")),
)
def test_an_hour_that_is_repeated_is_one_and_one_that_is_skipped_is_none(
    change: tuple[ZoneInfo, str], quarters: Iterable[int], policy: str
) -> None:
    """And a day of 23 or 25 hours is one day."""
    zone, time = change
    at = moment(time)
    points = [
        a_point(at + quarter * timedelta(minutes=15) - edge, f"{quarter}-{edge}")
        for quarter in quarters
        for edge in (0 * DAY, MICROSECOND)
    ]
    now = at + 2 * DAY

    found = by_name(decided(points, policy, now=now, zone=zone))

    assert found == expected(points, policy, now=now, zone=zone)


def test_a_day_to_which_the_clock_returns_counts_twice() -> None:
    """A rule compares with the last period that it kept, as restic does, and so keeps more.

    In Newfoundland, until 2011, clocks went back at 0:01, to 23:01 of the day before.
    """
    evening, past_midnight = "2010-11-07 00:30", "2010-11-07 02:30:30"  # 22:00, and 0:00:30
    evening_again, morning = "2010-11-07 03:00", "2010-11-07 12:00"  # 23:30, and 8:30
    points = (evening, past_midnight, evening_again, morning)

    assert reasons("daily=3", *points, zone="America/St_Johns") == {
        morning: "newest, daily",
        evening_again: "daily",
        past_midnight: "daily",
        evening: "not kept by daily=3",
    }


@pytest.mark.parametrize(
    ("newest", "within", "limit", "zone"),
    [
        ("2026-11-23 04:50", "1h", "2026-11-23 03:50", "UTC"),
        ("2026-11-23 04:50", "11m", "2025-12-23 04:50", "UTC"),
        ("2026-11-23 04:50", "1y2m1w3d5h", "2025-09-12 23:50", "UTC"),
        # The 31st of February is the 3rd of March, or the 2nd in a leap year.
        ("2026-03-31 04:50", "1m", "2026-03-03 04:50", "UTC"),
        ("2028-03-31 04:50", "1m", "2028-03-02 04:50", "UTC"),
        ("2028-03-29 04:50", "1m", "2028-02-29 04:50", "UTC"),
        ("2026-12-31 04:50", "1m", "2026-12-01 04:50", "UTC"),
        # Days are taken away after months.
        ("2026-03-31 04:50", "1m3d", "2026-02-28 04:50", "UTC"),
        ("2028-02-29 04:50", "1y", "2027-03-01 04:50", "UTC"),
        ("2028-02-29 04:50", "4y", "2024-02-29 04:50", "UTC"),
        # A day has 23 or 25 hours when clocks change.
        ("2026-03-29 10:00", "1d", "2026-03-28 11:00", BERLIN),
        ("2026-03-29 10:00", "24h", "2026-03-28 10:00", BERLIN),
        ("2026-11-01 17:00", "1d", "2026-10-31 16:00", NEW_YORK),
        ("2026-10-04 01:00", "1d", "2026-10-03 01:30", LORD_HOWE),
        # 2:30 on 29 March does not exist: it is read by the clock as it stood before.
        ("2026-03-30 00:30", "1d", "2026-03-29 01:30", BERLIN),
        # 2:30 on 25 October exists twice: the first is meant, which keeps more.
        ("2026-10-26 01:30", "1d", "2026-10-25 00:30", BERLIN),
        ("2026-10-25 00:30", "1h", "2026-10-24 23:30", BERLIN),  # from the first 2:30
        ("2026-10-25 01:30", "1h", "2026-10-25 00:30", BERLIN),  # from the second
        ("2026-10-25 01:30", "1d", "2026-10-24 00:30", BERLIN),
        ("2026-03-31 22:30", "1m", "2026-02-28 23:30", BERLIN),  # it is April there
    ],
)
def test_within_goes_back_on_the_calendar_by_the_clock_of_the_zone(
    newest: str, within: str, limit: str, zone: str
) -> None:
    """A point at the limit is deleted, and one a microsecond younger is kept."""
    younger = str(moment(limit) + MICROSECOND)

    assert reasons(f"within={within}", newest, younger, limit, zone=zone) == {
        newest: f"newest, within {within}",
        younger: f"within {within}",
        limit: f"not kept by within={within}",
    }


@pytest.mark.parametrize("zone", ["UTC", BERLIN, NEW_YORK])
def test_a_point_at_the_beginning_of_the_calendar_is_a_point_like_any_other(zone: str) -> None:
    first, newest = "0001-01-01 00:00", "2026-11-23 04:50"

    assert reasons("daily=1 within=1d", first, newest, zone=zone) == {
        newest: "newest, within 1d, daily",
        first: "not kept by daily=1 within=1d",
    }
    for endless in ("2026y", "99999999999y", "9" * 30 + "h", "9" * 30 + "w"):
        assert kept(f"within={endless}", first, newest, zone=zone) == [newest, first]
