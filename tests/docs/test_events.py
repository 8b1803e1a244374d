"""Events on the pages are accepted, and policies can be parsed."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from snapshotter.errors import InvalidEvent
from snapshotter.inputs.event import parse_event
from snapshotter.inputs.settings import from_env
from snapshotter.policy.grammar import RetentionError, parse_retention
from tests.docs.pages import ROOT, Page, on_every_written_page, page
from tests.docs.shell import make_calls
from translate.stack import Stack

LATER = datetime(2100, 1, 1, tzinfo=UTC)
REGIONS = ("us-east-1", "us-west-2", "eu-central-1", "eu-west-1")
GIVEN = {"Regions": ",".join(REGIONS), "EnableRestore": "true"}
SETTINGS = from_env(
    Stack({**GIVEN, "NotificationEmail": "backups@example.com"}).environment(), frozenset(REGIONS)
)
_NO_EVENTS = {"Statement", "_aws"}
"""Members of JSON objects that are policies and metrics."""
_WORDS = re.compile(r"(last|hourly|daily|weekly|monthly|yearly|within)=\S*")


def objects(page: Page) -> Iterator[str]:
    """Find JSON objects in blocks, in commands and in code spans."""
    for block in page.blocks:
        if block.language == "json":
            yield block.text
        yield from re.findall(r"(?:--payload|^run) '(\{.*\})'", block.text, re.M)
    yield from (span for span in page.spans if re.match(r"\{(?!\w)", span))
    yield from (span[5:-1] for span in page.spans if span.startswith("run '"))


def members(page: Page) -> Iterator[str]:
    """Find members of an event, as in `"dryRun": true`."""
    yield from (span for span in page.spans if re.fullmatch(r'"\w+": \S.*', span))


def event_faults(page: Page) -> list[str]:
    found = [f"{text}: {fault}" for text in objects(page) for fault in _faults(text)]
    return found + [text for text in members(page) if all(map(_faults, _events_with(text)))]


def _events_with(member: str) -> Iterator[str]:
    """Complete a member to an event of each action that may have it."""
    for rest in ("", ', "action": "restore"', ', "action": "restore", "resource": "web-1"'):
        yield f"{{{member}{rest}}}"


def _faults(text: str) -> list[str]:
    try:
        found = json.loads(text)
        if not _NO_EVENTS & set(found):
            parse_event(found, now=LATER, settings=SETTINGS)
    except (ValueError, InvalidEvent) as fault:
        return [str(fault)]
    return []


@on_every_written_page
def test_every_event_is_accepted(page: Page) -> None:
    assert event_faults(page) == []


@pytest.mark.parametrize(
    "text",
    [
        '`{"dryrun": true}`',
        '`{"dryRun": yes}`',
        '`"aS": "web-2"`',
        "`run '{\"dryrun\": true}'`",
        '```json\n{"action": "erase"}\n```\n',
        "```sh\nrun '{\"wait\": 601}'\n```\n",
        "```sh\naws lambda invoke --payload '{\"wait\": 601}' x\n```\n",
    ],
)
def test_an_event_that_would_be_refused_is_found(text: str) -> None:
    assert len(event_faults(Page("a page", text))) == 1


def test_the_events_of_the_readme_are_in_the_files_beside_them() -> None:
    for shown, file, *_ in page("README.md").table("event", "file"):
        kept = json.loads((ROOT / "events" / file.strip("`")).read_text())

        assert set(json.loads(shown.strip("`"))) <= set(kept)


def policy_faults(page: Page) -> list[str]:
    """Try every policy in a code span, or given to make."""
    texts = [span.partition(" = ")[2] or span for span in page.spans]
    texts = [text for text in texts if text and all(map(_WORDS.fullmatch, text.split()))]
    given = [variable for call in make_calls(page) for variable in call.variables]
    texts += [value for name, value in given if name in ("POLICY", "RETENTION", "THEN")]
    found = []
    for text in texts:
        try:
            parse_retention(text)
        except RetentionError as fault:
            found.append(f"{text}: {fault}")
    return found


@on_every_written_page
def test_every_policy_can_be_parsed(page: Page) -> None:
    assert policy_faults(page) == []


def test_a_policy_that_cannot_be_parsed_is_found() -> None:
    page = Page("a page", '`daily=0`, `last=3 within=9`, `daily=7`\n\n`make demo POLICY="x=1"`\n')

    assert len(policy_faults(page)) == 3
