"""A deployed stack: its environment, its role and its runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from invoke.clock import at_scheduled_time, handler_clock
from lightsail_moto import Call, Control
from lightsail_moto.exceptions import AccessDenied
from snapshotter.errors import SnapshotRunFailed
from snapshotter.handler import lambda_handler
from snapshotter.model.names import to_iso
from tests.support.context import Context
from tests.support.role import Role
from translate.stack import Stack

__all__ = ["CALLED", "Context", "Deployment"]

CALLED: set[str] = set()
"""The IAM actions that the function used in this test session."""


@dataclass
class Deployment:
    """One stack. During a run, a call that its role does not allow is denied.

    running: a test that acts as the owner during a run sets it to False meanwhile.
    """

    stack: Stack
    role: Role
    control: Control
    monkeypatch: pytest.MonkeyPatch
    running: bool = field(default=False, init=False)

    def __call__(
        self,
        event: Mapping[str, Any],
        context: Context | None = None,
        *,
        now: datetime | None = None,
    ) -> dict[str, Any]:
        """Invoke the function; the response is converted to JSON and back, as Lambda does it.

        now: the time of the invocation; by default the scheduled time of the event.
        """
        for name, value in self.stack.environment().items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.setenv("AWS_REGION", self.stack.region)
        with self._as_the_role(), handler_clock(now) if now else at_scheduled_time(event):
            answer = lambda_handler(dict(event), context or Context())  # type: ignore[arg-type]
        read: dict[str, Any] = json.loads(json.dumps(answer, allow_nan=False))
        return read

    def nightly(self, at: datetime, **event: Any) -> dict[str, Any]:
        return self({"action": "snapshot", "scheduledTime": to_iso(at), **event})

    def sweep(self, at: datetime, **event: Any) -> dict[str, Any]:
        return self({"action": "sweep", "scheduledTime": to_iso(at), **event})

    def failing(self, event: Mapping[str, Any], context: Context | None = None) -> str:
        """Invoke the function, which must fail; returns the message."""
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
        authorise(self.role, call)


def authorise(role: Role, call: Call) -> None:
    """Refuse a call that a role does not allow on all its resources."""
    for arn in call.resources or ("*",):
        if not role.allows(
            call.action,
            region=call.region,
            resources=[arn],
            request_tags=call.request_tags,
            resource_tags=call.resource_tags.get(arn, {}),
        ):
            raise AccessDenied(f"the role does not allow {call.action} on {arn}")
