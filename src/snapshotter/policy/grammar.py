"""The retention language: `daily=7 weekly=4 monthly=12 within=30d`."""

import re
from dataclasses import dataclass, field

PERIODS = ("last", "hourly", "daily", "weekly", "monthly", "yearly")
"""The words that take a count. `retention` has what each of them means."""

GRAMMAR = (
    f"one or more words, each once, separated by blanks: {'=N '.join(PERIODS)}=N with N from 1 or "
    "`all`, and within= a duration like 30d or 1y6m2w3d12h"
)

LENGTH_LIMIT = 256
"""A policy is written on every snapshot, in the value of a tag."""

_COUNT = re.compile(r"[1-9][0-9]*")
_WITHIN = re.compile("".join(rf"(?:([0-9]+){unit})?" for unit in "ymwdh"))


class RetentionError(ValueError):
    """The text is not a retention policy. `faults` has a sentence for each fault."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Duration:
    """A calendar duration: months have no fixed length, and days none in hours."""

    months: int = 0
    days: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True)
class CountRule:
    """Keep one point of each of the newest `count` periods; None means of all of them."""

    period: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Retention:
    """A policy. Two are equal if they mean the same, however they are written.

    text: the policy as its owner would write it. counts: in the order of PERIODS.
    """

    text: str = field(compare=False)
    counts: tuple[CountRule, ...] = ()
    within: Duration | None = None
    within_text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.text


def parse_retention(text: str) -> Retention:
    """Read a policy.

    Raises:
        RetentionError: the text is empty or malformed; every fault is named.
    """
    words = text.split()
    pairs = [(word, *word.partition("=")[::2]) for word in words]
    faults = [fault for word, key, value in pairs if (fault := _fault(word, key, value))]
    keys = [key for _, key, _ in pairs]
    repeated = [key for key in (*PERIODS, "within") if keys.count(key) > 1]
    faults += [f"{key} is given {keys.count(key)} times" for key in repeated]
    if not words:
        faults.append("it is empty")
    if len(text) > LENGTH_LIMIT:
        faults.append(f"it has {len(text)} characters, and a tag takes {LENGTH_LIMIT}")
    if faults:
        raise RetentionError(tuple(faults))
    values = {key: value for _, key, value in pairs}
    counts = ((key, values[key]) for key in PERIODS if key in values)
    return Retention(
        text=" ".join(words),
        counts=tuple(CountRule(key, None if n == "all" else int(n)) for key, n in counts),
        within=_duration(values["within"]) if "within" in values else None,
        within_text=values.get("within", ""),
    )


def _fault(word: str, key: str, value: str) -> str | None:
    if key in PERIODS:
        if value == "all" or _COUNT.fullmatch(value):
            return None
        return f'"{word}" needs a count of 1 or more, or `all`'
    if key == "within":
        if _duration(value):
            return None
        return f'"{word}" needs a duration like 30d or 1y6m2w3d12h, in that order and above zero'
    return f'"{word}" is not a rule'


def _duration(value: str) -> Duration | None:
    """Read a duration; None if it is none, or zero."""
    if not (match := _WITHIN.fullmatch(value)):
        return None
    years, months, weeks, days, hours = (int(number or 0) for number in match.groups())
    found = Duration(12 * years + months, 7 * weeks + days, hours)
    return found if found != Duration() else None
