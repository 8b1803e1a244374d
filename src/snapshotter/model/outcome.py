"""The result of one intended action, and why it failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ActionName = Literal[
    "create",  # a new snapshot
    "copy",  # a copy in another region
    "tag",  # the tags of a copy
    "delete",  # a snapshot that is not kept
    "confirm",  # the result of a snapshot that was started earlier
    "restore",  # a restored resource, also that of a drill
    "read",  # a region, or a resource that the event names
    "select",  # whether a resource is protected
]
OutcomeStatus = Literal[
    "started",  # Lightsail accepted it; a later run confirms it
    "exists",  # already there: a repeated event, or it became ready
    "deleted",  # deleted, or gone already
    "tagged",  # tagged; of a drill: passed
    "planned",  # a dry run would do this
    "failed",  # see the error; the run raises
    "deferred",  # refused for now, or out of time; the next sweep does it
    "refused",  # a tag or copy that cannot be followed; see the error
    "lost",  # the selection tag is gone; nothing is pruned
    "held",  # kept for cooling-off alone
]
"""The last three wait for a person and fail no run."""

Operations = tuple[Mapping[str, Any], ...]
"""Lightsail's own operation records, JSON-safe, times in ISO 8601."""


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """Why something failed or was refused.

    code: the service's code, the exception's name, or ours. message: what happened, and what it
    means. remedy: what a person should do, as a sentence without a full stop. accepted: what would
    have been accepted. The last two are empty where there is nothing to say.
    """

    code: str
    message: str
    remedy: str = ""
    accepted: str = ""

    @property
    def sentence(self) -> str:
        """All of it, as the answer and the log have it."""
        accepted = self.accepted and f"Accepted: {self.accepted}"
        if not (self.remedy or accepted):
            return self.message
        parts = (self.message, self.remedy, accepted)
        return ". ".join(part.rstrip(".") for part in parts if part)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one intended action. Members without a value are absent from the answer.

    source_arn: of the resource that it is about; for the report, not in the answer.
    """

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
    source_arn: str = ""

    @property
    def why(self) -> str:
        """The error or the reason, as one sentence without a full stop."""
        return (self.error.sentence if self.error else self.reason or "").rstrip(".")
