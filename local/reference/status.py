"""The answer of a report, of one server with one recovery point and a snapshot that failed."""

import json
from datetime import UTC, datetime

from snapshotter.inputs.event import ReportEvent, parse_event
from snapshotter.inputs.settings import Settings, from_env
from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.names import snapshot_name, to_iso
from snapshotter.model.outcome import ErrorInfo, Outcome
from snapshotter.model.resource import Inventory, RegionInventory, Resource
from snapshotter.model.snapshot import Snapshot
from snapshotter.model.tags import POLICY, SOURCE, TIME
from snapshotter.plan.planning import make_plan
from snapshotter.plan.situation import assess
from snapshotter.report.status import StatusReport, make_status_report
from translate.stack import Stack

_TAKEN, _NOW = (datetime(2026, 11, day, 4, 50, tzinfo=UTC) for day in (21, 24))


def report() -> str:
    answer = example().answer("Subject: … and the text of the letter")
    return f"```json\n{json.dumps(answer, indent=2, ensure_ascii=False)}\n```\n"


def example_settings() -> Settings:
    stack = Stack()
    return from_env(stack.environment(), frozenset({stack.region}))


def example() -> StatusReport:
    stack, settings = Stack(), example_settings()
    web = Resource(INSTANCE, stack.region, "web-1", "arn", {settings.selection_tag_key: None})
    points = tuple(
        Snapshot(
            *(INSTANCE, stack.region, snapshot_name(INSTANCE, web.name, web.arn, time), ""),
            *(status, INSTANCE.ready_state, time),
            size_gb=40,
            tags={POLICY: settings.policy_name, SOURCE: web.arn, TIME: to_iso(time)},
            from_name=web.name,
        )
        for time, status in ((_TAKEN, Status.READY), (_NOW, Status.FAILED))
    )
    event = {"action": "report", "scheduledTime": to_iso(_NOW), "retention": "last=1"}
    request = parse_event(event, now=_NOW, settings=settings)
    assert isinstance(request, ReportEvent)
    inventory = Inventory({stack.region: RegionInventory((web,), points)})
    situation = assess(inventory, settings, request)
    failed = Outcome(
        *("confirm", "failed", stack.region, INSTANCE.name, web.name, points[1].name),
        error=ErrorInfo("SnapshotFailed", f"{points[1].name} ended in error: The disk is broken"),
    )
    return make_status_report(situation, make_plan(situation), (failed,), request)
