"""The reports that a page is drawn from."""

from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """One deployed function: what it answered to `{"action": "report"}`, or why it could not.

    name: of the profile; empty where there is just one account, which needs no name.
    """

    name: str
    report: Record | None = None
    error: str = ""
