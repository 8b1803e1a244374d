"""What letters and answers say that will happen, or will not, is what the next runs then do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from snapshotter.model.names import from_iso
from snapshotter.model.outcome import Outcome
from snapshotter.plan.action import Action
from tests.unit.report.test_attention import ROWS
from tests.unit.report.worlds import NOW, World

WORLDS = [
    pytest.param(world, id=f"{each.id}{end}")
    for each in ROWS
    for end, world in (("", each.values[0]), ("-not", each.values[3]))
]
HOUR = timedelta(hours=1)


def done(world: World, action: str, name: str, *, run: str = "sweep") -> list[Action]:
    """What the next run of a kind does with the snapshots of a resource, or in a region."""
    plan = world.plan(run, NOW + HOUR)
    return [e for e in plan.actions if e.action == action and name in (e.resource, e.region)]


def tried_again(world: World, name: str, _: re.Match[str]) -> bool:
    """The next sweep creates or copies, or waits for the resource, and the schedules run."""
    plan = world.plan("sweep", NOW + HOUR)
    waiting = [each for each in plan.findings if each.status == "deferred"]
    tried: list[Action | Outcome] = [*plan.creates, *plan.copies, *waiting]
    return world.settings.schedule_enabled and name in [each.resource for each in tried]


def every(world: World, name: str, found: re.Match[str]) -> bool:
    number, unit = found["number"] or "1", found["unit"].rstrip("s")
    rates = (f"rate({number} {unit})", f"rate({number} {unit}s)")
    return world.settings.sweep_expression in rates and tried_again(world, name, found)


def not_by_itself(world: World, name: str, found: re.Match[str]) -> bool:
    return not world.settings.schedule_enabled


def kept_and_no_new_ones(world: World, name: str, _: re.Match[str]) -> bool:
    creates = [*done(world, "create", name, run="snapshot"), *done(world, "create", name)]
    return creates == done(world, "delete", name) == []


def nothing_pruned_or_copied(world: World, name: str, _: re.Match[str]) -> bool:
    """And snapshots are taken as before."""
    touched = [*done(world, "delete", name), *done(world, "copy", name)]
    return touched == [] and len(done(world, "create", name, run="snapshot")) == 1


def snapshots_as_before(world: World, name: str, _: re.Match[str]) -> bool:
    return len(done(world, "create", name, run="snapshot")) == 1


def stay_until(world: World, name: str, found: re.Match[str]) -> bool:
    """None of them goes before, and all that are named go after it."""
    until = from_iso(found["time"])
    before, after = (
        [e for e in world.plan("sweep", at).deletes if e.resource == name]
        for at in (until - timedelta(seconds=1), until)
    )
    return before == [] and len(after) == int(found["count"])


def stay(world: World, name: str, _: re.Match[str]) -> bool:
    later = world.plan("sweep", NOW + 100 * 24 * HOUR).deletes
    return name not in [each.resource for each in later]


def nothing_there(world: World, region: str, _: re.Match[str]) -> bool:
    """Nothing is created, copied or deleted in a region."""
    plans = (world.plan(run, NOW + HOUR) for run in ("sweep", "snapshot"))
    return all(region != each.region for plan in plans for each in plan.actions)


def not_copied(world: World, name: str, _: re.Match[str]) -> bool:
    return done(world, "copy", name) == []


def is_true(*_: object) -> bool:
    """Said of what a person does or sees, not of what a run does."""
    return True


CLAIMS: dict[str, Callable[[World, str, re.Match[str]], bool]] = {
    r"The function tries again every ((?P<number>\d+) )?(?P<unit>\w+)\.": every,
    r"The next sweep tries again\.": tried_again,
    r"Nothing is tried again by itself": not_by_itself,
    r"(recovery points? (is|are)|recovery points are) kept[;,] (and )?no new ones are made": (
        kept_and_no_new_ones
    ),
    r"(?i)nothing of this resource is pruned or copied until the tag is corrected; snapshots are "
    r"taken as before": nothing_pruned_or_copied,
    r"(?i)no drill of this resource is started; snapshots are taken and pruned as before": (
        snapshots_as_before
    ),
    r"(?P<count>\d+) recovery points? stays? until (?P<time>\d{4}-\S+Z):": stay_until,
    r"\d+ recovery points? stays? until \d+ days after the next recovery point": stay,
    r"Nothing in it is backed up or deleted": nothing_there,
    r"No copy is made there": nothing_there,
    r"the recovery point is not copied there": not_copied,
    r"[Aa] copy is made once the name is free": not_copied,
    r"is no longer protected|and is not protected|so it is not protected": kept_and_no_new_ones,
    r"so nothing is protected": is_true,
    r"[Ii]t was passed over; everything else in the region was read": is_true,
    r"Kept of resources that are gone, or whose protection was ended": is_true,
    r"keep(s|ing)? less than before": is_true,
}
VOCABULARY = re.compile(
    r"(?i)\b(sweeps?|again|kept|keeps|will be|will|until|next|meanwhile|stays?|no longer|not "
    r"protected|is made|are made|passed over)\b"
)
# What a person is told to do, and the times of letters, promise nothing.
PROMISES_NOTHING = re.compile(
    r"What to do: .*|Subject: .*|Fine: .*|Last .*|Why: no snapshot was taken since\.|"
    r'the policy was .*|"[^"]*"|Newest .*|(?i:if it is not ready in a few hours, .*)|meanwhile\.$'
)


def sentences(world: World) -> list[tuple[str, str]]:
    """Each line that is said about a resource or a region, in its letter and its answers."""
    said = []
    for item in world.report().attention:
        name = item.resource or item.region or ""
        said += [(name, line) for line in (item.what, *item.details, item.after) if line]
    for run in ("sweep", "snapshot"):
        for each in world.plan(run).findings:
            texts = (each.reason or "", each.error.sentence if each.error else "")
            said += [(each.resource or each.region or "", text) for text in texts if text]
    covered = {text for _, text in said}
    rest = [line.strip() for line in world.text.splitlines() if line.strip()]
    return said + [("", line) for line in rest if line not in covered]


@pytest.mark.parametrize("world", WORLDS)
def test_each_claim_of_letters_and_answers_is_what_the_next_runs_do(world: World) -> None:
    for name, text in sentences(world):
        left = PROMISES_NOTHING.sub("", text)
        for claim, holds in CLAIMS.items():
            for found in re.finditer(claim, text):
                assert holds(world, name, found), (name, text)
            left = re.sub(claim, "", left)
        assert not VOCABULARY.search(left), f"this claim is not compared with what runs do: {left}"
