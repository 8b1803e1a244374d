"""The function as the story needs it: invoked at a moment, and listened to."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from demo.paper import Paper
from invoke.function import call
from lightsail_moto import Control
from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.times import to_iso


@dataclass(frozen=True)
class Run:
    """One invocation, by what the function wrote to CloudWatch.

    error: what it raised at the end, once all else was done and reported.
    """

    records: tuple[Mapping[str, Any], ...]
    metrics: tuple[Mapping[str, Any], ...]
    error: SnapshotRunFailed | None = None

    @property
    def outcomes(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(record for record in self.records if "status" in record)

    @property
    def summary(self) -> Mapping[str, int]:
        found: Mapping[str, int] = self.records[-1]["summary"]
        return found

    def of(self, action: str, *statuses: str) -> list[Mapping[str, Any]]:
        """The outcomes of an action, in any or in one of these statuses."""
        return [
            each
            for each in self.outcomes
            if each["action"] == action and (not statuses or each["status"] in statuses)
        ]


@dataclass
class Story:
    """Where the story plays. `runs` are those told so far, in order."""

    paper: Paper
    account: Control
    environment: Mapping[str, str]
    runs: list[Run] = field(default_factory=list)

    def run(self, event: Mapping[str, Any], at: datetime) -> Run:
        """Invoke the function at a moment of virtual time."""
        self.account.clock.set(at)
        output = io.StringIO()
        error = None
        try:
            call(dict(event), self.environment, output=output)
        except SnapshotRunFailed as raised:
            error = raised
        lines = [json.loads(line) for line in output.getvalue().splitlines()]
        run = Run(
            records=tuple(line for line in lines if "_aws" not in line),
            metrics=tuple(line for line in lines if "_aws" in line),
            error=error,
        )
        self.runs.append(run)
        return run

    def sweep(self, at: datetime) -> Run:
        return self.run({"action": "sweep", "scheduledTime": to_iso(at)}, at)

    def snapshots(self, region: str) -> dict[str, Mapping[str, Any]]:
        """All snapshots of a region by name, whoever took them: state, tags, source."""
        shelves = self.account.world().get(region, {})
        return {
            name: record
            for kind, shelf in shelves.items()
            if kind.endswith("Snapshot")
            for name, record in shelf.items()
        }
