"""Readers of single parameters. Each raises ValueError with a reason where it refuses a text."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from snapshotter.model.kinds import KINDS, Kind
from snapshotter.policy.selection import OFF_WORDS

_TAG_CHARACTERS = re.compile(r"[\w +\-=.:/@]*")
_KEY_LIMIT = 128
_VALUE_LIMIT = 256
_LONGEST_SUFFIX = ":copy-to"
MOST_DAYS = 90


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
    if len(value) > _KEY_LIMIT - len(_LONGEST_SUFFIX) or not _TAG_CHARACTERS.fullmatch(value):
        raise ValueError("it cannot be the key of a tag")
    if value.startswith(("aws:", "snapshotter:")):
        raise ValueError("that prefix is reserved")
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


def switch(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("it is neither true nor false")
    return value == "true"


def words(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in re.split(r"[,\s]+", value) if word))


def days(value: str) -> timedelta:
    if not re.fullmatch(r"[0-9]{1,2}", value) or int(value) > MOST_DAYS:
        raise ValueError(f"it is not a whole number from 0 to {MOST_DAYS}")
    return timedelta(days=int(value))


def selection(value: str) -> bool:
    """True where everything is selected."""
    if value not in ("tagged", "all"):
        raise ValueError("it is neither tagged nor all")
    return value == "all"


def metrics(value: str) -> bool:
    """True where all metrics are emitted, beside those that alarms need."""
    if value not in ("alarms", "all"):
        raise ValueError("it is neither alarms nor all")
    return value == "all"
