"""The runbook covers every alarm and kind of attention, and is short."""

import ast
import inspect
import json
import re
from typing import Any

from snapshotter.report import attention, freshness
from tests.docs.pages import page, spans_of
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


def sentences() -> list[str]:
    """What is wrong, of each kind of attention; `…` is a variable part."""
    found = []
    for module in (attention, freshness):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.keyword) and node.arg == "what":
                parts = node.value.values if isinstance(node.value, ast.JoinedStr) else [node.value]
                texts = [each.value if isinstance(each, ast.Constant) else "…" for each in parts]
                found.append("".join(map(str, texts)))
    return found


def test_every_kind_of_attention_has_a_row() -> None:
    rows = [list(spans_of(message)) for message, _ in RUNBOOK.table("message", "what to do")]
    # The others, stale, refused and held, are composed.
    worded = [each for each in sentences() if re.search(r"\w{4}", each)]
    covered = [[row for row in rows if any(span in each for span in row)] for each in worded]

    assert len(sentences()) == len(rows) == len(worded) + 3
    assert [len(each) for each in covered] == [1] * len(worded)


def test_it_has_at_most_300_lines() -> None:
    assert len(RUNBOOK.text.splitlines()) <= 300
