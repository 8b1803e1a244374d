"""Every file of events/ is an event that the function understands."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from snapshotter.errors import InvalidEvent
from snapshotter.inputs.event import parse_event
from snapshotter.inputs.settings import from_env
from translate import TEMPLATE
from translate.stack import Stack

EVENTS = TEMPLATE.parent / "events"
NOW = datetime(2026, 11, 23, 12, 34, 56, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)
REGIONS = ("us-east-1", "eu-central-1")
SETTINGS = from_env(
    Stack({"Regions": ",".join(REGIONS), "EnableRestore": "true"}).environment(),
    frozenset(REGIONS),
)
REQUESTS: dict[str, dict[str, Any]] = {
    "scheduled.json": {"action": "snapshot", "scheduled_time": NIGHT},
    "sweep.json": {"action": "sweep"},
    "eventbridge_rule.json": {"action": "snapshot", "scheduled_time": NIGHT},
    "now.json": {"action": "snapshot"},
    "dry_run.json": {"action": "snapshot", "dry_run": True},
    "only_some.json": {
        "action": "snapshot",
        "regions": ("us-east-1",),
        "resources": ("web-1", "orders-db"),
    },
    "wait.json": {"action": "snapshot", "wait_s": 120},
    "restore.json": {"action": "restore", "resource": "web-1", "protect": False},
    "restore_region.json": {
        "action": "restore",
        "dry_run": True,
        "everything": True,
        "region": "eu-central-1",
        "protect": True,
    },
    "drill.json": {"action": "drill", "resources": ("web-1",)},
    "report.json": {"action": "report"},
    "end_cooling_off.json": {
        "action": "sweep",
        "resources": ("web-1",),
        "end_cooling_off": True,
    },
}
"""What each file asks for, beside what every event has by default."""


def parsed(name: str) -> dict[str, Any]:
    """Return what the function reads from a file that is not a default, as plain values."""
    event = json.loads((EVENTS / name).read_text())
    request = parse_event(event, now=NOW, settings=SETTINGS)
    found = request.model_dump(exclude_defaults=True)
    by_default = {"scheduled_time": NOW, "regions": REGIONS}
    asked = {key: value for key, value in found.items() if by_default.get(key) != value}
    return {"action": request.action, **asked}


@pytest.mark.parametrize(("name", "expected"), REQUESTS.items())
def test_an_event_file_is_the_request_of_its_name(name: str, expected: dict[str, Any]) -> None:
    assert parsed(name) == expected


def test_the_default_test_event_of_the_console_is_refused_with_advice() -> None:
    with pytest.raises(InvalidEvent, match="hello-world"):
        parsed("hello_world.json")


def test_there_is_a_test_for_every_event_file() -> None:
    assert {path.name for path in EVENTS.iterdir()} == {*REQUESTS, "hello_world.json"}
