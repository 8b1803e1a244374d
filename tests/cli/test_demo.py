"""`make demo`: what it prints is true, and it fails where that is not so."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field

import boto3
import pytest

import demo.__main__ as entry
from demo.printer import MIN_WIDTH, CheckFailed, Printer, printer_for
from demo.scenario import Scenario
from demo.steps import STEPS
from demo.steps.night import scheduled_run
from demo.steps.restore import restore
from invoke import fleet
from invoke.embedded import embedded
from invoke.history import FOREIGN, MANUAL
from lightsail_moto import Call

Step = Callable[[Scenario], None]


@dataclass
class Demo:
    """One whole run of the demo, and the requests of each step."""

    code: int = -1
    out: str = ""
    err: str = ""
    calls: dict[str, list[Call]] = field(default_factory=dict)
    foreign: list[dict[str, object]] = field(default_factory=list)

    def recorded(self, step: Step) -> Step:
        def run(scenario: Scenario) -> None:
            before = len(scenario.account.calls)
            step(scenario)
            self.calls[step.__name__] = scenario.account.calls[before:]
            snapshots = scenario.snapshots(fleet.HOME)
            self.foreign.append({name: snapshots[name] for name in FOREIGN})

        return run

    def writes(self, step: str) -> list[tuple[str, str | None]]:
        calls = [(call.operation, call.outcome) for call in self.calls[step]]
        return [call for call in calls if not call[0].startswith("Get")]

    def section(self, start: str) -> str:
        """The output from a line that contains this on, up to the next title."""
        return re.split(r"\n(?=\S)", self.out.partition(start)[2])[0]


@pytest.fixture(scope="module")
def run() -> Demo:
    """The demo in a wide pipe, with a profile that does not exist."""
    demo = Demo()
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("AWS_PROFILE", "nobody")
        patch.setenv("COLUMNS", "140")
        patch.setattr(entry, "STEPS", [demo.recorded(step) for step in STEPS])
        demo.code = entry.main()
    demo.out, demo.err = out.getvalue(), err.getvalue()
    return demo


@pytest.fixture
def scenario() -> Iterator[Scenario]:
    """The scenario before its first step, on a terminal as narrow as is supported."""
    with embedded(fleet.NIGHT) as account:
        fleet.seed_fleet(account)
        yield Scenario(Printer(io.StringIO(), MIN_WIDTH, colour=False), account)


def test_demo_succeeds_and_writes_nothing_to_standard_error(run: Demo) -> None:
    assert (run.code, run.err) == (0, "")


def test_every_step_prints_a_title_and_what_was_checked(run: Demo) -> None:
    sections = re.split(r"\n(?=\S)", run.out)
    checked = [section for section in sections if "   ok  " in section]

    assert len(run.calls) == len(checked) == len(STEPS) == 11


def test_output_to_a_pipe_fits_100_columns_in_plain_ascii(run: Demo) -> None:
    assert max(map(len, run.out.splitlines())) <= 100
    assert "\033" not in run.out
    assert run.out.isascii()


def test_dry_run_writes_nothing(run: Demo) -> None:
    assert run.calls["dry_run"]
    assert run.writes("dry_run") == []


def test_repeated_delivery_writes_nothing_but_the_attempts_that_are_refused(run: Demo) -> None:
    assert run.writes("repeated_delivery") == [
        ("CreateInstanceSnapshot", "InvalidInputException"),  # cache-1, still busy
        ("TagResource", "ok"),  # the owner of crm, who corrects the tag
    ]


def test_snapshots_that_people_took_are_unchanged_and_never_asked_to_be_deleted(run: Demo) -> None:
    calls = [call for calls in run.calls.values() for call in calls]
    deleted = set[str]().union(
        *(call.names for call in calls if call.operation.startswith("Delete"))
    )

    assert run.foreign == [run.foreign[0]] * len(STEPS)
    assert len(deleted) > 300
    assert deleted.isdisjoint(FOREIGN)


def test_points_that_retention_keeps_are_listed_with_reasons(run: Demo) -> None:
    kept = re.findall(r"^   (\d{4}-\d\d-\d\d) 04:50  +(.+)$", run.out, re.MULTILINE)

    assert kept[0] == ("2026-12-07", "newest, daily, weekly, monthly")
    assert ("2026-09-17", "hold") in kept
    assert len(kept) == 15


def test_restore_requested_again_writes_nothing(run: Demo) -> None:
    assert run.writes("restore")[0] == ("CreateInstancesFromSnapshot", "ok")
    assert run.calls["restore_again"]
    assert run.writes("restore_again") == []


def test_restore_shows_source_and_restored_server_side_by_side(run: Demo) -> None:
    section = run.section("UTC: restore web-1")

    rows = [re.split(r"  +", line.strip()) for line in section.splitlines()[-6:]]
    assert rows == [
        ["web-1 before", "web-1-restored-20261206T045000Z"],
        ["tags", "snapshot, team=shop", "team=shop"],
        ["disks", "8 GB", "8 GB"],
        ["firewall", "tcp:22@203.0.113.0/24, tcp:443", "tcp:22@203.0.113.0/24, tcp:443"],
        ["key pair", "shop-key", "shop-key"],
        ["address", "shop-address", "shop-address"],
    ]


def test_one_log_record_is_shown_and_the_others_are_counted(run: Demo) -> None:
    assert run.out.count('"level"') == 1
    assert "_aws" not in run.out
    assert "The log has 20 records" in run.out


def test_the_last_lines_name_three_commands(run: Demo) -> None:
    commands = run.section("What to do next").splitlines()

    assert [line.split()[:2] for line in commands if line] == [
        ["make", "invoke"],
        ["make", "invoke"],
        ["make", "deploy"],
    ]


def test_output_fits_a_terminal_of_80_columns(scenario: Scenario) -> None:
    scheduled_run(scenario)
    restore(scenario)

    assert isinstance(scenario.printer.out, io.StringIO)
    lines = scenario.printer.out.getvalue().splitlines()
    assert max(map(len, lines)) <= MIN_WIDTH


def test_restore_that_takes_too_long_fails_the_demo(scenario: Scenario) -> None:
    scheduled_run(scenario)
    scenario.account.restore_seconds = 3_600

    with pytest.raises(CheckFailed, match="static address of its source"):
        restore(scenario)


def test_resource_that_is_unexpectedly_busy_fails_the_demo(scenario: Scenario) -> None:
    scenario.account.auto_snapshot_in_progress("web-2")

    with pytest.raises(CheckFailed, match="all but the busy resources"):
        scheduled_run(scenario)


def test_outcome_that_the_account_contradicts_fails_the_demo(scenario: Scenario) -> None:
    scheduled = scenario.invoke({"resources": ["web-2"]}, fleet.NIGHT)
    name = scheduled.outcomes[0]["snapshot"]
    scenario.account.set_snapshot_state(name, fleet.HOME, "available")
    client = boto3.client("lightsail", region_name=fleet.HOME)
    client.delete_instance_snapshot(instanceSnapshotName=name)

    with pytest.raises(CheckFailed, match=f"{name}: create started"):
        scenario.show(scheduled)


def test_failed_check_ends_the_demo_with_status_1_and_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lose_a_snapshot(scenario: Scenario) -> None:
        client = boto3.client("lightsail", region_name=fleet.HOME)
        client.delete_instance_snapshot(instanceSnapshotName=MANUAL)
        there = MANUAL in scenario.snapshots(fleet.HOME)
        scenario.printer.check("The manual snapshot is there.", there, True)

    monkeypatch.setattr(entry, "STEPS", (lose_a_snapshot,))

    assert entry.main() == 1
    assert capsys.readouterr().err == (
        "\nA check of the demo failed: The manual snapshot is there.\n"
        "  expected: True\n"
        "  found:    False\n"
    )


@pytest.mark.parametrize(
    ("terminal", "no_color", "colour"), [(True, "", True), (True, "1", False), (False, "", False)]
)
def test_colour_is_used_on_terminals_unless_no_color_is_set(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, no_color: str, colour: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", no_color)
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: terminal)

    assert printer_for(out).colour is colour


def test_fleet_has_some_twenty_instances_in_two_regions_with_unusual_ones() -> None:
    instances = [member for member in fleet.FLEET if member.kind == "Instance"]

    assert len(instances) == 20
    assert {member.region for member in fleet.FLEET} == {fleet.HOME, fleet.SECOND}
    assert max(len(member.name) for member in instances) == 255
    assert max(len(member.tags) for member in instances) == 50
