"""A stack as it would be deployed: its environment, its role, and its runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from invoke.clock import handler_clock
from lightsail_moto import Call, Control
from lightsail_moto.exceptions import AccessDenied
from snapshotter.errors import SnapshotRunFailed
from snapshotter.handler import lambda_handler
from snapshotter.model.times import from_iso, to_iso
from tests.support.context import Context
from tests.support.role import Role
from translate.stack import Stack

__all__ = ["CALLED", "Context", "Deployment"]

CALLED: set[str] = set()
"""IAM actions that the function called, over the whole session."""


@dataclass
class Deployment:
    """One stack. While it runs, every call is refused that its role does not allow.

    env: variables that replace those of the template.
    running: a test that acts as the owner in the midst of a run sets it to False meanwhile.
    """

    stack: Stack
    role: Role
    control: Control
    monkeypatch: pytest.MonkeyPatch
    env: Mapping[str, str] = field(default_factory=dict)
    running: bool = field(default=False, init=False)

    def __call__(
        self,
        event: Mapping[str, Any],
        context: Context | None = None,
        *,
        now: datetime | None = None,
    ) -> dict[str, Any]:
        """Invoke the function; returns its answer as JSON.

        now: the time of the invocation; by default the scheduled time of the event.
        """
        for name, value in {**self.stack.environment(), **self.env}.items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.setenv("AWS_REGION", self.stack.region)
        if now is None and "scheduledTime" in event:
            now = from_iso(event["scheduledTime"])
        with self._as_the_role(), handler_clock(now):
            answer = lambda_handler(dict(event), context or Context())  # type: ignore[arg-type]
        read: dict[str, Any] = json.loads(json.dumps(answer, allow_nan=False))
        return read

    def nightly(self, at: datetime, **event: Any) -> dict[str, Any]:
        return self({"action": "snapshot", "scheduledTime": to_iso(at), **event})

    def sweep(self, at: datetime, **event: Any) -> dict[str, Any]:
        return self({"action": "sweep", "scheduledTime": to_iso(at), **event})

    def failing(self, event: Mapping[str, Any], context: Context | None = None) -> str:
        """Invoke the function, which must fail; returns its message."""
        with pytest.raises(SnapshotRunFailed) as raised:
            self(event, context)
        return str(raised.value)

    @contextmanager
    def _as_the_role(self) -> Iterator[None]:
        stop = self.control.on_request(self._authorise)
        self.running = True
        try:
            yield
        finally:
            self.running = False
            stop()

    def _authorise(self, call: Call, phase: str) -> None:
        if phase != "before" or not self.running:
            return
        CALLED.add(call.action)
        tags = [call.resource_tags.get(arn, {}) for arn in call.resources] or [{}]
        for arn, resource_tags in zip(call.resources or ("*",), tags, strict=True):
            if not self.role.allows(
                call.action,
                region=call.region,
                resources=[arn],
                request_tags=call.request_tags,
                resource_tags=resource_tags,
            ):
                raise AccessDenied(f"the role does not allow {call.action} on {arn}")
