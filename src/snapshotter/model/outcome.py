"""The result of one intended action, and why it failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ActionName = Literal["create", "copy", "tag", "delete", "confirm", "restore", "read", "select"]
OutcomeStatus = Literal[
    "started",
    "exists",
    "deleted",
    "tagged",
    "planned",
    "failed",
    "deferred",
    "refused",
    "lost",
    "held",
]
"""The last three wait for a person and fail no run."""

Operations = tuple[Mapping[str, Any], ...]
"""Lightsail's own operation records, JSON-safe, times in ISO 8601."""


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """Why something failed: the service's code (or the exception's name) and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one intended action. Members without a value are absent from the answer."""

    action: ActionName
    status: OutcomeStatus
    region: str | None = None
    resource_type: str | None = None
    resource: str | None = None
    snapshot: str | None = None
    reason: str | None = None
    operations: Operations = ()
    error: ErrorInfo | None = None
    out_of_time: bool = False
