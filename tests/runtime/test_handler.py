"""The deployed handler in Lambda's runtime."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lightsail_moto import control
from snapshotter.model.names import to_iso
from tests.support.runtime_api import Result, RuntimeApi
from translate import TEMPLATE

EVENTS = TEMPLATE.parent / "events"
SUMMARY = {
    *("selected", "created", "copied", "deleted", "failed", "deferred", "pending", "stale"),
    *("refused", "lost", "held"),
}
LONGEST_MESSAGE = 2_000
"""Characters of an error message that the console shows in full."""


Invoke = Callable[..., Result]


@pytest.fixture
def invoke(runtime: RuntimeApi, environment: dict[str, str]) -> Invoke:
    """Invoke the handler in an account with one selected instance."""
    control().seed.add_instance("web-1", tags={"snapshot": None, "team": "shop"})
    return partial(runtime.invoke, env=environment)


NIGHT = datetime.now(UTC).replace(second=0, microsecond=0)
SNAPSHOT = f"web-1-{NIGHT:%Y%m%dT%H%M%SZ}"


def event(name: str) -> Any:
    """Read an event file. A scheduled time in it becomes a recent one, as in a real event."""
    given = json.loads((EVENTS / name).read_text())
    times = {key: to_iso(NIGHT) for key in ("scheduledTime", "time") if key in given}
    return {**given, **times}


def test_response_has_the_keys_of_the_contract(invoke: Invoke) -> None:
    answer = invoke(event("scheduled.json")).payload

    assert answer == {
        "policy": "nightly",
        "action": "snapshot",
        "scheduledTime": to_iso(NIGHT),
        "dryRun": False,
        "summary": dict.fromkeys(SUMMARY, 0)
        | {"selected": 1, "created": 1, "pending": 1, "stale": 1},
        "outcomes": answer["outcomes"],
    }


def test_outcome_has_the_operations_that_lightsail_returned(invoke: Invoke) -> None:
    (outcome,) = invoke(event("scheduled.json")).payload["outcomes"]
    operations = outcome.pop("operations")

    assert outcome.pop("reason")
    assert outcome == {
        "region": "us-east-1",
        "resourceType": "Instance",
        "resource": "web-1",
        "action": "create",
        "snapshot": SNAPSHOT,
        "status": "started",
    }
    assert [(each["resourceName"], each["status"]) for each in operations] == [
        (SNAPSHOT, "Started"),
        ("web-1", "Started"),
    ]
    assert all(isinstance(each["createdAt"], str) for each in operations)


def test_same_event_again_creates_nothing(invoke: Invoke) -> None:
    invoke(event("scheduled.json"))
    (outcome,) = invoke(event("scheduled.json")).payload["outcomes"]

    assert (outcome["snapshot"], outcome["status"]) == (SNAPSHOT, "exists")
    assert [call.operation for call in control().calls].count("CreateInstanceSnapshot") == 1


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_every_event_file_can_be_used_as_a_test_event(invoke: Invoke, path: Path) -> None:
    test_event = event(path.name) | ({"wait": 0} if path.stem == "wait" else {})
    error = invoke(test_event).error
    kind = error.type if error else None

    # The resources that only_some.json names do not exist, and restores are not enabled.
    assert kind == {
        "hello_world": "InvalidEvent",
        "only_some": "SnapshotRunFailed",
        "restore": "InvalidEvent",
        "restore_region": "InvalidEvent",
        "drill": "InvalidEvent",
    }.get(path.stem)


def test_run_with_failed_actions_is_a_function_error_that_the_console_shows_in_full(
    invoke: Invoke,
) -> None:
    for number in range(40):
        control().seed.add_disk(f"disk-{number:03}", tags={"snapshot": None})
    control().inject("CreateDiskSnapshot", error="OperationFailureException", times=None)
    result = invoke({})

    assert result.error
    assert result.error.type == "SnapshotRunFailed"
    assert "40 failed" in result.error.message
    assert "disk-000" in result.error.message
    assert len(result.error.message) < LONGEST_MESSAGE


def test_invalid_event_is_an_error_that_names_every_mistake_and_makes_no_call(
    invoke: Invoke,
) -> None:
    error = invoke({"actoin": "sweep", "dryRun": "yes"}).error

    assert error
    assert error.type == "InvalidEvent"
    assert "actoin" in error.message
    assert "dryRun" in error.message
    assert len(error.message) < LONGEST_MESSAGE
    assert not list(control().calls)


def test_error_has_a_log_record_with_the_members_that_letters_read(invoke: Invoke) -> None:
    record = invoke({"actoin": "sweep"}).records()[-1]

    assert (record["level"], record["errorType"]) == ("ERROR", "InvalidEvent")
    assert "actoin" in record["errorMessage"]


def test_run_without_time_begins_no_write_and_fails(invoke: Invoke) -> None:
    error = invoke({}, deadline_s=20).error

    assert error
    assert error.type == "SnapshotRunFailed"
    assert not [call for call in control().calls if call.operation.startswith("Create")]


def test_every_line_of_the_log_is_a_record_with_level_and_time(invoke: Invoke) -> None:
    result = invoke({})
    records = [record for record in result.records() if "_aws" not in record]

    assert len(result.records()) == len(result.log)
    assert all({"level", "timestamp", "message"} <= set(record) for record in records)
    assert all(datetime.fromisoformat(record["timestamp"]).tzinfo for record in records)
    assert {record.get("status") for record in records} >= {"started"}


def test_metrics_are_written_to_the_namespace_of_the_stack(
    invoke: Invoke, environment: dict[str, str]
) -> None:
    records = invoke({}).records()
    metrics = [record for record in records if "_aws" in record]
    namespaces = {each["Namespace"] for m in metrics for each in m["_aws"]["CloudWatchMetrics"]}

    assert namespaces == {environment["POWERTOOLS_METRICS_NAMESPACE"]}


def test_invalid_settings_are_an_error_that_names_the_parameters(
    invoke: Invoke, environment: dict[str, str]
) -> None:
    """Last in this module: its settings need another process."""
    wrong = {"RETENTION": "daily=never", "REGIONS": "us-east-9"}
    error = invoke({}, env=environment | wrong).error

    assert error
    assert error.type == "InvalidSettings"
    assert "Retention" in error.message
    assert "us-east-9" in error.message
