"""What proves a recovery point: a restore and, if it is given, an answer of the instance."""

import re
from typing import NamedTuple

from snapshotter.model.firewall import LAST_PORT

DRILL_GRAMMAR = (
    f"no value, a TCP port from 1 to {LAST_PORT}, http:PORT/PATH or https:PORT/PATH (which must "
    "answer with a status below 400), or `off`"
)
_CHECK = re.compile(r"(?:(?P<scheme>https?):)?(?P<port>[0-9]{1,5})(?P<path>/\S*)?")


class Drilling(NamedTuple):
    """A drill that is asked for.

    port: that must accept connections; None if the restore alone is the proof. scheme, path: of
    a request that must be answered; scheme is None if a connection is enough.
    """

    port: int | None = None
    scheme: str | None = None
    path: str = "/"

    def __str__(self) -> str:
        if self.scheme is None:
            return "" if self.port is None else str(self.port)
        return f"{self.scheme}:{self.port}{self.path}"


def parse_drilling(text: str) -> Drilling | None:
    """Read the value of the drill tag; None if it cannot be understood."""
    if not text:
        return Drilling()
    match = _CHECK.fullmatch(text)
    if match is None or not 1 <= int(match["port"]) <= LAST_PORT:
        return None
    if match["scheme"] is None and match["path"] is not None:
        return None
    return Drilling(int(match["port"]), match["scheme"], match["path"] or "/")
