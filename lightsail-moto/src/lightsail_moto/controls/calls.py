"""The record of every request, the callbacks for it, and how IAM would see it.

Source: the Service Authorization Reference's table of Lightsail's actions: which of them are
authorised on a resource, and by which member of the request that resource is named. Actions
that are not in the table here take "*". Creates are authorised on their source, not on the
snapshot; reads, CopySnapshot and CreateRelationalDatabaseSnapshot on "*" alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from lightsail_moto.models.store import Store
from lightsail_moto.models.validation import Tags

Phase: TypeAlias = Literal["before", "after"]


@dataclass(kw_only=True)
class Call:
    """One request, and how IAM would see it.

    number: 1 for the account's first request.
    at: time by the account's clock; started_s and finished_s are time.monotonic().
    outcome: None while it is in progress, then "ok", an error code, "dropped",
        "http 500" (any bare status), or "NotImplemented".
    resources: the ARNs that the action is authorised on by the Service Authorization
        Reference; ("*",) for an action without a resource type; () if the resource is missing.
    request_tags: aws:RequestTag; tag_keys: aws:TagKeys.
    resource_tags: aws:ResourceTag by ARN, as they were before the call.
    """

    number: int
    operation: str
    account_id: str
    region: str
    parameters: dict[str, Any]
    access_key: str
    at: datetime
    started_s: float
    finished_s: float | None = None
    outcome: str | None = None
    resources: tuple[str, ...] = ()
    request_tags: Tags = field(default_factory=dict)
    tag_keys: tuple[str, ...] = ()
    resource_tags: dict[str, Tags] = field(default_factory=dict)

    @property
    def action(self) -> str:
        """The IAM action."""
        return f"lightsail:{self.operation}"

    @property
    def names(self) -> set[str]:
        """Every string that the request gives at its top level, resource names among them."""
        given: set[str] = set()
        for value in self.parameters.values():
            values = value if isinstance(value, list) else [value]
            given.update(each for each in values if isinstance(each, str))
        return given


Callback: TypeAlias = Callable[[Call, Phase], None]


class Calls(list[Call]):
    """The calls in order of arrival."""

    def __init__(self) -> None:
        super().__init__()
        self._callbacks: list[Callback] = []

    def open(self, **what: Any) -> Call:
        """Begin a record; the caller holds the lock."""
        call = Call(number=len(self) + 1, started_s=time.monotonic(), **what)
        self.append(call)
        return call

    def on_request(self, callback: Callback) -> Callable[[], None]:
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def notify(self, call: Call, phase: Phase) -> None:
        """Call back, outside of the lock; what a callback raises is the answer."""
        for callback in list(self._callbacks):
            callback(call, phase)


_ON = {
    "AttachDisk": ("diskName", "instanceName"),
    "AttachStaticIp": ("instanceName", "staticIpName"),
    "CloseInstancePublicPorts": ("instanceName",),
    "CreateDiskFromSnapshot": ("diskSnapshotName",),
    "CreateDiskSnapshot": ("diskName", "instanceName"),
    "CreateInstanceSnapshot": ("instanceName",),
    "CreateInstancesFromSnapshot": ("instanceSnapshotName",),
    "CreateRelationalDatabaseFromSnapshot": ("relationalDatabaseSnapshotName",),
    "DeleteDisk": ("diskName",),
    "DeleteDiskSnapshot": ("diskSnapshotName",),
    "DeleteInstance": ("instanceName",),
    "DeleteInstanceSnapshot": ("instanceSnapshotName",),
    "DeleteRelationalDatabase": ("relationalDatabaseName",),
    "DeleteRelationalDatabaseSnapshot": ("relationalDatabaseSnapshotName",),
    "DeleteKeyPair": ("keyPairName",),
    "DetachDisk": ("diskName",),
    "DetachStaticIp": ("staticIpName",),
    "OpenInstancePublicPorts": ("instanceName",),
    "PutInstancePublicPorts": ("instanceName",),
    "ReleaseStaticIp": ("staticIpName",),
    "TagResource": ("resourceName",),
    "UntagResource": ("resourceName",),
}


def note_authorisation(call: Call, store: Store) -> None:
    """Note on the call the resources that it is authorised on, its tags and theirs."""
    tags = call.parameters.get("tags") or []
    call.request_tags = {tag["key"]: tag.get("value") for tag in tags}
    call.tag_keys = (*call.request_tags, *call.parameters.get("tagKeys", ()))
    if call.operation not in _ON:
        call.resources = ("*",)
        return
    names = [call.parameters.get(member) for member in _ON[call.operation]]
    named = [store.names[name] for name in names if name in store.names]
    call.resources = tuple(resource.arn for resource in named)
    call.resource_tags = {resource.arn: dict(resource.tags) for resource in named}
