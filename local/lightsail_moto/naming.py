"""Which names Lightsail accepts for a new resource.

Source: "Resource names" in the Lightsail user guide (2 to 255 characters; begins and ends
with a letter or digit; letters, digits, periods, hyphens and underscores), the constraints
of CreateRelationalDatabase in the API reference (letters, digits, hyphens), and the
service's own message. Whether names differ by case alone is unknown; here they do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lightsail_moto.exceptions import InvalidInput, NameTaken

DATABASE_TYPES = ("RelationalDatabase", "RelationalDatabaseSnapshot")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,253}[A-Za-z0-9]")
_DATABASE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,253}[A-Za-z0-9]")


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
