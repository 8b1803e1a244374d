"""`make simulate`: its arguments, its faults, and what it writes."""

import io
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulate import arguments
from simulate.__main__ import main
from simulate.arguments import Change
from snapshotter.policy.grammar import GRAMMAR, parse_retention
from tests.simulate.support import NOW, parsed

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_defaults_are_those_of_the_template() -> None:
    class Loader(yaml.SafeLoader):
        """Ignores CloudFormation's tags; only the parameters are read."""

    Loader.add_multi_constructor("!", lambda *_: None)
    parameters = yaml.load(TEMPLATE.read_text(), Loader)["Parameters"]  # noqa: S506

    names = ("Retention", "ScheduleExpression", "ScheduleTimezone", "CoolingOffDays")
    assert [parameters[name]["Default"] for name in names] == [
        arguments.POLICY,
        arguments.SCHEDULE,
        arguments.ZONE,
        str(arguments.COOLING_OFF_DAYS),
    ]


def test_days_end_with_today_in_the_time_zone() -> None:
    options = parsed("--days", "3", "--timezone", "Pacific/Kiritimati")

    assert (options.first, options.last) == (date(2026, 11, 22), date(2026, 11, 24))


def test_days_begin_at_the_given_start() -> None:
    options = parsed("--days", "366", "--start", "2028-01-01", "--price", "1.25")

    assert (options.first, options.last) == (date(2028, 1, 1), date(2028, 12, 31))
    assert (len(options.runs), options.price) == (366, Decimal("1.25"))


def test_day_of_the_change_is_counted_from_the_first_day() -> None:
    options = parsed("--then", "daily=3", "--at", "2", "--start", "2026-11-20", "--days", "3")

    assert options.change == Change(
        date(2026, 11, 21), parse_retention("daily=3"), timedelta(days=7)
    )


def test_every_fault_is_reported_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(
        [
            "--policy", "daily=0 often=1", "--days", "0", "--schedule", "cron(60 4 * * ? 1)",
            "--timezone", "Europe/Bonn", "--start", "2026-02-30", "--price", "-1",
        ],
        now=NOW,
    )  # fmt: skip

    assert status == 2
    assert capsys.readouterr().err.splitlines() == [
        "policy: 'daily=0' needs a count of 1 or more, or `all`; "
        f"'often=1' is not a rule; accepted: {GRAMMAR}",
        "schedule: minutes: '60' is not within 0-59; year: '1' is not within 1970-2199; "
        "accepted: cron(50 4 * * ? *) with six fields, or rate(12 hours)",
        "timezone: there is no time zone 'Europe/Bonn'; accepted: a name like Europe/Berlin",
        "days: '0' is not valid; accepted: a whole number from 1 to 3660",
        "start: there is no 2026-02-30 in the calendar; "
        "accepted: a date like 2026-11-23, from 1970-01-02 to 2189-12-31",
        "price: '-1' is not valid; accepted: US dollars, like 0.05",
    ]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        pytest.param(["--policy", ""], "policy: it is empty; ", id="empty-policy"),
        pytest.param(
            ["--policy", "last=" + "9" * 5000],
            "policy: it has 5005 characters, and a tag takes 256; ",
            id="endless-policy",
        ),
        pytest.param(
            ["--then", "daily=3"],
            "at: '' is not valid; accepted: a whole number from 1 to 400",
            id="no-day",
        ),
        pytest.param(["--at", "40"], "then: it is empty; ", id="no-later-policy"),
        pytest.param(
            ["--then", "daily=3", "--at", "61", "--days", "60"],
            "at: '61' is not valid; accepted: a whole number from 1 to 60\n",
            id="after-the-last-day",
        ),
        pytest.param(
            ["--then", "daily=3", "--at", "4", "--cooling-off-days", "91"],
            "cooling-off-days: '91' is not valid; accepted: a whole number from 0 to 90\n",
            id="longest-cooling-off",
        ),
        pytest.param(["--days", "3661"], "days: '3661' is not valid; ", id="too-many-days"),
        pytest.param(["--days", "many"], "days: 'many' is not valid; ", id="no-number"),
        pytest.param(["--timezone", "../etc"], "timezone: there is no time zone", id="no-zone"),
        pytest.param(["--timezone", ""], "timezone: there is no time zone ''", id="empty-zone"),
        pytest.param(["--start", "tomorrow"], "start: 'tomorrow' is not valid; ", id="no-date"),
        pytest.param(["--start", "9999-12-31"], "start: '9999-12-31' is not valid; ", id="far"),
        pytest.param(["--price", "1e9"], "price: '1e9' is not valid; ", id="no-price"),
        pytest.param(
            ["--schedule", "rate(1 minute)"],
            "schedule: more than 10000 runs in these days; ask for fewer",
            id="too-many-runs",
        ),
        pytest.param(
            ["--schedule", "cron(50 4 30 2 ? *)", "--start", "2026-01-01"],
            "schedule: not one run from 2026-01-01 to 2027-02-04",
            id="no-run",
        ),
    ],
)
def test_invalid_input_is_refused_with_status_2(
    given: list[str], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(given, now=NOW)

    printed = capsys.readouterr()
    assert (status, printed.out) == (2, "")
    assert printed.err.startswith(fault)


def test_page_is_written_to_the_given_path(tmp_path: Path) -> None:
    path, out = tmp_path / "new" / "page.html", io.StringIO()
    status = main(["--days", "9", "--html", str(path)], now=NOW, out=out)

    assert status == 0
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert out.getvalue().endswith(f"Page with every day: {path.as_posix()}\n")


def test_page_goes_to_build_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    main(["--days", "9"], now=NOW, out=io.StringIO())

    assert [path.name for path in (tmp_path / "build").iterdir()] == ["simulate.html"]


def test_page_that_cannot_be_written_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["--days", "9", "--html", str(tmp_path)], now=NOW, out=io.StringIO())

    assert status == 2
    assert capsys.readouterr().err == f"html: {tmp_path} cannot be written: Is a directory\n"


def test_json_is_printed_without_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    status = main(["--days", "9", "--json"], now=NOW, out=out)

    document: dict[str, Any] = json.loads(out.getvalue())
    assert (status, document["summary"]) == (0, {"taken": 9, "deleted": 1, "kept": 8})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("out", "env", "coloured"),
    [
        pytest.param(Terminal(), {}, True, id="a-terminal"),
        pytest.param(Terminal(), {"NO_COLOR": ""}, True, id="an-empty-no-color"),
        pytest.param(Terminal(), {"NO_COLOR": "1"}, False, id="no-color"),
        pytest.param(io.StringIO(), {}, False, id="a-file"),
    ],
)
def test_colours_are_used_on_terminals_unless_no_color_is_set(
    out: io.StringIO, env: dict[str, str], coloured: bool, tmp_path: Path
) -> None:
    main(["--days", "9", "--html", str(tmp_path / "page.html")], now=NOW, out=out, env=env)

    assert ("\x1b[" in out.getvalue()) == coloured
