"""Readers of single values, of events and parameters; and sentences about what was refused.

Each reader refuses with ValueError.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, GetCoreSchemaHandler, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function

from snapshotter.model.kinds import INSTANCE, KINDS, Kind
from snapshotter.model.names import from_iso, is_legal
from snapshotter.policy.selection import COPY_TO, OFF_WORDS


def sentences(error: ValidationError, model: type[BaseModel]) -> tuple[str, ...]:
    """For every fault: where it is, what was found and what is accepted.

    The title of a field is its name for people, its description what it accepts.
    """
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    faults = error.errors(include_url=False)
    found = (_sentence(fault, fields[str(fault["loc"][0])]) for fault in faults)
    return tuple(dict.fromkeys(found))


def _sentence(fault: ErrorDetails, field: FieldInfo) -> str:
    if fault["type"] == "missing":
        return f"{field.title}: it is missing; accepted: {field.description}"
    why = f" ({fault['ctx']['error']})" if fault["type"] == "value_error" else ""
    given = f"{shortened(fault['input'])} is not accepted{why}"
    return f"{field.title}: {given}; accepted: {field.description}"


def shortened(value: object) -> str:
    """A value as it was given, cut to a length that fits a console."""
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


class Reader:
    """Annotates a field: its value is what a function makes of a text, or of any value.

    What the function returns is not validated again: for that, a model would need schemas of our
    own types, which take longer to build than the rest of it.
    """

    def __init__(self, read: Callable[[Any], object], *, text: bool = True) -> None:
        self._read, self._text = read, text

    def __get_pydantic_core_schema__(self, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_plain_validator_function(self._validate)

    def _validate(self, value: object) -> object:
        if self._text and not isinstance(value, str):
            raise ValueError("it is not text")
        return self._read(value)


LONGEST_WAIT_S = 600
MOST_DAYS = 90
_TAG_CHARACTERS = re.compile(r"[\w +\-=.:/@]*")
_KEY_LIMIT = 128
_VALUE_LIMIT = 256

# Of an event: JSON.


def strict_bool(value: object) -> bool:
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


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("it is empty")
    return value


def new_name(value: str) -> str:
    if not is_legal(INSTANCE, value):
        raise ValueError("Lightsail does not accept it as a name")
    return value


def key(name: str, default: Any, accepted: str) -> Any:
    """A key of an event, its default (`...` for none), and what it accepts in words."""
    return Field(default, alias=name, title=name, description=accepted)


SomeText = Annotated[str | None, Reader(_filled)]
Moment = Annotated[datetime, Reader(from_iso)]
SomeMoment = Annotated[datetime | None, Reader(from_iso)]
Names = Annotated[tuple[str, ...], Reader(_names, text=False)]
SomeNames = Annotated[tuple[str, ...] | None, Reader(_names, text=False)]
Switch = Annotated[bool, Reader(strict_bool, text=False)]
Seconds = Annotated[int, Reader(_seconds, text=False)]

WAIT = f"a whole number of seconds from 0 (the default) to {LONGEST_WAIT_S}"

# Of a parameter: text.


def policy_name(value: str) -> str:
    # It is a dimension of the metrics too, which CloudWatch accepts in ASCII only.
    if not value.isascii():
        raise ValueError("it has characters beyond ASCII")
    return tag_value(value)


def tag_value(value: str) -> str:
    if len(value) > _VALUE_LIMIT or not _TAG_CHARACTERS.fullmatch(value):
        raise ValueError("it cannot be the value of a tag")
    return value


def tag_key(value: str) -> str:
    # The owner's other tags begin with it, and COPY_TO is the longest end.
    if len(value) > _KEY_LIMIT - len(COPY_TO) or not _TAG_CHARACTERS.fullmatch(value):
        raise ValueError("it cannot be the key of a tag")
    if value.lower().partition(":")[0] in ("aws", "snapshotter"):
        raise ValueError("it is reserved")
    return value


def selection_value(value: str) -> str:
    if value.strip().lower() in OFF_WORDS:
        raise ValueError("this value means `not protected`")
    return tag_value(value)


def kinds(value: str) -> tuple[Kind, ...]:
    names = words(value)
    unknown = [name for name in names if name not in KINDS]
    if unknown or not names:
        raise ValueError(f"unknown: {', '.join(unknown) or 'nothing is named'}")
    return tuple(kind for kind in KINDS.values() if kind.name in names)


def zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("there is no such time zone") from None


def hours(value: str) -> timedelta:
    if not re.fullmatch(r"[0-9]{1,6}", value) or int(value) == 0:
        raise ValueError("it is not a whole number of 1 or more")
    return timedelta(hours=int(value))


def days(value: str) -> timedelta:
    if not re.fullmatch(r"[0-9]{1,2}", value) or int(value) > MOST_DAYS:
        raise ValueError(f"it is not a whole number from 0 to {MOST_DAYS}")
    return timedelta(days=int(value))


def words(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in re.split(r"[,\s]+", value) if word))


def either(yes: str, no: str) -> Reader:
    """A reader of one of two words, which makes them true and false."""

    def read(value: str) -> bool:
        if value not in (yes, no):
            raise ValueError(f"it is neither {no} nor {yes}")
        return value == yes

    return Reader(read)
