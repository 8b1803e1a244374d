"""The runbook covers every alarm and kind of attention, and is short."""

import json
import re
from typing import Any

from tests.docs.pages import page
from translate.stack import translated

RUNBOOK = page("docs/operations.md")


def resources(kind: str) -> dict[str, Any]:
    found = {name: each for name, each in translated()["Resources"].items() if each["Type"] == kind}
    assert found
    return found


def test_every_alarm_has_a_section() -> None:
    assert set(RUNBOOK.subheadings("Alarms")) == set(resources("AWS::CloudWatch::Alarm"))


def test_every_event_that_an_alarm_asks_for_is_in_the_runbook() -> None:
    descriptions = [
        each["Properties"]["AlarmDescription"]
        for each in resources("AWS::CloudWatch::Alarm").values()
    ]
    asked = [event for text in descriptions for event in re.findall(r"\{[^}]*\}", text)]
    shown = [json.loads(text) for text in re.findall(r"\{\"[^}]*\}", RUNBOOK.text)]

    assert asked
    assert [event for event in asked if json.loads(event) not in shown] == []


def test_it_has_at_most_300_lines() -> None:
    assert len(RUNBOOK.text.splitlines()) <= 300
