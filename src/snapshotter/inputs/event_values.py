"""Readers of single values of an event. Each refuses with ValueError what it cannot accept."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from snapshotter.inputs.request import Send
from snapshotter.inputs.validation import Reader
from snapshotter.model.kinds import INSTANCE
from snapshotter.model.names import is_legal
from snapshotter.model.times import from_iso

LONGEST_WAIT_S = 600


def _strict_bool(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError("it is not a JSON boolean")
    return value


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("it is not a list of one or more names")
    if not all(isinstance(name, str) and name for name in value):
        raise ValueError("each name in it must be text, and not empty")
    return tuple(dict.fromkeys(value))


def _seconds(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST_WAIT_S:
        raise ValueError(f"it is not a whole number from 0 to {LONGEST_WAIT_S}")
    return value


def send_mode(value: object) -> object:
    if value == Send.IF_NEEDED.value:
        return Send.IF_NEEDED
    return Send.ALWAYS if _strict_bool(value) else Send.NEVER


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("it is empty")
    return value


def new_name(value: str) -> str:
    if not is_legal(INSTANCE, value):
        raise ValueError("Lightsail does not accept it as a name")
    return value


def key(name: str, default: Any, accepted: str) -> Any:
    """A key of an event, its default, and what it accepts in words."""
    return Field(default, alias=name, title=name, description=accepted)


Text = Annotated[str | None, Reader(_filled)]
Moment = Annotated[datetime | None, Reader(from_iso)]
Names = Annotated[tuple[str, ...] | None, BeforeValidator(_names)]
Switch = Annotated[bool, BeforeValidator(_strict_bool)]
Seconds = Annotated[int, BeforeValidator(_seconds)]

WAIT = f"a whole number of seconds from 0 (the default) to {LONGEST_WAIT_S}"
