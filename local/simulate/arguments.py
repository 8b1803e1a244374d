"""The command line, read into one value; every fault is reported at once."""

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from simulate.cost import PRICE, SOURCE
from simulate.errors import InvalidInput
from simulate.schedule import ACCEPTED, Schedule, parse_schedule
from snapshotter.policy.grammar import GRAMMAR, Retention, RetentionError, parse_retention

POLICY = "daily=7 weekly=4 monthly=6"
SCHEDULE = "cron(50 4 * * ? *)"
ZONE = "UTC"
DAYS = 400
COOLING_OFF_DAYS = 7
PAGE = Path("build/simulate.html")

MOST_DAYS = 3660
MOST_RUNS = 10_000
MOST_COOLING_OFF_DAYS = 90
_EARLIEST, _LATEST = date(1970, 1, 2), date(2189, 12, 31)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """A policy that takes effect on a day, and for how long the earlier one still keeps points."""

    day: date
    retention: Retention
    cooling_off: timedelta


@dataclass(frozen=True, slots=True)
class Options:
    """What to simulate. `page` is where the HTML page is written; None for no page."""

    retention: Retention
    change: Change | None
    schedule_text: str
    zone: ZoneInfo
    first: date
    last: date
    runs: tuple[datetime, ...]
    price: Decimal
    page: Path | None
    as_json: bool


def read(arguments: Sequence[str], now: datetime) -> Options:
    """Read the command line.

    now: an aware moment; unless a start is given, the days end with the one it falls on.

    Raises:
        InvalidInput: with every fault and what is accepted.
    """
    asked = _parser().parse_args(arguments)
    faults: list[str] = []
    retention = _checked("policy", asked.policy, _retention, GRAMMAR, faults)
    schedule = _checked("schedule", asked.schedule, parse_schedule, ACCEPTED, faults)
    zone = _checked("timezone", asked.timezone, _zone, "a name like Europe/Berlin", faults)
    days = _whole("days", asked.days, 1, MOST_DAYS, faults)
    start = _checked("start", asked.start, _start, _dates(), faults) if asked.start else None
    price = _checked("price", asked.price, _price, "US dollars, like 0.05", faults)
    change = _change(asked, days or MOST_DAYS, faults)
    if not (retention and schedule and zone and days) or price is None or faults:
        raise InvalidInput(*faults)
    first = start or now.astimezone(zone).date() - timedelta(days=days - 1)
    last = first + timedelta(days=days - 1)
    return Options(
        retention=retention,
        change=Change(first + timedelta(days=change[0] - 1), *change[1:]) if change else None,
        schedule_text=asked.schedule.strip(),
        zone=zone,
        first=first,
        last=last,
        runs=_runs(schedule, first, last, zone),
        price=price,
        page=asked.html or (None if asked.json else PAGE),
        as_json=asked.json,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulate",
        description="Show what a retention policy keeps, day by day.",
    )
    add = parser.add_argument
    add("--policy", default=POLICY, help=f"retention; default {POLICY!r}")
    add("--days", default=str(DAYS), help=f"how many days to simulate; default {DAYS}")
    add("--then", default="", metavar="POLICY", help="a policy that replaces it on the day --at")
    add("--at", default="", metavar="DAY", help="the day of the change; 1 is the first")
    add(
        "--cooling-off-days",
        default=str(COOLING_OFF_DAYS),
        help=f"how long the earlier policy still keeps points; default {COOLING_OFF_DAYS}",
    )
    add("--schedule", default=SCHEDULE, help=f"{ACCEPTED}; default {SCHEDULE!r}")
    add("--timezone", default=ZONE, help=f"of the days and weeks; default {ZONE}")
    add("--start", metavar="DATE", help="the first day; by default the last day is today")
    add("--price", default=str(PRICE), help=f"USD per GB-month; default {PRICE} ({SOURCE})")
    add("--html", metavar="PATH", type=Path, help=f"where the page is written; default {PAGE}")
    add("--json", action="store_true", help="print JSON; write the page only with --html")
    return parser


def _change(
    asked: argparse.Namespace, days: int, faults: list[str]
) -> tuple[int, Retention, timedelta] | None:
    """Read the number of the day, the later policy, and its cooling-off."""
    if not asked.then and not asked.at:
        return None
    retention = _checked("then", asked.then, _retention, GRAMMAR, faults)
    day = _whole("at", asked.at, 1, days, faults)
    period = _whole("cooling-off-days", asked.cooling_off_days, 0, MOST_COOLING_OFF_DAYS, faults)
    if retention is None or day is None or period is None:
        return None
    return day, retention, timedelta(days=period)


def _checked(
    name: str, text: str, read_it: Callable[[str], T], accepted: str, faults: list[str]
) -> T | None:
    """Read one argument; if it is invalid, add a fault."""
    try:
        return read_it(text)
    except ValueError as error:
        faults.append(f"{name}: {error}; accepted: {accepted}")
        return None


def _retention(text: str) -> Retention:
    try:
        return parse_retention(text)
    except RetentionError as error:
        raise ValueError("; ".join(error.faults)) from None


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"there is no time zone {text!r}") from None


def _whole(name: str, text: str, low: int, high: int, faults: list[str]) -> int | None:
    def read_it(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
            raise ValueError(f"{text!r} is not valid")
        return int(text)

    return _checked(name, text, read_it, f"a whole number from {low} to {high}", faults)


def _start(text: str) -> date:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            found = date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"there is no {text} in the calendar") from None
        if _EARLIEST <= found <= _LATEST:
            return found
    raise ValueError(f"{text!r} is not valid")


def _dates() -> str:
    return f"a date like 2026-11-23, from {_EARLIEST} to {_LATEST}"


def _price(text: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text):
        raise ValueError(f"{text!r} is not valid")
    return Decimal(text)


def _runs(schedule: Schedule, first: date, last: date, zone: ZoneInfo) -> tuple[datetime, ...]:
    runs: list[datetime] = []
    for run in schedule.runs(first, last, zone):
        runs.append(run)
        if len(runs) > MOST_RUNS:
            raise InvalidInput(f"schedule: more than {MOST_RUNS} runs in these days; ask for fewer")
    if not runs:
        raise InvalidInput(f"schedule: not one run from {first} to {last}")
    return tuple(runs)
