"""Events, read from files."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from snapshotter.model.names import from_iso
from translate import TEMPLATE

EXAMPLES = TEMPLATE.parent / "events"


class UsageError(Exception):
    """The command cannot be carried out, and the function was not invoked."""


def read_event(path: Path) -> Any:
    """Read an event. Any JSON is accepted: the function itself validates it.

    Raises:
        UsageError: the file does not exist or is not JSON; names the example files.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"{path} cannot be read ({error.strerror})"
    except ValueError as error:
        problem = f"{path} is not JSON ({error})"
    examples = ", ".join(f"events/{each.name}" for each in sorted(EXAMPLES.glob("*.json")))
    raise UsageError(f"{problem}. Available: {examples}.")


def time_of(event: object) -> datetime | None:
    """The scheduled time in an event, or in an EventBridge rule's envelope; None without one."""
    if not isinstance(event, Mapping):
        return None
    try:
        return from_iso(event.get("scheduledTime") or event.get("time") or "")
    except (TypeError, ValueError):
        return None
