"""The result of one intended action, and why it failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ActionName = Literal["create", "copy", "tag", "delete", "confirm", "restore", "read", "select"]
ACTIONS: dict[ActionName, str] = {
    "create": "a new snapshot",
    "copy": "a copy in another region",
    "tag": "the tags of a copy",
    "delete": "a snapshot that is not kept",
    "confirm": "the result of a snapshot that was started earlier",
    "restore": "a restored resource, also that of a drill",
    "read": "a region, or a resource that the event names",
    "select": "whether a resource is protected",
}
_Done = Literal["started", "exists", "deleted", "tagged", "planned"]
_NotDone = Literal["failed", "deferred", "refused", "lost", "held"]
OutcomeStatus = Literal[_Done, _NotDone]
STATUSES: dict[OutcomeStatus, str] = {
    "started": "Lightsail accepted it; a later run confirms it",
    "exists": "already there: a repeated event, or it became ready",
    "deleted": "deleted, or gone already",
    "tagged": "tagged; of a drill: passed",
    "planned": "a dry run would do this",
    "failed": "see the error; the run raises",
    "deferred": "refused for now, or out of time; the next sweep does it",
    "refused": "a tag or copy that cannot be followed; see the error",
    "lost": "the selection tag is gone; nothing is pruned",
    "held": "kept for cooling-off alone",
}
"""The last three wait for a person and fail no run."""

CODES = {
    "AddressNotMoved": "a restored server could not take over the static address",
    "Ambiguous": "more than one recovery point fits; the message lists them",
    "DrillFailed": "a restore test failed: the recovery point may not be usable",
    "DrillOrphaned": "a drill left a resource that this stack may not delete any more",
    "InvalidBundle": "no bundle of the region fits what is restored",
    "InvalidName": "the region does not accept the name of what is restored",
    "InvalidTag": "a tag of the owner cannot be understood or followed",
    "InvalidTakeOver": "there is no static address that can be taken over",
    "InvalidZone": "the zone is not in the region of the restore",
    "LeftOut": "a restore of a region left it out, since it is older than the rest",
    "NameTaken": "the name belongs to something else",
    "NoName": "Lightsail reports something without a name, which is passed over",
    "NoRecoveryPoint": "there is no recovery point that fits",
    "NoSuchSnapshot": "there is no snapshot of this name",
    "NotCopied": "it cannot come back in another region",
    "NotOurs": "the snapshot does not belong to this stack",
    "NotReady": "the snapshot is not ready",
    "OperationFailed": "Lightsail reports the operation as failed",
    "OutOfTime": "the function ran out of time",
    "RegionUnreadable": "a region that may have the recovery points cannot be read",
    "ResourceNotSelected": "the event names a resource that is not selected",
    "RestoreFailed": "what was restored ended in error, or did not become ready",
    "RestoreIncomplete": "a step of a restore is left for a person",
    "SnapshotFailed": "a snapshot ended in error",
}
"""The codes of errors that are ours; all others are those of Lightsail or botocore."""

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
        if more := [part for part in (self.remedy, accepted) if part]:
            return ". ".join(part.rstrip(".") for part in (self.message, *more))
        return self.message


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
