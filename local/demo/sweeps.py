"""Chapter 4: the sweeps, by which a night that went wrong heals itself."""

from datetime import timedelta

from demo.facts import holds
from demo.fleet import FLEET, HOME, NIGHT, SECOND
from demo.story import Run, Story
from demo.tonight import BUSY, SELECTED
from demo.words import clock, names, told, why

DOOMED = "api-2"
FIRST = NIGHT + timedelta(hours=1)
SECOND_SWEEP = NIGHT + timedelta(hours=2)
STAMP = f"{NIGHT:%Y%m%dT%H%M%SZ}"
COPIED = {
    member.name
    for member in FLEET
    if member.region == HOME and member.selected and "snapshot:copy-to" not in member.tags
}


def sweep_once(story: Story) -> None:
    """Chapter 4, an hour after the run: told, taken again, confirmed, copied."""
    paper = story.paper
    paper.title(f"4  {clock(FIRST)}: the hourly sweep")
    story.account.set_database_state("orders-db", HOME, "available")
    run = story.sweep(FIRST)
    _check_first(story, run)
    for each in run.of("confirm", "failed"):
        paper.item("failed", why(each), "bad")
    for each in run.of("create", "started"):
        paper.item("taken", f"{each['resource']}: {each['reason']}", "good")
    ready = len(SELECTED - BUSY) - 1
    paper.item("confirmed", f"{ready} of tonight's snapshots are ready", "good")
    copies = run.of("copy", "started")
    paper.item("copying", f"{len(copies)} of them to {SECOND}, each with its tags:", "good")
    paper.item("", names(copies))
    _show_deleted(story, run)
    paper.line()
    paper.say(told(run.summary))


def sweep_again(story: Story) -> None:
    """Chapter 4, another hour later: nothing is left to be done."""
    paper = story.paper
    paper.title(f"   {clock(SECOND_SWEEP)}: the next one")
    run = story.sweep(SECOND_SWEEP)
    arrived = _check_second(story, run)
    original = f"web-1-{STAMP}"
    paper.item("arrived", f"{arrived} copies are ready", "good")
    paper.item("", f"{original}-{HOME} in {SECOND} carries all tags of {original}")
    copies = run.of("copy", "started")
    paper.item("copying", f"{names(copies)}: what the last sweep took", "good")
    _show_deleted(story, run)
    paper.line()
    paper.say(told(run.summary))
    paper.say("It ended well. Every protected resource has a recovery point, and stale is 0.")


def _show_deleted(story: Story, run: Run) -> None:
    deleted = run.of("delete", "deleted")
    reasons = dict.fromkeys(each["reason"] for each in deleted)
    for reason in reasons:
        those = [each for each in deleted if each["reason"] == reason]
        copies = [each for each in those if each["region"] == SECOND and each["resource"] in COPIED]
        which = f"{names(those)}{' (copies)' if copies == those else ''}"
        story.paper.item("deleted", f"{len(those)}: {which}: {reason}", "quiet")


def _check_first(story: Story, run: Run) -> None:
    told_of = [each["resource"] for each in run.of("confirm", "failed")]
    holds("A sweep tells of what ended in error.", told_of, [DOOMED])
    taken = {each["resource"] for each in run.of("create", "started")}
    holds("It takes the failed one again, and the busy ones.", taken, {DOOMED, *BUSY})
    snapshots = {**story.snapshots(HOME), **story.snapshots(SECOND)}
    ready = [name for name, each in snapshots.items() if name.endswith(STAMP) and _ready(each)]
    holds("All others of tonight are ready.", len(ready), len(SELECTED - BUSY) - 1)
    copied = {each["resource"] for each in run.of("copy", "started")}
    holds("What is ready is copied.", copied, COPIED - BUSY - {DOOMED})


def _check_second(story: Story, run: Run) -> int:
    """Returns how many of tonight's copies have arrived."""
    holds("The second sweep ends well.", run.error, None)
    holds("Nothing is stale.", run.summary["stale"], 0)
    here, there = story.snapshots(HOME), story.snapshots(SECOND)
    copies = {
        name.removesuffix(f"-{HOME}"): each
        for name, each in there.items()
        if name.endswith(f"{STAMP}-{HOME}")
    }
    holds("All copies are ready.", {each for each in copies if not _ready(copies[each])}, set())
    for name in filter(here.get, copies):
        holds(f"The copy has the tags of {name}.", copies[name]["tags"], here[name]["tags"])
    holds("All have arrived.", len(copies), len(COPIED - BUSY - {DOOMED}))
    failed = f"{DOOMED}-{STAMP}"
    holds("What failed is cleared away once a newer one is ready.", failed in here, False)
    return len(copies)


def _ready(snapshot: object) -> bool:
    return isinstance(snapshot, dict) and snapshot["state"] in ("available", "completed")
