"""What the command does with a live account; here the backend is in its place."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from conform import cost, live
from conform.__main__ import check_live, main
from conform.cleanup import KINDS
from conform.run import Account
from lightsail_moto import Call, Control

LIVE = {"LIVE": "1", "AWS_PROFILE": "mine", "AWS_REGION": "us-east-1"}
CONFIRMED = LIVE | {"CONFIRM": "yes"}
NUMBER = "123456789012"


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile `mine` with keys, which moto accepts."""
    path = tmp_path / "credentials"
    path.write_text("[mine]\naws_access_key_id = mine\naws_secret_access_key = testing\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path))
    monkeypatch.setattr(live, "BETWEEN_REQUESTS_S", 0)


@pytest.fixture
def found(account: Account, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The profiles that were looked up; each is the account of the backend."""
    profiles: list[str] = []

    def find_target(environ: Any) -> live.Target:
        profiles.append(environ["AWS_PROFILE"])
        return live.Target(account, NUMBER, "arn:aws:iam::123456789012:user/me")

    monkeypatch.setattr(live, "find_target", find_target)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return profiles


def test_without_confirmation_nothing_is_called(
    found: list[str], backend: Control, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (main(LIVE), found, list(backend.calls)) == (2, [], [])
    assert "set CONFIRM=yes. Nothing was called." in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "code"), [("no\n", 2), ("", 2), ("yes\n", 0)])
def test_a_person_is_asked_before_anything_is_created(
    answer: str,
    code: int,
    found: list[str],
    backend: Control,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = io.StringIO(answer)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)

    assert main(LIVE) == code
    reads = {call.operation for call in backend.calls} == {"GetBundles"}
    assert reads == (code == 2)


def test_what_is_created_is_printed_with_its_cost_and_deleted_at_the_end(
    found: list[str], backend: Control, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_live(CONFIRMED) == 0
    printed = capsys.readouterr().out.splitlines()

    assert printed[0] == f"This is the REAL account {NUMBER}, as arn:aws:iam::{NUMBER}:user/me."
    assert printed[1:8] == [
        "In us-east-1 and us-west-2, for at most 2 hours:",
        "   0.013 USD  1 instance, nano_3_0",
        "   0.002 USD  1 disk of 8 GB",
        "   0.010 USD  1 static address",
        "   0.025 USD  5 snapshots and 4 copies, 184 GB",
        "   0.160 USD  transfer of a copy, 8 GB, to another Region",
        "   0.210 USD  in all, at most",
    ]
    assert backend.world() == {}


def test_what_would_cost_more_is_not_created(
    found: list[str], backend: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cost, "LIMIT_USD", 0.2)

    assert main(CONFIRMED) == 2
    assert {call.operation for call in backend.calls} == {"GetBundles"}


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_everything_is_deleted_after_a_failure(
    failure: type[BaseException], found: list[str], backend: Control
) -> None:
    def fail(call: Call, phase: str) -> None:
        if call.operation == "PutInstancePublicPorts":
            raise failure

    backend.on_request(fail)
    with pytest.raises(failure):
        check_live(CONFIRMED)

    assert backend.world() == {}


def test_clean_deletes_what_carries_the_tag_in_every_kind(
    found: list[str], backend: Control, capsys: pytest.CaptureFixture[str]
) -> None:
    seed, tags = backend.seed, {"lightsail-conformance": "20261126T063600Z"}
    instance = seed.add_instance("web", tags=tags)
    disk, database = seed.add_disk("data", tags=tags), seed.add_database("db", tags=tags)
    for number, source in enumerate((instance, disk, database)):
        seed.add_snapshot(f"s{number}", source, tags=tags)
    seed.add_snapshot("copy", disk, "us-west-2", tags=tags)
    seed.add_static_ip("lightsail-conformance-20261126T063600Z-address")

    assert main(LIVE | {"CLEAN": "1"}) == 0
    assert backend.world() == {}
    deletes = {call.operation for call in backend.calls if not call.operation.startswith("Get")}
    assert deletes == {kind.deletes for kind in KINDS}
    assert "  us-west-2: copy" in capsys.readouterr().out.splitlines()


@pytest.mark.usefixtures("profile")
def test_the_account_is_that_of_the_profile(backend: Control) -> None:
    target = live.find_target(LIVE)
    target.account.client("us-east-1", 1).get_disks()

    assert (target.number, target.account.copy_region) == (NUMBER, "us-west-2")
    assert [(call.operation, call.region) for call in backend.calls] == [("GetDisks", "us-east-1")]


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        ({"AWS_REGION": "us-east-1"}, "LIVE=1 needs AWS_PROFILE and AWS_REGION"),
        ({"AWS_PROFILE": "mine"}, "LIVE=1 needs AWS_PROFILE and AWS_REGION"),
        (
            {"AWS_PROFILE": "no-such-profile", "AWS_REGION": "us-east-1"},
            "AWS_PROFILE=no-such-profile gives no access",
        ),
    ],
)
@pytest.mark.usefixtures("backend")
def test_a_profile_without_access_is_reported(
    environ: dict[str, str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main({"LIVE": "1", "CONFIRM": "yes", **environ}) == 2
    assert why in capsys.readouterr().err
