"""The account's clock: real time until a test sets it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Every time in the account comes from here; aware UTC.

    It runs with real time, plus what it was advanced by. `set` stops it at a moment;
    `advance` moves it, stopped or not; `run` starts it again from its present reading.
    """

    def __init__(self) -> None:
        self._stopped_at: datetime | None = None
        self._ahead = timedelta(0)
        self._real: Callable[[], datetime] = lambda: datetime.now(UTC)

    def now(self) -> datetime:
        return self._stopped_at or self._real() + self._ahead

    def follow(self, source: Callable[[], datetime]) -> None:
        """Run with this clock in place of real time, as with a test's own virtual time."""
        self._real, self._ahead, self._stopped_at = source, timedelta(0), None

    def set(self, moment: datetime) -> None:
        """Stop at an aware moment."""
        if moment.tzinfo is None:
            raise ValueError("the clock takes aware datetimes only")
        self._stopped_at = moment.astimezone(UTC)

    def advance(
        self,
        by: timedelta | None = None,
        *,
        seconds: float = 0,
        minutes: float = 0,
        hours: float = 0,
        days: float = 0,
    ) -> datetime:
        """Move forward; returns the new time."""
        step = (by or timedelta(0)) + timedelta(
            days=days, hours=hours, minutes=minutes, seconds=seconds
        )
        if self._stopped_at:
            self._stopped_at += step
        else:
            self._ahead += step
        return self.now()

    def run(self) -> None:
        """Run with real time again, from the present reading on."""
        self._ahead = self.now() - self._real()
        self._stopped_at = None
