"""The function under demonstration: invoked in virtual time, its log compared with the account."""

import io
import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from demo.printer import Printer, require
from invoke import fleet
from invoke.function import call
from lightsail_moto import Control
from snapshotter.errors import SnapshotRunFailed
from snapshotter.model.times import to_iso

Outcome = Mapping[str, Any]

_SNAPSHOT_EXISTS = {"started": True, "exists": True, "deleted": False}
"""Whether the snapshot of an outcome is in the account, by its status."""


@dataclass(frozen=True)
class Run:
    """One invocation, as the function wrote it to CloudWatch.

    error: what it raised at its end; the outcomes were carried out and reported before.
    """

    records: tuple[Outcome, ...]
    metrics: tuple[Outcome, ...]
    answer: Any = None
    error: SnapshotRunFailed | None = None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(record for record in self.records if "status" in record)

    @property
    def summary(self) -> Mapping[str, int]:
        found: Mapping[str, int] = self.records[-1]["summary"]
        return found

    def of(self, action: str, status: str) -> list[Outcome]:
        return [o for o in self.outcomes if (o["action"], o["status"]) == (action, status)]

    def resources(self, action: str, status: str) -> set[str]:
        """The names of the resources with such an outcome."""
        return {outcome["resource"] for outcome in self.of(action, status)}


@dataclass(frozen=True)
class Scenario:
    """The emulated account, and a printer for what happens in it."""

    printer: Printer
    account: Control

    def invoke(self, event: Mapping[str, Any], at: datetime) -> Run:
        """Invoke the function, at a moment of virtual time."""
        self.account.clock.set(at)
        output = io.StringIO()
        answer = error = None
        try:
            answer = call(dict(event), fleet.environment(), output=output)
        except SnapshotRunFailed as raised:
            error = raised
        lines = [json.loads(line) for line in output.getvalue().splitlines()]
        records = tuple(line for line in lines if "_aws" not in line)
        return Run(records, tuple(line for line in lines if "_aws" in line), answer, error)

    def sweep(self, at: datetime) -> Run:
        return self.invoke({"action": "sweep", "scheduledTime": to_iso(at)}, at)

    def show(self, run: Run) -> None:
        """Print the outcomes and the summary of a run, compared with what is in the account."""
        for each in run.outcomes:
            expected = _SNAPSHOT_EXISTS.get(each["status"])
            if expected is not None and "snapshot" in each:
                found = each["snapshot"] in self.snapshots(each["region"])
                claim = f"{each['snapshot']}: {each['action']} {each['status']}"
                require(claim, found, expected)
        self.printer.table(_rows(run), (16, 12))
        self.printer.line()
        self.printer.text("  ".join(f"{name} {count}" for name, count in run.summary.items()))
        if run.error:
            self.printer.text(_cut(f"Raised SnapshotRunFailed: {run.error}"))
        self.printer.line()

    def snapshots(self, region: str) -> dict[str, Mapping[str, Any]]:
        """All snapshots of a region by name, whoever took them: state, tags, from."""
        types = self.account.world().get(region, {})
        return {
            name: snapshot
            for kind, resources in types.items()
            if kind.endswith("Snapshot")
            for name, snapshot in resources.items()
        }

    def writes(self, since: int = 0) -> list[str]:
        """The write requests to Lightsail, from a position in `account.calls` on."""
        operations = [call.operation for call in self.account.calls[since:]]
        return [operation for operation in operations if not operation.startswith("Get")]


def short(name: str, limit: int = 20) -> str:
    """Leave out the middle of a long name."""
    return name if len(name) <= limit else f"{name[: limit - 9]}...{name[-6:]}"


def format_tags(tags: Mapping[str, str | None]) -> str:
    """Write tags as `key` or `key=value`; of more than three, the first and their number."""
    written = [key if value is None else f"{key}={value}" for key, value in tags.items()]
    return f"{written[0]} and {len(written) - 1} more" if written[3:] else ", ".join(written) or "-"


def detail(outcome: Outcome) -> str:
    """Why an outcome is what it is: the error's message, or the reason."""
    message = outcome.get("error", {}).get("message") or outcome.get("reason") or ""
    return str(message).rstrip(".")


def _rows(run: Run) -> Iterator[tuple[str, str, str]]:
    """One row for the outcomes that have action, status, region and detail in common."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for each in run.outcomes:
        # The reason of a tag names one snapshot each.
        why = "" if each["action"] == "tag" else _cut(detail(each))
        key = (f"{each['action']} {each['status']}", each.get("region", ""), why)
        groups.setdefault(key, []).append(short(each.get("resource", ""), 40))
    for (what, region, why), names in sorted(groups.items()):
        count = f"{len(names)} of " if len(names) > len(set(names)) else ""
        text = f"{count}{', '.join(dict.fromkeys(names))}"
        yield what, region, f"{text}: {why}" if why else text


def _cut(text: str) -> str:
    return textwrap.shorten(text, 180, placeholder=" ...")
