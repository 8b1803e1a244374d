"""Tags: their rules, and their two forms.

Inside, tags are a dict from key to value, with None for a key-only tag. On the wire they
are a list in which a key-only tag has no `value` member.

Source: "Tags in Amazon Lightsail" in the user guide: 50 a resource, keys of 128 and values
of 256 characters, no `aws:` prefix, letters, digits, spaces and + - = . _ : / @. The texts
of the refusals are not published; these are ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from lightsail_moto.exceptions import InvalidInput

Tags: TypeAlias = dict[str, str | None]
WireTags: TypeAlias = list[dict[str, str]]

MAX_TAGS = 50
MAX_KEY = 128
MAX_VALUE = 256
_LEGAL = re.compile(r"[\w +\-=.:/@]*")


def read_tags(wire: WireTags | None) -> Tags:
    """The tags of a request; InvalidInput if one of them, or all together, break a rule."""
    tags: Tags = {}
    for tag in wire or []:
        key = tag.get("key", "")
        _check(key, tag.get("value"))
        if key in tags:
            raise InvalidInput(f"The tag key {key} is given more than once.")
        tags[key] = tag.get("value")
    check_count(tags)
    return tags


def check_count(tags: Tags) -> None:
    """Refuse more tags than a resource may have."""
    if len(tags) > MAX_TAGS:
        raise InvalidInput(f"A resource can have at most {MAX_TAGS} tags.")


def write_tags(tags: Mapping[str, str | None]) -> WireTags:
    """The list for an answer; a key-only tag has no `value` member."""
    return [
        {"key": key} if value is None else {"key": key, "value": value}
        for key, value in tags.items()
    ]


def _check(key: str, value: str | None) -> None:
    if not 1 <= len(key) <= MAX_KEY:
        raise InvalidInput(f"A tag key has 1 to {MAX_KEY} characters: {key!r}")
    if len(value or "") > MAX_VALUE:
        raise InvalidInput(f"A tag value has at most {MAX_VALUE} characters: {value!r}")
    for part in (key, value or ""):
        if not _LEGAL.fullmatch(part):
            raise InvalidInput(f"A tag has characters that are not allowed: {part!r}")
        if part.lower().startswith("aws:"):
            raise InvalidInput(f"The prefix aws: is reserved: {part!r}")
