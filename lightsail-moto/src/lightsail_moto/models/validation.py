"""Which names and tags Lightsail accepts, and the two forms of tags.

Names: "Resource names" in the user guide (2 to 255 characters; begins and ends with a letter
or digit; letters, digits, periods, hyphens and underscores), the constraints of
CreateRelationalDatabase in the API reference (letters, digits, hyphens), and the service's
own message. Whether names differ by case alone is unknown; here they do.

Tags: "Tags in Amazon Lightsail" in the user guide: 50 a resource, keys of 128 and values of
256 characters, no `aws:` prefix, letters, digits, spaces and + - = . _ : / @. The messages of
the refusals are not published; these are ours. In the records, tags are a dict from key to
value, with None for a key-only tag; in requests and answers they are a list in which a
key-only tag has no `value` member.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from lightsail_moto.exceptions import InvalidInput, NameTaken

Tags: TypeAlias = dict[str, str | None]
WireTags: TypeAlias = list[dict[str, str]]

DATABASE_TYPES = ("RelationalDatabase", "RelationalDatabaseSnapshot")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,253}[A-Za-z0-9]")
_DATABASE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,253}[A-Za-z0-9]")

MAX_TAGS = 50
MAX_KEY = 128
MAX_VALUE = 256
_TAG_CHARACTERS = re.compile(r"[\w +\-=.:/@]*")


def check_names(names: Iterable[str], taken: Collection[str], resource_type: str) -> None:
    """Refuse illegal names, then names that are taken or stand twice in the request."""
    wanted = list(names)
    pattern = _DATABASE_NAME if resource_type in DATABASE_TYPES else _NAME
    for name in wanted:
        if not pattern.fullmatch(name):
            raise InvalidInput(
                f"{name} is not a valid resource name. Resource names must be at least 2 "
                "characters long and contain only alphanumerics, -, _, and ."
            )
    clashes = [name for name in wanted if name in taken or wanted.count(name) > 1]
    if clashes:
        raise NameTaken(dict.fromkeys(clashes))


def read_tags(wire: WireTags | None) -> Tags:
    """The tags of a request; InvalidInput if one of them, or all together, break a rule."""
    tags: Tags = {}
    for tag in wire or []:
        key = tag.get("key", "")
        _check_tag(key, tag.get("value"))
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
    """The list for an answer."""
    return [
        {"key": key} if value is None else {"key": key, "value": value}
        for key, value in tags.items()
    ]


def _check_tag(key: str, value: str | None) -> None:
    if not 1 <= len(key) <= MAX_KEY:
        raise InvalidInput(f"A tag key has 1 to {MAX_KEY} characters: {key!r}")
    if len(value or "") > MAX_VALUE:
        raise InvalidInput(f"A tag value has at most {MAX_VALUE} characters: {value!r}")
    for part in (key, value or ""):
        if not _TAG_CHARACTERS.fullmatch(part):
            raise InvalidInput(f"A tag has characters that are not allowed: {part!r}")
        if part.lower().startswith("aws:"):
            raise InvalidInput(f"The prefix aws: is reserved: {part!r}")
