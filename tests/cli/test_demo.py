"""`make demo`: what it shows, and where it shows it."""

import io
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest

from demo.__main__ import main
from demo.printer import MIN_WIDTH, Printer, printer_for
from invoke import fleet
from tests.cli.conftest import ROOT


@pytest.fixture(scope="module")
def shown() -> dict[str, list[str]]:
    """The lines that the demo prints in a wide pipe, by their titles."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("AWS_PROFILE", "nobody")
        patch.setenv("COLUMNS", "140")
        assert main() == 0
    assert err.getvalue() == ""
    sections = re.split(r"\n(?=\S)", out.getvalue())
    return {text.split("\n")[0]: text.split("\n")[1:] for text in sections}


def test_it_shows_three_nights_two_mistakes_the_letter_and_a_restore(
    shown: dict[str, list[str]],
) -> None:
    assert [title.strip() for title in shown][2:] == [
        "A dry run shows what a run would do",
        "Monday, 23 November 2026, 04:50 UTC: the nightly run",
        "The same event is delivered again: nothing is taken twice",
        "05:50: the hourly sweep takes what failed or was busy, and copies",
        "06:50: the next sweep deletes what has been replaced",
        "Two more nights, each with its run and two sweeps",
        "What daily=7 weekly=4 monthly=6 has kept of web-1, and why",
        "08:50: the owner removes the tag of web-2, and lets api-1 keep last=1; nothing is deleted",
        "The letter that the function sends about it",
        '09:50: web-1 is restored: {"action": "restore", "resource": "web-1", "takeOver": true,'
        ' "wait": 300}',
        "What to do next",
    ]


def test_its_titles_are_true(shown: dict[str, list[str]]) -> None:
    again, later, mistakes = (
        next("\n".join(lines) for title, lines in shown.items() if part in title)
        for part in ("delivered again", "Two more nights", "owner removes")
    )

    assert "created" not in again
    assert later.count("created 18") == 2
    assert "failed" not in later
    assert re.findall(r"^   (\w+ \w+) ", mistakes, re.MULTILINE) == ["delete held", "select lost"]
    assert "   Summary: selected 17, lost 1, held 1" in mistakes


def test_the_restored_server_is_shown_beside_its_source(shown: dict[str, list[str]]) -> None:
    (restore,) = (lines for title, lines in shown.items() if "is restored" in title)
    rows = [re.split(r"  +", line.strip()) for line in restore if line][-7:]

    assert ["web-1 before", "web-1-restored-20261125T045000Z"] in rows
    assert ["disks", "20 GB, 8 GB", "20 GB, 8 GB"] in rows
    assert ["key pair", "shop-key", "shop-key"] in rows
    (address,) = (row for row in rows if row[0] == "address")
    assert address[1] == address[2]
    assert address[1].endswith(", static")


def test_output_to_a_pipe_fits_100_columns(shown: dict[str, list[str]]) -> None:
    lines = [line for lines in shown.values() for line in lines]

    assert max(map(len, lines)) <= 100
    assert "\033" not in "".join(lines)


def test_a_cell_is_wrapped_in_its_column() -> None:
    out = io.StringIO()
    Printer(out, MIN_WIDTH, colour=False).table([("a", "word " * 30)], (12,))

    assert max(map(len, out.getvalue().splitlines())) <= MIN_WIDTH


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


def output_of(program: str, shell: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run a program under `output.run` in a shell, where `$RUN` is the command."""
    code = f"from output import run\ndef main():\n    {program}\n    return 0\nrun(main)"
    return subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", shell],
        env={**os.environ, "PYTHONPATH": str(ROOT / "local"), "P": sys.executable, "C": code}
        | variables,
        capture_output=True,
        check=False,
    )


def test_a_reader_that_stops_is_no_error() -> None:
    done = output_of(
        "for n in range(100_000): print(n)",
        '{ "$P" -c "$C"; echo "status $?" >&2; } | head -n 2',
    )

    assert (done.stdout, done.stderr) == (b"0\n1\n", b"status 0\n")


def test_what_the_terminal_cannot_show_is_replaced() -> None:
    done = output_of("print('caf\\xe9')", '"$P" -c "$C"', PYTHONIOENCODING="ascii")

    assert (done.stdout, done.stderr) == (b"caf?\n", b"")


def test_the_fleet_has_some_twenty_instances_in_two_regions_with_unusual_ones() -> None:
    instances = [member for member in fleet.FLEET if member.kind == "Instance"]

    assert len(instances) == 20
    assert {member.region for member in fleet.FLEET} == {fleet.HOME, fleet.SECOND}
    assert max(len(member.name) for member in instances) == 255
    assert max(len(member.tags) for member in instances) == 50
