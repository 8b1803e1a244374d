"""The times of runs, as EventBridge Scheduler computes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from simulate.cron import Cron, parse_cron
from simulate.errors import InvalidInput

ACCEPTED = "cron(50 4 * * ? *) with six fields, or rate(12 hours)"

_CRON = re.compile(r"cron\((.*)\)")
_RATE = re.compile(r"rate\( *([1-9][0-9]{0,5}) +(minute|hour|day)s? *\)")


class Schedule(Protocol):
    """A schedule expression."""

    def runs(self, first: date, last: date, zone: ZoneInfo) -> Iterator[datetime]:
        """Return the runs of these days, both included, in order and in UTC."""
        ...


def parse_schedule(text: str) -> Schedule:
    """Read a schedule expression.

    Raises:
        InvalidInput: it is not one, or it is not supported; with every fault.
    """
    written = text.strip()
    if found := _CRON.fullmatch(written):
        return CronSchedule(parse_cron(found[1]))
    if found := _RATE.fullmatch(written):
        return RateSchedule(timedelta(**{f"{found[2]}s": int(found[1])}))
    if written.startswith("at("):
        raise InvalidInput("at(...) runs only once and cannot be simulated")
    raise InvalidInput(f"{text!r} is not a schedule expression")


@dataclass(frozen=True, slots=True)
class CronSchedule:
    """Runs at times of the wall clock.

    A time that the clock skips in spring has no run; one that it repeats in autumn has one run.
    Source: "Daylight savings time on EventBridge Scheduler" in its user guide.
    """

    cron: Cron

    def runs(self, first: date, last: date, zone: ZoneInfo) -> Iterator[datetime]:
        """Return the runs of these days, both included, in order and in UTC."""
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if self.cron.runs_on(day):
                moments = (_moment(day, clock, zone) for clock in self.cron.times())
                yield from (moment for moment in moments if moment is not None)


@dataclass(frozen=True, slots=True)
class RateSchedule:
    """Runs at an interval of elapsed time, from the first midnight on; a day is 24 hours."""

    interval: timedelta

    def runs(self, first: date, last: date, zone: ZoneInfo) -> Iterator[datetime]:
        """Return the runs of these days, both included, in order and in UTC."""
        run = datetime.combine(first, time(), tzinfo=zone).astimezone(UTC)
        end = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
        while run < end:
            yield run
            run += self.interval


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """Return the moment of a wall-clock time; None where the clock skips it."""
    wall = datetime.combine(day, clock, tzinfo=zone)
    moment = wall.astimezone(UTC)
    back = moment.astimezone(zone)
    return moment if back.replace(tzinfo=None) == wall.replace(tzinfo=None) else None
