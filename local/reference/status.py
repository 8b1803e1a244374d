"""The answer of a report, of one server with one recovery point and a snapshot that failed."""

import json
from datetime import UTC, datetime

from snapshotter.inputs.request import Request, RunAction
from snapshotter.inputs.settings import from_env
from snapshotter.model.inventory import Inventory, RegionInventory, Resource, Snapshot
from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.names import snapshot_name
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.tags import ownership
from snapshotter.plan import assess, make_plan
from snapshotter.policy.grammar import parse_retention
from snapshotter.report.status import StatusReport, make_status_report
from translate.stack import Stack

_TAKEN, _NOW = (datetime(2026, 11, day, 4, 50, tzinfo=UTC) for day in (21, 24))


def report() -> str:
    answer = example().answer("Subject: … and the text of the letter")
    return f"```json\n{json.dumps(answer, indent=2, ensure_ascii=False)}\n```\n"


def example() -> StatusReport:
    stack = Stack()
    settings = from_env(stack.environment(), frozenset({stack.region}))
    web = Resource(INSTANCE, stack.region, "web-1", "arn", {settings.selection_tag_key: None})
    points = tuple(
        Snapshot(
            *(INSTANCE, stack.region, snapshot_name(INSTANCE, web.name, web.arn, time), ""),
            *(status, INSTANCE.ready_state, time),
            size_gb=40,
            tags=ownership(settings.policy_name, web.arn, time),
            from_name=web.name,
        )
        for time, status in ((_TAKEN, Status.READY), (_NOW, Status.FAILED))
    )
    request = Request(
        *(RunAction.REPORT, _NOW, False, settings.regions, None, 0),
        retention=parse_retention("last=1"),
    )
    inventory = Inventory({stack.region: RegionInventory((web,), points)})
    situation = assess(inventory, settings, request)
    failed = Outcome(
        *("confirm", "failed", stack.region, INSTANCE.name, web.name, points[1].name),
        error=ErrorInfo("SnapshotFailed", f"{points[1].name} ended in error: The disk is broken"),
    )
    return make_status_report(situation, make_plan(situation), (failed,), request)
