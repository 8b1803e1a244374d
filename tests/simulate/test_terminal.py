"""The text for the terminal."""

import re

import pytest

from simulate.terminal import WIDTH, colourful, draw, plain
from simulate.timeline import simulate
from tests.simulate.support import parsed

DRAWN = """\
daily=3 weekly=2 monthly=2
cron(50 4 ? * MON-FRI *) in Europe/Berlin
40 days, Thu 15 Oct 2026 to Mon 23 Nov 2026: 28 taken, 24 deleted

      October 2026           November 2026
  Mo Tu We Th Fr Sa Su    Mo Tu We Th Fr Sa Su
                                             -
                           ·  ·  ·  ·  ·  -  -
            ·  ·  -  -     ·  ·  ·  ·  ·  -  -
   ·  ·  ·  ·  ·  -  -     ·  ·  ·  D  W  -  -
   ·  ·  ·  ·  M  -        M

  M monthly  W weekly  D daily  · taken, since deleted  - no run

4 recovery points at the end of Mon 23 Nov 2026
  M  Mon 23 Nov 2026 04:50       today  newest, daily, weekly, monthly
  W  Fri 20 Nov 2026 04:50      3 days  daily, weekly
  D  Thu 19 Nov 2026 04:50      4 days  daily
  M  Fri 30 Oct 2026 04:50     24 days  monthly

At most $0.20 a month for each GB of disk: 4 points at $0.05 per GB-month (AWS
Lightsail FAQ). Lightsail charges for the space that snapshots take, and of
successive ones only for the data that changed, so the bill stays below this.
"""


def drawn(*arguments: str) -> str:
    options = parsed(*arguments)
    return draw(options, simulate(options), plain)


def test_last_day_is_drawn_as_calendar_points_and_cost() -> None:
    assert (
        drawn(
            "--policy", "daily=3 weekly=2 monthly=2", "--days", "40",
            "--schedule", "cron(50 4 ? * MON-FRI *)", "--timezone", "Europe/Berlin",
        )
        == DRAWN
    )  # fmt: skip


@pytest.mark.parametrize(
    "policy",
    [
        "daily=7 weekly=4 monthly=12 yearly=3",
        "last=3 hourly=24 daily=7 weekly=4 monthly=12 yearly=5 within=1y6m2w3d12h",
        "last=99999999999999999999999999999999 within=999999999999999999999999999999999y",
    ],
)
def test_no_line_is_wider_than_80_columns(policy: str) -> None:
    text = drawn("--policy", policy, "--days", "800", "--schedule", "cron(50 4 ? * MON,THU *)")

    assert max(map(len, text.splitlines())) <= WIDTH


def test_colours_change_nothing_but_the_colour() -> None:
    options = parsed("--days", "70", "--policy", "daily=3 weekly=9 within=2d last=4")
    coloured = draw(options, simulate(options), colourful)

    assert "\n  \x1b[1;36mW\x1b[0m  Mon 23 Nov 2026" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == draw(options, simulate(options), plain)


def test_the_strongest_point_of_a_day_gives_its_letter() -> None:
    text = drawn("--policy", "last=4 daily=1", "--days", "1", "--schedule", "rate(6 hours)")

    assert "   D\n" in text
    assert "  D daily\n" in text
    assert re.findall(r"^  (\w)  Mon", text, re.MULTILINE) == ["D", "L", "L", "L"]


def test_price_below_a_cent_is_printed_in_full() -> None:
    assert "At most $0.0125 a month" in drawn("--policy", "last=5", "--price", "0.0025")


CHANGE = """\
Then daily=3
On Fri 6 Nov 2026 the policy changes from daily=30 to daily=3. 27 points that
only the earlier policy keeps stay until Thu 12 Nov 2026 04:50, for a cooling-
off of 7 days. The next run, Fri 13 Nov 2026 04:50, deletes 28 points.
  Fri  6 Nov 2026 to Thu 12 Nov 2026  1 point deleted a day
  Fri 13 Nov 2026                     28 points deleted
  Sat 14 Nov 2026 to Thu 26 Nov 2026  1 point deleted a day

"""


def test_change_of_the_policy_is_explained_with_what_goes_when() -> None:
    text = drawn(
        "--policy", "daily=30", "--then", "daily=3", "--at", "40", "--days", "60",
        "--start", "2026-09-28",
    )  # fmt: skip

    assert CHANGE in text


def test_points_that_are_cooling_off_on_the_last_day_have_a_letter_of_their_own() -> None:
    text = drawn("--policy", "daily=4", "--then", "daily=1", "--at", "8", "--days", "9")

    assert "  D daily  C cooling off  · taken, since deleted\n" in text
    assert re.findall(r"^  (\w)  ", text, re.MULTILINE) == ["D", "C", "C", "C"]
