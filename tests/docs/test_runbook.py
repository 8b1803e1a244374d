"""The runbook covers every alarm and kind of attention, and is short."""

import json
import re
from typing import Any

from tests.docs.pages import page, spans_of
from tests.unit.report.test_attention import ROWS
from translate.stack import translated

RUNBOOK = page("docs/operations.md")


def resources(kind: str) -> dict[str, Any]:
    found = {name: each for name, each in translated()["Resources"].items() if each["Type"] == kind}
    assert found
    return found


def test_every_alarm_has_a_row() -> None:
    rows = [next(spans_of(name)) for name, _ in RUNBOOK.table("alarm")]

    assert sorted(rows) == sorted(resources("AWS::CloudWatch::Alarm"))


def test_every_event_that_an_alarm_asks_for_is_in_the_runbook() -> None:
    descriptions = [
        each["Properties"]["AlarmDescription"]
        for each in resources("AWS::CloudWatch::Alarm").values()
    ]
    asked = [event for text in descriptions for event in re.findall(r"\{[^}]*\}", text)]
    shown = [json.loads(text) for text in re.findall(r"\{\"[^}]*\}", RUNBOOK.text)]

    assert asked
    assert [event for event in asked if json.loads(event) not in shown] == []


def test_every_kind_of_attention_has_one_row_and_every_row_is_about_one() -> None:
    rows = [list(spans_of(message)) for message, _ in RUNBOOK.table("message", "what to do")]
    said = [item.what for each in ROWS for item in each.values[0].report().attention]

    about = {what: [row for row in rows if any(span in what for span in row)] for what in said}
    assert {what: found for what, found in about.items() if len(found) != 1} == {}
    assert [row for row in rows if [row] not in about.values()] == []


def test_it_has_at_most_300_lines() -> None:
    assert len(RUNBOOK.text.splitlines()) <= 300
