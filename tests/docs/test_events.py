"""Every event on the pages is one, and every policy can be read."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from snapshotter.errors import InvalidEvent
from snapshotter.inputs.event import parse_event
from snapshotter.inputs.event_models import MODELS
from snapshotter.policy.grammar import RetentionError, parse_retention
from snapshotter.report.answer import Report
from snapshotter.report.measures import Measures
from tests.docs.pages import ROOT, Page, page, pages
from tests.docs.shell import make_calls

ALL = pytest.mark.parametrize("page", pages(), ids=str)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
REGIONS = ("us-east-1", "us-west-2", "eu-central-1", "eu-west-1")
_PAYLOAD = re.compile(r"--payload '([^']*)'")
_NO_EVENTS = {"Statement", "outcomes", "_aws"}
"""Members by which policies, answers and metrics are known."""
_WORDS = re.compile(r"(last|hourly|daily|weekly|monthly|yearly|within)=\S*")


def objects(page: Page) -> Iterator[str]:
    """Find what reads like a JSON object."""
    for block in page.blocks:
        if block.language == "json":
            yield block.text
        yield from _PAYLOAD.findall(block.text)
    yield from (span for span in page.spans if re.match(r"\{(?!\w)", span))


def fragments(page: Page) -> Iterator[str]:
    """Find what reads like one member of an event, as in `"dryRun": true`."""
    yield from (span for span in page.spans if re.fullmatch(r'"\w+": \S.*', span))


def event_faults(page: Page) -> list[str]:
    found = [f"{text}: {fault}" for text in objects(page) for fault in _faults(text)]
    return found + [text for text in fragments(page) if not any(map(_is_event, _whole(text)))]


def _whole(fragment: str) -> Iterator[str]:
    """Put a member into each event that it may belong to."""
    for rest in ("", ', "action": "restore"', ', "action": "restore", "resource": "web-1"'):
        yield f"{{{fragment}{rest}}}"


def _is_event(text: str) -> bool:
    return not list(_faults(text))


def _faults(text: str) -> Iterator[str]:
    try:
        found = json.loads(text)
        if not _NO_EVENTS & set(found):
            parse_event(found, now=LATER, regions=REGIONS, elsewhere=REGIONS, restores=True)
    except (ValueError, InvalidEvent) as fault:
        yield str(fault)


@ALL
def test_every_event_is_accepted(page: Page) -> None:
    assert event_faults(page) == []


@pytest.mark.parametrize(
    "text",
    [
        '`{"dryrun": true}`',
        '`{"dryRun": yes}`',
        '`"aS": "web-2"`',
        '```json\n{"action": "erase"}\n```\n',
        "```sh\naws lambda invoke --payload '{\"wait\": 601}' x\n```\n",
    ],
)
def test_an_event_that_would_be_refused_is_found(text: str) -> None:
    assert len(event_faults(Page("a page", text))) == 1


def test_the_events_of_the_readme_are_in_the_files_beside_them() -> None:
    for shown, file, *_ in page("README.md").table("event", "file"):
        kept = json.loads((ROOT / "events" / file.strip("`")).read_text())

        assert set(json.loads(shown.strip("`"))) <= set(kept)


def test_the_readmes_answer_has_the_members_of_an_answer() -> None:
    (shown,) = (
        json.loads(block.text)
        for block in page("README.md").blocks
        if block.language == "json" and "outcomes" in block.text
    )
    zeros: dict[str, Any] = dict.fromkeys(Measures.__dataclass_fields__, 0)
    report = Report("p", "snapshot", "t", False, (), {"us-east-1": Measures(**zeros)})

    assert shown.keys() == report.answer().keys()
    assert shown["summary"].keys() == report.summary.keys()


def test_the_runbook_says_of_every_key_what_it_accepts() -> None:
    accepted = {
        (field.title, field.description)
        for model in MODELS.values()
        for field in model.model_fields.values()
    }
    documented = {
        (key.strip("`"), accepts.strip("`"))
        for key, accepts in page("docs/operations.md").table("key", "it accepts")
    }

    assert documented == accepted


def policies(page: Page) -> Iterator[str]:
    """Find what reads like a retention, also where it is given to make."""
    for span in page.spans:
        text = span.partition(" = ")[2] or span
        if text.split() and all(_WORDS.fullmatch(word) for word in text.split()):
            yield text
    for call in make_calls(page):
        yield from (value for name, value in call.variables if name in ("POLICY", "RETENTION"))


def policy_faults(page: Page) -> list[str]:
    found = []
    for text in policies(page):
        try:
            parse_retention(text)
        except RetentionError as fault:
            found.append(f"{text}: {fault}")
    return found


@ALL
def test_every_policy_can_be_read(page: Page) -> None:
    assert policy_faults(page) == []


def test_a_policy_that_cannot_be_read_is_found() -> None:
    page = Page("a page", '`daily=0`, `last=3 within=9`, `daily=7`\n\n`make demo POLICY="x=1"`\n')

    assert len(policy_faults(page)) == 3
