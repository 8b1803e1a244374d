"""The handler's clock, set to another time: it is the only module that reads one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from unittest.mock import patch

from snapshotter import handler


@contextmanager
def handler_clock(moment: datetime | None) -> Iterator[None]:
    """Set the handler's clock to a moment; None leaves the machine's own."""
    if moment is None:
        yield
        return

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    with patch.object(handler, "datetime", Clock):
        yield
