"""`make invoke` on this machine: any event, the answer, the log, the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from invoke import fleet
from invoke.__main__ import main
from invoke.live import parameters_in, upper_snake
from tests.cli.conftest import EVENTS, ROOT
from translate.stack import translated

COMMON = {"policy", "action", "scheduledTime", "summary"}
Captured = pytest.CaptureFixture[str]


def invoked(capsys: Captured, path: Path | str, code: int = 0) -> dict[str, Any]:
    """Invoke, and return what standard output contains: one JSON object."""
    assert main([str(path)]) == code
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.parametrize(
    "path", [path for path in EVENTS if path.stem != "hello_world"], ids=lambda path: path.stem
)
def test_every_example_event_is_answered_with_indented_json(capsys: Captured, path: Path) -> None:
    assert main([str(path)]) == 0

    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert printed.out == json.dumps(answer, indent=2) + "\n"
    log = [json.loads(line) for line in printed.err.splitlines()]
    records = [record for record in log if "_aws" not in record]
    if answer["action"] == "report":
        assert set(answer) == {*COMMON, "attention", "resources", "letter"}
        assert len(records) == 1
    else:
        assert set(answer) == {*COMMON, "dryRun", "outcomes"}
        # A restore selects nothing.
        assert answer["summary"]["selected"] > 0 or answer["action"] == "restore"
        assert len(records) == len(answer["outcomes"]) + 1
    assert records[-1]["summary"] == answer["summary"]


def test_wait_takes_virtual_time_and_confirms(capsys: Captured) -> None:
    answer = invoked(capsys, ROOT / "events/wait.json")

    confirmed = [each for each in answer["outcomes"] if each["action"] == "confirm"]
    assert len(confirmed) == answer["summary"]["created"]


def test_invalid_event_is_shown_as_in_the_console_with_status_1(capsys: Captured) -> None:
    answer = invoked(capsys, ROOT / "events/hello_world.json", code=1)

    assert set(answer) == {"errorType", "errorMessage"}
    assert answer["errorType"] == "InvalidEvent"
    assert "Replace it with {}" in answer["errorMessage"]


def test_failed_run_is_shown_with_its_message_and_status_1(
    capsys: Captured, tmp_path: Path
) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"resources": ["web-1", "wbe-2"]}')

    answer = invoked(capsys, event, code=1)

    assert answer["errorType"] == "SnapshotRunFailed"
    assert "wbe-2: no resource of this name" in answer["errorMessage"]


@pytest.mark.parametrize("event", ["[]", "7", '{"scheduledTime": "2999-01-01T00:00:00Z"}'])
def test_any_json_is_passed_to_the_function_to_validate(
    capsys: Captured, tmp_path: Path, event: str
) -> None:
    path = tmp_path / "event.json"
    path.write_text(event)

    assert invoked(capsys, path, code=1)["errorType"] == "InvalidEvent"


@pytest.mark.parametrize("content", [None, "{", b"\xff"])
def test_file_that_is_missing_or_not_json_is_refused_with_the_list_of_examples(
    capsys: Captured, tmp_path: Path, content: str | bytes | None
) -> None:
    path = tmp_path / "nothing.json"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    assert main([str(path)]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(str(path))
    assert all(f"events/{each.name}" in printed.err for each in EVENTS)


def test_this_machines_account_is_not_used(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    assert invoked(capsys, ROOT / "events/dry_run.json")["dryRun"] is True


def test_environment_is_that_of_the_template_with_the_fleets_parameters() -> None:
    environment = fleet.environment()

    names = ("REGIONS", "COPY_TO_REGIONS", "COPY_RETENTION", "POLICY_NAME", "RETENTION")
    assert [environment[name] for name in names] == [
        "us-east-1,eu-central-1",
        "eu-central-1",
        "daily=3",
        "snapshotter",
        translated()["Parameters"]["Retention"]["Default"],
    ]


def test_every_parameter_can_be_given_in_upper_snake_case() -> None:
    names = {upper_snake(name): name for name in translated()["Parameters"]}

    assert parameters_in({"RETENTION": "last=3", "REGIONS": "", "PATH": "/bin"}) == {
        "Retention": "last=3"
    }
    assert parameters_in(dict.fromkeys(names, "x")) == dict.fromkeys(names.values(), "x")
    assert names["RECOVERY_POINT_OBJECTIVE_HOURS"] == "RecoveryPointObjectiveHours"
