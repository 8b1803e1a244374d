"""`make rehearse`: it stops what it starts, reaches no account, and fails with the reason."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from invoke.isolation import isolated
from rehearse.sam import Sam, SamError
from rehearse.servers import Servers, running
from rehearse.steps import PARAMETERS, UNSUPPORTED
from translate import TEMPLATE
from translate.stack import Stack, translated


def alive(pid: int) -> bool:
    """Whether a process is there and is not a zombie."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def ends(pid: int, *, within_s: float = 5) -> bool:
    end = time.monotonic() + within_s
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at /proc")
def test_server_is_stopped_with_every_process_that_it_started(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = ["sh", "-c", "sleep 60 & echo $!; wait"]
    with running(command, os.environ, log) as process:
        while not log.read_text().strip():
            time.sleep(0.02)
        child = int(log.read_text())
        there = alive(process.pid), alive(child)

    assert there == (True, True)
    assert ends(child)


def test_environment_gives_no_access_to_a_real_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://s3.example.com")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a real one")
    environment = Servers("http://127.0.0.1:1", "http://127.0.0.1:2").environment()

    assert {name: environment[name] for name in environment if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ENDPOINT_URL_LIGHTSAIL": "http://127.0.0.1:2",
        "AWS_REGION": "us-east-1",
        "AWS_SECRET_ACCESS_KEY": isolated()["AWS_SECRET_ACCESS_KEY"],
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def test_types_that_the_emulator_does_not_support_are_not_deployed(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    built = tmp_path / "build" / "template.yaml"
    built.write_text(TEMPLATE.read_text())
    removed = Sam(["sam"], {}, tmp_path).leave_out(UNSUPPORTED)
    left = json.loads(built.read_text())["Resources"]

    assert removed
    assert {translated()["Resources"][name]["Type"] for name in removed} == UNSUPPORTED
    assert {each["Type"] for each in left.values()}.isdisjoint(UNSUPPORTED)


def test_failed_command_of_sam_is_reported_with_its_output(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such stack')"]

    message = "sam delete --stack-name rehearsal ended with status 1: no such stack"
    with pytest.raises(SamError, match=message):
        Sam(command, dict(os.environ), tmp_path).delete()


def test_its_parameters_are_accepted_by_the_template() -> None:
    given = {name: value.strip("'") for name, value in PARAMETERS.items()}

    assert Stack(given).resources("AWS::SNS::Topic") == ["AlarmTopic"]


def test_it_is_not_part_of_ci() -> None:
    assert "rehearse" not in (TEMPLATE.parent / ".ci" / "run").read_text()
