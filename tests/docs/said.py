"""Everything that the function says, collected from runs that make it say so."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import pytest
from moto import mock_aws

from lightsail_moto import Control, control, register
from snapshotter import handler
from snapshotter import run as journey
from snapshotter.errors import SnapshotterError
from snapshotter.lightsail import deadline
from snapshotter.model.outcome import Outcome
from snapshotter.report.answer import Report
from tests.integration.conftest import NIGHT
from tests.integration.deployment import Context, Deployment
from tests.support.role import Role
from translate.stack import Stack

_OF_POWERTOOLS = ("function_", "cold_start", "location", "service", "xray")


@dataclass
class Said:
    """What was said so far.

    texts: reasons, messages, what was raised and what was logged. fields: of log records, those
    of outcomes and of runs. metrics: their names.
    """

    texts: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    statuses: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    metrics: set[str] = field(default_factory=set)

    def add(self, outcome: Outcome) -> None:
        self.actions.add(outcome.action)
        self.statuses.add(outcome.status)
        if outcome.reason:
            self.texts.add(outcome.reason)
        if outcome.error:
            self.codes.add(outcome.error.code)
            self.texts.add(outcome.error.message)

    def read(self, output: str) -> None:
        """Read what went to standard output: log records and metrics, one JSON object a line."""
        for line in output.splitlines():
            record: dict[str, Any] = json.loads(line)
            for described in record.get("_aws", {}).get("CloudWatchMetrics", ()):
                self.metrics.update(each["Name"] for each in described["Metrics"])
            if "_aws" not in record:
                self.texts.add(str(record.get("message")))
                self.fields.update(key for key in record if not key.startswith(_OF_POWERTOOLS))


@dataclass
class Stage:
    """An empty account at the night's beginning, and what is said while runs play in it."""

    account: Control
    said: Said
    patch: pytest.MonkeyPatch

    def deploy(self, **parameters: str) -> Callable[..., None]:
        """Deploy a stack named `nightly`; what is returned invokes it, whatever it raises."""
        stack = Stack({"PolicyName": "nightly", **parameters})
        deployment = Deployment(
            stack, Role.from_template(stack.parameters), self.account, self.patch
        )

        screen = handler.logger.registered_handler
        assert isinstance(screen, logging.StreamHandler)

        def invoke(event: Mapping[str, Any], context: Context | None = None) -> None:
            output = io.StringIO()
            stream = screen.setStream(output)
            try:
                with redirect_stdout(output):
                    deployment(event, context)
            except SnapshotterError as error:
                self.said.codes.add(type(error).__name__)
                self.said.texts.add(str(error))
            finally:
                screen.setStream(stream)
                self.said.read(output.getvalue())

        return invoke


@contextmanager
def a_stage(said: Said) -> Iterator[Stage]:
    """Set a stage; whatever runs on it adds to what was said."""
    register()
    run = journey.run

    def recorded(*arguments: Any, **named: Any) -> Report:
        report = run(*arguments, **named)
        for outcome in report.outcomes:
            said.add(outcome)
        return report

    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL_LIGHTSAIL"):
            patch.delenv(name, raising=False)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setattr(handler, "run", recorded)
        patch.setattr(deadline, "POLL_S", 0.01)
        account = control()
        account.clock.set(NIGHT)
        yield Stage(account, said, patch)
