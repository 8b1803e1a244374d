"""What a run did, in words."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

Outcome = Mapping[str, Any]

LONG_NAME = 20


def short(name: str, limit: int = LONG_NAME) -> str:
    """Leave out the middle of a name that is too long to be read."""
    if len(name) <= limit:
        return name
    tail = (limit - 3) // 3
    return f"{name[: limit - 3 - tail]}...{name[-tail:]}"


def names(outcomes: Iterable[Outcome]) -> str:
    """The resources of outcomes, once each, in the order they came in."""
    return ", ".join(short(name) for name in dict.fromkeys(each["resource"] for each in outcomes))


def tagged(tags: Mapping[str, str | None]) -> list[str]:
    """Write tags as one says them: the key alone where there is no value."""
    return [key if value is None else f"{key}={value}" for key, value in tags.items()]


def clock(moment: datetime) -> str:
    return moment.strftime("%H:%M")


def why(outcome: Outcome) -> str:
    """Say why something was not done: the error's message, or else the plan's reason."""
    message = outcome.get("error", {}).get("message") or outcome.get("reason") or ""
    return str(message).rstrip(".")


def remark(outcome: Outcome) -> str:
    """What a reason says beyond `scheduled`; empty when it says no more."""
    return str(outcome.get("reason", "")).removeprefix("scheduled").removeprefix("; ")


def told(summary: Mapping[str, int]) -> str:
    """The report's summary on one line."""
    return "  ".join(f"{name} {number}" for name, number in summary.items())


def counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def filled(value: Any, indent: str = "") -> Iterator[str]:
    """Write a JSON object compactly: plain members side by side, lists of objects below.

    Yields what may be wrapped at blanks.
    """
    plain = {k: v for k, v in value.items() if not isinstance(v, list)}
    lists = {k: v for k, v in value.items() if isinstance(v, list)}
    inner = json.dumps(plain)[1:-1]
    if not lists:
        yield f"{indent}{{{inner}}}"
        return
    yield f"{indent}{{{inner},"
    for key, items in lists.items():
        yield f'{indent} "{key}": ['
        for number, item in enumerate(items, start=1):
            (text,) = filled(item)
            yield f"{indent}  {text}{',' if number < len(items) else ']}'}"
