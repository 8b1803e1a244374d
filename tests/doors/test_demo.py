"""What the demo promises to whoever looks at it."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

import demo.__main__ as door
from demo import fleet, fortnight
from demo.facts import StoryBroken, holds
from demo.history import BY_HAND, FOREIGN
from demo.paper import NARROWEST, Paper, paper_for
from demo.recovery import restore
from demo.story import Story
from demo.sweeps import sweep_again, sweep_once
from demo.tonight import deliver_again, run_tonight
from invoke.embedded import embedded
from invoke.environment import environment
from tests.doors.conftest import ROOT

Finished = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module", autouse=True)
def under_way() -> Iterator[subprocess.Popen[str]]:
    """The demo, begun while other tests go on: as a pipe sees it, with a profile of nobody's."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "local")])
    with subprocess.Popen(
        [sys.executable, "-m", "demo"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths, "AWS_PROFILE": "nobody", "COLUMNS": "140"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@pytest.fixture(scope="module")
def piped(under_way: subprocess.Popen[str]) -> Finished:
    """What the demo wrote, once it is over."""
    out, err = under_way.communicate(timeout=120)
    return subprocess.CompletedProcess(under_way.args, under_way.returncode, out, err)


@pytest.fixture
def story() -> Iterator[Story]:
    """The story before its first chapter, on paper as narrow as it gets."""
    paper = Paper(io.StringIO(), NARROWEST, colour=False)
    with embedded(fleet.NIGHT) as account:
        fleet.settle(account)
        account.end_in_error("api-2")
        yield Story(paper, account, environment(fleet.PARAMETERS, region=fleet.HOME))


def written(story: Story) -> str:
    assert isinstance(story.paper.out, io.StringIO)
    return story.paper.out.getvalue()


def test_a_second_delivery_writes_nothing_but_the_tries_that_are_refused(story: Story) -> None:
    run_tonight(story)
    so_far = len(story.account.calls)

    deliver_again(story)

    writes = [
        (call.operation, call.outcome)
        for call in story.account.calls[so_far:]
        if not call.operation.startswith("Get")
    ]
    assert writes == [
        ("CreateInstanceSnapshot", "InvalidInputException"),  # cache-1, busy still
        ("TagResource", "ok"),  # the owner of crm, who mends the tag
    ]


def test_peoples_own_snapshots_survive_and_nobody_else_ever_asks_to_delete_them(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fortnight, "NIGHTS", 1)
    before = {name: story.snapshots(fleet.HOME)[name] for name in FOREIGN}

    for chapter in (run_tonight, deliver_again, sweep_once, sweep_again):
        chapter(story)
    fortnight.fast_forward(story)

    assert {name: story.snapshots(fleet.HOME)[name] for name in FOREIGN} == before
    deleted = set[str]().union(
        *(call.names for call in story.account.calls if call.operation.startswith("Delete"))
    )
    assert deleted.isdisjoint(FOREIGN)
    assert deleted
    assert max(map(len, written(story).splitlines())) <= NARROWEST


def test_restore_writes_once_beside_its_source_however_often_it_is_asked_for(story: Story) -> None:
    run_tonight(story)
    so_far = len(story.account.calls)

    restore(story)

    writes = [
        (call.operation, call.outcome)
        for call in story.account.calls[so_far:]
        if not call.operation.startswith("Get")
    ]
    assert writes == [("CreateInstancesFromSnapshot", "ok")]
    shelves = story.account.world()[fleet.HOME]
    name = "web-1-restored-20261123T045000Z"
    assert shelves["Instance"]["web-1"]["tags"] == {"snapshot": None, "team": "shop"}
    assert shelves["Instance"][name]["tags"] == {
        "team": "shop",
        "snapshotter:restored": "web-1-20261123T045000Z",
    }
    assert shelves["Disk"][f"{name}-disk-1"]["attachedTo"] == name
    assert max(map(len, written(story).splitlines())) <= NARROWEST


def test_restore_that_takes_too_long_is_noticed(story: Story) -> None:
    run_tonight(story)
    story.account.restore_seconds = 3_600

    with pytest.raises(StoryBroken, match="It runs soon"):
        restore(story)


def test_a_story_that_does_not_hold_fails_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lose_a_snapshot(story: Story) -> None:
        story.account.seed.remove(story.account.rooms[fleet.HOME].store.names[BY_HAND])
        holds("What people took is there.", BY_HAND in story.snapshots(fleet.HOME), True)

    monkeypatch.setattr(door, "CHAPTERS", (lose_a_snapshot,))

    assert door.main() == 1
    assert "The demo does not hold. What people took is there." in capsys.readouterr().err


def test_a_chapter_notices_that_its_night_went_otherwise(story: Story) -> None:
    story.account.auto_snapshot_in_progress("web-2")

    with pytest.raises(StoryBroken, match="All are taken but the busy ones"):
        run_tonight(story)


@pytest.mark.parametrize(
    ("tty", "refusal", "colour"), [(True, "", True), (True, "1", False), (False, "", False)]
)
def test_colour_is_for_terminals_whose_owner_wants_it(
    monkeypatch: pytest.MonkeyPatch, tty: bool, refusal: str, colour: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", refusal)
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: tty)

    assert paper_for(out).colour is colour


def test_fleet_is_some_twenty_instances_in_two_regions_with_the_awkward_ones() -> None:
    instances = [member for member in fleet.FLEET if member.kind == "Instance"]

    assert len(instances) == 20
    assert {member.region for member in fleet.FLEET} == {fleet.HOME, fleet.SECOND}
    assert max(len(member.name) for member in instances) == 255
    assert max(len(member.tags) for member in instances) == 50


def test_story_holds_and_says_nothing_beside_it(piped: Finished) -> None:
    assert (piped.returncode, piped.stderr) == (0, "")


def test_output_fits_100_columns_and_is_plain_when_piped(
    piped: Finished,
) -> None:
    assert max(map(len, piped.stdout.splitlines())) <= 100
    assert "\033" not in piped.stdout
    assert piped.stdout.isascii()


def test_every_chapter_is_told(piped: Finished) -> None:
    chapters = re.findall(r"^(\d)  \S", piped.stdout, re.MULTILINE)

    assert chapters == ["1", "2", "3", "4", "5", "6", "7"]


def test_what_retention_leaves_is_told_with_reasons(
    piped: Finished,
) -> None:
    left = re.findall(r"^   (\d{4}-\d\d-\d\d) 04:50 +\w+ +(.+)$", piped.stdout, re.MULTILINE)

    assert left[0] == ("2026-12-07", "newest, daily, weekly, monthly")
    assert ("2026-09-17", "snapshotter:hold, written by a person") in left
    assert len(left) == 15


def test_restore_at_the_end_is_told_with_its_point_its_disk_and_its_tags(piped: Finished) -> None:
    told = piped.stdout.partition("\n6  ")[2].partition("\n7  ")[0]

    items = dict(re.findall(r"^   (\w+(?: \w+)?)  +(\S.+)$", told, re.MULTILINE))
    name, point = "web-1-restored-20261206T045000Z", "web-1-20261206T045000Z"
    assert items["restoring"] == f"{name} in us-east-1"
    assert items["from"].startswith(f"{point}: ")
    assert items["with disk"] == f"{name}-disk-1: 8 GB like web-1-data"
    assert items["with tags"] == f"snapshotter:restored={point}, team=shop"
    assert items["without"].startswith("the tag snapshot, which stayed behind")
    assert items["untouched"].startswith("web-1, ")
    assert items["running"] == name
    assert items["created"] == "nothing: it had been restored already and is running"


def test_log_lines_do_not_drown_the_story(piped: Finished) -> None:
    assert piped.stdout.count('"level"') == 1
    assert "_aws" not in piped.stdout
    assert "20 log records" in piped.stdout


def test_three_commands_are_named_in_the_end(piped: Finished) -> None:
    ending = piped.stdout.partition("7  What to do next")[2]

    assert [line.split()[:2] for line in ending.splitlines() if line] == [
        ["make", "invoke"],
        ["make", "invoke"],
        ["make", "deploy"],
    ]
