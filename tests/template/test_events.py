"""Every file of events/ is an event that the function understands."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from snapshotter.errors import InvalidEvent
from snapshotter.inputs.event import RestoreRequest, parse_event
from translate import TEMPLATE

EVENTS = TEMPLATE.parent / "events"
NOW = datetime(2026, 11, 23, 12, 34, 56, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 4, 50, tzinfo=UTC)
REGIONS = ("us-east-1", "eu-central-1")


def parsed(name: str) -> dict[str, Any]:
    """Return the request that the function reads from a file, as plain values."""
    event = json.loads((EVENTS / name).read_text())
    return asdict(parse_event(event, now=NOW, regions=REGIONS, restores=True))


DEFAULT = {
    "action": "snapshot",
    "scheduled_time": NOW,
    "dry_run": False,
    "regions": REGIONS,
    "resources": None,
    "wait_s": 0,
    "end_cooling_off": False,
    "restore": None,
    "retention": None,
    "send": "never",
    "alarm": None,
}
REQUESTS: dict[str, dict[str, Any]] = {
    "scheduled.json": {"scheduled_time": NIGHT},
    "sweep.json": {"action": "sweep"},
    "eventbridge_rule.json": {"scheduled_time": NIGHT},
    "now.json": {},
    "dry_run.json": {"dry_run": True},
    "only_some.json": {"regions": ("us-east-1",), "resources": ("web-1", "orders-db")},
    "wait.json": {"wait_s": 120},
    "restore.json": {"action": "restore", "restore": asdict(RestoreRequest(resource="web-1"))},
    "restore_region.json": {
        "action": "restore",
        "dry_run": True,
        "restore": asdict(RestoreRequest(everything=True, region="eu-central-1")),
    },
    "drill.json": {"action": "drill", "resources": ("web-1",)},
    "report.json": {"action": "report"},
    "end_cooling_off.json": {
        "action": "sweep",
        "resources": ("web-1",),
        "end_cooling_off": True,
    },
}


@pytest.mark.parametrize(("name", "expected"), REQUESTS.items())
def test_an_event_file_is_the_request_of_its_name(name: str, expected: dict[str, Any]) -> None:
    assert parsed(name) == DEFAULT | expected


def test_the_default_test_event_of_the_console_is_refused_with_advice() -> None:
    with pytest.raises(InvalidEvent, match="hello-world"):
        parsed("hello_world.json")


def test_there_is_a_test_for_every_event_file() -> None:
    assert {path.name for path in EVENTS.iterdir()} == {*REQUESTS, "hello_world.json"}
