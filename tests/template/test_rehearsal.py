"""The rehearsal ends what it starts, reaches no account, and says what did not hold."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from rehearse.acts import PARAMETERS, UNKNOWN
from rehearse.processes import Servers, running, sealed
from rehearse.sam import Sam
from rehearse.told import Broken, Told
from translate import TEMPLATE
from translate.stack import Stack, translated

SERVERS = Servers(aws="http://127.0.0.1:1", lightsail="http://127.0.0.1:2")


def alive(pid: int) -> bool:
    """Tell whether a process is there and not only waits to be buried."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def gone(pid: int, *, within_s: float = 5) -> bool:
    """Tell whether a process ends, which takes the system a moment."""
    end = time.monotonic() + within_s
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def test_a_server_ends_with_all_that_it_started(tmp_path: Path) -> None:
    if not Path("/proc").exists():
        pytest.skip("looks at /proc")
    log = tmp_path / "log"
    command = ["sh", "-c", "sleep 60 & echo $!; wait"]
    with running(command, os.environ, log) as process:
        while not log.read_text().strip():
            time.sleep(0.02)
        child = int(log.read_text())
        there = alive(process.pid), alive(child)

    assert there == (True, True)
    assert gone(child)


def test_no_way_to_a_real_account_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://s3.example.com")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a real one")
    environment = SERVERS.environment()

    assert "production" not in environment.values()
    assert "AWS_ENDPOINT_URL_S3" not in environment
    assert environment["AWS_ACCESS_KEY_ID"] == sealed()["AWS_ACCESS_KEY_ID"] != "a real one"
    assert environment["AWS_CONFIG_FILE"] == os.devnull
    assert environment["AWS_ENDPOINT_URL"] == SERVERS.aws
    assert environment["AWS_ENDPOINT_URL_LIGHTSAIL"] == SERVERS.lightsail


def test_a_claim_that_does_not_hold_is_told_and_changes_the_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = Told()
    told.holds("the sky is blue", truth=True)
    well = told.ending()
    told.holds("pigs fly", truth=False, seen="they walk")

    assert (well, told.ending()) == (0, 1)
    output = capsys.readouterr().out
    assert "ok  the sky is blue" in output
    assert "NO  pigs fly\n      instead: they walk" in output


def test_what_all_else_stands_on_ends_the_rehearsal() -> None:
    with pytest.raises(Broken, match="the stack is there"):
        Told().must("the stack is there", truth=False)


def test_types_that_the_emulator_does_not_know_are_left_out_of_what_is_deployed(
    tmp_path: Path,
) -> None:
    (tmp_path / "build").mkdir()
    built = tmp_path / "build" / "template.yaml"
    built.write_text(TEMPLATE.read_text())
    gone = Sam(["sam"], {}, tmp_path).leave_out(UNKNOWN)
    left = json.loads(built.read_text())["Resources"]

    assert gone
    assert all(translated()["Resources"][name]["Type"] in UNKNOWN for name in gone)
    assert {each["Type"] for each in left.values()}.isdisjoint(UNKNOWN)


def test_a_command_of_sam_that_fails_is_told_with_what_it_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such stack')"]

    with pytest.raises(Broken, match="sam delete --stack-name rehearsal ended with 1: no such"):
        Sam(command, dict(os.environ), tmp_path).delete()


def test_it_deploys_parameters_that_the_template_accepts() -> None:
    given = {name: value.strip("'") for name, value in PARAMETERS.items()}

    assert Stack(given).resources("AWS::SNS::Topic") == ["AlarmTopic"]


def test_the_door_is_no_part_of_what_every_change_has_to_pass() -> None:
    run = (TEMPLATE.parent / ".ci" / "run").read_text()

    assert "rehearse" not in run
