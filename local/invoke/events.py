"""The event, from a file."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from snapshotter.model.times import from_iso
from translate import TEMPLATE

EXAMPLES = TEMPLATE.parent / "events"


class Refused(Exception):
    """What was asked for cannot be done, in a sentence; nothing was invoked."""


def read_event(path: Path) -> Any:
    """Read an event, whatever JSON it is: the function itself judges it.

    Raises:
        Refused: there is no such file, or it is not JSON; names the files that there are.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        why = f"{path} cannot be read ({error.strerror})"
    except ValueError as error:
        why = f"{path} is not JSON ({error})"
    raise Refused(f"{why}. There are: {', '.join(_examples())}.")


def time_of(event: object) -> datetime | None:
    """The scheduled time in an event, or in an EventBridge rule's envelope; None without one."""
    if not isinstance(event, Mapping):
        return None
    try:
        return from_iso(event.get("scheduledTime") or event.get("time") or "")
    except (TypeError, ValueError):
        return None


def _examples() -> list[str]:
    return [f"events/{path.name}" for path in sorted(EXAMPLES.glob("*.json"))]
