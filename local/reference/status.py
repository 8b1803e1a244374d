"""The answer of a report, of one server with one recovery point."""

import json
from datetime import UTC, datetime

from snapshotter.inputs.request import Request, RunAction
from snapshotter.inputs.settings import from_env
from snapshotter.model.inventory import Inventory, RegionInventory, Resource, Snapshot
from snapshotter.model.kinds import INSTANCE, Status
from snapshotter.model.tags import ownership
from snapshotter.plan import assess, make_plan
from snapshotter.policy.grammar import parse_retention
from snapshotter.report.status import make_status_report
from translate.stack import Stack

_TAKEN, _NOW = (datetime(2026, 11, day, 4, 50, tzinfo=UTC) for day in (21, 24))


def report() -> str:
    stack = Stack()
    settings = from_env(stack.environment(), frozenset({stack.region}))
    web = Resource(INSTANCE, stack.region, "web-1", "arn", {settings.selection_tag_key: None})
    point = Snapshot(
        *(INSTANCE, stack.region, "web-1-20261121T045000Z", "", Status.READY, "available"),
        created_at=_TAKEN,
        size_gb=40,
        tags=ownership(settings.policy_name, web.arn, _TAKEN),
        from_name=web.name,
    )
    request = Request(
        *(RunAction.REPORT, _NOW, False, settings.regions, None, 0),
        retention=parse_retention("last=1"),
    )
    inventory = Inventory({stack.region: RegionInventory((web,), (point,))})
    situation = assess(inventory, settings, request)
    made = make_status_report(situation, make_plan(situation), (), request)
    answer = made.answer("Subject: … and the text of the letter")
    return f"```json\n{json.dumps(answer, indent=2, ensure_ascii=False)}\n```\n"
