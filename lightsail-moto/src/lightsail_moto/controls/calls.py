"""The record of every request, and the callbacks for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

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
