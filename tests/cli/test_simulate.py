"""`make simulate`: what the function's retention rules do, night by night, and how it is shown."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simulate.__main__ import POLICY, main, read
from simulate.change import explain
from simulate.document import document, mark_of, page
from simulate.timeline import COOLING_OFF, NIGHT, Options, point_of, simulate
from snapshotter.policy.grammar import GRAMMAR, PERIODS
from snapshotter.policy.retention import evaluate, evaluate_with_cooling_off
from translate.stack import translated

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
EVERY_WORD = " ".join([*(f"{period}=2" for period in PERIODS), "within=2d"])


def options_of(*arguments: str) -> Options:
    options, faults = read(arguments, NOW)
    assert options, faults
    return options


def runs_of(options: Options) -> list[datetime]:
    days = (options.first + timedelta(days=number) for number in range(options.days))
    return [datetime.combine(day, NIGHT, UTC) for day in days]


def test_the_defaults_are_those_of_the_template() -> None:
    names = ("Retention", "ScheduleExpression", "ScheduleTimezone", "CoolingOffDays")

    assert [str(translated()["Parameters"][name]["Default"]) for name in names] == [
        POLICY,
        f"cron({NIGHT.minute} {NIGHT.hour} * * ? *)",
        "UTC",
        str(COOLING_OFF.days),
    ]


@pytest.mark.parametrize("policy", [POLICY, EVERY_WORD, "last=3 yearly=2"])
def test_what_stays_is_what_the_rules_keep_run_by_run(policy: str) -> None:
    options = options_of("--policy", policy, "--days", "90")
    expected: dict[datetime, tuple[str, ...]] = {}
    for run in runs_of(options):
        points = [point_of(time, options.retention) for time in [*expected, run]]
        decisions = evaluate(points, options.retention, now=run, timezone=UTC)
        expected = {each.point.time: each.reasons for each in decisions if each.keep}

    timeline = simulate(options)
    assert {each.taken: each.periods[-1].reasons for each in timeline.kept} == expected
    assert [each.taken for each in timeline.points] == runs_of(options)


def test_a_change_is_what_the_cooling_off_keeps_run_by_run() -> None:
    options = options_of(
        "--policy", "daily=9 weekly=3", "--then", "daily=2", "--at", "30", "--days", "38"
    )
    assert options.then
    policies = dict(
        zip(runs_of(options), [options.retention] * 29 + [options.then] * 9, strict=True)
    )
    expected: dict[datetime, tuple[str, ...]] = {}
    for run, policy in policies.items():
        points = [point_of(time, policies[time]) for time in [*expected, run]]
        evaluation = evaluate_with_cooling_off(
            points, policy, now=run, timezone=UTC, period=timedelta(days=7)
        )
        expected = {each.point.time: each.reasons for each in evaluation.decisions if each.keep}

    assert {each.taken: each.periods[-1].reasons for each in simulate(options).kept} == expected


@pytest.mark.parametrize(
    ("policy", "then", "day", "effect"),
    [
        pytest.param(
            "daily=30",
            "daily=3",
            "40",
            "27 points that only the earlier policy keeps stay until Fri 13 Nov 2026 04:50, for a "
            "cooling-off of 7 days. The run of Fri 13 Nov 2026 04:50 deletes 28: these 27 and the "
            "one due that day.",
            id="ends",
        ),
        pytest.param(
            "last=3",
            "last=2",
            "40",
            "1 point that only the earlier policy keeps stays until Fri 13 Nov 2026 04:50, for a "
            "cooling-off of 7 days. The run of Fri 13 Nov 2026 04:50 deletes 4: 3 that stayed and "
            "the one due that day.",
            id="one",
        ),
        pytest.param(
            "last=5",
            "last=2",
            "58",
            "3 points that only the earlier policy keeps stay until Tue 1 Dec 2026 04:50, for a "
            "cooling-off of 7 days. That is after the last of these days.",
            id="ends-after-the-last-day",
        ),
        pytest.param(
            "last=2",
            "last=5",
            "40",
            "It keeps every point that the earlier policy keeps on this day.",
            id="keeps-more",
        ),
    ],
)
def test_a_change_is_explained(policy: str, then: str, day: str, effect: str) -> None:
    options = options_of("--policy", policy, "--then", then, "--at", day, "--days", "60")
    starts, _, rest = explain(options, simulate(options)).partition(". ")

    assert starts.endswith(f"the policy changes from {policy} to {then}")
    assert rest == effect


PRINTED = """\
daily=30
60 days, Mon 28 Sep 2026 to Thu 26 Nov 2026: 60 taken, 57 deleted

Then daily=3
On Fri 6 Nov 2026 the policy changes from daily=30 to daily=3. 27 points that
only the earlier policy keeps stay until Fri 13 Nov 2026 04:50, for a cooling-
off of 7 days. The run of Fri 13 Nov 2026 04:50 deletes 28: these 27 and the one
due that day.
  Fri 6 Nov 2026 to Thu 12 Nov 2026   1 point deleted a day
  Fri 13 Nov 2026                     28 points deleted
  Sat 14 Nov 2026 to Thu 26 Nov 2026  1 point deleted a day

3 recovery points at the end of Thu 26 Nov 2026
  Thu 26 Nov 2026       today  newest, daily
  Wed 25 Nov 2026       1 day  daily
  Tue 24 Nov 2026      2 days  daily

Page with every day: {}
"""


def test_it_prints_what_goes_and_what_stays_and_writes_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new" / "page.html"
    change = ["--policy", "daily=30", "--then", "daily=3", "--at", "40", "--days", "60"]

    assert main(change, now=NOW, path=path) == 0
    assert capsys.readouterr().out == PRINTED.format(path)
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("policy", [EVERY_WORD, f"last={'9' * 30} within={'9' * 30}y"])
def test_no_line_is_wider_than_80_columns(
    policy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--policy", policy, "--days", "90"], now=NOW, path=tmp_path / "page.html")

    lines = capsys.readouterr().out.splitlines()[:-1]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (
            ["--policy", "daily=0 often=1", "--days", "0"],
            [
                'policy: "daily=0" needs a count of 1 or more, or `all`; "often=1" is not a rule; '
                f"accepted: {GRAMMAR}",
                "days: '0' is not valid; accepted: a whole number from 1 to 3660",
            ],
        ),
        (
            ["--then", "daily=3"],
            ["at: '' is not valid; accepted: a whole number from 1 to 400"],
        ),
        (["--at", "40"], [f"then: it is empty; accepted: {GRAMMAR}"]),
        (
            ["--then", "daily=3", "--at", "61", "--days", "60"],
            ["at: '61' is not valid; accepted: a whole number from 1 to 60"],
        ),
        (["--days", "²"], ["days: '²' is not valid; accepted: a whole number from 1 to 3660"]),
    ],
)
def test_every_fault_is_reported_at_once_with_status_2(
    given: Sequence[str], faults: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given, now=NOW) == 2

    assert capsys.readouterr() == ("", "\n".join([*faults, ""]))


def a_document(*arguments: str) -> dict[str, Any]:
    options = options_of(*arguments)
    return document(options, simulate(options))


def test_the_document_has_the_history_of_every_point() -> None:
    content = a_document("--policy", "daily=1", "--days", "2")

    assert (content["first"], content["last"]) == ("2026-11-25", "2026-11-26")
    assert content["points"] == [
        {
            "taken": "2026-11-25T04:50+00:00",
            "kept": [{"since": "2026-11-25", "reason": "newest, daily", "mark": "D"}],
            "deleted": "2026-11-26T04:50+00:00",
            "deletedBecause": "not kept by daily=1",
        },
        {
            "taken": "2026-11-26T04:50+00:00",
            "kept": [{"since": "2026-11-26", "reason": "newest, daily", "mark": "D"}],
            "deleted": None,
            "deletedBecause": None,
        },
    ]


def test_every_word_of_the_grammar_has_a_letter_of_its_own() -> None:
    marks = a_document()["marks"]

    assert {*PERIODS, "within"} <= set(marks.values())
    assert "?" not in marks
    assert mark_of(["newest", "oldest yearly"]) == "O"
    assert mark_of(["a reason that is new"]) == "?"


def test_the_page_contains_its_data_and_text_cannot_break_out_of_it() -> None:
    options = options_of("--policy", "daily=2")
    text = page(options, simulate(options))
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', text, re.DOTALL)

    assert found
    assert json.loads(found[1]) == document(options, simulate(options))
    wanted = set(re.findall(r'\bbyId\("(\w+(?:-\w+)*)"\)', text))
    assert wanted <= set(re.findall(r'\bid="([\w-]+)"', text))


def test_days_end_with_today() -> None:
    options = options_of("--days", "3", "--then", "daily=3", "--at", "2")

    assert (options.first, options.day, options.last) == (
        date(2026, 11, 24),
        date(2026, 11, 25),
        date(2026, 11, 26),
    )
