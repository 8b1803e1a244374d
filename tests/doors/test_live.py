"""LIVE=1: whose account, said and agreed to first. All of it without a network."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from invoke import live
from invoke.__main__ import main
from lightsail_moto import Control, control, register
from tests.doors.conftest import ROOT

Captured = pytest.CaptureFixture[str]
NOW, DRY_RUN = str(ROOT / "events/now.json"), str(ROOT / "events/dry_run.json")


@pytest.fixture(autouse=True)
def _live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A profile `mine` with keys and a region, `empty` without keys, `lost` without either."""
    monkeypatch.setenv("LIVE", "1")
    (tmp_path / "config").write_text(
        "[profile mine]\nregion = eu-west-1\n[profile empty]\nregion = eu-west-1\n[profile lost]\n"
    )
    (tmp_path / "credentials").write_text(
        "[mine]\naws_access_key_id = testing\naws_secret_access_key = testing\n"
    )


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Control]:
    """What stands for the real account: one protected instance in the profile's region."""
    register()
    # Else moto sets keys of its own in the environment, which would win over the profile's.
    with mock_aws(config={"core": {"mock_credentials": False}}):
        monkeypatch.setenv("AWS_PROFILE", "mine")
        control().seed.add_instance("web", "eu-west-1", tags={"snapshot": None})
        yield control()


@pytest.fixture
def agrees(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A person at a terminal, who types what the test puts in here."""
    typed: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(live.confirm, "__defaults__", (typed.pop,))
    return typed


def refusal(capsys: Captured, event: str = DRY_RUN) -> str:
    """Invoke, be refused, and return what was said."""
    assert main([event]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def test_no_profile_is_refused(capsys: Captured) -> None:
    assert "LIVE=1 needs AWS_PROFILE" in refusal(capsys)


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("nobody", "AWS_PROFILE=nobody opens no account: The config profile (nobody) could not"),
        ("empty", "AWS_PROFILE=empty opens no account: Unable to locate credentials"),
        ("lost", "Profile lost names no region: set AWS_DEFAULT_REGION."),
    ],
)
def test_a_profile_that_opens_nothing_is_refused_with_a_sentence(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, profile: str, said: str
) -> None:
    monkeypatch.setenv("AWS_PROFILE", profile)

    assert said in refusal(capsys)


def test_keys_in_the_environment_that_would_win_over_the_profile_are_refused(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")

    assert "AWS_ACCESS_KEY_ID is set and would win over AWS_PROFILE" in refusal(capsys)


def test_a_value_of_live_that_is_neither_yes_nor_no_is_refused(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVE", "maybe")

    assert "LIVE=maybe is not understood" in refusal(capsys)


def test_account_and_settings_are_said_before_a_dry_run_which_needs_no_consent(
    account: Control, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETENTION", "daily=2")

    assert main([DRY_RUN]) == 0

    printed = capsys.readouterr()
    said = printed.err.partition('{"level"')[0]
    assert "This is the REAL account 123456789012" in said
    assert "by profile mine, in region eu-west-1" in said
    assert "  RETENTION=daily=2\n" in said
    assert "  REGIONS=eu-west-1\n" in said
    assert [each["status"] for each in json.loads(printed.out)["outcomes"]] == ["planned"]
    assert {call.operation[:3] for call in account.calls} == {"Get"}


def test_a_writing_event_is_refused_where_nobody_can_be_asked(
    account: Control, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    assert "there is nobody to ask" in refusal(capsys, NOW)
    assert account.calls == []


@pytest.mark.parametrize("typed", ["", "no", "y"])
def test_a_writing_event_is_refused_unless_the_person_types_yes(
    account: Control, capsys: Captured, agrees: list[str], typed: str
) -> None:
    agrees.append(typed)

    assert "Nothing was touched." in refusal(capsys, NOW)
    assert account.calls == []


def test_a_writing_event_goes_ahead_once_the_person_types_yes(
    account: Control, capsys: Captured, agrees: list[str]
) -> None:
    agrees.append("yes")

    assert main([NOW]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["created"] == 1


def test_yes_in_the_environment_is_consent(
    account: Control, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YES", "1")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    assert main([NOW]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["created"] == 1


def test_a_dry_run_that_only_looks_like_one_needs_consent(
    account: Control, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    event = tmp_path / "event.json"
    event.write_text('{"dryRun": "true"}')

    assert "there is nobody to ask" in refusal(capsys, str(event))
