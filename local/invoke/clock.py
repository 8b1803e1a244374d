"""The handler's clock, set to another time. No other module of the function reads a clock."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import Any
from unittest.mock import patch

from snapshotter import handler
from snapshotter.model.names import from_tag


@contextmanager
def handler_clock(moment: datetime) -> Iterator[None]:
    """Set the handler's clock to a moment."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    with patch.object(handler, "datetime", Clock):
        yield


@contextmanager
def at_scheduled_time(event: Mapping[str, Any]) -> Iterator[None]:
    """Set the handler's clock to the scheduled time of an event; without one it is not set."""
    scheduled = from_tag(event.get("scheduledTime"))
    if scheduled is None:
        yield
        return
    with handler_clock(scheduled):
        yield
