"""LIVE=1: the account is printed and confirmed first. Nothing here uses a network."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from invoke import live
from invoke.__main__ import main
from lightsail_moto import Control, control, register
from snapshotter.lightsail.clients import new_session
from tests.cli.conftest import ROOT

Captured = pytest.CaptureFixture[str]
NOW, DRY_RUN = str(ROOT / "events/now.json"), str(ROOT / "events/dry_run.json")


@pytest.fixture(autouse=True)
def _live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Profiles: `mine` with keys and a region, `keyless` with a region only, `empty`."""
    monkeypatch.setenv("LIVE", "1")
    # The session of the other tests has keys of its own.
    monkeypatch.setattr("snapshotter.handler.new_session", new_session)
    region = "region = eu-west-1\n"
    (tmp_path / "config").write_text(
        f"[profile mine]\n{region}[profile keyless]\n{region}[profile empty]\n"
    )
    (tmp_path / "credentials").write_text(
        "[mine]\naws_access_key_id = testing\naws_secret_access_key = testing\n"
    )


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Control]:
    """A stand-in for the real account: one protected instance in the profile's region."""
    register()
    # Otherwise moto sets keys in the environment, which take precedence over the profile's.
    with mock_aws(config={"core": {"mock_credentials": False}}):
        monkeypatch.setenv("AWS_PROFILE", "mine")
        control().seed.add_instance("web", "eu-west-1", tags={"snapshot": None})
        yield control()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal, and what the user types there: the test fills the list."""
    lines: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(live.confirm, "__defaults__", (lines.pop,))
    return lines


def error_of(capsys: Captured, event: str = DRY_RUN) -> str:
    """Invoke, with status 2; return standard error."""
    assert main([event]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def test_missing_profile_is_refused(capsys: Captured) -> None:
    assert "LIVE=1 needs AWS_PROFILE: set it" in error_of(capsys)


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ("nobody", "AWS_PROFILE=nobody gives no access: The config profile (nobody) could not"),
        ("keyless", "AWS_PROFILE=keyless gives no access: Unable to locate credentials"),
        ("empty", "Profile empty has no region: set AWS_DEFAULT_REGION."),
    ],
)
def test_profile_that_gives_no_access_is_refused_with_the_reason(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, profile: str, message: str
) -> None:
    monkeypatch.setenv("AWS_PROFILE", profile)

    assert message in error_of(capsys)


def test_keys_in_the_environment_that_override_the_profile_are_refused(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")

    assert "AWS_ACCESS_KEY_ID is set and takes precedence over AWS_PROFILE" in error_of(capsys)


def test_live_that_is_neither_1_nor_0_is_refused(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVE", "maybe")

    assert "LIVE=maybe is not valid" in error_of(capsys)


def test_account_and_settings_are_printed_before_a_dry_run_which_needs_no_confirmation(
    account: Control, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETENTION", "daily=2")

    assert main([DRY_RUN]) == 0

    printed = capsys.readouterr()
    shown = printed.err.partition('{"level"')[0]
    assert "This is the REAL account 123456789012" in shown
    assert "by profile mine, in region eu-west-1" in shown
    assert "  RETENTION=daily=2\n" in shown
    assert "  REGIONS=eu-west-1\n" in shown
    assert [each["status"] for each in json.loads(printed.out)["outcomes"]] == ["planned"]
    assert {call.operation[:3] for call in account.calls} == {"Get"}


def test_event_that_writes_is_refused_without_a_terminal(
    account: Control, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    assert "there is no terminal to ask" in error_of(capsys, NOW)
    assert account.calls == []


@pytest.mark.parametrize("answer", ["", "no", "y"])
def test_event_that_writes_is_refused_unless_the_user_types_yes(
    account: Control, capsys: Captured, typed: list[str], answer: str
) -> None:
    typed.append(answer)

    assert "Not confirmed. Nothing was changed." in error_of(capsys, NOW)
    assert account.calls == []


def test_event_that_writes_is_sent_once_the_user_types_yes(
    account: Control, capsys: Captured, typed: list[str]
) -> None:
    typed.append("yes")

    assert main([NOW]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["created"] == 1


def test_yes_in_the_environment_is_a_confirmation(
    account: Control, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YES", "1")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    assert main([NOW]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["created"] == 1


def test_dry_run_given_as_text_needs_confirmation(
    account: Control, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    event = tmp_path / "event.json"
    event.write_text('{"dryRun": "true"}')

    assert "there is no terminal to ask" in error_of(capsys, str(event))
