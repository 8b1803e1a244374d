"""Readers of single values of an event. Each raises ValueError with a reason for a refusal."""

from snapshotter.model.kinds import INSTANCE
from snapshotter.model.names import is_legal

LONGEST_WAIT_S = 600


def switch(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError("it is not a JSON boolean")
    return value


def names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("it is not a list of one or more names")
    if not all(isinstance(name, str) and name for name in value):
        raise ValueError("each name in it must be text, and not empty")
    return tuple(dict.fromkeys(value))


def seconds(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST_WAIT_S:
        raise ValueError(f"it is not a whole number from 0 to {LONGEST_WAIT_S}")
    return value


def filled(value: str) -> str:
    if not value.strip():
        raise ValueError("it is empty")
    return value


def new_name(value: str) -> str:
    if not is_legal(INSTANCE, value):
        raise ValueError("Lightsail does not accept it as a name")
    return value
